"""A regression model in words: what is explained by what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from pipeline.errors import SurveyError
from pipeline.estimation.items import Level

Family = Literal["gaussian", "binomial", "poisson", "gamma"]
Link = Literal["identity", "log", "logit", "probit", "cloglog", "cauchit", "inverse", "sqrt"]
INTERCEPT = "(Intercept)"
CANONICAL: Mapping[Family, Link] = {
    "gaussian": "identity", "binomial": "logit", "poisson": "log", "gamma": "inverse",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Model:
    """What is explained by what.

    Attributes
    ----------
    outcome : a column; of a binomial model 0/1, true/false or two categories (the second is 1)
    terms : a formula such as ``"age + county + age:county"``, or its terms one by one; names that
        are no identifiers stand in backticks (see `quoted`); functions such as ``log(income)`` too
    link : None is the family's canonical link
    offset : a column that is added to the linear predictor
    levels : the categories of a column in order, the reference first; other values count as
        missing. Without it texts are categories in sorted order, a pandas Categorical has its own
        order, and numbers are numbers
    """

    outcome: str
    terms: str | Sequence[str] = ()
    family: Family = "gaussian"
    link: Link | None = None
    intercept: bool = True
    offset: str | None = None
    levels: Mapping[str, Sequence[Level]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, given, known in (
            ("family", self.family, get_args(Family)),
            ("link", self.link, (None, *get_args(Link))),
        ):
            if given not in known:
                raise SurveyError(
                    f"Model.{name}: {given!r} 不可用，可用 {', '.join(map(str, known))}。"
                    "(use one of these)"
                )

    @classmethod
    def of(cls, formula: str, **chosen: Any) -> "Model":
        """Return the model of ``"outcome ~ terms"``; the other fields by name."""
        outcome, separator, terms = formula.partition("~")
        if not separator:
            raise SurveyError(
                f"模型 {formula!r} 缺少 ~，应写成 '结果 ~ 变量'。(write 'outcome ~ terms')"
            )
        return cls(outcome.strip().strip("`"), terms.strip(), **chosen)

    @property
    def chosen_link(self) -> Link:
        return self.link or CANONICAL[self.family]

    @property
    def text(self) -> str:
        """The model as a formula."""
        terms = self.terms if isinstance(self.terms, str) else " + ".join(self.terms)
        return f"{self.outcome} ~ {terms or '1'}"


def quoted(name: str) -> str:
    """Return a column's name as formulas take it."""
    return name if name.isidentifier() else f"`{name}`"


def canonical(term: str) -> str:
    """Return a term's name with its variables in alphabetical order."""
    return ":".join(sorted(term.replace("`", "").split(":")))
