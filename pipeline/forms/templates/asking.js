"use strict";
// What the engine (SurveyJS) is taught: numbers and levels of headings, the look of kinds of
// questions, places of a ranking, entries of a roster, pictures, "cannot say" beside a number.
const asking = (() => {
  const serializer = Survey.Serializer;
  Survey.surveyLocalization.defaultLocale = "zh-cn";
  Survey.settings.titleTags.page = "h2";
  for (const of of ["question", "panel"]) {
    for (const name of ["fixedNumber", "kind", "picture"]) serializer.addProperty(of, { name });
    for (const name of ["shuffled:value", "shuffledLike"]) serializer.addProperty(of, { name });
  }
  for (const name of ["points:number", "places:number", "figures:boolean"]) {
    serializer.addProperty("question", { name });
  }
  serializer.addProperty("question", { name: "unit", isLocalizable: true });
  serializer.addProperty("panel", { name: "entries:value" });
  serializer.addProperty("panel", { name: "table:number" });
  serializer.addProperty("itemvalue", { name: "kind" });
  // No picture of the engine is used; one of them carries an inline style, which the policy forbids.
  for (const name of Object.keys(Survey.SvgRegistry.icons)) delete Survey.SvgRegistry.icons[name];

  // The engine's own words: Chinese, and English for every other language.
  // It writes its locale into the page as the language of the text, so it is told "zh".
  function locale(language) {
    const known = Survey.surveyLocalization.locales;
    known[language] = known[language] || known[language === "zh" ? "zh-cn" : "en"];
    return language;
  }
  function missing(answer) {
    return answer === undefined || answer === null || answer.length === 0;
  }
  function depth(element) {
    let levels = 0;
    for (let above = element.parent; above && above.parent; above = above.parent) levels += 1;
    return levels;
  }
  function escaped(text) {
    const element = document.createElement("p");
    element.textContent = text;
    return element.innerHTML;
  }

  // said(key, values) and local(text) are words in the language; announce(text) reads them out
  function model(json, { settings, said, announce, local }) {
    const survey = new Survey.Model(json);
    look(survey, settings, said);
    survey.onGetPanelFooterActions.add((_, options) => entryActions(survey, options));
    survey.onAfterRenderQuestion.add((_, options) => annotate(options.question));
    survey.onLocaleChangedEvent.add(() => {
      survey.getAllQuestions().forEach(annotate);
      rosters().forEach(nameActions);
    });
    survey.onValueChanged.add((_, { name, value }) => {
      if (name.endsWith("__missing")) {
        if (!missing(value)) survey.clearValue(name.replace(/__missing$/, ""));
      } else if (!missing(value) && survey.getQuestionByName(`${name}__missing`)) {
        survey.clearValue(`${name}__missing`);
      }
      const question = survey.getQuestionByName(name);
      if (question) annotate(question);
      if (question && question.places) announce(ranked(question));
    });

    // -- what the engine has no place for: units, how many are ticked, places of a ranking
    function annotate(question) {
      const element = document.querySelector(`[data-name="${question.name}"]`);
      const content = element && element.querySelector(".sd-question__content");
      if (!content) return;
      if (question.getType() === "text" && question.unit) content.dataset.unit = question.unit;
      if (question.getType() !== "checkbox") return;
      const chosen = question.value || [];
      if (question.places) {
        for (const input of content.querySelectorAll("input")) {
          const at = chosen.map(String).indexOf(input.value);
          const standsAlone = input.closest(".missing");
          const label = input.closest("label");
          if (at < 0 || standsAlone) delete label.dataset.place;
          else label.dataset.place = String(at + 1);
        }
        content.dataset.chosen = chosen.length ? ranked(question) : "";
      } else {
        content.dataset.chosen = said("chosen", { count: chosen.length });
      }
    }
    function ranked(question) {
      const text = (code) => question.visibleChoices.find((c) => c.value === code).text;
      const places = (question.value || []).map((code, at) => `${at + 1} ${text(code)}`);
      return said("ranked", { order: places.join("  ") });
    }

    // -- entries of a roster
    function rosters() {
      return survey.getAllPanels().filter((panel) => panel.entries);
    }
    function count(roster) {
      return survey.getValue(roster.entries.count) || 0;
    }
    function entriesOf(roster) {
      return roster.elements.filter((one) => one.kind === "entry");
    }
    // A roster that is met for the first time, or again after it was hidden, has its least entries.
    function openRosters() {
      for (const roster of rosters()) {
        const known = survey.getValue(roster.entries.count);
        if (roster.isVisible && roster.page === survey.currentPage && missing(known)) {
          survey.setValue(roster.entries.count, roster.entries.minimum);
        }
        nameActions(roster);
      }
    }
    function entryActions(_, { panel, actions }) {
      panel.allowAdaptiveActions = false; // one button needs no menu
      if (panel.kind === "entry") {
        actions.push({ id: "remove", title: panel.name, action: () => remove(panel) });
      }
      if (panel.entries) {
        actions.push({ id: "add", title: panel.name, action: () => add(panel) });
      }
    }
    function nameActions(roster) {
      const there = count(roster);
      const adding = roster.getFooterToolbar().getActionById("add");
      if (adding) {
        adding.title = local(roster.entries.add);
        adding.visible = there < roster.entries.maximum;
      }
      entriesOf(roster).forEach((entry) => {
        const removing = entry.getFooterToolbar().getActionById("remove");
        if (!removing) return;
        removing.title = said("remove", { entry: entry.title });
        removing.visible = there > roster.entries.minimum;
      });
    }
    function add(roster) {
      const there = count(roster) + 1;
      survey.setValue(roster.entries.count, there);
      nameActions(roster);
      focus(entriesOf(roster)[there - 1]);
    }
    function remove(entry) {
      const roster = entry.parent;
      const names = entriesOf(roster).map((one) => one.questions.map((q) => q.name));
      const at = entriesOf(roster).indexOf(entry);
      const there = count(roster);
      const answers = survey.data;
      const filled = names[at].some((name) => !missing(answers[name]));
      if (filled && !confirm(said("confirm_remove", { entry: entry.title }))) return;
      for (let to = at; to < there; to += 1) {
        names[to].forEach((name, column) => {
          const moved = to + 1 < there ? answers[names[to + 1][column]] : undefined;
          if (moved === undefined) delete answers[name];
          else answers[name] = moved;
        });
      }
      answers[roster.entries.count] = there - 1;
      survey.data = answers;
      survey.onValueChanged.fire(survey, { name: roster.entries.count, value: there - 1 });
      nameActions(roster);
      focus(at > 0 ? entriesOf(roster)[at - 1] : roster);
    }
    function focus(panel) {
      setTimeout(() => {
        const element = document.getElementById(panel.id);
        const title = element && element.querySelector(".sd-panel__title");
        if (!title) return;
        title.tabIndex = -1;
        title.focus();
      });
    }
    return { survey, openRosters };
  }

  // -- numbers, headings, classes, pictures
  function look(survey, settings, said) {
    const number = (_, options) => {
      const element = options.question || options.panel;
      options.number = element.fixedNumber || ""; // the paper form has the same numbers
    };
    survey.onGetQuestionNumber.add(number);
    survey.onGetPanelNumber.add(number);
    survey.onGetTitleTagName.add((_, options) => {
      if (options.element.isPage) return;
      options.tagName = `h${3 + depth(options.element)}`;
    });
    survey.onUpdateChoiceItemCss.add((_, options) => {
      if (options.item.kind) options.css += ` ${options.item.kind}`;
    });
    survey.onUpdateQuestionCssClasses.add((_, { question, cssClasses }) => {
      if (question.kind) cssClasses.mainRoot += ` kind-${question.kind}`;
      if (question.places) cssClasses.root += " ranking";
      const points = question.points;
      if (question.figures) cssClasses.root += ` figures figures-${points}`;
      else if (points >= 2 && points <= 7) cssClasses.root += ` scale scale-${points}`;
    });
    survey.onUpdatePanelCssClasses.add((_, { panel, cssClasses }) => {
      if (panel.kind) cssClasses.panel.container += ` kind-${panel.kind}`;
      if (panel.table) cssClasses.panel.container += ` table table-${panel.table}`;
    });
    survey.onTextMarkdown.add((_, options) => {
      const { element, name, text } = options;
      const path = element && element.picture;
      const place = element && element.kind === "note" ? "html" : "description";
      if (!path || !settings.images[path] || name !== place) return;
      const picture = document.createElement("img");
      picture.className = "picture";
      picture.src = settings.images[path];
      picture.alt = said("picture", { text: element.title });
      options.html = (place === "html" ? text : escaped(text)) + picture.outerHTML;
    });
  }
  return { locale, model };
})();
