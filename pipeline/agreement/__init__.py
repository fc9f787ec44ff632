"""How far coders and raters agree, and tests on ranks that need no sample design.

Every result tells how many units it rests on; a unit with a missing value does not count.
"""

from pipeline.agreement.intraclass import IntraclassCorrelations, icc
from pipeline.agreement.kappa import Kappa, cohen_kappa
from pipeline.agreement.krippendorff import Metric, krippendorff_alpha
from pipeline.agreement.ranks import (
    KendallW,
    RankTest,
    Spearman,
    friedman,
    kendall_w,
    kruskal_wallis,
    spearman,
)

__all__ = [
    "IntraclassCorrelations",
    "Kappa",
    "KendallW",
    "Metric",
    "RankTest",
    "Spearman",
    "cohen_kappa",
    "friedman",
    "icc",
    "kendall_w",
    "krippendorff_alpha",
    "kruskal_wallis",
    "spearman",
]
