"""What may be published of interviews: counts by theme and stance, and what was signed off.

Quotes are shown only with an entry in the sign-off file; a direct quote must be what was said
(with private data masked); the role of a speaker is named only where several interviews have it,
because a rare role names a person. The file also holds explanations of contradictions: why what
one interview says otherwise does not overturn the rest.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from pipeline.errors import DisclosureError, Fault, gathered

INTERVIEW_COLUMNS = [
    "id", "kind", "theme", "problem", "stance", "role", "interviews", "explained", "sites",
    "quote_zh", "quote_en", "direct",
]  # fmt: skip
SIGNOFF_COLUMNS = [
    "interview", "passage", "quote_zh", "quote_en", "direct", "approved_by", "approved_on",
]  # fmt: skip
EXPLANATION_COLUMNS = ["explanation_zh", "explanation_en"]
"""May be left out of a sign-off file that explains nothing."""
ROLE_N = 3


def publish_interviews(passages: pd.DataFrame, signoff: Path) -> pd.DataFrame:
    """Return what may be published of interviews.

    Parameters
    ----------
    passages : DataFrame in the columns of `interviews`
    signoff : CSV in `SIGNOFF_COLUMNS`, one row per passage that a person signed off

    Returns
    -------
    DataFrame in `INTERVIEW_COLUMNS`, with rows of kind
        ``count``: per problem and stance; an interview with several themes counts once.
        `interviews` have such a passage, `explained` of them with a signed explanation; `sites`
        are the distinct pairs of county and setting they come from.
        ``theme``: the same per theme, problem and stance.
        ``quote``, ``explanation``: a signed text, in `quote_zh` and `quote_en`.

    Raises
    ------
    DisclosureError
        If an entry names no passage, has no approver, says nothing, or claims to be direct and is
        not in the passage: all faults of the file, with their lines.
    """
    entries = _entries(signoff)
    keys = passages[["interview"]].assign(passage=passages["passage"].astype(str))
    at = pd.MultiIndex.from_frame(keys)
    if faults := list(_faults(entries, passages.set_axis(at))):
        raise DisclosureError(gathered(signoff, faults))
    explained = entries[entries["explanation_zh"] != ""]
    marked = passages.assign(
        explained=at.isin(pd.MultiIndex.from_frame(explained[["interview", "passage"]]))
    )
    named, themed = marked[marked["problem"] != ""], marked[marked["theme"] != ""]
    rows = [*_counts("count", named.assign(theme="")), *_counts("theme", themed)]
    rows += _signed(entries, passages.set_axis(at))
    table = pd.DataFrame(rows, columns=INTERVIEW_COLUMNS)
    numbers = ["interviews", "explained", "sites"]
    texts = [name for name in INTERVIEW_COLUMNS if name not in (*numbers, "direct")]
    table[texts] = table[texts].astype("str")
    table[numbers] = table[numbers].astype("Int64")
    return table.assign(direct=table["direct"].astype(bool))


def _counts(kind: str, coded: pd.DataFrame) -> Iterator[dict[str, object]]:
    for keys, said in coded.groupby(["theme", "problem", "stance"], sort=True):
        theme, problem, stance = (str(key) for key in keys)
        yield {
            "id": _id(kind, theme, problem, stance),
            "kind": kind,
            "theme": theme,
            "problem": problem,
            "stance": stance,
            "role": "",
            "interviews": said["interview"].nunique(),
            "explained": said.loc[said["explained"], "interview"].nunique(),
            "sites": len(said[["county", "setting"]].drop_duplicates()),
            "quote_zh": "",
            "quote_en": "",
            "direct": False,
        }


def _signed(entries: pd.DataFrame, passages: pd.DataFrame) -> Iterator[dict[str, object]]:
    roles = passages.groupby("role")["interview"].nunique()
    for entry in entries.to_dict(orient="records"):
        key = (entry["interview"], entry["passage"])
        said = passages.loc[[key]].iloc[0]
        for kind in ("quote", "explanation"):
            if entry[f"{kind}_zh"]:
                yield {
                    "id": _id(kind, *key),
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
                    "direct": kind == "quote" and _is_direct(entry["direct"]),
                }


def _faults(entries: pd.DataFrame, passages: pd.DataFrame) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for line, entry in enumerate(entries.to_dict(orient="records"), start=2):
        place, key = f"第 {line} 行 (line {line})", (entry["interview"], entry["passage"])
        if key not in passages.index:
            yield Fault(place, f"没有访谈段落 {key}。", "请核对编号。(no such passage)")
            continue
        if key in seen:
            yield Fault(place, f"段落 {key} 出现两次。", "请合并为一行。(signed off twice)")
        seen.add(key)
        if not entry["approved_by"]:
            yield Fault(place, "没有审签人岗位。", "请补上 approved_by。(no approver)")
        if not (entry["quote_zh"] or entry["explanation_zh"]):
            yield Fault(place, "没有引语，也没有说明。", "请补上或删去该行。(says nothing)")
        said = str(passages.loc[[key]].iloc[0]["text"])
        if _is_direct(entry["direct"]) and entry["quote_zh"] not in said:
            yield Fault(
                place, "直接引语与记录不一致。", "请照录原话或改为转述。(not what was said)"
            )


def _is_direct(written: str) -> bool:
    return written.lower() in ("1", "true", "yes", "是")


def _entries(signoff: Path) -> pd.DataFrame:
    if not signoff.is_file():
        return pd.DataFrame(columns=[*SIGNOFF_COLUMNS, *EXPLANATION_COLUMNS], dtype="str")
    entries = pd.read_csv(signoff, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    if missing := [name for name in SIGNOFF_COLUMNS if name not in entries]:
        place = "第 1 行 (line 1)"
        raise DisclosureError(
            gathered(
                signoff, [Fault(place, f"缺少列 {'、'.join(missing)}。", "请补上。(add them)")]
            )
        )
    for name in EXPLANATION_COLUMNS:
        if name not in entries:
            entries[name] = ""
    columns = [*SIGNOFF_COLUMNS, *EXPLANATION_COLUMNS]
    return pd.DataFrame({name: entries[name].astype("str").str.strip() for name in columns})


def _id(*parts: object) -> str:
    key = "|".join(["interview", *(str(part) for part in parts)])
    return "I-" + hashlib.sha256(key.encode()).hexdigest()[:10]
