"""Rules that a published page keeps, each told in a sentence where it is broken."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
from lxml import etree

from pipeline.disclosure.manifest import RequiredText
from pipeline.disclosure.public import PublicTables

MINIMUM_N = 10
STATEMENT_N = 30
ROUND_DOMAIN_N_TO = 5
MARGINS = frozenset(
    {"low", "high", "margin", "p", "q", "q_fall", "q_rise", "standard_error", "degrees_of_freedom"}
)
SHARE_FIELDS = frozenset({"value", "share", "low", "high", "margin", "bound"})
OF_TWO_SIDES = frozenset(
    {"n_a", "n_b", "value_a", "value_b", "difference", "gap", "shrunk_baseline"}
)
CSP = "default-src 'none'"
_CODEBOOK = re.compile(r"forms/[a-z][a-z0-9_]*/codebook\.html")
"""The one page beside the site that it may lead to: the stage `form` puts it there."""

_FORMS = {
    "axis": r"[-−+]?\d+%?",
    "date": r"\d{4}年\d{1,2}月\d{1,2}日|\d{1,2} [A-Z][a-z]+ \d{4}",
    "sequence": r"\d{1,4}",
    "threshold": r"[<≤≥>]?\s?[−+±]?\d+(\.\d+)?\s?%?",
}
"""What a fixed text of this origin looks like."""
_NO_SHARES = frozenset({"identifier", "file", "statement"})
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(hidden|collapse)|opacity\s*:\s*0*\.?0*\s*(;|!|$)|"
    r"font-size\s*:\s*0|color\s*:\s*transparent|scale\s*(:\s*0|\(\s*0)"
)
_EVIDENCE = re.compile(
    r"\bdata\b|\[|\*|\b(html|body|main|header|article|section)\b|\.(num|sim|nn|big|nx|ci|v|g|fig|"
    r"say|facts|mast|foot|page|top|finding)(?![\w-])(?=\s*(,|$))"
)
"""What a style sheet must leave visible: figures, intervals, numbers of answers, grades."""
_REFERENCES = ("src", "href", "action", "formaction", "poster", "srcset", "data", "background",
               "xlink:href", "ping", "cite")  # fmt: skip
_FORBIDDEN_TAGS = frozenset(
    {"script", "iframe", "object", "embed", "base", "form", "video", "audio", "img", "image"}
)


def rule_fault(disclosed: PublicTables, cell: str, field: str) -> str | None:
    """Return why a disclosed figure may not be shown, or None."""
    row = disclosed.rows[cell]
    if cell[0] in "ECTV" and field in MARGINS and not disclosed.probability_sample(row):
        return "非概率样本不得标误差范围。(no margin of error for a non-probability sample)"
    if cell[0] in "ET":
        if (fault := _n_fault(int(row["n"]), row.get("domain") != "all")) is not None:
            return fault
        if field in SHARE_FIELDS and row.get("estimand") != "mean":
            if field == "bound":
                return None if row["interval_method"] == "bounds" else "没有界限。(no bounds)"
            if not row["presentable"]:
                return f"不够格作百分比：{row['why_not']}。(may not be stated as a percentage)"
            if row["n"] < STATEMENT_N:
                return f"n = {row['n']}，不足 {STATEMENT_N}。(n below {STATEMENT_N})"
    if cell[0] in "CV" and field in OF_TWO_SIDES:
        for side in ("n_a", "n_b"):
            if pd.notna(row[side]) and 0 < row[side] < MINIMUM_N:  # a standard has no n
                return f"{side} = {int(row[side])}，不足 {MINIMUM_N}。(below {MINIMUM_N})"
    if field in {"value_a", "value_b", "shrunk_baseline"}:
        n = row["n_a" if field == "value_a" else "n_b"]
        if pd.notna(n) and 0 < n < STATEMENT_N:
            return f"n = {int(n)}，不足 {STATEMENT_N}。(n below {STATEMENT_N})"
    return None


def _n_fault(n: int, of_domain: bool) -> str | None:
    if n < MINIMUM_N:
        return f"n = {n}，不足 {MINIMUM_N}。(n below {MINIMUM_N})"
    if of_domain and n % ROUND_DOMAIN_N_TO:
        return f"分组 n = {n} 未取整到 {ROUND_DOMAIN_N_TO}。(n of a domain is not rounded)"
    return None


def fixed_fault(origin: str | None, text: str) -> str | None:
    """Return why a text cannot be what its origin says, or None: no figure hides as fixed text."""
    form = _FORMS.get(origin or "")
    if form is not None and re.fullmatch(form, text) is None:
        return f"“{text}”不像 {origin}。(does not look like {origin})"
    if origin in _NO_SHARES and re.search(r"\d\s*(%|％|个百分点|points?\b)", text):
        return f"{origin} 里写了比例：“{text}”。(a share written out as {origin})"
    return None


def style_faults(style: str, fixed: Collection[str]) -> Iterator[str]:
    """Yield what a style sheet fetches from elsewhere or writes on the page unasked."""
    if re.search(r"@import|url\((?!\s*[\"']?data:)", style):
        yield "样式引用了外部文件。(the style sheet fetches a file)"
    for declared in re.findall(r"content\s*:((?:\"[^\"]*\"|'[^']*'|[^;}\"'])*)", style):
        for pair in re.findall(r"\"([^\"]*)\"|'([^']*)'", declared):
            text = "".join(pair)
            if re.search(r"[\d\\%％]", text) and text not in fixed:
                yield f"样式里的数字没有来源：“{text}”。(a number without a source)"
        if re.search(r"attr\(|counters\(|counter\(\s*(?!page\s*\))", declared):
            yield f"样式会写出内容：{declared.strip()}。(the style sheet writes on the page)"
    if re.search(r"counter-(reset|set|increment)|@counter-style", style):
        yield "样式里有计数器。(a counter in the style sheet)"
    for selectors, rules in re.findall(r"([^{}]*)\{([^{}]*)\}", style):
        if _HIDING.search(rules) and (found := _EVIDENCE.search(selectors)):
            yield f"样式藏起了“{found[0]}”。(the style sheet hides evidence)"


def required_faults(
    root: etree._Element, required: Collection[RequiredText]
) -> Iterator[tuple[str, str]]:
    """Yield (place, what is missing) for texts that a page must keep where readers see them."""
    texts: dict[str, list[str]] = {}
    for one in required:
        if one.inside not in texts:
            parts = root.xpath(f"//{one.inside}")
            texts[one.inside] = [" ".join("".join(part.itertext()).split()) for part in parts]
        if not any(one.text in text for text in texts[one.inside]):
            yield one.inside, f"缺少“{one.text}”。(this text must stand here)"


def markup_faults(root: etree._Element, source: str, path: Path) -> Iterator[tuple[str, str]]:
    """Yield (place, what is wrong) for what would fetch, run or lead out of the site.

    `path` is the page's own file; links are followed from its folder.
    """
    if re.search(r"https?:|//[a-z0-9-]+\.[a-z]", source, re.IGNORECASE):
        yield "全页 (page)", "有网址。(a web address)"
    policy = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    if not any(CSP in one for one in policy):
        yield "head", f"缺少内容安全策略 {CSP}。(no content security policy)"
    named = frozenset(root.xpath("//@id"))
    for element in root.iter(etree.Element):
        place = f"第 {element.sourceline} 行 (line {element.sourceline})"
        if element.tag in _FORBIDDEN_TAGS:
            yield place, f"不许有 <{element.tag}>。(this element is not allowed)"
        for name, target in element.attrib.items():
            if name.startswith("on"):
                yield place, f"不许有脚本 {name}。(no scripts)"
            if name in _REFERENCES and not _inside(target, path, named):
                yield place, f"{name} 指向站外或不存在：{target}。(leads nowhere inside the site)"


def _inside(target: str, path: Path, named: Collection[str]) -> bool:
    if target.startswith("#"):
        return unquote(target[1:]) in named
    if target == "data:," or _CODEBOOK.fullmatch(target):
        return True
    if re.match(r"[a-z][a-z0-9+.-]*:|/", target, re.IGNORECASE):
        return False
    return (path.parent / unquote(target.partition("#")[0])).is_file()
