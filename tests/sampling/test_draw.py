"""The auditable draw: its protocol, its record, its probabilities."""

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import FrameError
from pipeline.sampling.draw import Draw, commitment, make_draw, person_token, write_draw
from pipeline.sampling.frame import frame_hash

NONCES = {"甲方": "a-secret-of-sixteen-1", "乙方": "a-secret-of-sixteen-2"}


def a_frame() -> pd.DataFrame:
    rows = [
        (f"s{k:02d}", county, setting, f"{county}/{setting}", 20 + 5 * k, "1.5" if k % 2 else "1")
        for k, (county, setting) in enumerate(
            [("jia", "rural")] * 6 + [("jia", "school")] * 2 + [("yi", "rural")] * 5
        )
    ]
    columns = ["site", "county", "setting", "stratum", "persons", "need"]
    return pd.DataFrame(rows, columns=columns)


def a_draw(**changes: object) -> Draw:
    given: dict[str, object] = {
        "survey": "s",
        "wave": "w",
        "sites_per_stratum": 2,
        "persons_per_site": 7,
        "nonces": NONCES,
    }
    return make_draw(a_frame(), **(given | changes))  # type: ignore[arg-type]


def test_the_seed_is_the_hash_of_all_nonces_and_each_is_committed_to_the_frame() -> None:
    record = a_draw().record
    joined = "|".join(NONCES.values())
    assert record.seed == hashlib.sha256(joined.encode()).hexdigest()
    digest = frame_hash(a_frame())
    for party in record.parties:
        wanted = hashlib.sha256(f"{party.nonce}|{digest}".encode()).hexdigest()
        assert party.commitment == wanted == commitment(party.nonce, digest)


def test_each_stratum_gives_its_sites_and_each_site_its_persons() -> None:
    draw = a_draw(persons_per_site=45)
    assert draw.sites.groupby("stratum").size().to_dict() == {
        "jia/rural": 2,
        "jia/school": 2,
        "yi/rural": 2,
    }
    met = draw.persons.groupby("site").size()
    for site, persons in zip(draw.sites["site"], draw.sites["persons"], strict=True):
        assert met[site] == min(45, persons)
    whole = draw.persons[draw.persons["persons_in_site"] <= 45]
    assert (whole["p2"] == 1).all()
    assert len(whole) > 0
    assert draw.persons["person"].is_unique


def test_probabilities_are_those_of_size_and_of_need_where_asked() -> None:
    by_size = a_draw(sites_per_stratum={"jia/rural": 1, "jia/school": 1, "yi/rural": 1})
    frame = a_frame().set_index("site")
    for site, stratum, p1 in zip(
        by_size.sites["site"], by_size.sites["stratum"], by_size.sites["p1"], strict=True
    ):
        inside = frame[frame["stratum"] == stratum]
        assert p1 == pytest.approx(frame.at[site, "persons"] / inside["persons"].sum())
    needy = a_draw(sites_per_stratum=1, size="persons_need")
    measure = frame["persons"] * frame["need"].astype(float)
    for site, stratum, p1 in zip(
        needy.sites["site"], needy.sites["stratum"], needy.sites["p1"], strict=True
    ):
        assert p1 == pytest.approx(measure[site] / measure[frame["stratum"] == stratum].sum())


def test_another_nonce_gives_another_draw_and_the_same_nonces_the_same() -> None:
    assert a_draw().persons.equals(a_draw().persons)
    other = a_draw(nonces={**NONCES, "乙方": "a-secret-of-sixteen-3"})
    assert not other.persons.equals(a_draw().persons)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"nonces": {"甲方": "a-secret-of-sixteen-1"}}, "至少两方"),
        ({"nonces": {"甲方": "short", "乙方": "a-secret-of-sixteen-2"}}, "甲方 的随机数须至少 16"),
        ({"nonces": dict.fromkeys(NONCES, "a-secret-of-sixteen-1")}, "相同"),
        ({"commitments": {"乙方": "0" * 64}}, "乙方 的随机数与其事先公布的承诺不符"),
        ({"sites_per_stratum": {"jia/rural": 2}}, "jia/school, yi/rural"),
    ],
)
def test_a_draw_nobody_could_trust_is_refused(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(FrameError) as refused:
        a_draw(**changes)
    assert sentence in str(refused.value)


def test_a_commitment_published_before_is_accepted() -> None:
    digest = frame_hash(a_frame())
    published = {name: commitment(nonce, digest) for name, nonce in NONCES.items()}
    assert a_draw(commitments=published).persons.equals(a_draw().persons)


def test_a_draw_on_file_is_never_made_again(tmp_path: Path) -> None:
    write_draw(a_draw(), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(before) == {"draw.json", "sites.csv", "persons.csv"}
    assert json.loads(before["draw.json"])["persons_per_site"] == 7
    with pytest.raises(FrameError, match="不得重抽"):
        write_draw(a_draw(), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_tokens_of_one_site_have_one_length() -> None:
    assert person_token("v", 7, 120) == "v-007"
    assert person_token("v", 120, 120) == "v-120"
