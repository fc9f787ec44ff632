"use strict";
// The form's own script: consent, language and type size, the draft on this device, and handing
// out the response file. Asking, routing and checking are the engine's (SurveyJS).
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
  let response = null; // {id, start, end, page, answers}; end is "" until finished
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
    const text = settings.words[language][key];
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  }
  function say(id, key, values = {}) {
    by(id).dataset.said = JSON.stringify([key, values]);
    by(id).textContent = said(key, values);
  }
  function speak(chosen) {
    language = chosen;
    root.lang = chosen === "zh" ? "zh-CN" : chosen;
    root.dataset.language = chosen;
    document.title = document.querySelector(`h1 .${chosen}`).textContent;
    for (const button of document.querySelectorAll(".segments button")) {
      button.setAttribute("aria-pressed", String(button.dataset.language === chosen));
    }
    for (const element of document.querySelectorAll("[data-said]")) {
      element.textContent = said(...JSON.parse(element.dataset.said));
    }
    if (survey) {
      survey.locale = chosen === "zh" ? "zh-cn" : chosen;
      nameButtons();
      progress();
    }
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
    survey.completeText = said("complete");
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
  Survey.surveyLocalization.defaultLocale = "zh-cn";
  Survey.settings.titleTags.page = "h2";
  Survey.settings.titleTags.question = "h3";
  Survey.Serializer.addProperty("question", { name: "fixedNumber" });
  Survey.Serializer.addProperty("question", { name: "points:number" });
  Survey.Serializer.addProperty("question", { name: "unit", isLocalizable: true });
  Survey.Serializer.addProperty("itemvalue", { name: "kind" });
  // No picture of the engine is used; one of them carries an inline style, which the policy forbids.
  for (const name of Object.keys(Survey.SvgRegistry.icons)) delete Survey.SvgRegistry.icons[name];

  function ask() {
    survey = new Survey.Model(settings.json);
    survey.onGetQuestionNumber.add((_, options) => {
      options.number = options.question.fixedNumber; // the paper form has the same numbers
    });
    survey.onUpdateChoiceItemCss.add((_, options) => {
      if (options.item.kind) options.css += ` ${options.item.kind}`;
    });
    survey.onUpdateQuestionCssClasses.add((_, options) => {
      const points = options.question.points;
      if (points >= 3 && points <= 7) options.cssClasses.root += ` scale scale-${points}`;
    });
    survey.onAfterRenderQuestion.add((_, options) => annotate(options.question));
    survey.onAfterRenderPage.add((_, options) => {
      const title = options.htmlElement.querySelector(".sd-page__title");
      if (!title) return;
      title.tabIndex = -1;
      if (moved) title.focus({ preventScroll: true });
    });
    survey.onLocaleChangedEvent.add(() => survey.getAllQuestions().forEach(annotate));
    survey.data = response.answers;
    survey.locale = language === "zh" ? "zh-cn" : language;
    survey.currentPageNo = response.page;
    nameButtons();
    progress();
    survey.onValueChanged.add((_, options) => {
      save();
      progress();
      const question = survey.getQuestionByName(options.name);
      if (question) annotate(question);
    });
    survey.onCurrentPageChanged.add(() => {
      moved = true;
      save();
      progress();
    });
    survey.onComplete.add(finish);
    const holder = document.createElement("div");
    by("survey").replaceChildren(holder);
    SurveyUI.renderSurvey(survey, holder);
    show("asking");
  }
  // What the engine has no place for: the unit of a number, and how many choices are ticked.
  function annotate(question) {
    const element = document.querySelector(`[data-name="${question.name}"]`);
    if (!element) return;
    const content = element.querySelector(".sd-question__content");
    if (question.getType() === "text" && question.unit) {
      content.dataset.unit = question.unit;
    }
    if (question.getType() === "checkbox") {
      content.dataset.chosen = said("chosen", { count: (question.value || []).length });
    }
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
    ask();
    save();
  }
  function finish() {
    response.answers = survey.data;
    response.end = now();
    response.submitted = new Date().toISOString();
    response.language = language;
    store(place, response); // kept until it is exported: finishing alone must not lose it
    showReceipt();
  }
  function showReceipt() {
    by("receipt").textContent = responseFile.receipt(settings, response.id);
    by("content").value = content();
    by("again").hidden = true;
    by("drop").hidden = false;
    show("finished");
  }
  function restart() {
    forget();
    response = null;
    survey = null;
    by("survey").replaceChildren();
    delete by("handing").dataset.said;
    by("handing").innerHTML = handing;
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
    forget();
    say("handing", "exported", { file });
    by("again").hidden = false;
    by("drop").hidden = true;
  }

  // ---- wiring --------------------------------------------------------------------------------
  const handing = by("handing").innerHTML;
  by("agree").addEventListener("click", begin);
  by("decline").addEventListener("click", () => {
    moved = true;
    show("declined");
  });
  by("reconsider").addEventListener("click", () => show("consent"));
  by("export").addEventListener("click", handOut);
  by("again").addEventListener("click", restart);
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
  if (draft && draft.id && draft.answers) {
    response = draft;
    if (draft.end) {
      showReceipt();
    } else {
      ask();
      save("restored");
    }
  }
})();
