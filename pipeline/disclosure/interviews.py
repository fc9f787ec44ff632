"""What may be published of interviews: counts, agreement of coders, and what was signed off.

Quotes are shown only with an entry in the sign-off file (`quotes`); the role of a speaker is named
only where several interviews have it, because a rare role names a person. The file also holds
explanations of contradictions: why what one interview says otherwise does not overturn the rest.
"""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from pipeline.disclosure.quotes import ROLE_N, is_direct, signed_off
from pipeline.text_analysis.reliability import Alpha, Reliability

INTERVIEW_COLUMNS = [
    "id", "kind", "theme", "problem", "stance", "role", "interviews", "explained", "sites",
    "quote_zh", "quote_en", "direct", "value", "n", "used",
]  # fmt: skip
_COUNTS = ["interviews", "explained", "sites", "n", "used"]
_NOTHING: dict[str, object] = {
    "theme": "", "problem": "", "stance": "", "role": "", "interviews": pd.NA, "explained": pd.NA,
    "sites": pd.NA, "quote_zh": "", "quote_en": "", "direct": False, "value": float("nan"),
    "n": pd.NA, "used": pd.NA,
}  # fmt: skip
Row = dict[str, object]


def publish_interviews(
    passages: pd.DataFrame,
    signoff: Path,
    reliability: Reliability | None = None,
    places: Sequence[str] = (),
) -> pd.DataFrame:
    """Return what may be published of interviews.

    Parameters
    ----------
    passages : DataFrame in the columns of `interviews`
    signoff : CSV in `SIGNOFF_COLUMNS`, one row per passage that a person signed off
    reliability : what the coding sheets say; without them agreement is unknown
    places : names that no quote may hold

    Returns
    -------
    DataFrame in `INTERVIEW_COLUMNS`, with rows of kind
        ``count``: per problem and stance; an interview with several themes counts once.
        `interviews` have such a passage, `explained` of them with a signed explanation; `sites`
        are the distinct pairs of county and setting they come from.
        ``theme``: the same per theme, problem and stance.
        ``quote``, ``explanation``: a signed text, in `quote_zh` and `quote_en`, for each problem
        that its passage speaks of.
        ``alpha``: Krippendorff's alpha in `value`, per theme; `n` passages that two coders coded,
        `used` of them with the theme; a theme without a value has no row. ``alpha_themes``,
        ``alpha_stance``: the same over all themes (`n` decisions, passage by theme), and of the
        stance (`n` themes that both gave).
        ``rule_precision``, ``rule_recall``: shares, of `n` themes by the rules and by the coders.
        ``coded``: of `n` passages, `used` were coded by two; ``open``: of `n` passages coded by
        two, in `used` they differ.

    Raises
    ------
    DisclosureError
        If an entry of the sign-off may not be shown: all faults of the file, with their lines.
    """
    entries, at = signed_off(passages, signoff, places)
    explained = entries[entries["explanation_zh"] != ""]
    marked = passages.assign(
        explained=at.isin(pd.MultiIndex.from_frame(explained[["interview", "passage"]]))
    )
    named, themed = marked[marked["problem"] != ""], marked[marked["theme"] != ""]
    rows = [*_counts("count", named.assign(theme="")), *_counts("theme", themed)]
    rows += _signed(entries, passages.set_axis(at))
    rows += _reliable(reliability or Reliability())
    table = pd.DataFrame([_NOTHING | row for row in rows], columns=INTERVIEW_COLUMNS)
    texts = [name for name in INTERVIEW_COLUMNS if name not in (*_COUNTS, "direct", "value")]
    types = dict.fromkeys(texts, "str") | dict.fromkeys(_COUNTS, "Int64")
    return table.astype(types | {"direct": "bool", "value": "float64"})


def _counts(kind: str, coded: pd.DataFrame) -> Iterator[Row]:
    for keys, said in coded.groupby(["theme", "problem", "stance"], sort=True):
        theme, problem, stance = (str(key) for key in keys)
        yield {
            "id": _id(kind, theme, problem, stance),
            "kind": kind,
            "theme": theme,
            "problem": problem,
            "stance": stance,
            "interviews": said["interview"].nunique(),
            "explained": said.loc[said["explained"], "interview"].nunique(),
            "sites": len(said[["county", "setting"]].drop_duplicates()),
        }


def _signed(entries: pd.DataFrame, passages: pd.DataFrame) -> Iterator[Row]:
    roles = passages.groupby("role")["interview"].nunique()
    for entry in entries.to_dict(orient="records"):
        key = (entry["interview"], entry["passage"])
        said_of = passages.loc[[key]]
        for said in said_of[said_of["problem"] != ""].to_dict(orient="records"):
            for kind in ("quote", "explanation"):
                if entry[f"{kind}_zh"]:
                    yield {
                        "id": _id(kind, *key, said["theme"]),
                        "kind": kind,
                        "theme": said["theme"],
                        "problem": said["problem"],
                        "stance": said["stance"],
                        "role": said["role"] if roles.get(said["role"], 0) >= ROLE_N else "",
                        "interviews": 1,
                        "explained": 0,
                        "sites": 1,
                        "quote_zh": entry[f"{kind}_zh"],
                        "quote_en": entry[f"{kind}_en"],
                        "direct": kind == "quote" and is_direct(entry["direct"]),
                    }


def _reliable(found: Reliability) -> Iterator[Row]:
    if not found.coded:
        return
    for theme in found.by_theme:
        yield from _alpha("alpha", theme, theme=theme.theme, problem=theme.problem)
    yield from _alpha("alpha_themes", found.themes)
    yield from _alpha("alpha_stance", found.stance)
    for kind, share, n in (
        ("rule_precision", found.rules.precision, found.rules.by_rule),
        ("rule_recall", found.rules.recall, found.rules.by_coders),
    ):
        if share is not None:
            yield {"id": _id(kind), "kind": kind, "value": share, "n": n, "used": found.rules.both}
    yield {"id": _id("coded"), "kind": "coded", "n": found.passages, "used": found.coded}
    yield {"id": _id("open"), "kind": "open", "n": found.coded, "used": len(found.open)}


def _alpha(kind: str, alpha: Alpha, *, theme: str = "", problem: str = "") -> Iterator[Row]:
    if alpha.value is not None:
        yield {
            "id": _id(kind, theme), "kind": kind, "theme": theme, "problem": problem,
            "value": alpha.value, "n": alpha.n, "used": alpha.used,
        }  # fmt: skip


def _id(*parts: object) -> str:
    key = "|".join(["interview", *(str(part) for part in parts)])
    return "I-" + hashlib.sha256(key.encode()).hexdigest()[:10]
