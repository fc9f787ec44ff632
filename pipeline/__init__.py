"""diaoyan (调研): from questionnaires to audited findings and problem lists.

The public names are loaded when they are first used, so that a command's help needs no statistics.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "ParquetRows": "pipeline.totals.parquet",
    "Study": "pipeline.study",
    "Survey": "pipeline.reporting.survey",
    "SurveyDesign": "pipeline.design",
    "Pps": "pipeline.design",
    "Replicates": "pipeline.design",
    "SurveyError": "pipeline.errors",
}

__all__ = ["ParquetRows", "Pps", "Replicates", "Study", "Survey", "SurveyDesign", "SurveyError"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
