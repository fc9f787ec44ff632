"""What open answers speak of: shares of themes and key words, with their standard errors.

The base of a share is the respondents with a usable answer; all other respondents stay in the
table as rows outside that domain, so that the design is kept (domain estimation). Keyness counts
answers and knows no design: it is a screen that picks words worth reading, no test, and what it
picks is no established difference. Its p and q only keep the list short.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.design import SurveyDesign
from pipeline.estimation.domains import ALL
from pipeline.estimation.items import Item
from pipeline.estimation.presentation import presentable
from pipeline.estimation.shares import proportions
from pipeline.i18n import Text, word
from pipeline.questionnaire.codebook import missing_column
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import OpenEnded
from pipeline.text_analysis.coding import Coded, Codeframe, code
from pipeline.text_analysis.keyness import MINIMUM_DOCUMENTS, document_counts, keyness
from pipeline.text_analysis.segment import Segmenter
from pipeline.totals.coding import level_text

THEME_COLUMNS = (
    "id", "kind", "survey", "wave", "question", "theme", "name_zh", "name_en", "problem",
    "keywords", "domain", "domain_value", "n", "n_cell", "share", "standard_error", "low", "high",
    "keyness", "p", "q", "presentable", "why_not", "n_elsewhere",
)  # fmt: skip
_NUMBERS = ("share", "standard_error", "low", "high", "keyness", "p", "q")
_DTYPES = {name: "float64" if name in _NUMBERS else "str" for name in THEME_COLUMNS} | {
    "n": "int64",
    "n_cell": "int64",
    "n_elsewhere": "Int64",
    "presentable": "bool",
}
KEYWORDS_OF_ALL = 30
KEYWORDS_OF_A_GROUP = 10
SCREEN_Q = 0.05
"""Key words with a larger q are not listed."""
_OF_KEYS = ("keyness", "p", "q", "n_elsewhere")
_COVERAGE = ("usable", "noncommittal", "no_answer")


@dataclass(frozen=True, slots=True)
class Theme:
    """What a row of the table stands for: a theme of the frame, a key word, or a kind of answer.

    `indicator` holds one number per respondent: 1 the answer speaks of it, 0 it does not, NaN
    outside the base.
    """

    kind: str
    code: str
    name: Text
    problem: str
    keywords: str
    indicator: np.ndarray


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to one open question, one entry per row of the respondents' table.

    `asked` tells who was asked, `coded` and `words` are None where there is no answer.
    """

    question: str
    asked: np.ndarray
    coded: tuple[Coded | None, ...]
    words: tuple[frozenset[str] | None, ...]

    @property
    def usable(self) -> np.ndarray:
        """Who gave an answer with substance."""
        return np.array([one is not None and one.usable for one in self.coded], dtype=bool)


def theme_table(
    verbatims: pd.DataFrame,
    rows: pd.DataFrame,
    questionnaire: Questionnaire,
    frame: Codeframe,
    segmenter: Segmenter,
    *,
    design: SurveyDesign,
    survey: str,
    wave: str,
) -> pd.DataFrame:
    """Return the shares of themes and key words of every open question, by domain.

    Parameters
    ----------
    verbatims : DataFrame, one row per open answer: respondent, question, text (masked)
    rows : DataFrame, one row per respondent, weighted, and one of weight 0 per silent PSU
        (`respondent` missing); a verbatim of nobody in `rows` (a response in quarantine) is left
        out

    Returns
    -------
    DataFrame in `THEME_COLUMNS`
        kind ``theme``: the themes of the frame; ``keyword``: the most frequent words (domain all)
        and the words picked for a group (`keyness`, a screen); ``coverage``: how many of those
        asked gave a usable answer, one without substance, or none. `n_elsewhere`: of a word of a
        group, answers with it in the other groups; missing elsewhere, never published. By
        question, kind, theme, domain.
    """
    rows = rows.reset_index(drop=True)
    domains = [name for name in questionnaire.domains if name in rows]
    tables = []
    for question in questionnaire.questions:
        if isinstance(question, OpenEnded) and question.name not in questionnaire.in_rosters:
            answers = _answers(verbatims, rows, question, frame, segmenter)
            groups = {name: _levels(rows[name]) for name in domains}
            keys = pd.concat([_common_words(answers), _key_words(answers, groups)])
            for themes, by in (
                (list(_coverage(answers)), [ALL]),
                (list(_themes(answers, frame)), [ALL, *domains]),
            ):
                tables.append(_shares(rows, answers.question, themes, by, design))
            tables.append(_word_shares(rows, answers, keys, [ALL, *domains], design))
    found = _stacked(tables)
    found = presentable(found, {}, probability_sample=design.probability_sample)
    ids = [
        "T-" + hashlib.sha256("|".join((survey, wave, *map(str, key))).encode()).hexdigest()[:10]
        for key in found[["question", "kind", "theme", "domain", "domain_value"]].to_numpy()
    ]
    found = found.assign(id=ids, survey=survey, wave=wave).rename(columns={"value": "share"})
    return found[list(THEME_COLUMNS)].astype(_DTYPES)


