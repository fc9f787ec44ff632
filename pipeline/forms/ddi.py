"""The dictionary of a survey as DDI Codebook 2.5, for data archives and other offices' catalogues.

Source: DDI Alliance, "DDI Codebook 2.5" (namespace ``ddi:codebook:2_5``); the order of elements is
that of its schema. One ``var`` per column of the decoded data, in all languages of the
questionnaire, with the question as asked, who was asked, its codes and its missing codes.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator

from pipeline.forms.expressions import plain
from pipeline.forms.in_words import condition_in_words
from pipeline.forms.numbering import numbers
from pipeline.i18n import Text
from pipeline.questionnaire.blocks import Matrix, Note, Roster, questions_of_block
from pipeline.questionnaire.codebook import Column, columns_of
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import (
    Calculated,
    Choice,
    ChoiceQuestion,
    Moment,
    MultipleChoice,
    Number,
    Numeric,
    OpenEnded,
    Question,
    Ranking,
    Scale,
)
from pipeline.questionnaire.read import version_hash

NAMESPACE = "ddi:codebook:2_5"
SCHEMA = "http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
DATA = "F1"
NOT_XML = {code: None for code in range(32) if code not in (9, 10, 13)}


def document(questionnaire: Questionnaire) -> bytes:
    """Return the codebook as XML in UTF-8; the same bytes for the same questionnaire."""
    for prefix, uri in (("", NAMESPACE), ("xsi", "http://www.w3.org/2001/XMLSchema-instance")):
        ET.register_namespace(prefix, uri)
    root = _element("codeBook", version="2.5", ID=questionnaire.survey)
    root.set(LANGUAGE, questionnaire.languages[0])
    root.set(LOCATION, f"{NAMESPACE} {SCHEMA}")
    root.append(_about_document(questionnaire))
    root.append(_about_study(questionnaire))
    file = _add(root, "fileDscr", ID=DATA)
    _add(_add(file, "fileTxt"), "fileName").text = f"{questionnaire.survey}.sav"
    data = _add(root, "dataDscr")
    for group in _groups(questionnaire):
        data.append(group)
    for question in questionnaire.questions:
        for column in columns_of(question):
            data.append(_variable(column, questionnaire))
    ET.indent(root, " ")
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _about_document(questionnaire: Questionnaire) -> ET.Element:
    made = _element("docDscr")
    _citation(made, questionnaire)
    return made


def _about_study(questionnaire: Questionnaire) -> ET.Element:
    languages = questionnaire.languages
    made = _element("stdyDscr")
    citation = _citation(made, questionnaire)
    responsible = _add(citation, "rspStmt")
    _said(responsible, "AuthEnty", questionnaire.conducted_by, languages)
    producer = _add(citation, "prodStmt")
    _said(producer, "fundAg", questionnaire.commissioned_by, languages)
    version = _add(_add(citation, "verStmt"), "version")
    version.text = version_hash(questionnaire)
    about = _add(made, "stdyInfo")
    _said(about, "abstract", questionnaire.introduction, languages)
    summary = _add(about, "sumDscr")
    _said(summary, "anlyUnit", questionnaire.respondents, languages)
    _said(summary, "universe", questionnaire.population, languages)
    _add(summary, "dataKind").text = "survey data"
    method = _add(made, "method")
    _said(_add(method, "dataColl"), "collMode", questionnaire.mode, languages)
    if questionnaire.simulated:
        _add(method, "notes").text = "模拟数据 (simulated data)"
    return made


def _citation(parent: ET.Element, questionnaire: Questionnaire) -> ET.Element:
    citation = _add(parent, "citation")
    title = _add(citation, "titlStmt")
    first, *others = questionnaire.languages
    _add(title, "titl", language=first).text = questionnaire.title(first).translate(NOT_XML)
    for language in others:
        if language in questionnaire.title.languages:
            _add(title, "parTitl", language=language).text = questionnaire.title(language)
    _add(title, "IDNo").text = questionnaire.survey
    return citation


def _groups(questionnaire: Questionnaire) -> Iterator[ET.Element]:
    """Yield a group of variables for each section, matrix, roster and multiple choice."""
    for place, section in enumerate(questionnaire.sections, start=1):
        names = [
            _identity(column)
            for block in section.questions
            for question in questions_of_block(block)
            for column in columns_of(question)
        ]
        if names:
            yield _group(f"S{place}", "section", names, section.title, questionnaire)
        for block in section.questions:
            kind = {Matrix: "grid", Roster: "other", MultipleChoice: "multipleResp"}.get(
                type(block)
            )
            if kind and not isinstance(block, Note):
                inside = [_identity(c) for q in questions_of_block(block) for c in columns_of(q)]
                yield _group(f"G_{block.name}", kind, inside, block.text, questionnaire)


def _group(
    identity: str, kind: str, names: list[str], label: Text, questionnaire: Questionnaire
) -> ET.Element:
    made = _element("varGrp", ID=identity, type=kind, var=" ".join(names))
    _said(made, "labl", label, questionnaire.languages)
    return made


def _variable(column: Column, questionnaire: Questionnaire) -> ET.Element:
    question, languages = column.question, questionnaire.languages
    shape = {"intrvl": "discrete" if _is_discrete(question) else "contin"}
    if isinstance(question, Scale):
        shape["nature"] = "ordinal"
    elif isinstance(question, Numeric):
        shape |= {"nature": "ratio", "dcml": str(question.decimals)}
    elif isinstance(question, ChoiceQuestion):
        shape["nature"] = "nominal"
    made = _element("var", ID=_identity(column), name=column.name, files=DATA, **shape)
    _said(made, "labl", _label(column), languages)
    made.append(_asked(question, questionnaire))
    if (span := _range(question)) is not None:
        made.append(span)
    if question.show_if is not None:
        _said(made, "universe", _universe(question, questionnaire), languages)
    made.extend(_categories(column, languages))
    if isinstance(question, Calculated):
        _said(_add(made, "derivation"), "drvdesc", question.text, languages)
    kind = "character" if isinstance(question, OpenEnded | Moment) else "numeric"
    _add(made, "varFormat", type=kind)
    return made


def _asked(question: Question, questionnaire: Questionnaire) -> ET.Element:
    made = _element("qstn")
    number = numbers(questionnaire).get(question.name)
    if number:
        made.set("seqNo", number)
    _said(made, "qstnLit", question.text, questionnaire.languages)
    if question.hint.zh:
        _said(made, "postQTxt", question.hint, questionnaire.languages)
    if question.interviewer.zh:
        _said(made, "ivuInstr", question.interviewer, questionnaire.languages)
    return made


def _label(column: Column) -> Text:
    question = column.question
    if column.code is None or not isinstance(question, ChoiceQuestion):
        return question.text
    return next(choice.text for choice in question.choices if choice.code == column.code)


def _range(question: Question) -> ET.Element | None:
    match question:
        case Number() if question.minimum is not None or question.maximum is not None:
            ends = {"min": question.minimum, "max": question.maximum}
            given = {key: plain(end) for key, end in ends.items() if end is not None}
        case Moment() if question.earliest or question.latest:
            ends_of = {"min": question.earliest, "max": question.latest}
            given = {key: end for key, end in ends_of.items() if end}
        case Ranking():
            given = {"min": "1", "max": str(question.depth)}
        case _:
            return None
    made = _element("valrng")
    _add(made, "range", **given)
    return made


def _universe(question: Question, questionnaire: Questionnaire) -> Text:
    if question.show_if is None:
        return Text(zh="")
    shown = numbers(questionnaire)
    return Text(
        zh=condition_in_words(question.show_if, questionnaire, shown, "zh"),
        en=condition_in_words(question.show_if, questionnaire, shown, "en"),
    )


def _categories(column: Column, languages: tuple[str, ...]) -> Iterator[ET.Element]:
    question = column.question
    if isinstance(question, MultipleChoice):
        yield _category("0", Text(zh="未选", en="not chosen"), languages)
        yield _category("1", Text(zh="选中", en="chosen"), languages)
    elif isinstance(question, ChoiceQuestion) and not isinstance(question, Ranking):
        for choice in question.choices:
            yield _choice(choice, languages)
    elif isinstance(question, Numeric):
        for choice in question.missing_codes:
            yield _choice(choice, languages)


def _choice(choice: Choice, languages: tuple[str, ...]) -> ET.Element:
    made = _category(str(choice.code), choice.text, languages)
    if choice.missing is not None:
        made.set("missing", "Y")
        made.set("missType", choice.missing)
    return made


def _category(value: str, label: Text, languages: tuple[str, ...]) -> ET.Element:
    made = _element("catgry")
    _add(made, "catValu").text = value
    _said(made, "labl", label, languages)
    return made


def _is_discrete(question: Question) -> bool:
    return isinstance(question, ChoiceQuestion)


def _identity(column: Column) -> str:
    return f"V_{column.name}"


def _said(parent: ET.Element, tag: str, text: Text, languages: tuple[str, ...]) -> None:
    """Add one element per language that the text is in; the first language always."""
    for place, language in enumerate(languages):
        if place == 0 or language in text.languages:
            _add(parent, tag, language=language).text = text(language).translate(NOT_XML)


def _element(tag: str, **attributes: str) -> ET.Element:
    return ET.Element(f"{{{NAMESPACE}}}{tag}", attributes)


def _add(parent: ET.Element, tag: str, language: str = "", **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, f"{{{NAMESPACE}}}{tag}", attributes)
    if language:
        made.set(LANGUAGE, language)
    return made
