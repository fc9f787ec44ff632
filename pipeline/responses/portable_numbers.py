"""The numbers of an SPSS portable file: base 30, with a fraction and an exponent.

Source: PSPP developers' guide, "Portable File Format" (Portable File Structure).
"""

import re
from fractions import Fraction

BASE = 30
MOST_DIGITS = 400
"""A double needs far fewer; a damaged file may ask for a number that fills the memory."""
NUMBER = re.compile(
    r" *(?P<sign>-?)(?P<whole>[0-9A-T]*)(?:\.(?P<part>[0-9A-T]*))?"
    r"(?P<exponent>[+-][0-9A-T]{1,2})?"
)
WHOLE = re.compile(r"-?[0-9A-T]{1,10}")


def number(text: str) -> float:
    """Return the double nearest to a number as it stands before its ``/``.

    Raises
    ------
    ValueError
        If it is no number of base 30, or too large for a double.
    """
    if WHOLE.fullmatch(text):
        return float(int(text, BASE))
    found = NUMBER.fullmatch(text)
    if found is None or len(text) > MOST_DIGITS:
        raise ValueError(text)
    whole, part = found["whole"], found["part"] or ""
    if not whole + part:
        raise ValueError(text)
    power = int(found["exponent"] or "0", BASE) - len(part)
    exact = int(whole + part, BASE) * Fraction(BASE) ** power
    try:
        return float(-exact if found["sign"] else exact)
    except OverflowError:
        raise ValueError(text) from None