def _answers(
    verbatims: pd.DataFrame,
    rows: pd.DataFrame,
    question: OpenEnded,
    frame: Codeframe,
    segmenter: Segmenter,
) -> Answers:
    own = verbatims[verbatims["question"] == question.name].drop_duplicates("respondent")
    by_respondent = dict(zip(own["respondent"], own["text"], strict=True))
    texts = [by_respondent.get(one) for one in rows["respondent"]]
    why = missing_column(question)
    asked = rows["respondent"].notna().to_numpy()
    if why in rows:
        asked = asked & (rows[why] != "not_asked").fillna(False).to_numpy(dtype=bool)
    # Of the frame's words the key words know nothing: 独居老人 counts as 老人 there.
    coder = frame.segmenter(segmenter.lexicon)
    distinct = {text: code(text, frame, coder) for text in dict.fromkeys(own["text"])}
    words = {text: segmenter.keywords(text) for text, one in distinct.items() if one.usable}
    coded = tuple(None if text is None else distinct[text] for text in texts)
    said = tuple(None if text is None else words.get(text) for text in texts)
    return Answers(question.name, asked, coded, said)


def _coverage(answers: Answers) -> Iterator[Theme]:
    given = np.array([one is not None for one in answers.coded], dtype=bool)
    held = {"usable": answers.usable, "noncommittal": given & ~answers.usable, "no_answer": ~given}
    for name in _COVERAGE:
        text = Text(zh=word(f"text_analysis.{name}", "zh"), en=word(f"text_analysis.{name}", "en"))
        indicator = np.where(answers.asked, held[name].astype(float), np.nan)
        yield Theme("coverage", name, text, "", "", indicator)


def _themes(answers: Answers, frame: Codeframe) -> Iterator[Theme]:
    for theme in frame.themes:
        rules = [one.rules.get(theme.code, "") if one else "" for one in answers.coded]
        terms = document_counts(
            [
                frozenset([rule.removeprefix("include:")])
                for rule in rules
                if rule[:8] == "include:"
            ]
        )
        often = sorted(terms, key=lambda term: (-terms[term], term))[:5]
        indicator = np.where(answers.usable, [float(bool(rule)) for rule in rules], np.nan)
        yield Theme("theme", theme.code, theme.name, theme.problem, "、".join(often), indicator)


def _words(answers: Answers, keys: pd.DataFrame) -> Iterator[Theme]:
    for name in sorted(set(keys["theme"])):
        held = [float(words is not None and name in words) for words in answers.words]
        indicator = np.where(answers.usable, held, np.nan)
        yield Theme("keyword", name, Text(zh=name), "", "", indicator)


def _common_words(answers: Answers) -> pd.DataFrame:
    """Return the most frequent words; counted only, there is nothing to set them against."""
    counts = document_counts([words for words in answers.words if words is not None])
    kept = sorted(
        (name for name, count in counts.items() if count >= MINIMUM_DOCUMENTS),
        key=lambda name: (-counts[name], name),
    )[:KEYWORDS_OF_ALL]
    return _keys(kept, ALL, [ALL] * len(kept))


