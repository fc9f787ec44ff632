"""Mask private data in what respondents and speakers wrote, before anything is stored.

Numbers are recognised by their own rules (check digits of identity and bank cards, the shape of
mobile numbers), names only by title or context: 王书记 becomes 〔姓名〕书记. Landlines of offices,
years and sums of money stay. Nothing is masked silently: every mask is counted by kind.

Source: GB 11643-1999 (identity number, check digit after ISO 7064 MOD 11-2); ISO/IEC 7812-1
(Luhn); GA 36-2018 (number plates).
"""

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from pipeline.privacy.patterns import NAME_RULES, NUMBER_RULES, Kind, Rule, plain, worth_a_look

MASKS: dict[Kind, str] = {
    "id_number": "〔身份证号〕",
    "bank_card": "〔银行卡号〕",
    "phone": "〔电话〕",
    "email": "〔邮箱〕",
    "plate": "〔车牌〕",
    "wechat": "〔微信〕",
    "qq": "〔QQ〕",
    "name": "〔姓名〕",
}
# While a text is worked on, one private-use character stands for each mask, so that the words
# inside a mask are never taken for text and masking twice changes nothing.
_STAND_INS: dict[Kind, str] = {kind: chr(0x10FF00 + k) for k, kind in enumerate(MASKS)}


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with its private data masked, and how many masks of each kind were set."""

    text: str
    counts: tuple[tuple[Kind, int], ...]

    @property
    def total(self) -> int:
        """Number of masks set."""
        return sum(count for _, count in self.counts)


def redact(text: str) -> Masked:
    """Return `text` with private data masked.

    Masking a masked text changes nothing. Full-width digits and letters count as plain ones. Kinds
    without a mask are not listed in the counts; the order of the kinds is that of `MASKS`.
    """
    numbers, names = worth_a_look(text)
    if not (numbers or names):
        return Masked(text, ())
    for kind, mask in MASKS.items():
        text = text.replace(mask, _STAND_INS[kind])
    before = Counter(text)
    rules = (NUMBER_RULES if numbers else ()) + (NAME_RULES if names else ())
    while (masked := _masked_once(text, rules)) != text:
        text = masked
    after = Counter(text)
    counts = tuple(
        (kind, after[sign] - before[sign])
        for kind, sign in _STAND_INS.items()
        if after[sign] > before[sign]
    )
    for kind, mask in MASKS.items():
        text = text.replace(_STAND_INS[kind], mask)
    return Masked(text, counts)


def redact_all(texts: pd.Series) -> pd.DataFrame:
    """Mask every text of a column.

    Parameters
    ----------
    texts : Series of str, no missing values

    Returns
    -------
    DataFrame, same index: `text` (masked) and `masked` (Int64, number of masks set)
    """
    done = [redact(str(text)) for text in texts]
    return pd.DataFrame(
        {
            "text": pd.Series([one.text for one in done], index=texts.index, dtype="str"),
            "masked": pd.Series([one.total for one in done], index=texts.index, dtype="Int64"),
        }
    )


def _masked_once(text: str, rules: tuple[Rule, ...]) -> str:
    shown = plain(text)
    for rule in rules:
        parts, end = [], 0
        for match in rule.pattern.finditer(shown):
            if rule.accept(match[1]):
                parts += [text[end : match.start(1)], _STAND_INS[rule.kind]]
                end = match.end(1)
        if parts:
            text = "".join([*parts, text[end:]])
            shown = plain(text)
    return text
