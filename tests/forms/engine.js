// Shows what the real form engine makes of expressions. stdin: {engine, survey, conditions, values,
// rows}; stdout: {verdicts, results}, one list per row. A condition is the visibleIf of a question
// of its own, a value the expression of one.
const fs = require("node:fs");
const vm = require("node:vm");
const task = JSON.parse(fs.readFileSync(0, "utf8"));
vm.runInThisContext(`(function(exports, module, define){${fs.readFileSync(task.engine, "utf8")}\n})()`);
const json = task.survey;
const shown = task.conditions.map((visibleIf, index) => ({ type: "html", name: `c${index}`, visibleIf }));
const worked = task.values.map((expression, index) => ({ type: "expression", name: `v${index}`, expression }));
json.pages.push({ name: "conditions", elements: [...shown, ...worked] });
globalThis.Survey.surveyLocalization.defaultLocale = "zh-cn";
const verdicts = [];
const results = [];
const survey = new globalThis.Survey.Model(json);
for (const row of task.rows) {
  survey.data = row; // all other answers go
  verdicts.push(task.conditions.map((_, index) => survey.getQuestionByName(`c${index}`).isVisible));
  results.push(task.values.map((_, index) => survey.getQuestionByName(`v${index}`).value ?? null));
}
process.stdout.write(JSON.stringify({ verdicts, results }));