def _key_words(answers: Answers, groups: dict[str, list[str]]) -> pd.DataFrame:
    """Return the words that the screen picks for a group against the rest of its domain."""
    said = [place for place, words in enumerate(answers.words) if words is not None]
    documents = [words for words in answers.words if words is not None]
    tables = [_keys([], ALL, [])]
    for domain, levels in groups.items():
        compared = keyness(documents, [levels[place] for place in said])
        apart = compared[(compared["keyness"] > 0) & (compared["q"] <= SCREEN_Q)]
        top = apart.groupby("group", sort=False).head(KEYWORDS_OF_A_GROUP)
        tables.append(
            _keys(list(top["word"]), domain, list(top["group"])).assign(
                keyness=top["keyness"].to_numpy(),
                p=top["p"].to_numpy(),
                q=top["q"].to_numpy(),
                n_elsewhere=top["count_rest"].to_numpy(dtype=float),
            )
        )
    return pd.concat(tables, ignore_index=True)


def _keys(words: Sequence[str], domain: str, values: Sequence[str]) -> pd.DataFrame:
    table = pd.DataFrame({"theme": words, "domain": domain, "domain_value": values}, dtype="str")
    return table.assign(**dict.fromkeys(_OF_KEYS, np.nan))


def _shares(
    rows: pd.DataFrame,
    question: str,
    themes: Sequence[Theme],
    by: Sequence[str],
    design: SurveyDesign,
) -> pd.DataFrame:
    if not themes or all(np.isnan(theme.indicator).all() for theme in themes):
        return _empty()
    columns = [f"{question}__{theme.kind}_{k}" for k, theme in enumerate(themes)]
    indicators = pd.DataFrame(
        {name: theme.indicator for name, theme in zip(columns, themes, strict=True)}
    )
    shares = proportions(
        pd.concat([rows, indicators], axis=1),
        [
            Item(question, theme.code, (name,), (1,), "proportion")
            for name, theme in zip(columns, themes, strict=True)
        ],
        design=design,
        by=list(by),
        interval="beta_capped",
    )
    described = pd.DataFrame(
        {
            "code": [theme.code for theme in themes],
            "kind": [theme.kind for theme in themes],
            "name_zh": [theme.name.zh for theme in themes],
            "name_en": [theme.name("en") for theme in themes],
            "problem": [theme.problem for theme in themes],
            "keywords": [theme.keywords for theme in themes],
        }
    )
    joined = shares.merge(described, on="code", how="left", validate="many_to_one")
    return joined.rename(columns={"code": "theme"}).assign(**dict.fromkeys(_OF_KEYS, np.nan))


def _word_shares(
    rows: pd.DataFrame,
    answers: Answers,
    keys: pd.DataFrame,
    domains: Sequence[str],
    design: SurveyDesign,
) -> pd.DataFrame:
    """Estimate each word in the groups that it was picked for, by word and domain."""
    tables = []
    for domain in domains:
        picked = keys[keys["domain"] == domain]
        if len(picked):
            shares = _shares(
                rows, answers.question, list(_words(answers, picked)), [domain], design
            )
            bare = shares.drop(columns=list(_OF_KEYS))
            on = ["theme", "domain", "domain_value"]
            tables.append(bare.merge(picked, on=on, how="inner"))
    return _stacked(tables).sort_values("theme", kind="stable")


def _stacked(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat([table for table in tables if len(table)] or [_empty()], ignore_index=True)


def _levels(column: pd.Series) -> list[str]:
    """Return the group of each row as the estimates write it; '' where missing."""
    return ["" if pd.isna(one) else level_text(one) for one in column]


def _empty() -> pd.DataFrame:
    numbers = ("n", "n_cell", "value", "standard_error", "low", "high", "degrees_of_freedom")
    further = ("effective_n", "design_effect", "level", *_OF_KEYS)
    texts = ("kind", "question", "theme", "name_zh", "name_en", "problem", "keywords", "domain")
    more = ("domain_value", "base", "estimand", "interval_method")
    return pd.DataFrame(
        {name: pd.Series(dtype="str") for name in (*texts, *more)}
        | {name: pd.Series(dtype="float64") for name in (*numbers, *further)}
    )
