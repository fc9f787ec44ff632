"""The file in which the answers of a wave are delivered, in the layout that its truths name."""

from typing import assert_never

from pipeline.simulation.delivery import Delivery, Export
from pipeline.simulation.export_odk import odk_csv
from pipeline.simulation.export_sav import sav
from pipeline.simulation.export_wjx import wjx_text
from pipeline.simulation.survey_truths import DeliveryLayout


def exported(delivery: Delivery, layout: DeliveryLayout) -> Export:
    """Return the export of a wave's submissions; the same submissions give the same bytes."""
    match layout:
        case "odk_csv":
            return odk_csv(delivery)
        case "wjx_text":
            return wjx_text(delivery)
        case "sav":
            return sav(delivery)
    assert_never(layout)
