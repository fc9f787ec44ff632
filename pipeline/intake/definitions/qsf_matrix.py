"""A matrix of a .qsf, and matrices side by side: one question per row.

The same survey is exported under different headers: legacy exports (two header rows) name a row
of a matrix ``Q3_1``, or by its own tag alone with signs turned to ``_``; Insights (three header
rows) names it ``Q3_1``, or by the question's and the row's tag, and adds an ImportId
(``QID3-1``, today ``QID3_1``). All are tried.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.intake.definitions import Defined
from pipeline.intake.definitions.contents import shown
from pipeline.intake.definitions.qsf_parts import (
    Asked,
    Reading,
    answers_of,
    choices_of,
    codes_of,
    in_chinese_too,
    mapping,
    options_of,
    worded,
)
from pipeline.responses.described import ItemKind


def rows_of(asked: Asked) -> list[tuple[str, str, str]]:
    """Return key, tag and wording of the rows of a matrix; '' is the tag of those without one."""
    tags = mapping(asked.payload.get("ChoiceDataExportTags"))
    worded = next(in_chinese_too(asked, "Choices"), {})
    return [
        (key, str(tags.get(key) or ""), worded.get(key, label))
        for key, label in choices_of(asked).items()
    ]


def row_of(asked: Asked, key: str, tag: str, label: str, kind: ItemKind | None) -> Defined:
    """Return the question that a row asks, with the names of its one column."""
    whole = worded(asked, kind)
    places = places_of(asked, key, tag)
    texts = (f"{places[0]}_TEXT", f"{asked.id}-{key}-TEXT", f"{asked.id}_{key}_TEXT")
    return replace(
        whole, name=places[0], text=label, group=asked.tag, group_text=whole.text, english="",
        texts=(), columns=(*places[1:], *(texts if kind == "open_ended" else ())),
    )  # fmt: skip


def places_of(asked: Asked, key: str, tag: str) -> list[str]:
    """Return the names of a row's column, the likeliest first."""
    beside = asked.payload.get("AnswerDataExportTag")
    names = []
    if tag:
        names += [f"{asked.tag}_{tag}_{beside}", f"{tag}: {beside}"] if beside else []
        names += [f"{asked.tag}_{tag}", tag, re.sub(r"\W", "_", tag)]
    names += [f"{asked.tag}_{key}", f"{asked.id}-{key}", f"{asked.id}_{key}"]
    return list(dict.fromkeys(names))


def matrix_of(asked: Asked) -> Reading:
    """Read a matrix into one question per row, or per cell where texts or numbers are typed."""
    several = asked.kind[2] in ("MultipleAnswer", "MA")
    match asked.kind[1]:
        case "TE" | "CS":
            kind: ItemKind = "open_ended" if asked.kind[1] == "TE" else "number"
            return Reading((*_cells(asked, kind), *_row_titles(asked)))
        case "RO" | "MaxDiff":
            return Reading(unread="矩阵排序题")
    answers = options_of(asked, "Answers", answers_of(asked))
    rows = []
    for key, tag, label in rows_of(asked):
        row = row_of(asked, key, tag, label, "multiple_choice" if several else None)
        ticks = _crossed(asked, key, tag) if several else ()
        rows.append(replace(row, ticks=ticks, **answers))
    return Reading((*rows, *_row_titles(asked)))


def _row_titles(asked: Asked) -> Iterator[Defined]:
    """Yield the texts that respondents typed as the title of a row."""
    held = mapping(asked.payload.get("Choices"))
    for key, tag, label in rows_of(asked):
        if mapping(held.get(key)).get("TextEntry"):
            row = row_of(asked, key, tag, f"{label}（填写的文字）", "open_ended")
            columns = (f"{asked.id}-{key}-TEXT", f"{asked.id}_{key}_TEXT")
            yield replace(row, name=f"{row.name}_TEXT", columns=columns, beside=True)


def _crossed(asked: Asked, key: str, tag: str) -> tuple[dict[str, str], ...]:
    """Return the names of the columns of a row's answers."""
    answers = tuple(answers_of(asked))
    codes = codes_of(asked, answers)
    places = places_of(asked, key, tag)
    ways = [{codes[a]: f"{place}_{codes[a]}" for a in answers} for place in places]
    ways += [{codes[a]: f"{place}_{a}" for a in answers} for place in places]
    ways.append({codes[a]: f"{asked.id}-{key}-{a}" for a in answers})
    if asked.payload.get("AnswerDataExportTag"):
        # Insights gives all answers of a row one name; repeated headers are numbered.
        same = [
            f"{places[0]} ({count})" if count > 1 else places[0] for count in _counted(answers)
        ]
        ways.append({codes[a]: name for a, name in zip(answers, same, strict=True)})
    return tuple(ways)


def _counted(answers: Sequence[str]) -> range:
    return range(1, len(answers) + 1)


def _cells(asked: Asked, kind: ItemKind) -> Iterator[Defined]:
    """Yield one question per cell of a matrix of texts or numbers."""
    end = "_TEXT" if kind == "open_ended" else ""
    for key, tag, label in rows_of(asked):
        places = places_of(asked, key, tag)
        for count, (answer, wording) in enumerate(answers_of(asked).items(), start=1):
            names = [f"{place}_{answer}{end}" for place in places]
            names += [f"{place}_{answer}" for place in places]
            names.append(f"{asked.id}-{key}-{answer}{end.replace('_', '-')}")
            if asked.payload.get("AnswerDataExportTag"):
                repeated = f"{places[0]}{end}"
                names.append(f"{repeated} ({count})" if count > 1 else repeated)
            row = row_of(asked, key, tag, f"{label}：{wording}", kind)
            yield replace(row, name=names[0], columns=tuple(names[1:]))


def side_by_side(asked: Asked) -> Iterator[Asked]:
    """Yield the matrices that stand side by side as questions of their own."""
    whole = shown(str(asked.payload.get("QuestionText") or ""))
    for key, held in mapping(asked.payload.get("AdditionalQuestions")).items():
        part = dict(mapping(held))
        part["DataExportTag"] = f"{asked.tag}#{key}"
        part["QuestionText"] = f"{whole}：{shown(str(part.get('QuestionText') or ''))}"
        part.setdefault("ChoiceOrder", asked.payload.get("ChoiceOrder"))
        part["Choices"] = part.get("Choices") or asked.payload.get("Choices")
        yield Asked(part, f"{asked.id}#{key}", asked.block, asked.language)
