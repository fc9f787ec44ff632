"""Words that say how figures compare stand only where a test says so.

An element that carries such a word names its test, ``data-test="C-…"`` (a comparison) or ``V-…``
(the verdict on a problem), several where the word speaks of all of them. The test must have
concluded this word, and its own figures must bear it by the thresholds here, which no definition
file can lower. A word of comparison that stands alone without a test is refused.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pandas as pd
from lxml import etree

from pipeline.disclosure.public import PublicTables
from pipeline.i18n import Language, word

LARGEST_Q = 0.05
SMALLEST_DIFFERENCE = 0.05 - 0.0005
"""Published differences of groups carry three decimals, so half a unit there is no shortfall."""
EXACT = 1e-9
PREFIX = {"group": "report.concluded_", "standard": "report.standard_", "wave": "report.wave_",
          "verdict": "problems.verdict_"}  # fmt: skip
"""Kind of test -> where its words stand in the locale."""
CONCLUSIONS = ("higher", "lower")
VERDICTS = ("worsened", "improved", "improved_small", "not_improved", "insufficient", "resolved")
FALLEN = ("improved", "improved_small")


def conclusion_faults(
    root: etree._Element, language: Language, disclosed: PublicTables
) -> Iterator[tuple[str, str]]:
    """Yield (place, what is wrong) for words of comparison that no test bears."""
    for element in root.xpath(".//*[@data-test]"):
        place = f"第 {element.sourceline} 行 (line {element.sourceline})"
        for test in element.get("data-test").split():
            if found := _fault(element, test, language, disclosed):
                yield place, found
    for element in root.iter(etree.Element):
        for text in (element.text, *(child.tail for child in element)):
            if text and guarded(text, language) and not _excused(element):
                yield (
                    f"第 {element.sourceline} 行 (line {element.sourceline})",
                    f"“{text.strip()}”没有注明检验。(a word of comparison without its test)",
                )


def guarded(text: str, language: Language) -> bool:
    """Tell whether a text is a word of comparison, which needs a test."""
    return text.strip() in _words(language)


def followed_faults(root: etree._Element, disclosed: PublicTables) -> Iterator[tuple[str, str]]:
    """Yield (place, what is wrong) for verdicts that a page lacks or that rest on nothing."""
    for test, row in disclosed.verdicts.items():
        if not _derived(row, disclosed):
            yield "main", f"{test} 的变化与公布的前后两轮不符。(not what the two waves say)"
    shown = {test for named in root.xpath("//@data-test") for test in named.split()}
    for missing in sorted(set(disclosed.verdicts) - shown):
        yield "main", f"缺少 {missing} 的检验结论。(the verdict is missing)"


def _derived(row: Mapping[str, Any], disclosed: PublicTables) -> bool:
    """Tell whether a verdict's difference is that of its comparison, shrunk baseline or not."""
    compared, difference = disclosed.rows.get(row.get("comparison", "")), row.get("difference")
    if difference is None or compared is None:
        return difference is None or not row.get("comparison")
    expected, shrunk = compared["difference"], row.get("shrunk_baseline")
    if shrunk is not None:
        if abs(shrunk - compared["shrunk_b"]) > EXACT:
            return False
        expected = compared["value_a"] - shrunk
    return bool(abs(difference - expected) <= EXACT)


def borne(row: Mapping[str, Any]) -> bool:
    """Tell whether the figures of a test bear the difference that it claims."""
    said = row.get("verdict", row.get("conclusion"))
    if said in CONCLUSIONS:
        size = row["difference"] if said == "higher" else -row["difference"]
        return _at_most(row["q"], LARGEST_Q) and bool(size >= SMALLEST_DIFFERENCE)
    if said == "worsened":
        return _at_most(row["q_rise"], LARGEST_Q) and bool(row["difference"] > 0)
    if said in FALLEN:
        return _at_most(row["q_fall"], LARGEST_Q) and bool(row["difference"] < 0)
    # Being resolved takes more than two waves can show: target, revisits, an anchor.
    return bool(said != "resolved")


def _fault(
    element: etree._Element, test: str, language: Language, disclosed: PublicTables
) -> str | None:
    row = disclosed.rows.get(test)
    if row is None or row.get("kind") not in PREFIX:
        return f"没有检验 {test}。(there is no such test)"
    said = str(row.get("verdict", row.get("conclusion")))
    if said in CONCLUSIONS and not disclosed.probability_sample(row):
        return f"{test} 出自非概率样本，不得写高低升降。(no test without a probability sample)"
    if not borne(row):
        return f"{test} 的数字不支持“{said}”。(its own figures do not bear the word)"
    text, expected = (
        "".join(element.itertext()).strip(),
        word(PREFIX[row["kind"]] + said, language),
    )
    if text != expected:
        return f"{test} 应作“{expected}”，页面是“{text}”。(the word differs from the test)"
    return None


def _at_most(value: Any, limit: float) -> bool:
    return bool(pd.notna(value)) and value <= limit


def _excused(element: etree._Element) -> bool:
    """Whether a word may stand here: its test is named, or it is being explained or quoted."""
    return bool(
        element.xpath(
            "ancestor-or-self::*[@data-test or @data-statement"
            " or (@data-fixed and @data-fixed != 'locale')"
            " or contains(concat(' ', @class, ' '), ' means ')]"
        )
    )


@cache
def _words(language: Language) -> frozenset[str]:
    keys = [PREFIX[kind] + said for kind in ("group", "standard", "wave") for said in CONCLUSIONS]
    keys += [PREFIX["verdict"] + said for said in VERDICTS]
    return frozenset(word(key, language) for key in keys)
