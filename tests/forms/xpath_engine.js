// Shows what the real OpenRosa evaluator makes of expressions. stdin: {packages, conditions, values,
// rows}, rows of {name: text}; stdout: {verdicts, results}, one list per row.
process.env.TZ = "UTC";
const fs = require("node:fs");
const { createRequire } = require("node:module");
const task = JSON.parse(fs.readFileSync(0, "utf8"));
const load = createRequire(`${task.packages}/`);
const dom = load("@xmldom/xmldom");
const xpath = load("xpath");
Object.assign(globalThis, { Node: dom.Node, XPathResult: xpath.XPathResult });
const parsed = new Map();
globalThis.XPathEvaluator = class {
  // the evaluator leaves paths and a few functions to the browser; here another library stands in
  evaluate(text, node) {
    if (!parsed.has(text)) parsed.set(text, xpath.parse(text));
    const found = parsed.get(text).evaluate({ node });
    if (found instanceof xpath.XNodeSet) {
      const nodes = found.toArray();
      return {
        resultType: 7, snapshotLength: nodes.length, snapshotItem: (index) => nodes[index],
      };
    }
    return { resultType: 2, stringValue: found.toString() };
  }
  createExpression(text) {
    return { evaluate: (node) => this.evaluate(text, node) };
  }
};
const evaluator = load("openrosa-xpath-evaluator")();
const absolute = (text) => text.replace(/\$\{(\w+)\}/g, "/data/$1");
const conditions = task.conditions.map(absolute);
const values = task.values.map(absolute);
const verdicts = [];
const results = [];
for (const row of task.rows) {
  const cells = Object.entries(row).map(([name, text]) => `<${name}>${text}</${name}>`);
  const made = new dom.DOMParser().parseFromString(`<data>${cells.join("")}</data>`, "text/xml");
  const told = (text, kind) => evaluator.evaluate(text, made.documentElement, null, kind, null);
  verdicts.push(conditions.map((text) => told(text, 3).booleanValue));
  results.push(values.map((text) => told(text, 2).stringValue));
}
process.stdout.write(JSON.stringify({ verdicts, results }));
