"""Names and labels by which weights, strata, clusters and population sizes are known."""

import re
from collections.abc import Iterable

from pipeline.intake.cells import Content
from pipeline.responses.cell_words import normal
from pipeline.responses.described import Aside, Role

_WEIGHT_NAME = re.compile(
    r"(?:.*[_.])?(?:w|wt|wgt|wght|weights?|pw|pwt|pweight|poids|gewicht|peso)(?:_?\d{1,2})?"
    r"|\w*(?:wgt|weight|wght)(?:_?\d{1,2})?(?:_\w{1,6})?|wt(?:int|mec|saf|dr|sph)\w*"
    r"|(?:.*_)?(?:final|within|str|strat|samp|base|design|post|rake|rim|pers|hh|full|norm|std|trim|cal|adj"
    r"|an|cell|cntry|pop|prob|rep|d|p|s|f)wts?(?:_?\d{1,2})?(?:_\w{1,6})?"
    r"|.*(?:权重|加权|权数).*"
)
_WEIGHT_LABEL = re.compile(
    r"\bweights?\b|\bweighting\b|\bpond[eé]ration\b|\bpoids\b|权重|加权|权数|inverse probability"
)
_BODY = re.compile(
    r"\bkg\b|kilo|\blbs?\b|pounds?|body|birth|lose|lost|gain|\bcomment\b|体重|\bheight\b"
    r"|current weight|grams?\b"
)
_MEASURED_BODY = re.compile(r"(?:.*[_.])?(?:height|bmi|bmxht|bmxbmi|身高|体重)\d?")
_STRATA_NAME = re.compile(
    r"(?:.*[_.])?(?:strat|strata|stratum|stratid|strat_?id|vstrat|sdmvstra|estrato|str_?id)\d?"
    r"|\w*(?:stratum|strata|vstrat)\w{0,3}|v\d*strat\w*|.*(?:分层|层号|抽样层).*|层"
)
_STRATA_LABEL = re.compile(r"\bstrat(?:um|a|ification)\b|分层变量|抽样层|层号")
_CLUSTER_NAME = re.compile(
    r"(?:.*[_.])?(?:psu|psu_?id|cluster|cluster_?id|clust|clus|ea_?id|ea_?no|primary_?unit|grappe)\d?"
    r"|\w*psu(?:id)?\d?|.*(?:抽样单元|群号|村居编号|村居代码|居委会编号|社区编号).*"
)
_CLUSTER_LABEL = re.compile(
    r"\b(?:pseudo-?psu|psu|cluster|variance unit|sampling unit|enumeration area)\b"
    r"|抽样单元|村居编号"
)
_FPC_NAME = re.compile(
    r"(?:.*[_.])?fpc\w{0,3}|N_?h|pop_?size|stratum_?size|层总数|总体数|总体规模"
)
_FPC_LABEL = re.compile(r"finite population|population size|总体规模|总体数量")

_CHINESE: dict[Role, str] = {
    "weight": "权重",
    "strata": "分层",
    "cluster": "初级抽样单元（群）",
    "fpc": "总体规模",
}


def body_weights(columns: Iterable[Content]) -> frozenset[str]:
    """Return columns called weight that stand beside a height or BMI: they weigh persons."""
    shown = {normal(content.header).casefold(): content.header for content in columns}
    if not any(map(_MEASURED_BODY.fullmatch, shown)):
        return frozenset()
    return frozenset(shown[name] for name in shown if re.fullmatch(r"(?:.*_)?weight\d?", name))


def named_weight(content: Content) -> str:
    """Return why a column is called a weight, '' if it is not; a body's weight is none."""
    if content.labels or not content.is_numeric or _BODY.search(content.words):
        return ""
    positive = all(number >= 0 for number in content.numbers.values()) and any(
        content.numbers.values()
    )
    if not positive:
        return ""
    if _WEIGHT_NAME.fullmatch(normal(content.header).casefold()):
        return f"列名 “{content.header}” 像权重"
    varied = len(content.counts) > 10 and not content.whole
    if varied and _WEIGHT_LABEL.search(normal(content.variable.label).casefold()):
        return f"标签 “{content.variable.label.strip()}” 提到权重"
    return ""


def named_strata(content: Content) -> str:
    """Return why a column is called the strata, '' if it is not."""
    return _named(content, _STRATA_NAME, _STRATA_LABEL, "分层")


def named_cluster(content: Content) -> str:
    """Return why a column is called the clusters, '' if it is not."""
    return _named(content, _CLUSTER_NAME, _CLUSTER_LABEL, "抽样单元")


def named_fpc(content: Content) -> str:
    """Return why a column is called a population size, '' if it is not."""
    if content.labels or not content.is_numeric:
        return ""
    if _FPC_NAME.fullmatch(normal(content.header)) or _FPC_NAME.fullmatch(
        normal(content.header).casefold()
    ):
        return f"列名 “{content.header}” 像总体规模（有限总体校正）"
    if _FPC_LABEL.search(normal(content.variable.label).casefold()):
        return f"标签 “{content.variable.label.strip()}” 提到总体规模"
    return ""


def design_role(content: Content) -> Aside | None:
    """Set a column aside whose name says plainly that it belongs to the sampling design."""
    named: tuple[tuple[Role, str], ...] = (
        ("fpc", named_fpc(content)),
        ("strata", named_strata(content)),
        ("cluster", named_cluster(content)),
        ("weight", named_weight(content)),
    )
    for role, why in named:
        if why:
            said = f"{why}，当作{_CHINESE[role]}，不作题目；是否使用由您决定。"
            return Aside(content.header, role, said)
    return None


def _named(content: Content, names: re.Pattern[str], labels: re.Pattern[str], what: str) -> str:
    """Return why a column is called so by its name, or without value labels by its label."""
    if not content.counts or len(content.counts) == content.rows > 3:
        return ""
    if 0 < len(content.labels) < 3:
        return ""  # "electricity in the PSU: yes, no" is an answer
    if names.fullmatch(normal(content.header).casefold()):
        return f"列名 “{content.header}” 像{what}"
    said = labels.search(normal(content.variable.label).casefold())
    if said and content.whole and not content.labels:
        return f"标签 “{content.variable.label.strip()}” 提到{what}"
    return ""
