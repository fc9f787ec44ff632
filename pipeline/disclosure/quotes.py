"""Which words of an interview may be shown: the sign-off file and what an entry must hold to.

A quote (FINDINGS.md 23) needs a person's signature; a direct one is what was said, with private
data masked. It names no person, no place of the frame and no rare post; it is of a passage that
speaks of a problem; at most `QUOTES` stand for a problem and stance. Where interviews say
otherwise on the same problem, a quote that says so must stand beside it.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from pipeline.errors import DisclosureError, Fault, gathered
from pipeline.privacy.redact import redact
from pipeline.questionnaire.programme import Programme

SIGNOFF_COLUMNS = [
    "interview", "passage", "quote_zh", "quote_en", "direct", "approved_by", "approved_on",
]  # fmt: skip
EXPLANATION_COLUMNS = ["explanation_zh", "explanation_en"]
"""May be left out of a sign-off file that explains nothing."""
ROLE_N = 3
"""Interviews in which a role must occur to be named."""
QUOTES = 2
"""Quotes of one problem and stance, at most."""
_POSTS = ("书记", "主任", "局长", "院长", "校长", "负责人", "秘书", "队员", "专员")
_OPPOSITE = {"supports": "contradicts", "contradicts": "supports"}


def place_names(programme: Programme) -> tuple[str, ...]:
    """Return the names of places that no quote may hold: the prefecture and its counties."""
    county = programme.frame_domain("county")
    named = [programme.place, *(level.name for level in county.levels)] if county else []
    written = [name for text in named for name in (text.zh, text.en) if name]
    return tuple(re.split("[（(]", name)[0].strip() for name in written)  # 示例州（虚构）


def signed_off(
    passages: pd.DataFrame, signoff: Path, places: Sequence[str]
) -> tuple[pd.DataFrame, pd.MultiIndex]:
    """Read and check the entries; a file that is not there signs nothing.

    Returns
    -------
    The entries (text columns of `SIGNOFF_COLUMNS` and `EXPLANATION_COLUMNS`, one row per passage),
    and the key of each row of `passages`: interview, passage (as text).

    Raises
    ------
    DisclosureError
        All faults of the file, with their lines.
    """
    entries = _entries(signoff)
    keys = passages[["interview"]].assign(passage=passages["passage"].astype(str))
    at = pd.MultiIndex.from_frame(keys)
    known = passages.set_axis(at)
    faults = [*_faults(entries, known, places), *_one_sided(entries, known)]
    if faults:
        raise DisclosureError(gathered(signoff, faults))
    return entries, at


def is_direct(written: str) -> bool:
    """Tell whether an entry says that the quote is in the speaker's words."""
    return written.lower() in ("1", "true", "yes", "是")


def _faults(
    entries: pd.DataFrame, passages: pd.DataFrame, places: Sequence[str]
) -> Iterator[Fault]:
    counts = passages.groupby("role")["interview"].nunique() if len(passages) else pd.Series()
    rare = [role for role, n in counts.items() if n < ROLE_N and str(role).endswith(_POSTS)]
    seen: set[tuple[str, str]] = set()
    for line, entry in enumerate(entries.to_dict(orient="records"), start=2):
        place, key = _place(line), (entry["interview"], entry["passage"])
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
        said = passages.loc[[key]]
        if entry["quote_zh"] and not said["problem"].any():
            found = "这一段不涉及任何问题代码。"
            yield Fault(place, found, "请另选一段。(speaks of no problem; choose another)")
        if is_direct(entry["direct"]) and entry["quote_zh"] not in str(said.iloc[0]["text"]):
            yield Fault(
                place, "直接引语与记录不一致。", "请照录原话或改为转述。(not what was said)"
            )
        for column in ("quote_zh", "quote_en", *EXPLANATION_COLUMNS):
            yield from _identifying(place, column, entry[column], [*places, *map(str, rare)])


def _identifying(place: str, column: str, text: str, names: Sequence[str]) -> Iterator[Fault]:
    if redact(text).total:
        remedy = "请删去或改为转述。(private data; delete it)"
        yield Fault(place, f"{column} 里有姓名或联系方式。", remedy)
    for name in names:
        if name in text:
            found = f"{column} 里有地名或少见的职务“{name}”。"
            yield Fault(place, found, "请删去或改为转述。(a place or rare post; delete it)")


def _one_sided(entries: pd.DataFrame, passages: pd.DataFrame) -> Iterator[Fault]:
    """Yield quotes beyond `QUOTES`, and those that stand alone where interviews differ."""
    heard = set(zip(passages["problem"], passages["stance"], strict=True))
    quoted: dict[tuple[str, str], list[int]] = {}
    for line, entry in enumerate(entries.to_dict(orient="records"), start=2):
        key = (entry["interview"], entry["passage"])
        if entry["quote_zh"] and key in passages.index:
            said = passages.loc[[key]]
            for one in set(zip(said["problem"], said["stance"], strict=True)):
                if one[0] and one[1] in _OPPOSITE:
                    quoted.setdefault(one, []).append(line)
    for (problem, stance), lines in sorted(quoted.items()):
        other = (problem, _OPPOSITE[stance])
        if other in heard and other not in quoted:
            found = f"{problem} 有相反的说法，没有引用。"
            yield Fault(_place(lines[0]), found, "请补一条相反的引语。(quote the other side, too)")
        if len(lines) > QUOTES:
            found = f"{problem} 同一立场的引语超过 {QUOTES} 条。"
            yield Fault(
                _place(lines[QUOTES]), found, f"请留 {QUOTES} 条。(too many; keep {QUOTES})"
            )


def _place(line: int) -> str:
    return f"第 {line} 行 (line {line})"


def _entries(signoff: Path) -> pd.DataFrame:
    columns = [*SIGNOFF_COLUMNS, *EXPLANATION_COLUMNS]
    if not signoff.is_file():
        return pd.DataFrame(columns=columns, dtype="str")
    entries = pd.read_csv(signoff, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    if missing := [name for name in SIGNOFF_COLUMNS if name not in entries]:
        raise DisclosureError(
            gathered(
                signoff, [Fault(_place(1), f"缺少列 {'、'.join(missing)}。", "请补上。(add)")]
            )
        )
    for name in EXPLANATION_COLUMNS:
        if name not in entries:
            entries[name] = ""
    return pd.DataFrame({name: entries[name].astype("str").str.strip() for name in columns})
