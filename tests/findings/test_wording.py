import tomllib
from pathlib import Path

from pipeline.findings.wording import LEVELS, causal_words, level_name, who_and_claim
from pipeline.i18n import LANGUAGES, Text
from tests.disclosure.made import survey


def test_the_base_of_a_claim_moves_to_the_front() -> None:
    claim = Text(zh="（参加过活动的）认为没有用处", en="(among participants) say it was of no use")
    who, what = who_and_claim(survey(), claim)
    assert (who.zh, what.zh) == ("参加过活动的党员群众", "认为没有用处")
    assert (who.en, what.en) == ("Among participants (Residents)", "say it was of no use")
    who, what = who_and_claim(survey(), Text(zh="重复填表", en="filled in forms twice"))
    assert (who.zh, who.en, what.zh) == ("党员群众", "Of Residents", "重复填表")


def test_words_of_causation_are_found_in_both_languages() -> None:
    assert causal_words(Text(zh="报表导致走访减少", en="forms lead to fewer visits")) == (
        "导致", "lead to",
    )  # fmt: skip
    assert causal_words(Text(zh="报表多，走访少", en="many forms, few visits")) == ()


def test_our_own_words_claim_no_cause(root: Path) -> None:
    for language in LANGUAGES:
        source = (root / "pipeline/locale" / f"{language}.toml").read_text(encoding="utf-8")
        tables = tomllib.loads(source)
        for key, template in tables["findings"].items():
            assert causal_words(Text(zh=template)) == (), key


def test_every_level_has_its_name_as_definitions_write_it() -> None:
    for level in LEVELS:
        assert level_name(level).zh == level
        assert level_name(level).en != level
