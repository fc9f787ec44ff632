"""How a sample was drawn and calibrated: what a standard error has to know."""

from pipeline.design.record import design_from_json, design_to_json, read_design
from pipeline.design.steps import (
    INTERCEPT,
    Calibrate,
    CalibrationStep,
    Distance,
    Poststratify,
    Rake,
    Trim,
)
from pipeline.design.survey_design import ColumnOrCrossed, FpcMeaning, LonelyPsu, SurveyDesign
from pipeline.design.variance_rules import Pps, Replicates

__all__ = [
    "INTERCEPT", "Calibrate", "CalibrationStep", "ColumnOrCrossed", "Distance", "FpcMeaning",
    "LonelyPsu", "Poststratify", "Pps", "Rake", "Replicates", "SurveyDesign", "Trim",
    "design_from_json", "design_to_json", "read_design",
]  # fmt: skip
