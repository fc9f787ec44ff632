"use strict";
// The form's own script: consent, language and type size, the draft on this device, early ends,
// and handing in. Asking, routing and checking are the engine's (SurveyJS).
(() => {
  const by = (id) => document.getElementById(id);
  const settings = JSON.parse(by("settings").textContent);
  const root = document.documentElement;
  // The link's fragment never leaves the device: form.html#site=S01&person=P0001&mode=interviewer
  const link = new URLSearchParams(location.hash.slice(1));
  const site = link.get("site") || "";
  const person = link.get("person") || "";
  const mode = link.get("mode") || "web";
  // Another link on a shared tablet must not meet this person's draft.
  const place = ["diaoyan", settings.survey, settings.version, site, person].join("/");
  const preferences = "diaoyan/preferences";

  let survey = null;
  let openRosters = null;
  const heeded = new Set(); // the warnings that were shown
  // {id, start, end, page, seen, answers, orders, screenedOut}; end is "" until finished; `seen`
  // are the names of the pages that were shown
  let response = null;
  let language = settings.languages[0];
  let moved = false;

  // ---- what stays on this device -------------------------------------------------------------
  function stored(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null; // storage is switched off, or what stands there is not ours
    }
  }
  function store(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  }
  function forget() {
    try {
      localStorage.removeItem(place);
    } catch {
      // nothing was kept then
    }
  }
  function save(message = "saved") {
    if (!response || response.end) return;
    response.answers = survey.data;
    response.page = survey.currentPageNo;
    say("saved", store(place, response) ? message : "unsaved");
  }

  // ---- words, language, type size ------------------------------------------------------------
  function said(key, values = {}) {
    const text = settings.words[language === "zh" ? "zh" : "en"][key];
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  }
  function say(id, key, values = {}) {
    by(id).dataset.said = JSON.stringify([key, values]);
    by(id).textContent = said(key, values);
  }
  // A text of the definition in the language that is spoken.
  function local(text) {
    return typeof text === "string" ? text : (language !== "zh" && text[language]) || text.default;
  }
  function announce(text) {
    by("announced").textContent = text;
  }
  function speak(chosen) {
    language = chosen;
    root.lang = chosen === "zh" ? "zh-CN" : chosen;
    root.dir = /^(ar|fa|he|ug|ur)\b/.test(chosen) ? "rtl" : "ltr";
    root.dataset.language = chosen;
    for (const element of document.querySelectorAll("[data-in]")) {
      element.hidden = element.dataset.in !== chosen;
    }
    document.title = document.querySelector("h1 span:not([hidden])").textContent;
    for (const button of document.querySelectorAll(".segments button")) {
      button.setAttribute("aria-pressed", String(button.dataset.language === chosen));
    }
    for (const element of document.querySelectorAll("[data-said]")) {
      element.textContent = said(...JSON.parse(element.dataset.said));
    }
    if (survey) {
      survey.locale = asking.locale(chosen);
      nameButtons();
      progress();
    }
    sayEnding();
    store(preferences, { language, large: root.classList.contains("large") });
  }
  function enlarge(large) {
    root.classList.toggle("large", large);
    by("large").setAttribute("aria-pressed", String(large));
    store(preferences, { language, large });
  }
  function nameButtons() {
    survey.pagePrevText = said("previous");
    survey.pageNextText = said("next");
    survey.completeText = said(settings.submitTo ? "submit" : "complete");
  }

  // ---- which part of the page is shown -------------------------------------------------------
  function show(state) {
    root.dataset.state = state;
    for (const id of ["consent", "asking", "declined", "finished"]) by(id).hidden = id !== state;
    scrollTo(0, 0);
    const title = by(`${state}-title`);
    if (title && title.tabIndex === -1 && moved) title.focus({ preventScroll: true });
  }
  function progress() {
    const total = survey.visiblePageCount;
    const number = survey.currentPageNo + 1;
    const minutes = Math.ceil((settings.minutes * (total - number + 1)) / total);
    say("progress-part", "part", { number, total });
    if (number === total) say("progress-time", "nearly");
    else say("progress-time", "time", { minutes });
    by("progress").value = Math.round((100 * (number - 0.5)) / total);
  }

  // ---- the engine ----------------------------------------------------------------------------
  function ask() {
    heeded.clear();
    const json = arranged.survey(settings.json, response.orders);
    ({ survey, openRosters } = asking.model(json, { settings, said, announce, local }));
    survey.onAfterRenderPage.add((_, options) => {
      const title = options.htmlElement.querySelector(".sd-page__title");
      if (!title) return;
      title.tabIndex = -1;
      if (moved) title.focus({ preventScroll: true });
    });
    survey.data = response.answers;
    survey.locale = asking.locale(language);
    survey.currentPageNo = response.page;
    meet();
    nameButtons();
    progress();
    survey.onValueChanged.add(() => {
      openRosters();
      save();
      progress();
    });
    survey.onCurrentPageChanging.add((_, options) => {
      if (options.isNextPage || options.isGoingForward) leave(options);
    });
    survey.onCurrentPageChanged.add(() => {
      moved = true;
      meet();
      save();
      progress();
    });
    survey.onValidatedErrorsOnCurrentPage.add((_, { errors }) => {
      // shown beside what stops the page anyway, a warning has been read
      if (errors.some((e) => !e.isWarning)) for (const { key } of warnings()) heeded.add(key);
    });
    survey.onCompleting.add((_, options) => leave(options));
    survey.onComplete.add(finish);
    const holder = document.createElement("div");
    by("survey").replaceChildren(holder);
    SurveyUI.renderSurvey(survey, holder);
    show("asking");
  }
  function meet() {
    const name = survey.currentPage && survey.currentPage.name;
    if (name && !response.seen.includes(name)) response.seen.push(name);
    openRosters();
  }
  function leave(options) {
    if (warnsAnew()) options.allow = false;
    else endEarly(options);
  }
  // The engine lets warnings pass; here each stops once, and again only for another answer.
  function warnings() {
    return survey.currentPage.questions
      .filter((question) => question.isVisible)
      .flatMap((question) => question.errors.map((error) => ({ question, error })))
      .filter(({ error }) => error.isWarning)
      .map(({ question, error }) => ({
        question,
        key: JSON.stringify([question.name, error.text, question.value]),
      }));
  }
  function warnsAnew() {
    const fresh = warnings().filter(({ key }) => !heeded.has(key));
    for (const { key } of fresh) heeded.add(key);
    if (fresh.length) setTimeout(() => fresh[0].question.focus(true));
    return fresh.length > 0;
  }
  // Consent declined, or a screen-out: what an ending reads has been asked once its page is left.
  function endEarly(options) {
    const here = survey.pages.indexOf(survey.currentPage);
    const met = settings.endings.find((e) => e.page <= here && survey.runExpression(e.when));
    if (!met) return;
    options.allow = false;
    response.screenedOut = met.name;
    setTimeout(finish); // not while the engine is turning the page
  }

  // ---- begin and end -------------------------------------------------------------------------
  function identity() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }
  function begin() {
    moved = true;
    by("notice").textContent = "";
    response = { id: `uuid:${identity()}`, start: now(), end: "", page: 0, answers: {} };
    Object.assign(response, { seen: [], orders: {}, screenedOut: "" });
    ask();
    save();
  }
  function finish() {
    const ending = ended();
    const consents = settings.endings.filter((e) => e.declined).map((e) => e.name);
    response.answers = Object.fromEntries(
      Object.entries(survey.data).filter(
        ([name]) => !(ending && ending.declined) || consents.includes(name),
      ),
    );
    response.orders = Object.fromEntries(
      Object.entries(response.orders).filter(([name]) => wasShown(name)),
    );
    response.end = now();
    response.submitted = new Date().toISOString();
    response.language = language;
    store(place, response); // kept until it is handed in: finishing alone must not lose it
    showReceipt();
    if (settings.submitTo) submit();
  }
  function wasShown(name) {
    const element = survey.getQuestionByName(name) || survey.getPanelByName(name);
    return Boolean(element && element.isVisible && response.seen.includes(element.page.name));
  }
  function ended() {
    return settings.endings.find((e) => response && e.name === response.screenedOut);
  }
  function sayEnding() {
    const ending = ended();
    const kind = !ending ? "finished" : ending.declined ? "refused" : "stopped";
    for (const element of document.querySelectorAll("[data-ending]")) {
      element.hidden = element.dataset.ending !== kind;
    }
    by("ending").textContent = ending && ending.message ? local(ending.message) : "";
  }
  function showReceipt() {
    by("receipt").textContent = responseFile.receipt(settings, response.id);
    by("content").value = content();
    by("again").hidden = true;
    by("drop").hidden = false;
    sayEnding();
    show("finished");
  }
  function restart() {
    forget();
    response = null;
    survey = null;
    by("survey").replaceChildren();
    delete by("handing").dataset.said;
    by("handing").innerHTML = handing;
    speak(language); // the words just put back are in all languages
    moved = true;
    show("consent");
    by("main").focus({ preventScroll: true });
  }
  function clear() {
    if (!confirm(said("confirm_clear"))) return;
    restart();
    say("notice", "cleared");
  }

  // ---- handing out ---------------------------------------------------------------------------
  function now() {
    const time = new Date();
    const offset = -time.getTimezoneOffset();
    const local = new Date(time.getTime() + offset * 60000).toISOString().slice(0, -1);
    const two = (number) => String(number).padStart(2, "0");
    const minutes = Math.abs(offset);
    const zone = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
    return `${local}${offset < 0 ? "-" : "+"}${zone}`;
  }
  function content() {
    return responseFile.text(settings, response, { mode, site, person });
  }
  function handOut() {
    const file = `${settings.survey}-${responseFile.receipt(settings, response.id)}.csv`;
    const url = URL.createObjectURL(new Blob(["\ufeff", content()], { type: "text/csv" }));
    const anchor = Object.assign(document.createElement("a"), { href: url, download: file });
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
    done("exported", { file });
  }
  function done(key, values) {
    forget();
    say("handing", key, values);
    by("again").hidden = false;
    by("drop").hidden = true;
    if (by("resend")) by("resend").hidden = true;
  }
  async function submit() {
    const { id } = response;
    const answers = Object.fromEntries(
      responseFile.pairs(settings, response, { mode, site, person }),
    );
    const sent = { id, survey: settings.survey, version: settings.version, answers };
    by("resend").disabled = true;
    say("handing", "sending");
    const outcome = await sending.send(settings.submitTo, sent, (seconds) =>
      say("handing", "retrying", { seconds }),
    );
    by("resend").disabled = false;
    if (!response || response.id !== id) return; // another response was begun meanwhile
    if (outcome === "sent") done("sent");
    else if (outcome === "unsent") say("handing", "unsent");
    else say("handing", "refused", { status: outcome });
  }

  // ---- wiring --------------------------------------------------------------------------------
  const handing = by("handing").innerHTML;
  by("agree").addEventListener("click", begin);
  if (by("decline")) {
    by("decline").addEventListener("click", () => {
      moved = true;
      show("declined");
    });
  }
  by("reconsider").addEventListener("click", () => show("consent"));
  by("export").addEventListener("click", handOut);
  by("again").addEventListener("click", restart);
  if (by("resend")) by("resend").addEventListener("click", submit);
  by("large").addEventListener("click", () => enlarge(!root.classList.contains("large")));
  for (const button of document.querySelectorAll(".clear")) button.addEventListener("click", clear);
  for (const button of document.querySelectorAll(".segments button")) {
    button.addEventListener("click", () => speak(button.dataset.language));
  }
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault(); // the fragment holds the link's tokens
    by("main").focus();
  });

  // A link with other tokens opened in this tab changes the fragment only: begin anew with it.
  addEventListener("hashchange", () => location.reload());

  const preferred = stored(preferences) || {};
  enlarge(preferred.large === true);
  speak(settings.languages.includes(preferred.language) ? preferred.language : language);
  const draft = stored(place);
  if (draft && draft.id && draft.answers && draft.orders && draft.seen) {
    response = draft;
    if (draft.end) {
      showReceipt();
      if (settings.submitTo) submit();
    } else {
      ask();
      save("restored");
    }
  }
})();
