"""Multiple choices that stand in one column per option."""

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.responses.cell_words import normal
from pipeline.responses.described import Item, Option, Ticks
from pipeline.responses.missing_words import missing_kind_of
from pipeline.responses.systems.columns import contents, given
from pipeline.responses.systems.headers import unique

TICKED = ("1", "TRUE", "True", "true")
UNTICKED = ("0", "FALSE", "False", "false")
NOT_SELECTED = ("Not selected", "Not Selected", "not selected", "Unchecked", "未选中")
"""What stands in a column of labels where the option was shown and not chosen."""
ONLY_CODES = "选项只有代码，没有文字。请在问卷中补上选项的文字。"
_NOTHING = re.compile(
    r"(?:none(?: of (?:the above|these|them))?|nothing|nobody|no[ _]one|neither"
    r"|以上(?:都|均)(?:没有|不是|无)|都没有|都不是)\.?",
    re.IGNORECASE,
)


def binary(
    cells: pd.DataFrame,
    words: Mapping[str, str],
    ticked: Sequence[str] = TICKED,
    unticked: Sequence[str] = UNTICKED,
) -> Ticks | None:
    """Return the ticks of 0/1 columns; None where a column holds anything else, or all nothing.

    Parameters
    ----------
    words : header -> what its option is called
    """
    found: set[str] = set()
    for header in words:
        found.update(contents(cells[header]))
        if not found <= {*ticked, *unticked}:
            return None
    if not found:
        return None
    keys = _keys([words[header] or header for header in words])
    return Ticks(
        dict(zip(keys, words, strict=True)),
        tuple(one for one in ticked if one in found) or tuple(ticked[:1]),
        tuple(one for one in unticked if one in found) or tuple(unticked[:1]),
    )


def labelled(cells: pd.DataFrame, words: Mapping[str, str]) -> Ticks | None:
    """Return the ticks of columns that hold their option's label, or nothing.

    ``Not selected`` and the like stand where the option was shown and not chosen. None where a
    column holds two different labels, or nothing proves that the columns are of this kind: neither
    such a word nor that every label is what its column is called.
    """
    columns = {header: contents(cells[header]) for header in words}
    unticked = tuple(word for word in NOT_SELECTED if any(word in c for c in columns.values()))
    own = {h: tuple(c for c in found if c not in unticked) for h, found in columns.items()}
    if any(len(found) > 1 for found in own.values()) or not any(own.values()):
        return None
    called = all(
        normal(found[0]).casefold() == normal(words[header]).casefold()
        for header, found in own.items()
        if found
    )
    if not unticked and not called:
        return None
    keys = _keys([(own[header] or (words[header] or header,))[0] for header in words])
    return Ticks(dict(zip(keys, words, strict=True)), (), unticked)


def multiple_choice(
    cells: pd.DataFrame,
    ticks: Ticks,
    text: str,
    *,
    name: str = "",
    labels: Mapping[str, str] | None = None,
    group: str = "",
    group_text: str = "",
    guessed: Sequence[str] = (),
) -> Item:
    """Return a multiple choice with its options in the order of their columns.

    An option "none of these" is exclusive where nobody chose another one with it.
    """
    options = []
    alone = _never_with_others(cells, ticks)
    for key in ticks.headers:
        label = (labels or {}).get(key) or key
        missing = missing_kind_of(label.replace("_", " "))
        why = f"“{label}”看上去是缺失。" if missing else ""
        exclusive = key in alone and bool(_NOTHING.fullmatch(label.replace("_", " ").strip()))
        options.append(Option(key, label, missing, why, exclusive))
    return Item(
        text,
        ticks,
        name,
        "multiple_choice",
        tuple(options),
        group=group,
        group_text=group_text,
        guessed=tuple(guessed),
    )


def is_ticked(cells: pd.DataFrame, ticks: Ticks) -> pd.DataFrame:
    """Return whether each option was chosen, one column per option's key, one row per response."""
    chosen = {}
    for key, header in ticks.headers.items():
        words = given(cells[header])
        chosen[key] = (
            words.isin(ticks.ticked)
            if ticks.ticked
            else (words != "") & ~words.isin(ticks.unticked)
        )
    return pd.DataFrame(chosen, index=cells.index)


def _never_with_others(cells: pd.DataFrame, ticks: Ticks) -> set[str]:
    nothing = [key for key in ticks.headers if _NOTHING.fullmatch(key.replace("_", " ").strip())]
    if not nothing:
        return set()
    chosen = is_ticked(cells, ticks)
    several = chosen.sum(axis=1) > 1
    return {key for key in nothing if not (chosen[key] & several).any()}


def _keys(names: Sequence[str]) -> list[str]:
    """Return what options are called, no two alike."""
    return unique([name.strip() for name in names])
