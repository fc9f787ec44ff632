"""Open answers that several people gave word for word.

Interviewers who invent answers, and people who pass a text around, leave the same long sentence
in several responses; stock phrases do so by chance, but only short ones.
Source: Blasius & Thiessen (2015), Social Science Research 52, 479-493 (identical strings of
answers as a sign of copying).
"""

import re
import unicodedata

import pandas as pd

LONG = 12
"""From this many Chinese characters on, two people of one site hardly write the same by chance."""
LONG_ELSEWHERE = 24
"""The same for three people anywhere: a thousand answers have half a million pairs to coincide."""
SHARED_AT_SITE, SHARED_ANYWHERE = 2, 3
TOKEN_NUMBER = r"-[^-]*$"
"""What a person's token has after that of the site."""
_CHINESE = r"[\u4e00-\u9fff]"
_NOTHING = re.compile(
    r"(?:我|我们|本人|目前|现在|暂时|一切|各方面|基本上?|总体|都|也|很|挺|非常|还|就"
    r"|没有?|无|什么|啥|任何|其他|别的|特别|需要|意见|建议|想法|问题|困难|要求|解决"
    r"|好|满意|可以|不错|行|谢谢|大家|领导|组织|关心|不知道|不清楚|不了解"
    r"|说不清楚?|想不出来|和|与|的|了|吧|啊|呢)+"
)


def shared_open_answers(responses: pd.DataFrame, verbatims: pd.DataFrame) -> pd.Series:
    """Return how many of a person's open answers others gave word for word.

    An answer counts where two people of one site share it (12 Chinese characters or more), or
    three anywhere (24 or more); marks, blanks and width of the characters do not count, nor do
    answers that say nothing (没有什么意见，都挺好的). Who wrote it first is not known, so each of
    them is counted.

    Parameters
    ----------
    responses : DataFrame, one row per response; `respondent`, `site` and `person` are read
    verbatims : DataFrame, one row per open answer: respondent, question, text

    Returns
    -------
    Series of int, same index as `responses`
    """
    about = _about(responses)
    said = verbatims[["respondent", "question"]].assign(
        text=verbatims["text"].map(_bare).astype("str"),
        who=verbatims["respondent"].map(about["who"]),
        site=verbatims["respondent"].map(about["site"]),
    )
    length = said["text"].str.count(_CHINESE)
    said = said[(length >= LONG) & ~said["text"].str.fullmatch(_NOTHING).astype(bool)]
    anywhere = said.groupby(["question", "text"])["who"].transform("nunique")
    # Where the site is not known, groupby leaves the row out, and nobody shares its site.
    at_site = said.groupby(["question", "text", "site"])["who"].transform("nunique")
    shared = (at_site >= SHARED_AT_SITE) | (
        (anywhere >= SHARED_ANYWHERE) & (length[said.index] >= LONG_ELSEWHERE)
    )
    counts = said[shared].groupby("respondent").size()
    return responses["respondent"].map(counts).fillna(0).astype(int)


def _about(responses: pd.DataFrame) -> pd.DataFrame:
    """Return who answered, by respondent: the person (who may have submitted twice) and the site.

    Where the export names no site, it is the person's token without the number at its end.
    """
    person = responses["person"].astype("str")
    token = person.str.replace(TOKEN_NUMBER, "", regex=True)
    about = pd.DataFrame(
        {
            "who": person.fillna(responses["respondent"]),
            "site": responses["site"].astype("str").fillna(token),
        }
    ).set_axis(responses["respondent"])
    return about[~about.index.duplicated()]


def _bare(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isalnum())
