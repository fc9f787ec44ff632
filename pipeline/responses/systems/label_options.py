"""The options that value labels tell of: their wording, and which of them are missing answers.

What the file declares as missing is missing. Codes that are only labelled so (9 Don't know,
-9 Refused: many archives declare none) are taken as missing where the wording says so and the code
stands apart from the others; every one of them is marked as guessed.
"""

import re
from collections.abc import Mapping, Sequence

from pipeline.questionnaire.questions import MissingKind
from pipeline.responses.cell_words import normal
from pipeline.responses.described import Option
from pipeline.responses.dictionary import Variable
from pipeline.responses.missing_words import REASONS, is_doubtful, missing_kind_of

MOST_POINTS = 11
MOST_DECLARED = 30
"""More different contents than this in a declared range are not listed one by one."""
_CONVENTIONAL = re.compile(r"-\d+(?:\.\d+)?|9*[789]|\d[89]|77+|88+|\.[a-z_]?")
_CODED = re.compile(
    r"\s*[\[(<]?(-?\d+(?:\.\d+)?)[\])>]?\s*(?:[.．、:：=)]|\s[-–—]\s)\s*(?!\d)(\S.*)", re.DOTALL
)
_TICKS = frozenset(
    "selected|not selected|unselected|checked|unchecked|not checked|mentioned|not mentioned|quoted"
    "|not quoted|chosen|not chosen|marked|not marked|选中|未选中|已选|未选|没有选|选择|未选择"
    "|勾选|未勾选|提及|未提及|没有提及".split("|")
)


def options_of(variable: Variable, counts: Mapping[str, int]) -> tuple[Option, ...]:
    """Return the options of a labelled variable, in the order of their codes, missing ones last.

    Parameters
    ----------
    counts : contents that are found -> rows. Contents without a label stand among the options only
        if the file declares them as missing
    """
    labels = shown_labels(variable)
    asked = [code for code in labels if not _says_missing(variable, code)]
    substance: list[Option] = []
    missing: list[Option] = []
    for code, label in _by_size(labels):
        kind, why = _missing(variable, code, [one for one in asked if one != code])
        (missing if kind else substance).append(Option(code, label, kind, why))
    declared = [cell for cell in counts if cell not in labels and variable.is_missing(cell)]
    for cell in sorted(declared, key=_size)[:MOST_DECLARED]:
        why = f"文件把 {cell} 声明为缺失，没有说原因，当作“{REASONS['no_answer']}”。"
        missing.append(Option(cell, f"缺失（{cell}）", "no_answer", why))
    return (*substance, *missing)


def shown_labels(variable: Variable) -> dict[str, str]:
    """Return code -> label as people read it: without the code before it, no two alike.

    Codes before labels (``1.男``, ``-9. Refused``) go only where every label has its own.
    """
    labels = {normal(code): " ".join(label.split()) for code, label in variable.values.items()}
    labels = {code: label or code for code, label in labels.items()}
    cut = {code: _CODED.fullmatch(label) for code, label in labels.items()}
    if all(found and as_number(found[1]) == as_number(code) for code, found in cut.items()):
        labels = {code: found[2].strip() for code, found in cut.items() if found}
    texts = list(labels.values())
    return {c: f"{t}（{c}）" if texts.count(t) > 1 and t != c else t for c, t in labels.items()}


def points_of(
    variable: Variable, asked: Sequence[Option], unlabelled: set[str]
) -> tuple[Option, ...]:
    """Return all points of a scale of which only some (the ends) have labels; () if it is none."""
    codes = [as_number(option.cell) for option in asked]
    others = [as_number(cell) for cell in unlabelled]
    numbers = [one for one in (*codes, *others) if one is not None and one.is_integer()]
    if len(asked) < 2 or not unlabelled or len(numbers) < len(codes) + len(others):
        return ()
    low, high = (
        int(min(c for c in codes if c is not None)),
        int(max(c for c in codes if c is not None)),
    )
    if high - low >= MOST_POINTS or high - low < 3 or len(unlabelled) < len(asked) - 1:
        return ()
    if not all(low <= number <= high for number in numbers):
        return ()
    known = {int(float(option.cell)): option for option in asked}
    return tuple(known.get(n, Option(str(n), str(n))) for n in range(low, high + 1))


def is_tick_label(label: str) -> bool:
    """Tell whether a label says no more than that something was chosen, or was not."""
    return normal(label).casefold() in _TICKS


def as_number(cell: str) -> float | None:
    """Return the number that a cell holds, None where it holds none."""
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if abs(number) < 1e300 else None


def _says_missing(variable: Variable, code: str) -> bool:
    return variable.is_missing(code) or missing_kind_of(variable.values.get(code, "")) is not None


def _missing(
    variable: Variable, code: str, others: Sequence[str]
) -> tuple[MissingKind | None, str]:
    """Return why a code is missing, and what of that is guessed; None where it is an answer.

    `others` are the codes of answers that count.
    """
    label = " ".join(variable.values.get(code, "").split())
    kind = missing_kind_of(label)
    if variable.is_missing(code):
        if kind and not is_doubtful(label):
            return kind, ""
        said = REASONS[kind or "no_answer"]
        how = f"原因按字面当作“{said}”" if kind else f"没有说原因，暂作“{said}”"
        return kind or "no_answer", f"文件把 {code}“{label}”声明为缺失，{how}。"
    if kind is None or not _stands_apart(code, others, strictly=is_doubtful(label)):
        return None, ""
    why = f"文件没有把 {code}“{label}”声明为缺失；按标签的字面当作“{REASONS[kind]}”。"
    return kind, why


def _stands_apart(code: str, others: Sequence[str], *, strictly: bool) -> bool:
    """Tell whether a code is written like a missing one, or lies beyond all answers.

    `strictly`: wordings that are as often an answer need a code of the usual form, beyond all.
    """
    usual = _CONVENTIONAL.fullmatch(code) is not None
    number = as_number(code)
    numbers = [one for other in others if (one := as_number(other)) is not None]
    if number is None or len(numbers) < len(others):  # codes that are texts
        return not strictly
    beyond = not numbers or number > max(numbers) or number < min(numbers)
    return usual and beyond if strictly else usual or beyond


def _by_size(labels: Mapping[str, str]) -> list[tuple[str, str]]:
    if all(as_number(code) is not None for code in labels):
        return sorted(labels.items(), key=lambda one: _size(one[0]))
    return list(labels.items())


def _size(code: str) -> tuple[float, str]:
    number = as_number(code)
    return (float("inf") if number is None else number, code)
