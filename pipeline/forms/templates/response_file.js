"use strict";
// The text of the response file, from the columns that response_file.py describes.
const responseFile = (() => {
  // 40 bits of the identity as eight letters; response_file.py has the same rule
  function receipt(settings, id) {
    const bits = BigInt(`0x${id.replace("uuid:", "").replaceAll("-", "").slice(0, 10)}`);
    let code = "";
    for (let shift = 35n; shift >= 0n; shift -= 5n) {
      code += settings.letters[Number((bits >> shift) & 31n)];
    }
    return `${code.slice(0, 4)}-${code.slice(4)}`;
  }
  function cell(settings, answers, { question, kind, code }) {
    const answer = answers[question];
    if (answer === undefined || answer === null || answer.length === 0) return "";
    const exported = settings.exported[question];
    if (kind === "choice") return exported[answer];
    if (kind === "choices") {
      // in the order of the definition, not of ticking
      const ticks = settings.cells.filter((c) => c.question === question && c.kind === "tick");
      return ticks.filter((c) => answer.includes(c.code)).map((c) => exported[c.code]).join(" ");
    }
    if (kind === "tick") return answer.includes(code) ? "1" : "0";
    return String(answer);
  }
  function quoted(text) {
    return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }
  function text(settings, response, link) {
    const known = {
      SubmissionDate: response.submitted,
      "meta-instanceID": response.id,
      start: response.start,
      end: response.end,
      language: response.language,
      KEY: response.id,
      FormVersion: settings.version,
      ...link,
    };
    const own = (name) => known[name];
    const names = [...settings.before, ...settings.cells.map((c) => c.column), ...settings.after];
    const row = [
      ...settings.before.map(own),
      ...settings.cells.map((c) => cell(settings, response.answers, c)),
      ...settings.after.map(own),
    ];
    return [names, row].map((line) => `${line.map(quoted).join(",")}\r\n`).join("");
  }
  return { receipt, text };
})();
