"""Two waves through the stages `estimate`, `compare`, `disclose` and `followup`."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.design import design_to_json
from pipeline.disclosure.public import PublicTables, read_public
from pipeline.estimation.estimate import estimate_id
from pipeline.problems.followup import follow_up, read_followups
from pipeline.problems.problem import Goal, Problem, write_problems
from pipeline.problems.register import write_events
from pipeline.problems.state import problems_of
from pipeline.questionnaire.codebook import Codebook, RawFile, write_codebook
from pipeline.stages.compare import compare
from pipeline.stages.disclose import disclose
from pipeline.stages.estimate import estimate
from pipeline.stages.followup import followup
from pipeline.text_analysis.reliability import Reliability, write_reliability
from tests.disclosure.made import passages, programme, themes
from tests.estimation.two_waves import COUNTIES, DESIGN, asked, text, two_waves
from tests.problems.made import assigned

WAVES = ("2026-baseline", "2026-followup")
AS_OF = date(2026, 11, 15)
FOLDERS = ("estimate", "comparison", "themes", "quarantine", "validation", "units", "design")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A survey of three items in two waves: the first fell, the third was asked otherwise."""
    folder = tmp_path_factory.mktemp("two_waves")
    plain = asked(3)
    versions = (plain, asked(3, {"q03": {"text": text("第三题的新问法？")}}))
    for wave, rows, asked_then in zip(
        WAVES, two_waves(15, items=3, persons=25, fallen=(1,), fall=0.2), versions, strict=True
    ):
        at = Path("invented") / f"{wave}.parquet"
        for name in (*FOLDERS, "weight", "codebook"):
            (folder / name / "invented").mkdir(parents=True, exist_ok=True)
        kept = rows.assign(respondent=[f"r{k}" for k in range(len(rows))])
        units = rows[["site", "county", "stratum"]].assign(disposition="1.1", responded=True)
        tables = {"weight": kept, "units": units, "themes": themes(),
                  "quarantine": pd.DataFrame({"raw_row": [], "rule": []})}  # fmt: skip
        for name, table in tables.items():
            table.to_parquet(folder / name / at, index=False)
        n = len(rows)
        diagnostics = {"design_effect": 1.0, "effective_n": n, "representativity": 0.01}
        records = {"design": {"design": design_to_json(DESIGN), "diagnostics": diagnostics},
                   "validation": {"delivered": n, "kept": n, "quarantined": 0}}  # fmt: skip
        for name, record in records.items():
            path = (folder / name / at).with_suffix(".json")
            path.write_text(json.dumps(record), encoding="utf-8")
        raw = RawFile(path="x.csv", sha256="0", layout="plain", rows=n, columns={})
        book = Codebook(
            survey="invented", wave=wave, current="v", versions={"v": asked_then}, raw=raw
        )
        write_codebook(book, (folder / "codebook" / at).with_suffix(".json"))
        estimate(
            folder / "weight" / at, folder / "units" / at,
            (folder / "design" / at).with_suffix(".json"),
            (folder / "codebook" / at).with_suffix(".json"), folder / "estimate" / at,
            survey="invented", wave=wave,
        )  # fmt: skip
    compared(folder, folder / "comparison" / "invented.parquet")
    passages().to_parquet(folder / "interviews.parquet", index=False)
    write_reliability(Reliability(), folder / "interview_coding.json")
    plan = programme(*WAVES).model_dump_json()
    (folder / "programme.yaml").write_text(plan, encoding="utf-8")
    disclose(
        *(folder / name for name in FOLDERS), folder / "interviews.parquet",
        folder / "programme.yaml", folder / "signoff.csv", folder / "disclose",
        codebooks=folder / "codebook", responses=folder / "weight",
        coding=folder / "interview_coding.json",
    )  # fmt: skip
    return folder


def compared(folder: Path, out: Path, order: tuple[str, ...] = WAVES) -> pd.DataFrame:
    compare(
        *(folder / name / "invented" for name in ("weight", "units", "design", "codebook")), out,
        survey="invented", order=order,
    )  # fmt: skip
    return pd.read_parquet(out)


def problems() -> list[Problem]:
    """One problem for each item and county, as if each had been accepted at the baseline."""
    (plain,) = problems_of(assigned(), [], as_of=AS_OF)
    groups = [("all", "all"), *(("county", county) for county in COUNTIES)]
    return [
        plain.model_copy(update={"goal": Goal(target=0.3, metric=estimate_id(
            "invented", WAVES[0], f"q0{k}", "1", "valid", domain, level, "proportion"))})
        for k in (1, 2, 3) for domain, level in groups
    ]  # fmt: skip


