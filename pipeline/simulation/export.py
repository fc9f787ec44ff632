"""The csv that a form server (ODK Central, selects split) would deliver for the simulated answers.

Contact columns are filled with numbers and names that are plainly nobody's, to show that they are
dropped on the way in.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta

import pandas as pd

from pipeline.questionnaire.model import MultipleChoice, Questionnaire
from pipeline.simulation.fieldwork import Interview

ABOUT = (
    "SubmissionDate",
    "meta-instanceID",
    "start",
    "end",
    "mode",
    "language",
    "site",
    "person",
    "respondent_phone",
    "username",
    "deviceid",
)
SERVER = {
    "SubmitterID": "12",
    "SubmitterName": "collect-example",
    "AttachmentsPresent": "0",
    "AttachmentsExpected": "0",
    "Status": "",
    "ReviewState": "",
    "DeviceID": "",
    "Edits": "0",
}


def export_rows(
    cells: pd.DataFrame,
    persons: Sequence[str],
    sites: Sequence[str],
    held: Sequence[Interview],
    english: Sequence[bool],
    seed: int,
) -> pd.DataFrame:
    """Return one row per interview: columns about it, then the answers by question name.

    The rows still lack what only the finished file has (``finished``): faults are planted here.
    """
    keys = [f"uuid:{instance(seed, person, 1)}" for person in persons]
    about = pd.DataFrame(
        {
            "SubmissionDate": [_utc(one) for one in held],
            "meta-instanceID": keys,
            "start": [one.start.isoformat(timespec="milliseconds") for one in held],
            "end": [_end(one) for one in held],
            "mode": "capi",
            "language": ["en" if flag else "zh" for flag in english],
            "site": list(sites),
            "person": list(persons),
            "respondent_phone": [fictitious_phone(n) for n in range(len(held))],
            "username": [f"team{one.team:02d}@example.invalid" for one in held],
            "deviceid": [f"example:device-{one.team:02d}" for one in held],
        }
    )
    return pd.concat([about, cells.reset_index(drop=True)], axis=1)


def finished(rows: pd.DataFrame, questionnaire: Questionnaire, version: str) -> pd.DataFrame:
    """Return the export: groups before the names, selects split, newest submission first."""
    columns: dict[str, pd.Series] = {name: rows[name] for name in ABOUT}
    for number, section in enumerate(questionnaire.sections, start=1):
        for question in section.questions:
            header, given = f"g{number}-{question.exported_as}", rows[question.name]
            columns[header] = given
            if isinstance(question, MultipleChoice):
                for choice in question.choices:
                    columns[f"{header}/{choice.exported_as}"] = _ticks(given, choice.exported_as)
    columns["KEY"] = rows["meta-instanceID"]
    for name, value in SERVER.items():
        columns[name] = pd.Series(value, index=rows.index, dtype="str")
    columns["DeviceID"] = rows["deviceid"]
    columns["FormVersion"] = pd.Series(version, index=rows.index, dtype="str")
    table = pd.DataFrame(columns)
    return table.sort_values(["SubmissionDate", "KEY"], ascending=False, ignore_index=True)


def correction_header() -> tuple[str, ...]:
    """Return the columns of ``corrections.csv``."""
    return ("key", "column", "old", "new", "reason", "who")


def instance(seed: int, person: str, number: int) -> str:
    """Return the id of a person's n-th submission, formed like a random UUID."""
    digest = hashlib.sha256(f"{seed}|{person}|{number}".encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"


def fictitious_phone(number: int) -> str:
    """Return a mobile number of a series that nobody holds."""
    return f"138000{number % 100000:05d}"


def moved(interview: Interview, *, seconds: float | None = None, hours: int = 0) -> dict[str, str]:
    """Return the time cells of an interview held some hours later or in other seconds."""
    length = interview.seconds if seconds is None else seconds
    other = Interview(interview.start + timedelta(hours=hours), length, interview.team)
    start = other.start.isoformat(timespec="milliseconds")
    return {"start": start, "end": _end(other), "SubmissionDate": _utc(other)}


def header_of(questionnaire: Questionnaire, name: str) -> str:
    """Return the export's header of a question."""
    return next(_headers(questionnaire, name))


def _headers(questionnaire: Questionnaire, name: str) -> Iterator[str]:
    for number, section in enumerate(questionnaire.sections, start=1):
        for question in section.questions:
            if question.name == name:
                yield f"g{number}-{question.exported_as}"


def _ticks(given: pd.Series, word: str) -> pd.Series:
    return given.map(lambda text: "" if text == "" else str(int(word in text.split())))


def _end(interview: Interview) -> str:
    end = interview.start + timedelta(seconds=interview.seconds)
    return end.isoformat(timespec="milliseconds")


def _utc(interview: Interview) -> str:
    sent = interview.start + timedelta(seconds=interview.seconds + 75)
    text = sent.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
