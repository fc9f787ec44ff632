"""Weights: from selection and response to the population's counts, and what each step did."""

from pipeline.weighting.base import base_weight, base_weights
from pipeline.weighting.calibration import poststratify, rake
from pipeline.weighting.diagnostics import diagnostics, spread, steps_taken
from pipeline.weighting.generalised import calibrate
from pipeline.weighting.nonresponse import adjust_for_nonresponse
from pipeline.weighting.replication import make_replicates
from pipeline.weighting.trimming import trim

__all__ = [
    "adjust_for_nonresponse", "base_weight", "base_weights", "calibrate", "diagnostics",
    "make_replicates", "poststratify", "rake", "spread", "steps_taken", "trim",
]  # fmt: skip
