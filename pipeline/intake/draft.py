"""From described columns to a questionnaire and the description of its source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby

import pandas as pd

from pipeline.design.declared import DeclaredDesign
from pipeline.errors import QuestionnaireError
from pipeline.i18n import Text
from pipeline.intake.choice_codes import (
    choices_of,
    codes_of,
    distinct,
    label_of,
    missing_codes_of,
)
from pipeline.intake.names import question_names
from pipeline.questionnaire.model import Questionnaire, Section
from pipeline.questionnaire.parts import Battery
from pipeline.questionnaire.questions import (
    Choice,
    MultipleChoice,
    Number,
    OpenEnded,
    Question,
    Scale,
    SingleChoice,
)
from pipeline.responses.cell_words import EMPTY, normal
from pipeline.responses.described import (
    Aside,
    Column,
    Described,
    Item,
    Joined,
    Option,
    Slots,
    Ticks,
)
from pipeline.responses.missing_words import REASONS
from pipeline.responses.source import FIELDS, File, Source, Stands
from pipeline.responses.table import RawTable
from pipeline.responses.typed_numbers import typed_numbers

SECTION_LENGTH = 15
SHOWN_ASIDES = 10
LEAST_BATTERY = 3
UNDECIDED = DeclaredDesign()
UNREAD_NUMBERS = 0.05
"""A column with a larger share of cells that are no numbers is not asked for a number."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A survey as drafted from its files.

    Attributes
    ----------
    questionnaire, source : what is written to the project
    guessed : question name -> what was guessed of it, in Chinese sentences
    asides : the columns that are no questions
    notes : what could not be carried over, or should be known
    """

    questionnaire: Questionnaire
    source: Source
    guessed: Mapping[str, tuple[str, ...]]
    asides: tuple[Aside, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Drafted:
    item: Item
    question: Question
    stands: Stands


def draft(
    survey: str,
    table: RawTable,
    described: Described,
    *,
    layout: str,
    files: Sequence[File],
    on: Sequence[str] = (),
    design: DeclaredDesign = UNDECIDED,
) -> Draft:
    """Draft the questionnaire of a table whose every column is described.

    Items of which no choice is left to count are put aside.

    Raises
    ------
    QuestionnaireError
        No item is left.
    """
    names = question_names(item.name for item in described.items)
    made: list[_Drafted] = []
    asides = list(described.asides)
    for name, item in zip(names, described.items, strict=True):
        drafted = _drafted(name, item, table)
        if drafted is None:
            why = "没有两个以上可供比较的选项，不作为题目。"
            asides += [Aside(header, "constant", why) for header in item.headers]
        else:
            made.append(drafted)
    if not made:
        listed = "；".join(f"{aside.header}：{aside.why}" for aside in asides[:SHOWN_ASIDES])
        raise QuestionnaireError(
            f"{table.source}: 没有一列可以作题目（{listed}）。(no column could be a question)"
        )
    batteries, made = _with_batteries(made)
    questionnaire = _questionnaire(survey, described.title, made, batteries, design)
    source = Source(
        layout=layout,
        files=tuple(files),
        on=tuple(on),
        key=_key(table, asides),
        fields={field: aside.header for field in FIELDS for aside in _first(asides, field)},
        questions={one.question.name: one.stands for one in made},
        design=design,
    )
    guessed = {one.question.name: _guesses(one.item) for one in made if _guesses(one.item)}
    return Draft(questionnaire, source, guessed, tuple(asides), described.notes)


def _guesses(item: Item) -> tuple[str, ...]:
    of_options = (option.guessed for option in item.options if option.guessed)
    return tuple(dict.fromkeys((*item.guessed, *of_options)))


def _key(table: RawTable, asides: Sequence[Aside]) -> str:
    """Return the first column that really tells responses apart."""
    for aside in [aside for aside in asides if aside.role == "key"]:
        column = table.cells[aside.header].map(normal)
        if column.is_unique and not (column == "").any():
            return aside.header
    return ""


def _first(asides: Sequence[Aside], role: str) -> list[Aside]:
    return [aside for aside in asides if aside.role == role][:1]


def _drafted(name: str, item: Item, table: RawTable) -> _Drafted | None:
    text = Text(zh=item.text.strip() or name, en=item.english)
    common = {"name": name, "text": text}
    if item.kind == "multiple_choice":
        return _multiple(item, common)
    if not isinstance(item.where, Column):
        return None
    stands = Stands(column=item.where.header)
    match item.kind:
        case "number" if _mostly_numbers(table.cells[item.where.header], item):
            return _Drafted(item, _number(item, common, table), stands)
        case "number":
            said = (*item.guessed, "应是数字，但不少内容读不成数字，先作开放题，请核对。")
            words = OpenEnded(type="open_ended", **common)
            return _Drafted(replace(item, guessed=said), words, stands)
        case "open_ended":
            return _Drafted(item, OpenEnded(type="open_ended", **common), stands)
    choices = choices_of(item.options)
    if sum(choice.missing is None for choice in choices) < 2:
        return None
    if item.kind == "scale":
        ordered = tuple(sorted(choices, key=lambda choice: (bool(choice.missing), choice.code)))
        scale = Scale(type="scale", choices=ordered, reverse=item.reverse, **common)
        return _Drafted(item, scale, stands)
    single = SingleChoice(type="single_choice", choices=choices, domain=item.domain, **common)
    return _Drafted(item, single, stands)


def _multiple(item: Item, common: Mapping[str, object]) -> _Drafted | None:
    options = _ticked(item) if isinstance(item.where, Ticks) else distinct(item.options)
    codes = codes_of(list(options), least=0)
    choices = tuple(
        Choice(
            code=codes[cell],
            text=Text(zh=label_of(option)),
            missing=option.missing,
            exclusive=option.exclusive,
        )
        for cell, option in options.items()
    )
    if sum(choice.missing is None for choice in choices) < 2:
        return None
    match item.where:
        case Ticks(headers, ticked, unticked, reasons):
            places = {codes[cell]: headers[cell] for cell in options}
            why = {cell: max(codes.values()) + at for at, cell in enumerate(reasons, start=1)}
            choices += tuple(
                Choice(code=why[cell], text=Text(zh=REASONS[kind]), missing=kind)
                for cell, kind in reasons.items()
            )
            stands = Stands(ticks=places, ticked=ticked, unticked=unticked, missing=why)
        case Slots(headers):
            stands = Stands(slots=headers, values=codes)
        case Joined(header, separator):
            stands = Stands(joined=header, separator=separator, values=codes)
        case Column(header):
            stands = Stands(slots=(header,), values=codes)
    question = MultipleChoice(type="multiple_choice", choices=choices, **common)
    return _Drafted(item, question, stands)


def _ticked(item: Item) -> dict[str, Option]:
    """Return the options that have a column; columns stay apart though they be called alike."""
    assert isinstance(item.where, Ticks)
    known = {option.cell: option for option in reversed(item.options)}
    known = {cell: known[cell] for cell in reversed(known) if cell in item.where.headers}
    return known | {cell: Option(cell, cell) for cell in item.where.headers if cell not in known}


def _mostly_numbers(column: pd.Series, item: Item) -> bool:
    """Tell whether nearly all filled cells can be read: each that cannot costs a response."""
    shown = column.map(normal)
    known = {normal(option.cell) for option in item.options if option.missing}
    unread = typed_numbers(column).isna() & ~shown.isin(EMPTY | known)
    return bool(unread.sum() <= UNREAD_NUMBERS * (~shown.isin(EMPTY)).sum())


def _number(item: Item, common: Mapping[str, object], table: RawTable) -> Number:
    assert isinstance(item.where, Column)
    missing = [option for option in item.options if option.missing]
    column = table.cells[item.where.header]
    shown = column.map(normal)
    whole = shown[~shown.isin(EMPTY)].str.fullmatch(r"-?\d*").all()
    return Number(
        type="number",
        minimum=item.minimum,
        maximum=item.maximum,
        unit=Text(zh=item.unit),
        decimals=0 if whole else 2,
        missing_codes=missing_codes_of(missing, typed_numbers(column)),
        **common,
    )


def _with_batteries(made: Sequence[_Drafted]) -> tuple[tuple[Battery, ...], list[_Drafted]]:
    """Mark the scales of a group that have the same codes as a battery."""
    scales: dict[tuple[str, tuple[int, ...]], list[_Drafted]] = {}
    for one in made:
        if isinstance(one.question, Scale) and one.item.group:
            codes = tuple(choice.code for choice in one.question.substantive)
            scales.setdefault((one.item.group, codes), []).append(one)
    wanted = {key: items for key, items in scales.items() if len(items) >= LEAST_BATTERY}
    taken = question_names([*(o.question.name for o in made), *(f"b_{g}" for g, _ in wanted)])
    batteries: list[Battery] = []
    names: dict[str, str] = {}
    for name, items in zip(taken[len(made) :], wanted.values(), strict=True):
        title = items[0].item.group_text or items[0].item.group
        batteries.append(Battery(name=name, title=Text(zh=title)))
        names |= {one.question.name: name for one in items}
    marked = [
        replace(o, question=o.question.model_copy(update={"battery": names[o.question.name]}))
        if o.question.name in names
        else o
        for o in made
    ]
    return tuple(batteries), marked


def _sections(made: Sequence[_Drafted]) -> tuple[Section, ...]:
    """Return the questions on pages of about `SECTION_LENGTH`, groups kept together."""
    blocks = [
        list(block)
        for _, block in groupby(enumerate(made), lambda at: at[1].item.group or f"\0{at[0]}")
    ]
    pages: list[list[Question]] = [[]]
    for block in blocks:
        if len(pages[-1]) >= SECTION_LENGTH:
            pages.append([])
        pages[-1] += [one.question for _, one in block]
    ends = list(accumulate(len(page) for page in pages))
    titles = (f"第 {end - len(page) + 1}—{end} 题" for page, end in zip(pages, ends, strict=True))
    return tuple(
        Section(title=Text(zh=title), questions=tuple(page))
        for title, page in zip(titles, pages, strict=True)
    )


def _questionnaire(
    survey: str,
    title: str,
    made: Sequence[_Drafted],
    batteries: tuple[Battery, ...],
    design: DeclaredDesign,
) -> Questionnaire:
    drawn = design.kind == "probability"
    return Questionnaire(
        survey=survey,
        title=Text(zh=title or survey),
        population=Text(zh="本调查的总体（请写明）"),
        respondents=Text(zh="受访者"),
        minutes=max(1, len(made) // 4),
        languages=("zh", "en") if any(one.item.english for one in made) else ("zh",),
        mode=Text(zh="随文件交来，调查方式未写明"),
        commissioned_by=Text(zh="未写明"),
        conducted_by=Text(zh="未写明"),
        simulated=False,
        limitation=Text(
            zh="抽样设计按分析员的声明，误差据此计算。"
            if drawn
            else "抽样方法没有随数据说明，结果不能推及总体。",
            en="Errors follow the sampling design as the analyst declared it."
            if drawn
            else "How people were chosen is not told with the data; results hold for them alone.",
        ),
        introduction=Text(zh="本问卷由已有的数据文件生成，题目文字请对照原问卷核对。"),
        batteries=batteries,
        sections=_sections(made),
    )
