"""The DDI codebook: every column once, elements in the order of the schema, codes and languages."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from pipeline.forms.ddi import LANGUAGE, NAMESPACE, document
from pipeline.questionnaire.codebook import columns
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import ChoiceQuestion, MultipleChoice, Ranking
from pipeline.questionnaire.read import read_questionnaire

HERE = Path(__file__).parent
SPACE = {"d": NAMESPACE}
# DDI Codebook 2.5, codebook.xsd: the sequences of the complex types that are written.
ORDER = {
    "codeBook": ["docDscr", "stdyDscr", "fileDscr", "dataDscr", "otherMat"],
    "stdyDscr": ["citation", "studyAuthorization", "stdyInfo", "studyDevelopment", "method"],
    "citation": ["titlStmt", "rspStmt", "prodStmt", "distStmt", "serStmt", "verStmt", "biblCit"],
    "titlStmt": ["titl", "subTitl", "altTitl", "parTitl", "IDNo"],
    "stdyInfo": ["studyBudget", "subject", "abstract", "sumDscr", "qualityStatement", "notes"],
    "sumDscr": ["timePrd", "collDate", "nation", "geogCover", "geogUnit", "geoBndBox",
                "boundPoly", "anlyUnit", "universe", "dataKind"],
    "dataDscr": ["varGrp", "nCubeGrp", "var", "nCube", "notes"],
    "var": ["location", "labl", "imputation", "security", "embargo", "respUnit", "anlysUnit",
            "qstn", "valrng", "invalrng", "undocCod", "universe", "TotlResp", "sumStat", "txt",
            "stdCatgry", "catgryGrp", "catgry", "codInstr", "verStmt", "concept", "derivation",
            "varFormat", "geoMap", "catLevel", "notes"],
    "catgry": ["catValu", "labl", "txt", "catStat", "mrow"],
}  # fmt: skip


@pytest.fixture(scope="module", params=["every_type", "residents"])
def questionnaire(request: pytest.FixtureRequest, root: Path) -> Questionnaire:
    if request.param == "every_type":
        return read_questionnaire(HERE / "every_type.yaml")
    return read_questionnaire(root / "questionnaires" / request.param / "questionnaire.yaml")


@pytest.fixture(scope="module")
def tree(questionnaire: Questionnaire) -> ET.Element:
    return ET.fromstring(document(questionnaire))


def test_elements_stand_in_the_order_of_the_schema(tree: ET.Element) -> None:
    held = 0
    for element in tree.iter():
        name = element.tag.removeprefix(f"{{{NAMESPACE}}}")
        if name in ORDER:
            places = [ORDER[name].index(c.tag.removeprefix(f"{{{NAMESPACE}}}")) for c in element]
            assert places == sorted(places), name
            held += 1
    assert held > 30


def test_identities_are_told_apart_and_references_lead_somewhere(tree: ET.Element) -> None:
    identities = [e.get("ID") for e in tree.iter() if e.get("ID")]
    assert len(set(identities)) == len(identities)
    for group in tree.iterfind(".//d:varGrp", SPACE):
        assert set(group.attrib["var"].split()) <= set(identities)


def test_every_column_is_a_variable_with_its_codes(
    tree: ET.Element, questionnaire: Questionnaire
) -> None:
    found = {one.get("name"): one for one in tree.iterfind(".//d:var", SPACE)}
    assert list(found) == [column.name for column in columns(questionnaire)]
    for column in columns(questionnaire):
        var, question = found[column.name], column.question
        if isinstance(question, MultipleChoice):
            codes = {"0", "1"}
        elif isinstance(question, ChoiceQuestion) and not isinstance(question, Ranking):
            codes = {str(choice.code) for choice in question.choices}
            missing = {
                one.find("d:catValu", SPACE).text  # type: ignore[union-attr]
                for one in var.iterfind("d:catgry[@missing='Y']", SPACE)
            }
            assert missing == {str(c.code) for c in question.choices if c.missing}
        else:
            continue
        assert {one.text for one in var.iterfind("d:catgry/d:catValu", SPACE)} == codes
        assert (var.find("d:universe", SPACE) is not None) == (question.show_if is not None)


def test_every_language_has_its_words(tree: ET.Element, questionnaire: Questionnaire) -> None:
    first = tree.find(".//d:var", SPACE)
    assert first is not None
    spoken = {one.get(LANGUAGE) for one in first.iterfind("d:qstn/d:qstnLit", SPACE)}
    assert spoken == set(questionnaire.languages)


def test_the_same_questionnaire_gives_the_same_bytes(questionnaire: Questionnaire) -> None:
    assert document(questionnaire) == document(questionnaire)
