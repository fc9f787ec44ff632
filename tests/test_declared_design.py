"""A declared design as the tables of the pipeline carry it."""

import pytest
from pydantic import ValidationError

from pipeline.design.declared import DeclaredDesign

WHOLE = DeclaredDesign(
    kind="probability", weight="w", strata=("h", "g"), clusters=("c", "w"), fpc=("N", "M"),
    fpc_meaning="sampling_fraction",
)  # fmt: skip


def test_a_probability_sample_carries_strata_clusters_and_sizes() -> None:
    made = WHOLE.survey_design("base_weight")
    assert made.weight == "base_weight"
    assert made.strata == ("stratum",)
    assert made.clusters == ("psu", "cluster_2")
    assert made.fpc == ("fpc_1", "fpc_2")
    assert made.fpc_meaning == "sampling_fraction"
    assert (made.nest, made.lonely_psu, made.probability_sample) == (True, "adjust", True)
    assert WHOLE.columns == ("w", "h", "g", "c", "N", "M")


@pytest.mark.parametrize("kind", ["undecided", "open"])
def test_any_other_sample_has_a_weight_and_no_errors(kind: str) -> None:
    made = WHOLE.model_copy(update={"kind": kind}).survey_design("base_weight")
    assert (made.weight, made.strata, made.fpc) == ("base_weight", (), ())
    assert not made.probability_sample


def test_without_clusters_each_response_is_its_own() -> None:
    bare = DeclaredDesign(kind="probability")
    assert bare.stages == ("psu",)
    assert bare.survey_design(None).clusters == ("psu",)
    assert (bare.columns, bare.sizes) == ((), ())


def test_what_is_no_design_is_refused() -> None:
    for wrong in ({"kind": "drawn"}, {"stratum": "x"}, {"fpc_meaning": "share"}):
        with pytest.raises(ValidationError):
            DeclaredDesign.model_validate(wrong)
