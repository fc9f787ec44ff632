"""The stage from files to file, and the example's code frame against the planted answers."""

import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from ruamel.yaml import YAML

from pipeline.text_analysis.coding import code, read_codeframe
from pipeline.text_analysis.lexicon import read_lexicon
from pipeline.text_analysis.segment import Segmenter

SCRIPT = """
import json, sys
from pathlib import Path
import pandas as pd
from pipeline.design import SurveyDesign, design_to_json
from pipeline.questionnaire.codebook import Codebook, RawFile, write_codebook
from pipeline.questionnaire.read import read_questionnaire
from pipeline.stages.themes import themes

root, out = Path(sys.argv[1]), Path(sys.argv[2])
survey = read_questionnaire(root / "questionnaires/residents/questionnaire.yaml")
raw = RawFile(path="x", sha256="0", layout="odk", rows=0, columns={})
write_codebook(Codebook(survey="residents", wave="w", current="a", versions={"a": survey}, raw=raw), out / "codebook.json")
said = ["少填几张表，反复交材料", "把村口的路修一修", "活动走过场", "无", "人才补贴没到账", "老年食堂办起来"]
names = [f"R{k:03d}" for k in range(240)]
pd.DataFrame({"respondent": names, "source": "survey", "question": "q15", "text": [said[k % 6] for k in range(240)], "masked": 0}).to_parquet(out / "verbatims")
pd.DataFrame({"respondent": names, "weight": [1.0 + k % 3 for k in range(240)], "psu": [f"S{k // 12}" for k in range(240)], "stratum": "s", "county": ["jia" if k % 6 < 2 else "yi" for k in range(240)], "q15__missing": ""}).to_parquet(out / "weighted")
pd.DataFrame({"person": pd.Series(dtype="str"), "site": pd.Series(dtype="str")}).to_parquet(out / "units")
design = SurveyDesign(weight="weight", strata=("stratum",), clusters=("psu",))
(out / "design.json").write_text(json.dumps({"design": design_to_json(design)}), encoding="utf-8")
frame = root / "questionnaires/residents"
themes(out / "verbatims", out / "weighted", out / "units", out / "design.json", out / "codebook.json", frame / "codeframe.yaml", frame / "lexicon.txt", out / "themes.parquet", survey="residents", wave="w")
"""


def test_the_stage_writes_the_same_bytes_whatever_the_hash_seed(tmp_path: Path, root: Path):
    made = []
    for seed in ("1", "77"):
        folder = tmp_path / seed
        folder.mkdir()
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", SCRIPT, str(root), str(folder)],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True, check=False, text=True, encoding="utf-8",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        made.append((folder / "themes.parquet").read_bytes())
    assert made[0] == made[1]
    table = pd.read_parquet(tmp_path / "1" / "themes.parquet")
    all_ = table[(table["kind"] == "theme") & (table["domain"] == "all")].set_index("theme")
    assert (all_.loc["paperwork", "n"], all_.loc["paperwork", "n_cell"]) == (200, 40)
    assert set(table["domain"]) == {"all", "county"}


@pytest.fixture(scope="module")
def planted(root: Path) -> dict[str, list[str]]:
    """Theme -> every sentence that the simulation can say about it."""
    path = root / "questionnaires" / "residents" / "truths.yaml"
    truth = YAML(typ="safe").load(path.read_text(encoding="utf-8"))["open"]["q15"]
    return {
        theme["theme"]: [
            sentence
            for template in theme["sentences"]
            for sentence in filled(template, theme["words"])
        ]
        for theme in truth["themes"]
    }


def filled(template: str, words: dict[str, list[str]]) -> list[str]:
    slots = re.findall(r"\{(\w+)\}", template)
    sentences = []
    for chosen in itertools.product(*(words[slot] for slot in slots)):
        sentence = template
        for slot, word in zip(slots, chosen, strict=True):
            sentence = sentence.replace("{" + slot + "}", word, 1)
        sentences.append(sentence)
    return sentences


def test_the_code_frame_finds_the_planted_themes_and_no_others(root: Path, planted):
    """At least 95 % of a theme's sentences are found, and at most 5 % of the others are taken in."""
    folder = root / "questionnaires" / "residents"
    frame = read_codeframe(folder / "codeframe.yaml")
    cutter = frame.segmenter(read_lexicon(folder / "lexicon.txt"))
    of_theme = {name: {name} for name in planted} | {
        "retired_cadres": {"retired_service", "retired_notices"}
    }
    for name, sentences in planted.items():
        coded = [set(code(sentence, frame, cutter).rules) for sentence in sentences]
        assert sum(bool(one & of_theme[name]) for one in coded) >= 0.95 * len(sentences), name
        assert sum(bool(one - of_theme[name]) for one in coded) <= 0.05 * len(sentences), name


def test_the_lexicon_of_the_example_is_read_and_used(root: Path):
    lexicon = read_lexicon(root / "questionnaires" / "residents" / "lexicon.txt")
    cutter = Segmenter(lexicon)
    for word in lexicon:
        assert word in cutter.keywords(f"希望{word}办好"), word
