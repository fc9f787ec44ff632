"""The page is one file, the same every time, and can neither fetch nor run anything else."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from pipeline.errors import QuestionnaireError, SurveyError
from pipeline.forms.web import Engine, page, read_engine, read_images
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.programme import Programme, read_programme
from pipeline.questionnaire.read import read_questionnaire, version_hash

FORMS = Path(__file__).parent
PNG = (FORMS / "job.png").read_bytes()
ENGINE = Engine("globalThis.Survey = {};\n", "MIT -- notice")


@pytest.fixture(scope="module")
def example() -> Questionnaire:
    return read_questionnaire(Path(__file__).parent / "example.yaml")


@pytest.fixture(scope="module")
def every() -> Questionnaire:
    return read_questionnaire(FORMS / "every_type.yaml")


@pytest.fixture(scope="module")
def programme(root: Path) -> Programme:
    return read_programme(root / "questionnaires" / "programme.yaml")


@pytest.fixture(scope="module")
def made(example: Questionnaire, programme: Programme) -> str:
    return page(example, programme, ENGINE)


def test_the_same_inputs_give_the_same_bytes(
    made: str, example: Questionnaire, programme: Programme
) -> None:
    assert page(example, programme, ENGINE) == made


def test_the_version_stands_in_the_page(made: str, example: Questionnaire) -> None:
    version = version_hash(example)
    assert f'<meta name="form-version" content="{version}">' in made
    assert json.loads(_settings(made))["version"] == version


def test_nothing_is_fetched(made: str) -> None:
    assert re.findall(r"""(?:src|href)\s*=\s*["'](?!#|data:,)[^"']*""", made) == []
    assert not re.search(r"@import|url\(", made)
    assert "http://" not in made
    assert "https://" not in made


def test_the_policy_names_every_inlined_script_and_the_style(made: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', made)
    assert policy is not None
    named = policy[1].replace("&#39;", "'")
    assert "unsafe" not in named
    assert named.startswith("default-src 'none';")
    inlined = re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", made, flags=re.S)
    assert len(inlined) == 7  # the style, the engine, five scripts of ours
    for text in inlined:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in named


def test_words_of_the_definition_are_escaped(made: str) -> None:
    assert "您好，&lt;这是&gt;测试 &amp; 样例。" in made
    assert "<" not in _settings(made)


def test_consent_comes_in_both_languages_and_a_simulated_survey_says_so(made: str) -> None:
    for said in ("我已了解，同意并开始", "不参加", "I do not take part", "谁来做", "Testers"):
        assert said in made
    assert "示例问卷（模拟）" in made


def test_a_survey_in_chinese_only_has_no_switch(
    example: Questionnaire, programme: Programme
) -> None:
    only = page(example.model_copy(update={"languages": ("zh",)}), programme, ENGINE)
    assert 'data-language="en"' not in only
    assert 'data-in="en"' not in only
    assert "I do not take part" not in only


def test_a_survey_without_chinese_is_in_its_own_language(
    example: Questionnaire, programme: Programme
) -> None:
    only = page(example.model_copy(update={"languages": ("fr", "en")}), programme, ENGINE)
    assert '<html lang="fr" data-language="fr"' in only
    assert '<span data-in="fr" lang="en">I do not take part</span>' in only
    assert ">Français</button>" in only


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://collect.example.org/answers?wave=1", "https://collect.example.org"),
        ("http://localhost:8000/", "http://localhost:8000"),
    ],
)
def test_answers_can_be_sent_to_the_given_origin_only(
    example: Questionnaire, programme: Programme, address: str, origin: str
) -> None:
    sent = page(example, programme, ENGINE, submit_to=address)
    assert f"connect-src {origin};" in sent
    assert json.loads(_settings(sent))["submitTo"] == address
    assert 'id="resend"' in sent


def test_without_an_address_nothing_can_be_sent(made: str) -> None:
    assert "connect-src" not in made
    assert 'id="resend"' not in made


@pytest.mark.parametrize(
    "address", ["collect.example.org", "ftp://a/b", "https://", "https://a b", "https://a:99999"]
)
def test_what_is_no_address_is_refused(
    example: Questionnaire, programme: Programme, address: str
) -> None:
    with pytest.raises(SurveyError, match="submit_to"):
        page(example, programme, ENGINE, submit_to=address)


def test_pictures_are_inlined(every: Questionnaire, programme: Programme) -> None:
    images = read_images(every, FORMS)
    assert list(images) == ["job.png"]
    settings = json.loads(_settings(page(every, programme, ENGINE, images=images)))
    assert settings["images"]["job.png"].startswith("data:image/png;base64,iVBOR")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("job.png", None, "找不到图片"),
        ("job.png", b"\x89PNG\r\n\x1a\n" + bytes(300_000), "超过 300 KB"),
        ("job.png", b"<svg onload='alert(1)'/>", "不是 PNG"),
        ("../job.png", PNG, "不在问卷所在的文件夹里"),
    ],
)
def test_a_picture_that_cannot_be_shown_is_refused(
    every: Questionnaire, tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    folder = tmp_path / "definition"
    folder.mkdir()
    if content is not None:
        (folder / name).write_bytes(content)
    blocks = tuple(
        block.model_copy(update={"image": name}) if block.image else block
        for block in every.sections[1].questions
    )
    section = every.sections[1].model_copy(update={"questions": blocks})
    with pytest.raises(QuestionnaireError, match=f"image of job.*{said}"):
        read_images(every.model_copy(update={"sections": (section,)}), folder)


def test_an_engine_that_was_not_built_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(SurveyError, match=r"survey\.js.*bootstrap\.py"):
        read_engine(tmp_path)


def test_an_engine_cannot_end_its_own_script_element(tmp_path: Path) -> None:
    (tmp_path / "survey.js").write_text('x = "</script><!--";', encoding="utf-8")
    (tmp_path / "LICENSES.txt").write_text("MIT", encoding="utf-8")
    assert read_engine(tmp_path).script == r'x = "<\/script><\!--";'


def _settings(made: str) -> str:
    found = re.search(r'<script type="application/json" id="settings">(.*?)</script>', made, re.S)
    assert found is not None
    return found[1]
