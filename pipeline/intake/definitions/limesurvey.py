"""Read a LimeSurvey structure: .lss and .lsg (XML), or the tab-separated structure (.txt).

The three hold the same records: questions with a type of one letter, sub-questions, answers. In
the XML of today texts stand in tables of their own (``question_l10ns``), one row per language; in
older files, and in the tab-separated ones, every language repeats the question.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import ResponseError
from pipeline.intake.definitions.contents import bytes_of, shown, text_of

Record = Mapping[str, str]
Texts = Mapping[str, str]
"""Language code -> text as readers see it."""


@dataclass(slots=True)
class Sub:
    """A sub-question (`axis` 0: rows, 1: columns) or, of `axis` 0 or 1, an answer."""

    code: str
    axis: int = 0
    texts: dict[str, str] = field(default_factory=dict)
    relevance: str = ""


@dataclass(slots=True)
class Question:
    """A question as the structure holds it.

    Attributes
    ----------
    type : LimeSurvey's letter (``L``, ``M``, ``F``)
    settings : further fields and attributes that are filled
    """

    code: str
    type: str
    group: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    subs: list[Sub] = field(default_factory=list)
    answers: list[Sub] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Structure:
    """A survey, or one group of it.

    Attributes
    ----------
    titles, welcomes : language -> title of the survey, words before its first question
    routes : name of a group -> the condition on which it is shown, where there is one
    """

    title: str = ""
    language: str = ""
    questions: list[Question] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    welcomes: dict[str, str] = field(default_factory=dict)
    routes: dict[str, str] = field(default_factory=dict)


def is_structure_text(text: str) -> bool:
    """Tell whether a text begins with the header of the tab-separated structure."""
    header = text.lstrip("\ufeff").partition("\n")[0].split("\t")
    names = {name.strip().strip('"') for name in header}
    return {"class", "type/scale", "name", "relevance", "text"} <= names


def is_structure_xml(text: str) -> bool:
    """Tell whether a text begins like an .lss or .lsg."""
    return "<LimeSurveyDocType>" in text


def read_structure(path: Path) -> Structure:
    """Read the questions of an .lss, .lsg or .txt.

    Raises
    ------
    ResponseError
        It is damaged, or holds no question.
    """
    structure = _from_text(path) if path.suffix.lower() == ".txt" else _from_xml(path)
    if not structure.questions:
        raise ResponseError(f"{path}: 里面没有题目。请重新导出问卷结构。(no question in it)")
    return structure


def _from_text(path: Path) -> Structure:
    text = text_of(path)
    if not is_structure_text(text):
        raise ResponseError(
            f"{path}: 表头没有 class、type/scale、name、relevance、text，"
            "不是 LimeSurvey 的制表符分隔结构。请核对文件。(not a tab-separated structure)"
        )
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t"))
    except csv.Error as fault:
        raise ResponseError(
            f"{path}: 读不出制表符分隔的结构（{fault}）。请重新导出。(damaged; export it again)"
        ) from None
    structure = Structure()
    known: dict[tuple[str, str], Question] = {}
    group = ""
    question: Question | None = None
    for row in rows:
        record = {str(k).strip(): str(v or "").strip() for k, v in row.items() if k is not None}
        match record.get("class", ""):
            case "S" if record.get("name") == "language":
                structure.language = record.get("text", "")
            case "SL" if record.get("name") == "surveyls_title" and not structure.title:
                structure.title = shown(record.get("text", ""))
                structure.titles[record.get("language", "")] = structure.title
            case "SL" if record.get("name") == "surveyls_title":
                structure.titles[record.get("language", "")] = shown(record.get("text", ""))
            case "SL" if record.get("name") == "surveyls_welcometext":
                structure.welcomes[record.get("language", "")] = shown(record.get("text", ""))
            case "G":
                group = shown(record.get("name", ""))
                structure.routes.setdefault(group, record.get("relevance", ""))
            case "Q" if record.get("name"):
                question = _repeated(record, group, known, structure)
            case "SQ" | "A" if question is not None and record.get("name"):
                _add(question, record)
    return structure


def _repeated(
    record: Record, group: str, known: dict[tuple[str, str], Question], structure: Structure
) -> Question:
    """Return the question of a row; another language of one that is known adds its text."""
    key = (record["name"], record.get("type/scale", ""))
    if key not in known:
        known[key] = Question(record["name"], record.get("type/scale", ""), group)
        structure.questions.append(known[key])
    question = known[key]
    question.texts[record.get("language", "")] = shown(record.get("text", ""))
    for name, value in record.items():
        if value and name not in ("class", "type/scale", "name", "text", "language"):
            question.settings.setdefault(name, value)
    return question


def _add(question: Question, record: Record) -> None:
    listed = question.subs if record["class"] == "SQ" else question.answers
    axis = 1 if record.get("type/scale") == "1" else 0
    sub = _worded(listed, record["name"], axis)
    sub.texts[record.get("language", "")] = shown(record.get("text", ""))
    sub.relevance = sub.relevance or record.get("relevance", "")


def _worded(listed: list[Sub], code: str, axis: int) -> Sub:
    """Return the sub-question or answer of a code; a new one at the end if there is none."""
    for one in listed:
        if one.code == code and one.axis == axis:
            return one
    listed.append(Sub(code, axis))
    return listed[-1]


def _from_xml(path: Path) -> Structure:
    from lxml import etree

    # A definition comes from somebody else: it must not make us read other files or the network.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(bytes_of(path), parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise ResponseError(
            f"{path}: XML 不完整（{fault}）。请在 LimeSurvey 中重新导出 .lss。"
            "(damaged XML; export the survey again)"
        ) from None
    if root.findtext("LimeSurveyDocType") is None:
        raise ResponseError(f"{path}: 不是 LimeSurvey 的 .lss 或 .lsg。请核对文件。(not an .lss)")
    tables = {
        str(table.tag): [
            {str(cell.tag): (cell.text or "").strip() for cell in row}
            for row in table.iterfind("rows/row")
        ]
        for table in root
        if isinstance(table.tag, str)
    }
    return _structure(tables)


def _structure(tables: Mapping[str, Sequence[Record]]) -> Structure:
    titles = [one for one in tables.get("surveys_languagesettings", ()) if one]
    language = next((one.get("language", "") for one in tables.get("surveys", ())), "")
    named = sorted(titles, key=lambda one: one.get("surveyls_language") != language)
    groups = _group_names(tables)
    by_id: dict[str, Question] = {}
    everything = [*tables.get("questions", ()), *tables.get("subquestions", ())]
    for record in sorted(tables.get("questions", ()), key=_order(groups)):
        if record.get("parent_qid", "0") in ("", "0") and record.get("title"):
            question = by_id.setdefault(
                record.get("qid", ""),
                Question(
                    record["title"], record.get("type", ""), groups.get(record.get("gid", ""), "")
                ),
            )
            if record.get("question"):
                question.texts[record.get("language", "")] = shown(record["question"])
            question.settings.update({k: v for k, v in record.items() if v})
    subs = _subquestions(everything, by_id)
    for record in tables.get("question_l10ns", ()):
        named_one = by_id.get(record.get("qid", "")) or subs.get(record.get("qid", ""))
        if named_one is not None:
            named_one.texts[record.get("language", "")] = shown(record.get("question", ""))
            if isinstance(named_one, Question) and record.get("help"):
                named_one.settings.setdefault("help", record["help"])
    _answers(tables, by_id)
    _attributes(tables, by_id)
    title = shown(named[0].get("surveyls_title", "")) if named else ""
    return Structure(
        title,
        language,
        list(by_id.values()),
        {one.get("surveyls_language", ""): shown(one.get("surveyls_title", "")) for one in titles},
        {
            one.get("surveyls_language", ""): shown(one.get("surveyls_welcometext", ""))
            for one in titles
        },
        {
            groups.get(one.get("gid", ""), ""): one.get("grelevance", "")
            for one in tables.get("groups", ())
        },
    )


def _group_names(tables: Mapping[str, Sequence[Record]]) -> dict[str, str]:
    """Return the names of the groups by their number, in the order of the groups."""
    ordered = sorted(tables.get("groups", ()), key=lambda one: _whole(one.get("group_order")))
    names = {one.get("gid", ""): shown(one.get("group_name", "")) for one in ordered}
    for record in tables.get("group_l10ns", ()):
        gid = record.get("gid", "")
        names[gid] = names.get(gid) or shown(record.get("group_name", ""))
    return names


def _order(groups: Mapping[str, str]) -> Callable[[Record], tuple[int, int]]:
    places = {gid: place for place, gid in enumerate(groups)}
    return lambda one: (places.get(one.get("gid", ""), 0), _whole(one.get("question_order")))


def _whole(written: str | None) -> int:
    return int(written) if written and written.isdecimal() else 0


def _subquestions(records: Sequence[Record], by_id: Mapping[str, Question]) -> dict[str, Sub]:
    subs: dict[str, Sub] = {}
    for record in sorted(records, key=lambda one: _whole(one.get("question_order"))):
        parent = by_id.get(record.get("parent_qid", ""))
        if parent is None or not record.get("title"):
            continue
        axis = 1 if record.get("scale_id") == "1" else 0
        sub = subs.setdefault(record.get("qid", ""), _worded(parent.subs, record["title"], axis))
        sub.relevance = sub.relevance or record.get("relevance", "")
        if record.get("question"):
            sub.texts[record.get("language", "")] = shown(record["question"])
    return subs


def _answers(tables: Mapping[str, Sequence[Record]], by_id: Mapping[str, Question]) -> None:
    found: dict[str, Sub] = {}
    for record in sorted(tables.get("answers", ()), key=lambda one: _whole(one.get("sortorder"))):
        question = by_id.get(record.get("qid", ""))
        if question is not None and record.get("code"):
            axis = 1 if record.get("scale_id") == "1" else 0
            answer = _worded(question.answers, record["code"], axis)
            found[record.get("aid", "")] = answer
            if record.get("answer"):
                answer.texts[record.get("language", "")] = shown(record["answer"])
    for record in tables.get("answer_l10ns", ()):
        if record.get("aid") in found:
            found[record["aid"]].texts[record.get("language", "")] = shown(
                record.get("answer", "")
            )


def _attributes(tables: Mapping[str, Sequence[Record]], by_id: Mapping[str, Question]) -> None:
    for record in tables.get("question_attributes", ()):
        question = by_id.get(record.get("qid", ""))
        if question is not None and record.get("value"):
            question.settings.setdefault(record.get("attribute", ""), record["value"])


def languages_of(structure: Structure) -> Iterator[str]:
    """Yield the languages of the questions' texts, the survey's own first."""
    if structure.language:
        yield structure.language
    for question in structure.questions:
        yield from question.texts
