"""Question texts as they are compared, whatever blanks, widths and type marks a system adds."""

import re
import unicodedata

NUMBERED = re.compile(r"\s*(\d+)\s*[、.．]\s*(.*)", re.DOTALL)
"""A question's number and its text, as 问卷星 writes them."""
_TYPE_MARK = re.compile(
    r"[(\[【](?:(?:单选|多选|填空|量表|评分|排序|矩阵\w*|下拉)题?|[必选][答填]|\*)+[)\]】]$"
)


def plain(text: str) -> str:
    """Return a text without blanks and width differences."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def title(text: str) -> str:
    """Return a question's text as it is compared: without type marks at its end."""
    compared = plain(text)
    while (shorter := _TYPE_MARK.sub("", compared)) != compared:
        compared = shorter
    return compared.rstrip("*")
