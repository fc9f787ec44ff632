"""Stage `form`: questionnaire definition -> the offline web form."""

from pathlib import Path

from pipeline.forms.web import page, read_engine
from pipeline.questionnaire.programme import read_programme
from pipeline.questionnaire.read import read_questionnaire


def form(definition: Path, programme: Path, assets: Path, out: Path) -> None:
    """Write the form of one survey into the folder `out`, as a single page."""
    asked, of = read_questionnaire(definition), read_programme(programme)
    of.refuse_unknown(asked, definition)
    made = page(asked, of, read_engine(assets))
    out.mkdir(parents=True, exist_ok=True)
    (out / "index.html").write_text(made, encoding="utf-8", newline="\n")