def test_the_later_wave_is_held_against_the_earlier(project: Path) -> None:
    table = pd.read_parquet(project / "comparison" / "invented.parquet")
    assert table["id"].is_unique
    waves = table[table["kind"] == "wave"]
    assert set(waves["wave"]) == {WAVES[1]}
    assert set(waves["b"]) == {WAVES[0]}
    assert "one_wave" not in set(table["conclusion"])
    whole = waves[waves["domain"] == "all"].set_index("question")["conclusion"]
    assert whole.to_dict() == {"q01": "lower", "q02": "no_difference", "q03": "not_comparable"}
    assert set(table.loc[table["kind"] != "wave", "wave"]) == set(WAVES)
    assert table.loc[table["kind"] != "wave", ["shrunk_b", "shrunk_error"]].isna().all(axis=None)


def test_the_order_of_waves_is_the_programmes(project: Path, tmp_path: Path) -> None:
    turned = compared(project, tmp_path / "turned.parquet", WAVES[::-1])
    waves = turned[turned["kind"] == "wave"]
    assert set(waves["wave"]) == {WAVES[0]}
    by_name = compared(project, tmp_path / "named.parquet", ())
    pd.testing.assert_frame_equal(
        by_name, pd.read_parquet(project / "comparison/invented.parquet")
    )


def test_both_waves_are_disclosed_with_what_changed(project: Path) -> None:
    public = read_public(project / "disclose")
    assert set(public.estimates["wave"]) == set(WAVES)
    made = pd.read_parquet(project / "comparison" / "invented.parquet")
    shown = public.comparisons[public.comparisons["kind"] == "wave"]
    assert set(shown["id"]) == set(made.loc[made["kind"] == "wave", "id"])
    county = shown[(shown["domain"] == "county") & (shown["question"] == "q01")]
    keys = ["wave", "question", "code", "domain_value"]
    shares = public.estimates.set_index(keys)[["value", "presentable"]]
    for row in county.to_dict("records"):
        sides = [shares.loc[(wave, "q01", "1", row["a"])] for wave in WAVES]
        stated = all(side["presentable"] for side in sides)
        expected = [sides[1]["value"], sides[0]["value"]] if stated else [np.nan, np.nan]
        np.testing.assert_array_equal([row["value_a"], row["value_b"]], expected)
    assert (county[["n_a", "n_b"]] % 5 == 0).all(axis=None)
    assert [entry["wave"] for entry in public.log["tables"][::3]] == list(WAVES)


def test_every_problem_gets_its_verdict_or_the_reason(project: Path, tmp_path: Path) -> None:
    write_problems(problems(), tmp_path / "problems.json")
    write_events(assigned(), tmp_path / "events.csv")
    followup(
        tmp_path / "problems.json", project / "disclose", tmp_path / "events.csv",
        tmp_path / "followup.json", as_of=AS_OF,
    )  # fmt: skip
    found = read_followups(tmp_path / "followup.json")
    fell, still, other = found[:6], found[6:12], found[12:]
    assert fell[0].verdict == "improved"
    tested = [one for one in (*fell, *still) if one.status == "tested"]
    assert len(tested) >= 10
    assert {one.checked for one in tested} == {len(tested)}
    assert {(one.status, one.why_not) for one in (*fell, *still) if one not in tested} <= {
        ("metric_gone", "not_published")  # an interval too wide to state the share
    }
    assert not {"improved", "improved_small"} & {one.verdict for one in still}
    assert {(one.status, one.why_not) for one in other} == {("not_comparable", "wording")}
    for one in tested:
        assert (one.shrunk_baseline is None) == (one in (fell[0], still[0]))
        assert one.latest in set(read_public(project / "disclose").estimates["id"])


def test_no_verdict_depends_on_what_disclosure_rounds(project: Path) -> None:
    public = read_public(project / "disclose")
    exact = PublicTables(
        estimates=public.estimates,
        comparisons=pd.read_parquet(project / "comparison" / "invented.parquet"),
        themes=public.themes, interviews=public.interviews, quality=public.quality,
        designs=public.designs, log=public.log,
    )  # fmt: skip
    shown = [
        problem for problem in problems()
        if follow_up([problem], public, as_of=AS_OF)[0].status in ("tested", "not_comparable")
    ]  # fmt: skip
    counts = {"detectable"}  # the numbers of respondents alone are rounded
    disclosed, undisclosed = (follow_up(shown, of, as_of=AS_OF) for of in (public, exact))
    for one, other in zip(disclosed, undisclosed, strict=True):
        assert one.model_dump(exclude=counts) == other.model_dump(exclude=counts)
