"""What a delivered table holds of one question, tidied, wherever its layout has it."""

import pandas as pd

from pipeline.questionnaire.questions import MultipleChoice, OpenEnded, Question, Ranking
from pipeline.responses.answers import NOTHING_TICKED, each
from pipeline.responses.cell_words import EMPTY, normal
from pipeline.responses.cell_words import plain as whole
from pipeline.responses.layouts import Layout

TICKED = {"1": 1, "TRUE": 1, "True": 1, "true": 1, "0": 0, "FALSE": 0, "False": 0, "false": 0}


def given_to(
    cells: pd.DataFrame, layout: Layout, question: Question
) -> tuple[pd.Series, pd.Series]:
    """Return the question's cells, tidied, and for which rows two columns contradict each other.

    Where a multiple choice is delivered both joined and in 0/1 columns, the 0/1 columns count:
    data cleaning edits them and forgets the joined text. Words that only the joined text has and
    no choice explains are kept, for validation to judge. The places of a ranking become its words
    in order of rank. A question without a column has '' throughout.
    """
    agree = pd.Series(False, index=cells.index)
    if question.name in layout.questions:
        column = cells[layout.questions[question.name]]
        if isinstance(question, OpenEnded):  # words stand as they were written
            return each(column, _said), agree
        joined = each(column, _tidied)
    else:
        joined = pd.Series("", index=cells.index, dtype="str")
    if isinstance(question, Ranking) and layout.splits.get(question.name):
        placed = _placed(cells, layout, question)
        return joined.where(placed == "", placed).astype("str"), agree
    if not isinstance(question, MultipleChoice) or not layout.splits.get(question.name):
        return joined, agree
    return _ticked(cells, layout, question, joined)


def _ticked(
    cells: pd.DataFrame, layout: Layout, question: MultipleChoice, joined: pd.Series
) -> tuple[pd.Series, pd.Series]:
    words = {choice.code: normal(choice.exported_as) for choice in question.choices}
    split = {code: h for code, h in layout.splits[question.name].items() if code in words}
    ticks = pd.DataFrame({words[code]: each(cells[h], _tidied) for code, h in split.items()})
    told = (ticks != "").any(axis=1)
    ticked = pd.Series("", index=cells.index, dtype="str")
    for word in ticks:
        meant = ticks[word].map(TICKED)
        ticked = ticked.mask(meant == 1, ticked + f"{word} ")
        odd = meant.isna() & (ticks[word] != "")  # neither ticked nor not: for validation to judge
        strange = f"{word}=" + each(ticks[word], lambda text: "".join(text.split())) + " "
        ticked = ticked.mask(odd, ticked + strange)  # alone it might be another choice's word
    rest = each(joined, lambda text: " ".join(w for w in text.split() if w not in ticks.columns))
    merged = (ticked + rest).str.strip()
    merged = merged.mask(merged == "", NOTHING_TICKED)
    differs = told & (joined != "") & (joined.str.split().map(set) != merged.str.split().map(set))
    return joined.where(~told, merged).astype("str"), differs


def _placed(cells: pd.DataFrame, layout: Layout, question: Ranking) -> pd.Series:
    """Return the words of a ranking in order of rank from the columns of its choices' places.

    0 and an empty cell say that a choice was not placed; where a reason for giving no answer has a
    column, 1 there gives it. A place that is none, or twice the same, is shown as
    ``choice=cell``, which no choice explains.
    """
    split = layout.splits[question.name]
    words = [normal(c.exported_as) for c in question.choices if c.code in split]
    columns = [each(cells[split[c.code]], whole) for c in question.choices if c.code in split]
    rows = [_in_order(words, row, question.depth) for row in zip(*columns, strict=True)]
    return pd.Series(rows, index=cells.index, dtype="str")


def _in_order(words: list[str], cells: tuple[str, ...], depth: int) -> str:
    filled = [
        (cell, word)
        for word, cell in zip(words, cells, strict=True)
        if cell not in EMPTY and cell != "0"
    ]
    bare = [(cell.lstrip("0"), word) for cell, word in filled]
    places = {p for p, _ in bare if p.isascii() and p.isdigit() and len(p) < 3 and int(p) <= depth}
    if len(places) == len(filled):
        # A gap (1, 3) moves what is behind it up: the order of what was ranked is still known.
        return " ".join(word for _, word in sorted(bare, key=lambda pair: int(pair[0])))
    return " ".join(f"{word}={''.join(cell.split())}" for cell, word in filled)


def _said(cell: str) -> str:
    text = cell.strip()
    return "" if text in EMPTY else text


def _tidied(cell: str) -> str:
    """Return text without outer blanks; full-width digits and signs become the usual ones."""
    text = normal(cell)
    return "" if text in EMPTY else text
