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
  function empty(answer) {
    return answer === undefined || answer === null || answer === "" || answer.length === 0;
  }
  function cell(settings, response, { question, kind, code }) {
    const exported = settings.exported[question];
    if (kind === "order") return (response.orders[question] || []).map((c) => exported[c]).join(" ");
    if (kind === "items") return (response.orders[question] || []).join(" ");
    const answer = response.answers[question];
    if (kind === "number" && empty(answer)) {
      const instead = response.answers[`${question}__missing`];
      return empty(instead) ? "" : exported[instead];
    }
    if (empty(answer)) return "";
    if (kind === "choice") return exported[answer];
    if (kind === "ranks") return answer.map((c) => exported[c]).join(" ");
    if (kind === "choices") {
      // in the order of the definition, not of ticking
      const ticks = settings.cells.filter((c) => c.question === question && c.kind === "tick");
      return ticks.filter((c) => answer.includes(c.code)).map((c) => exported[c.code]).join(" ");
    }
    if (kind === "tick") return answer.includes(code) ? "1" : "0";
    if (kind === "number") return plain(Number(answer));
    return String(answer);
  }
  // 0.1 + 0.2 is 0.3 to whoever asked, and 1e21 is written out
  function plain(number) {
    if (!Number.isFinite(number)) return "";
    const exact = Number(number.toPrecision(15));
    return Math.abs(exact) < 1e21 && !String(exact).includes("e")
      ? String(exact)
      : exact.toLocaleString("en", { useGrouping: false, maximumFractionDigits: 20 });
  }
  function quoted(text) {
    return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }
  // [column, text] of each cell, in the order of the file
  function pairs(settings, response, link) {
    const known = {
      SubmissionDate: response.submitted,
      "meta-instanceID": response.id,
      start: response.start,
      end: response.end,
      language: response.language,
      screened_out: response.screenedOut || "",
      KEY: response.id,
      FormVersion: settings.version,
      ...link,
    };
    return [
      ...settings.before.map((name) => [name, known[name]]),
      ...settings.cells.map((c) => [c.column, cell(settings, response, c)]),
      ...settings.after.map((name) => [name, known[name]]),
    ];
  }
  function text(settings, response, link) {
    const listed = pairs(settings, response, link);
    const lines = [listed.map(([column]) => column), listed.map(([, value]) => value)];
    return lines.map((line) => `${line.map(quoted).join(",")}\r\n`).join("");
  }
  return { pairs, receipt, text };
})();
