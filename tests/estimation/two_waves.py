"""Two waves of an invented survey with overlapping sites and known truths, for several tests."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.estimation.wave_rows import Surveyed
from pipeline.questionnaire.model import Questionnaire

COUNTIES, SITES, DRAWN = ("甲县", "乙县", "丙市", "丁县", "戊县"), 16, 8
DESIGN = SurveyDesign(weight="weight", strata=("stratum",), clusters=("psu",), lonely_psu="adjust")
BAND = {1: "35岁及以下", 2: "36至50岁", 3: "51岁及以上"}


def text(words: str) -> dict[str, str]:
    return {"zh": words, "en": words}


def asked(items: int = 2, changes: Mapping[str, Mapping[str, Any]] | None = None) -> Questionnaire:
    """Return a questionnaire of yes-no questions q01, q02, ... by county and age.

    `changes` replaces parts of questions; a question mapped to nothing is left out.
    """
    yes_no = [{"code": 1, "text": text("有")}, {"code": 2, "text": text("没有")},
              {"code": 8, "text": text("说不清"), "missing": "dont_know"}]  # fmt: skip
    questions: list[dict[str, Any]] = [
        {"name": "age", "type": "single_choice", "text": text("年龄？"), "domain": True,
         "choices": [{"code": c, "text": text(t)} for c, t in BAND.items()]},
        *({"name": f"q{k:02}", "type": "single_choice", "text": text(f"第{k}题，有过吗？"),
           "choices": yes_no, "measure": {
               "problem": "A1.1", "unfavourable": [1], "claim": text("有过"),
               "standard": {"value": 0.3, "kind": "target", "text": text("不高于30%")}}}
          for k in range(1, items + 1)),
    ]  # fmt: skip
    for question in questions:
        question.update((changes or {}).get(question["name"], {}))
    kept = [q for q in questions if (changes or {}).get(q["name"]) != {}]
    return Questionnaire.model_validate(
        {
            "survey": "invented", "title": text("问卷"), "population": text("居民"),
            "respondents": text("受访者"), "minutes": 3, "mode": text("网页"),
            "commissioned_by": text("甲"), "conducted_by": text("乙"), "simulated": True,
            "limitation": text("虚构"), "introduction": text("您好"),
            "frame_domains": ["county"], "sections": [{"title": text("一"), "questions": kept}],
        }
    )  # fmt: skip


def two_waves(
    seed: int,
    *,
    items: int = 2,
    persons: int = 12,
    apart: float = 0.2,
    fallen: tuple[int, ...] = (),
    fall: float = 0.0,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of two waves.

    On a normal scale each item has a level, counties vary about it with standard deviation
    `apart`, sites with .25, of which a third is new in each wave; about half of the sites are in
    both waves. Of the items in `fallen` (1, 2, ...) the share fell by about `fall`.
    """
    draw = np.random.default_rng(seed)
    level = draw.uniform(-0.5, 0.3, items)
    county = draw.normal(0, apart, (len(COUNTIES), items))
    lasting = draw.normal(0, 0.2, (len(COUNTIES) * SITES, items))
    first = np.concatenate(
        [h * SITES + draw.choice(SITES, DRAWN, replace=False) for h in range(len(COUNTIES))]
    )
    moved = np.array([-fall / 0.38 if k + 1 in fallen else 0.0 for k in range(items)])
    waves = []
    for sites, shift in ((first, 0.0 * moved), (_again(first, draw), moved)):
        new = draw.normal(0, 0.14, lasting.shape)
        site = np.repeat(sites, persons)
        scale = level + county[site // SITES] + (lasting + new)[site] + shift
        bad = scale + draw.normal(size=(len(site), items)) > 0
        name = np.array(COUNTIES)[site // SITES]
        rows = {"site": [f"s{k:03}" for k in site], "county": name, "stratum": name,
                "age": draw.integers(1, 4, len(site)), "age__missing": ""}  # fmt: skip
        for k in range(items):
            rows |= {f"q{k + 1:02}": np.where(bad[:, k], 1, 2), f"q{k + 1:02}__missing": ""}
        waves.append(pd.DataFrame(rows).assign(psu=lambda made: made["site"], weight=2.0))
    return waves[0], waves[1]


def _again(first: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Keep about half of the sites of each stratum and draw the others anew."""
    chosen = []
    for h in range(len(COUNTIES)):
        old = first[first // SITES == h]
        kept = old[draw.random(len(old)) < 0.5]
        rest = np.setdiff1d(h * SITES + np.arange(SITES), kept)
        chosen += [kept, draw.choice(rest, DRAWN - len(kept), replace=False)]
    return np.concatenate(chosen)


def surveyed(
    seed: int, before: Questionnaire, after: Questionnaire, **given: Any
) -> tuple[Surveyed, Surveyed]:
    """Return two waves, w1 and w2, asked by two questionnaires."""
    one, two = two_waves(seed, **given)
    return Surveyed("w1", one, DESIGN, before), Surveyed("w2", two, DESIGN, after)
