// Shows which conditions the real form engine finds true. stdin: {engine, survey, conditions, rows};
// stdout: one list of booleans per row. Each condition is the visibleIf of a question of its own.
const fs = require("node:fs");
const vm = require("node:vm");
const task = JSON.parse(fs.readFileSync(0, "utf8"));
vm.runInThisContext(`(function(exports, module, define){${fs.readFileSync(task.engine, "utf8")}\n})()`);
const json = task.survey;
json.pages.push({
  name: "conditions",
  elements: task.conditions.map((visibleIf, index) => ({ type: "html", name: `c${index}`, visibleIf })),
});
globalThis.Survey.surveyLocalization.defaultLocale = "zh-cn";
const verdicts = task.rows.map((row) => {
  const survey = new globalThis.Survey.Model(json);
  survey.data = row;
  return task.conditions.map((_, index) => survey.getQuestionByName(`c${index}`).isVisible);
});
process.stdout.write(JSON.stringify(verdicts));
