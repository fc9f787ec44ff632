"""diaoyan (调研): from questionnaires to audited findings and problem lists.

The public names are loaded when they are first used, so that a command's help needs no statistics.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "Study": "pipeline.study",
    "SurveyDesign": "pipeline.design",
    "Pps": "pipeline.design",
    "Replicates": "pipeline.design",
    "SurveyError": "pipeline.errors",
}

__all__ = ["Pps", "Replicates", "Study", "SurveyDesign", "SurveyError"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
