"""The csv that a form server (ODK Central, selects split) delivers, with its contact columns."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from pipeline.questionnaire.blocks import questions_of_block
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.questions import MultipleChoice
from pipeline.simulation.delivery import Delivery, Export
from pipeline.simulation.fiction import fictitious_phone, instance
from pipeline.simulation.submissions import Submission

SENT_AFTER = timedelta(seconds=75)
SERVER = {
    "SubmitterID": "12",
    "SubmitterName": "collect-example",
    "AttachmentsPresent": "0",
    "AttachmentsExpected": "0",
    "Status": "",
    "ReviewState": "",
}


def odk_csv(delivery: Delivery) -> Export:
    """Return the csv: groups before the names, selects split, newest submission first."""
    headers = dict(_headers(delivery.questionnaire))
    rows = [
        {
            **_about(one, number, delivery),
            **dict(_answers(one, delivery.questionnaire, headers)),
            **_server(one, delivery),
        }
        for number, one in enumerate(delivery.submissions)
    ]
    ordered = sorted(rows, key=lambda row: (row["SubmissionDate"], row["KEY"]), reverse=True)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows[0] if rows else [])
    writer.writerows(row.values() for row in ordered)
    survey = delivery.questionnaire.survey
    return Export(
        f"{survey}_{delivery.wave.wave}.csv",
        text.getvalue().encode(),
        tuple(row["KEY"] for row in rows),
        headers | {"person": "person"},
    )


def _about(one: Submission, number: int, delivery: Delivery) -> dict[str, str]:
    held = one.interview
    return {
        "SubmissionDate": _utc(held.end + SENT_AFTER),
        "meta-instanceID": _key(one, delivery),
        "start": held.start.isoformat(timespec="milliseconds"),
        "end": held.end.isoformat(timespec="milliseconds"),
        "mode": delivery.mode,
        "language": "en" if one.english else "zh",
        "site": one.site,
        "person": one.person,
        "respondent_phone": fictitious_phone(number),
        "username": f"team{held.team:02d}@example.invalid",
        "deviceid": f"example:device-{held.team:02d}",
    }


def _answers(
    one: Submission, questionnaire: Questionnaire, headers: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for question in questionnaire.questions:
        header, given = headers[question.name], one.answers.get(question.name, "")
        yield header, given
        if isinstance(question, MultipleChoice):
            for choice in question.choices:
                ticked = str(int(choice.exported_as in given.split())) if given else ""
                yield f"{header}/{choice.exported_as}", ticked


def _server(one: Submission, delivery: Delivery) -> dict[str, str]:
    return {
        "KEY": _key(one, delivery),
        **SERVER,
        "DeviceID": f"example:device-{one.interview.team:02d}",
        "Edits": "0",
        "FormVersion": delivery.version,
    }


def _headers(questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    for number, section in enumerate(questionnaire.sections, start=1):
        for block in section.questions:
            for question in questions_of_block(block):
                yield question.name, f"g{number}-{question.exported_as}"


def _key(one: Submission, delivery: Delivery) -> str:
    about = (delivery.questionnaire.survey, delivery.wave.wave, one.person, str(one.number))
    return f"uuid:{instance(delivery.luck.seed, *about)}"


def _utc(moment: datetime) -> str:
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
