"""Definitions damaged at random: refused in words within seconds, never with a traceback.

DIAOYAN_FUZZ says how many copies are tried.
"""

import copy
import json
import os
import random
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pipeline.errors import QuestionnaireError
from pipeline.questionnaire.lint import lint
from pipeline.questionnaire.read import read_questionnaire, version_hash

COPIES = int(os.environ.get("DIAOYAN_FUZZ", "100"))
SECONDS = 5.0
ODD: tuple[Any, ...] = (
    None, "", [], {}, [[]], {"a": {"b": []}}, -1, 0, 1.5, 10**14, True, "是", "q01", "A1.1", "=",
    ["q01", 1], {"=": ["q01", 1]}, {"and": []}, {"not": None}, {1: 2}, {"zh": None}, {"zh": ["x"]},
)  # fmt: skip
PIECES = ("\t", "&a ", "*a", "!!set ", "? ", "- ", ": ", "#", "{", "}", "[", "]", '"', "'", "|", ">",
          "---\n", "%", "\x00", "\ufffe", "99999999999999999999", ".nan", ".inf", "2026-13-45",
          "<<: *a", "!!binary x", "0x", "null", "~", "\r", "\u2028")  # fmt: skip


@pytest.fixture(scope="module")
def bases(root: Path) -> list[str]:
    residents = (root / "questionnaires/residents/questionnaire.yaml").read_text(encoding="utf-8")
    cut = residents[: residents.index("      - name: q05")]
    return [cut, *((root / "tests/forms" / name).read_text(encoding="utf-8")
                   for name in ("every_type.yaml", "example.yaml"))]  # fmt: skip


def characters(text: str, luck: random.Random) -> bytes:
    changed = list(text)
    for _ in range(luck.randint(1, 6)):
        at = luck.randrange(len(changed))
        changed[at] = luck.choice(
            ["", luck.choice(PIECES), changed[at] * 2, chr(luck.randrange(0xD7FF))]
        )
    return "".join(changed).encode("utf-8", "surrogatepass")


def raw_bytes(text: str, luck: random.Random) -> bytes:
    content = bytearray(text.encode())
    for _ in range(luck.randint(1, 4)):
        content[luck.randrange(len(content))] = luck.randrange(256)
    return bytes(content[: luck.randint(1, len(content))] if luck.random() < 0.3 else content)


def lines(text: str, luck: random.Random) -> bytes:
    kept = text.splitlines(keepends=True)
    for _ in range(luck.randint(1, 5)):
        at, other = luck.randrange(len(kept)), luck.randrange(len(kept))
        match luck.randrange(5):
            case 0:
                del kept[at]
            case 1:
                kept.insert(at, kept[other])
            case 2:
                kept[at], kept[other] = kept[other], kept[at]
            case 3:
                kept[at] = " " * luck.randint(1, 3) + kept[at]
            case 4:
                kept[at] = kept[at].lstrip()
    return "".join(kept).encode()


@cache
def loaded(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def structure(text: str, luck: random.Random) -> bytes:
    values = copy.deepcopy(loaded(text))
    for _ in range(luck.randint(1, 4)):
        here: Any = values
        while True:
            keys = list(here) if isinstance(here, dict) else list(range(len(here)))
            if not keys:
                break
            key = luck.choice(keys)
            if isinstance(here[key], dict | list) and luck.random() < 0.85:
                here = here[key]
                continue
            match luck.randrange(4):
                case 0:
                    del here[key]
                case 1 if isinstance(here, dict):
                    here[f"{key}x"] = here.pop(key)
                case _:
                    here[key] = luck.choice(ODD)
            break
    return json.dumps(values, ensure_ascii=False, default=str, indent=1).encode()


KINDS: tuple[Callable[[str, random.Random], bytes], ...] = (
    characters,
    raw_bytes,
    lines,
    structure,
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_fuzz_damaged_definitions_are_refused_in_words(
    tmp_path: Path, bases: list[str], kind: Callable[[str, random.Random], bytes]
) -> None:
    path = tmp_path / "questionnaire.yaml"
    for number in range(-(-COPIES // len(KINDS))):
        luck = random.Random(f"{kind.__name__} {number}")
        path.write_bytes(kind(luck.choice(bases), luck))
        started = time.perf_counter()
        try:
            read = read_questionnaire(path)
        except QuestionnaireError:
            pass
        else:
            lint(read)
            version_hash(read)
        assert time.perf_counter() - started < SECONDS, f"{kind.__name__} {number}"


def bomb() -> str:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    return "\n".join(rows)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (bomb(), "超过 200000 个值"),
        ("a: &a [*a]", "别名引用了自身"),
        ("a: &a {b: *a}", "别名引用了自身"),
        ("[" * 5000, "嵌套太深"),
        ("{a: " * 3000 + "1" + "}" * 3000, "嵌套太深"),
        ("minutes: " + "9" * 6000, "日期或数字不成立"),
        ("minutes: 99999999999999999999", "不能用的值"),
        ("earliest: 2026-13-45", "日期或数字不成立"),
        ("minutes: .nan", "不能用的值"),
        ("a: !!python/object:os.system x", "标签"),
        ("a: !!set {b}", "不能用的值"),
        ("? [a, b]\n: c", "键应为文字"),
        ("a:\n\tb: 1", "制表符"),
        ("a: *b", "没有定义的别名"),
        ("a: 1\n---\nb: 2", "一个文件只写一份"),
        ("a: 'b", "引号没有配对"),
        ("a: b: c", "冒号的位置不对"),
        ("\x00", "不能出现的字符"),
        ("", "应为“键: 值”"),
        ("5", "应为“键: 值”"),
        ("a: [" + "1," * 40_000 + "1]", "超过 30000 行或项"),
    ],
)
def test_traps_of_yaml_are_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "questionnaire.yaml"
    path.write_text(text, encoding="utf-8")
    started = time.perf_counter()
    with pytest.raises(QuestionnaireError) as refused:
        read_questionnaire(path)
    assert said in str(refused.value)
    assert time.perf_counter() - started < SECONDS


def test_a_file_that_is_no_definition_for_its_size_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "questionnaire.yaml"
    path.write_bytes(b"a: b\n" * 500_000)
    with pytest.raises(QuestionnaireError, match="文件超过 2 MB"):
        read_questionnaire(path)
