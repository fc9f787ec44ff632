"""What may be published of interviews: counts by theme and stance, and signed-off quotes.

Source of the rules: quotes are shown only with an entry in the sign-off file; a direct quote must
be what was said (with private data masked); the role of a speaker is named only where several
interviews have it, because a rare role names a person.
"""

import hashlib
from pathlib import Path

import pandas as pd

from pipeline.errors import DisclosureError, Fault, gathered

INTERVIEW_COLUMNS = [
    "id", "kind", "theme", "problem", "stance", "role", "interviews", "sites", "quote_zh",
    "quote_en", "direct",
]  # fmt: skip
SIGNOFF_COLUMNS = [
    "interview", "passage", "quote_zh", "quote_en", "direct", "approved_by", "approved_on",
]  # fmt: skip
ROLE_N = 3


def count_passages(passages: pd.DataFrame) -> pd.DataFrame:
    """Count interviews by what was said.

    Parameters
    ----------
    passages : DataFrame in the columns of `interviews`

    Returns
    -------
    DataFrame in `INTERVIEW_COLUMNS`: one row of kind ``theme`` per theme, problem and stance, and
    one of kind ``count`` (theme '') per problem and stance, in which an interview with several
    themes counts once. `interviews` have such a passage; `sites` are the distinct pairs of county
    and setting they come from. Uncoded passages do not count.
    """
    themed, named = passages[passages["theme"] != ""], passages[passages["problem"] != ""]
    groups = [("count", named.assign(theme="")), ("theme", themed)]
    rows = []
    for kind, (theme, problem, stance), said in (
        (kind, keys, said)
        for kind, coded in groups
        for keys, said in coded.groupby(["theme", "problem", "stance"], sort=True)
    ):
        rows.append(
            {
                "id": _id(kind, theme, problem, stance),
                "kind": kind,
                "theme": theme,
                "problem": problem,
                "stance": stance,
                "role": "",
                "interviews": said["interview"].nunique(),
                "sites": len(said[["county", "setting"]].drop_duplicates()),
                "quote_zh": "",
                "quote_en": "",
                "direct": False,
            }
        )
    return _table(rows)


def signed_quotes(passages: pd.DataFrame, signoff: Path) -> pd.DataFrame:
    """Return the quotes that a person signed off, one row each, kind ``quote``.

    Raises
    ------
    DisclosureError
        If an entry names no passage, has no approver, or claims to be direct and is not in the
        passage: all faults of the file, with their lines.
    """
    entries = _entries(signoff)
    at = passages.assign(passage=passages["passage"].astype(str)).set_index(
        ["interview", "passage"]
    )
    roles = passages.groupby("role")["interview"].nunique()
    faults, rows = [], []
    for number, entry in enumerate(entries.to_dict(orient="records"), start=2):
        place, key = f"第 {number} 行 (line {number})", (entry["interview"], entry["passage"])
        if key not in at.index:
            faults.append(Fault(place, f"没有访谈段落 {key}。", "请核对编号。(no such passage)"))
            continue
        said = at.loc[[key]].iloc[0]
        direct = entry["direct"].strip().lower() in ("1", "true", "yes", "是")
        if direct and entry["quote_zh"] not in said["text"]:
            faults.append(
                Fault(place, "直接引语与记录不一致。", "请改为转述或照录原话。(not what was said)")
            )
        if not entry["approved_by"].strip():
            faults.append(Fault(place, "没有审签人岗位。", "请补上 approved_by。(no approver)"))
        role = str(said["role"])
        rows.append(
            {
                "id": _id("quote", *key),
                "kind": "quote",
                "theme": said["theme"],
                "problem": said["problem"],
                "stance": said["stance"],
                "role": role if roles.get(role, 0) >= ROLE_N else "",
                "interviews": 1,
                "sites": 1,
                "quote_zh": entry["quote_zh"],
                "quote_en": entry["quote_en"],
                "direct": direct,
            }
        )
    if faults:
        raise DisclosureError(gathered(signoff, faults))
    return _table(rows)


def _entries(signoff: Path) -> pd.DataFrame:
    if not signoff.is_file():
        return pd.DataFrame(columns=SIGNOFF_COLUMNS)
    entries = pd.read_csv(signoff, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    if missing := [name for name in SIGNOFF_COLUMNS if name not in entries]:
        raise DisclosureError(
            gathered(
                signoff, [Fault("第 1 行 (line 1)", f"缺少列 {'、'.join(missing)}。", "请补上。")]
            )
        )
    return entries


def _id(*parts: object) -> str:
    key = "|".join(["interview", *(str(part) for part in parts)])
    return "I-" + hashlib.sha256(key.encode()).hexdigest()[:10]


def _table(rows: list[dict[str, object]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=INTERVIEW_COLUMNS)
    texts = [c for c in INTERVIEW_COLUMNS if c not in ("interviews", "sites", "direct")]
    table[texts] = table[texts].astype("str")
    table[["interviews", "sites"]] = table[["interviews", "sites"]].astype("Int64")
    return table.assign(direct=table["direct"].astype(bool))
