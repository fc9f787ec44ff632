"""The shape of the house: one direction of imports, one name for a stage, one home for a library."""

import ast
import re
from pathlib import Path

import grimp
import networkx as nx
import pytest
from ruamel.yaml import YAML

from pipeline import i18n

HOMES = {
    "formulaic": "pipeline.estimation.models.model_matrix",
    "great_expectations": "pipeline.validation.suite",
    "grimp": "pipeline.fingerprints",
    "jieba": "pipeline.text_analysis.segment",
    "numba": "pipeline.totals.compiled",
    "plotly": "pipeline.reporting.explore",
    "typst": "pipeline.forms.paper_pdf",
}
"""A library and the one module that uses it."""
WORD_MODULES = {
    "pipeline.documents.docx",
    "pipeline.forms.paper_docx",
    "pipeline.forms.paper_pieces",
    "pipeline.forms.paper_styles",
    "pipeline.forms.paper_tables",
    "pipeline.importers.word",
}
"""Of Word files: interview notes are read, the paper form is drawn, questionnaires are read."""
YAML_MODULES = {
    "pipeline.questionnaire.places_in_file",
    "pipeline.documents.yaml",
    "pipeline.documents.yaml_lines",
}
"""Of YAML, one module reads definitions and says their faults, two write for people."""


@pytest.fixture(scope="module")
def stages(root: Path) -> dict[str, dict[str, object]]:
    described = YAML(typ="safe").load((root / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    return {name: stage.get("do", stage) for name, stage in described.items()}


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("pipeline", include_external_packages=True)


def test_stages_have_one_name(root: Path, stages: dict[str, dict[str, object]]) -> None:
    modules = {path.stem for path in (root / "pipeline/stages").glob("*.py")} - {"__init__"}
    source = (root / "pipeline/cli.py").read_text(encoding="utf-8")
    commands = set(re.findall(r"from pipeline\.stages\.(\w+) import", source))
    assert set(stages) == modules == commands
    for name, stage in stages.items():
        assert str(stage["cmd"]).split()[:2] == ["diaoyan", name]


def test_a_stage_depends_on_the_code_that_it_runs(stages: dict[str, dict[str, object]]) -> None:
    for name, stage in stages.items():
        code = {str(dep) for dep in stage["deps"] if "pipeline" in str(dep)}  # type: ignore[attr-defined]
        if name == "fingerprint":
            assert code == {"pipeline"}
            continue
        assert not code, name
        assert f"data/processed/fingerprint/{name}.txt" in stage["deps"], name  # type: ignore[operator]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_change_of_one_surveys_codeframe_runs_only_what_depends_on_it(root: Path) -> None:
    from dvc.repo import Repo

    with Repo(str(root)) as repo:
        graph = repo.index.graph  # a stage points at those it depends on
        changed = {
            stage
            for stage in graph
            if any(str(dep) == "questionnaires/residents/codeframe.yaml" for dep in stage.deps)
        }
        again = {str(stage.name) for one in changed for stage in nx.ancestors(graph, one)}
    direct = {str(stage.name) for stage in changed}
    assert direct
    assert direct == {"themes@residents"}
    tail = {"disclose", "findings", "problems", "followup", "report", "audit"}
    assert again - direct == tail


def test_a_stage_is_short(root: Path) -> None:
    for path in sorted((root / "pipeline/stages").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno is not None
                body = node.end_lineno - node.body[1].lineno + 1  # without signature and docstring
                assert body <= 40, f"{path.name}: {node.name}"


def test_no_stage_command_needs_a_shell(stages: dict[str, dict[str, object]]) -> None:
    for name, stage in stages.items():
        command = re.sub(r"\$\{[\w.]+\}", "x", str(stage["cmd"]))
        assert not set(command) & set("|&;<>$`*?()'\""), name


@pytest.mark.parametrize(("library", "home"), sorted(HOMES.items()))
def test_a_library_with_opinions_has_one_home(
    imports: grimp.ImportGraph, library: str, home: str
) -> None:
    assert users_of(library, imports) == {home}


def test_yaml_is_read_and_written_in_few_places(imports: grimp.ImportGraph) -> None:
    assert users_of("ruamel", imports) == YAML_MODULES


def test_word_files_are_read_and_drawn_in_few_places(imports: grimp.ImportGraph) -> None:
    assert users_of("docx", imports) == WORD_MODULES


def users_of(library: str, imports: grimp.ImportGraph) -> set[str]:
    return {
        module
        for module in imports.modules
        if module.startswith("pipeline")
        and any(
            imported.split(".")[0] == library
            for imported in imports.find_modules_directly_imported_by(module)
        )
    }


def test_both_languages_have_the_same_words() -> None:
    assert i18n.keys("zh") == i18n.keys("en")


def test_both_languages_fill_in_the_same_values() -> None:
    for key in sorted(i18n.keys("zh")):
        names = [
            set(re.findall(r"{(\w*)[^}]*}", i18n._words(language)[key]))
            for language in i18n.LANGUAGES
        ]
        assert names[0] == names[1], key


def test_modules_stay_readable(root: Path) -> None:
    long = {
        path.relative_to(root).as_posix(): lines
        for path in sorted((root / "pipeline").rglob("*.py"))
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 320
    }
    assert not long or set(long) == {"pipeline/cli.py"}


def test_the_lock_file_holds_no_address(root: Path) -> None:
    for name in ("requirements.lock", "package-lock.json"):
        assert "://" not in (root / name).read_text(encoding="utf-8"), name
