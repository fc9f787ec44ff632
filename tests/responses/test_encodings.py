"""An encoding is told by what the text says in it; where two are plausible, nobody guesses."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ResponseError
from pipeline.responses.encodings import decoded, settled

HERE = Path("答卷.csv")
CHINESE = "序号,性别,总体满意度\n1,男,非常满意\n2,女,不太满意，排队太久\n"
TAIWAN = "編號,性別,整體滿意度\n1,男,非常滿意\n2,女,不太滿意，排隊太久\n"
GERMAN = "id,Antwort\n1,Qualität\n2,schön groß\n3,Bäume fällen\n"
FRENCH = "id,réponse\n1,très élevé\n2,l’été à la mer\n3,français\n"
ENGLISH = "id,answer\n1,don’t know\n2,it’s “fine” here\n"
JAPANESE = "番号,回答\n1,アンケートに満足です\n2,とても不満です\n"


@pytest.mark.parametrize(
    ("text", "codec", "title"),
    [
        (CHINESE, "gb18030", "GB18030"),
        (CHINESE, "gbk", "GB18030"),
        (TAIWAN, "big5", "Big5"),
        (TAIWAN, "gbk", "GB18030"),
        (GERMAN, "cp1252", "windows-1252"),
        (GERMAN, "mac_roman", "Mac Roman"),
        (FRENCH, "cp1252", "windows-1252"),
        (FRENCH, "mac_roman", "Mac Roman"),
        (ENGLISH, "cp1252", "windows-1252"),
        (ENGLISH, "mac_roman", "Mac Roman"),
        (JAPANESE, "cp932", "Shift-JIS"),
        (CHINESE, "utf-16", "UTF-16-LE"),
        (CHINESE, "utf-16-le", "UTF-16-LE"),
        (CHINESE, "utf-16-be", "UTF-16-BE"),
        (CHINESE, "utf-32", "UTF-32-LE"),
    ],
)
def test_the_encoding_is_found_and_its_evidence_told(text: str, codec: str, title: str) -> None:
    found = decoded(HERE, text.encode(codec))
    assert (found.text, found.encoding, found.doubt) == (text, title, ())
    assert title in found.reason


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig"])
def test_utf_8_needs_no_words(codec: str) -> None:
    found = decoded(HERE, CHINESE.encode(codec))
    assert (found.text, found.encoding, found.reason) == (CHINESE, "UTF-8", "")


def test_mac_roman_that_decodes_as_gb18030_without_an_error_is_told_apart() -> None:
    content = "level\xa0of knowledge,interest\xa0in it\n1,2\n".encode("mac_roman")
    content.decode("gb18030")
    assert decoded(HERE, content).text.startswith("level\xa0of knowledge")


def test_a_doubt_is_refused_with_the_same_lines_in_both_encodings() -> None:
    content = "a,b\n1,2\n3,史古\n".encode("big5")  # bytes that are bullets and letters on a Mac
    assert decoded(HERE, content).doubt
    with pytest.raises(ResponseError) as refused:
        settled(HERE, content)
    said = str(refused.value)
    assert "第 3 行 “史古”" in said
    assert "Mac Roman: 第 3 行" in said
    assert "--encoding 答卷.csv=" in said
    assert settled(HERE, content, "big5").text.endswith("史古\n")


def test_an_encoding_that_is_not_known_here_is_a_doubt() -> None:
    content = "번호,만족도 조사\n1,안녕하세요 대한민국 사람\n".encode("euc_kr")
    assert decoded(HERE, content).doubt
    assert "안녕" in settled(HERE, content, "euc-kr").text


def test_a_wider_encoding_is_read_under_the_narrower_name() -> None:
    assert settled(HERE, "喆,1\n".encode("gbk"), "GB2312").text == "喆,1\n"
    assert settled(HERE, "㗎,1\n".encode("big5hkscs"), "Big5").text == "㗎,1\n"


@pytest.mark.parametrize(
    ("content", "encoding", "said"),
    [
        (CHINESE.encode() + "3,男,满意\n".encode("gb18030"), None, "第 4 行 (line 4): 不是 UTF-8"),
        (CHINESE.encode("gb18030") + "3,男,很满意\n".encode(), None, "第 4 行 (line 4): 是 UTF-8"),
        (CHINESE.encode("gb18030") + b"3,\xff,1\n", None, "第 4 行 (line 4): 不是 GB18030"),
        (CHINESE.encode() + "3,男".encode()[:-1], None, "文件可能没有传完"),
        (CHINESE.encode() + b"3,\x00,1\n", None, "第 4 行 (line 4): 有空字节"),
        (CHINESE.encode("gb18030"), "utf-8", "第 1 行 (line 1): 不是 utf-8"),
        (CHINESE.encode(), "klingon", "没有“klingon”这种编码"),
        (CHINESE.encode(), "base64", "没有“base64”这种编码"),
        (bytes(range(256)) * 8, None, "不是文本文件"),
    ],
)
def test_what_is_not_in_one_encoding_is_refused_with_its_line(
    content: bytes, encoding: str | None, said: str
) -> None:
    with pytest.raises(ResponseError) as refused:
        settled(HERE, content, encoding)
    assert said in str(refused.value)


def test_damage_from_before_the_export_is_told() -> None:
    assert "第 2 行有“\ufffd”" in decoded(HERE, "a,b\n1,满\ufffd\n".encode()).reason


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_any_bytes_are_decoded_or_refused(content: bytes) -> None:
    try:
        found = settled(HERE, content)
    except ResponseError:
        return
    assert "\x00" not in found.text


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "title", "words"),
    [
        ("csv/food_world_cup_macroman.csv", "Mac Roman", "knowledge\xa0of cuisines"),
        ("pairs/limesurvey/biodiv_published_agreement.csv", "windows-1252", "quantität"),
        ("ugly/ugly_gb18030.csv", "GB18030", "总体满意度"),
        ("ugly/ugly_utf16le_tab.txt", "UTF-16-LE", "总体满意度"),
    ],
)
def test_the_encodings_of_real_files(shared: Path, name: str, title: str, words: str) -> None:
    path = shared / "samples/microdata" / name
    found = settled(path, path.read_bytes())
    assert found.encoding == title
    assert words in found.text
