"""One row of an XLSForm as a question."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from pipeline.forms.xlsform_cells import codes_told, without_unit
from pipeline.i18n import Text
from pipeline.importers.xlsform_choices import Offered, lone, own_words, with_other, yes_no
from pipeline.importers.xlsform_limits import Limits, limits_of
from pipeline.importers.xlsform_reading import Reading
from pipeline.intake.definitions.xlsform import Row
from pipeline.questionnaire.blocks import InRoster
from pipeline.questionnaire.expressions import all_of
from pipeline.questionnaire.questions import (
    Calculated,
    Check,
    Choice,
    Number,
    OpenEnded,
    is_moment,
)

MOMENTS = {"date": "date", "time": "time", "datetime": "datetime"}
SELECTS = {"select_one": "single_choice", "select_multiple": "multiple_choice", "rank": "ranking"}
OUTSIDE = ("select_one_from_file", "select_multiple_from_file", "select_one_external")
ASKED = {*MOMENTS, *SELECTS, *OUTSIDE, "integer", "decimal", "range", "text", "calculate",
         "acknowledge", "hidden", "note"}  # fmt: skip
DECIMALS = 2
_CONFIRMED = {"zh": "确认", "en": "OK", "fr": "OK", "es": "OK"}
_BROKEN = {
    "zh": "这个答案不符合要求，请核对。",
    "en": "This answer does not fit; please check it.",
}
_QUESTION: TypeAdapter[InRoster] = TypeAdapter(InRoster)


def question_of(row: Row, reading: Reading, route: Mapping[str, Any]) -> InRoster | None:
    """Return the question of a row; None where it cannot be one, and then it is told why.

    Parameters
    ----------
    route : `show_if`, if the row has any
    """
    common = {**common_of(row, reading), **route}
    if row.type in SELECTS or row.type == "acknowledge":
        return _choice(row, common, reading)
    if row.type in OUTSIDE:
        reading.left(row, "选项在另外的文件里，先作开放题。")
        return OpenEnded(type="open_ended", **common)
    if row.type in ("integer", "decimal", "range"):
        return _number(row, common, reading)
    if row.type in ("calculate", "hidden"):
        return _calculated(row, common, reading)
    limits = _limits(row, reading)
    if row.type in MOMENTS:
        kind = MOMENTS[row.type]
        bounds = {"earliest": limits.earliest, "latest": limits.latest}
        kept = {key: one for key, one in bounds.items() if is_moment(one, kind)}  # type: ignore[arg-type]
        made: dict[str, Any] = {"type": kind, **kept}
    else:
        made = {"type": "open_ended"}
        if limits.length:
            made["max_length"] = limits.length
    return with_checks(_QUESTION.validate_python({**common, **made}), row, limits, reading)


def common_of(row: Row, reading: Reading) -> dict[str, Any]:
    """Return what every question has, as far as the row says it."""
    said = own_words(row.columns)
    name = reading.name_of(row)
    texts = reading.languages
    first = reading.called.get(row.name) == name  # a later row of that name goes by its new one
    column = said.get("column", row.name if first and row.name != name else "")
    made: dict[str, Any] = {
        "name": name,
        "column": "" if column == "-" else column,
        "text": texts.text(row.labels, row.name),
        "required": "soft" if said.get("soft") == "yes" else reading.required(row),
        "sensitive": said.get("sensitive") == "yes",
        "domain": said.get("domain") == "yes",
    }
    if row.hints:
        made["hint"] = texts.text(row.hints)
    guidance = texts.of_columns(row.columns, "guidance_hint")
    if guidance.zh:
        made["interviewer"] = guidance
    if image := reading.image(row):
        made["image"] = image
    return made


def offered_to(row: Row, reading: Reading) -> Offered | None:
    """Return the choices of a row, mended so that there are two at least; None where none is."""
    offered = reading.lists.get(row.list)
    if row.type == "acknowledge":
        text = reading.languages.said(_CONFIRMED)
        offered = Offered((Choice(code=1, name="OK", text=text),), {"OK": 1})
    elif offered is None and row.list.lower() in ("yes_no", "yesno"):
        offered = yes_no(reading.languages)
        reading.mended(row, f"列表 {row.list} 不在选项表里，按名称补上“是、否”（yes、no）。")
    if offered is None or not offered.choices:
        return None
    if "choice_filter" in row.columns:
        reading.left(
            row, f"choice_filter“{row.columns['choice_filter']}”没有带过来，列出全部选项。"
        )
    if row.other:
        offered = with_other(offered, reading.languages)
    if len(offered.choices) == 1:
        choices = lone("not_chosen", reading.languages, offered.choices)
        if row.type != "acknowledge":
            reading.mended(row, "只有一个选项，补上“没有选”。")
        offered = Offered(choices, {**offered.codes, "not_chosen": choices[-1].code})
    return offered


def _choice(row: Row, common: dict[str, Any], reading: Reading) -> InRoster:
    offered = offered_to(row, reading)
    if offered is None:
        reading.mended(row, f"列表 {row.list or '（未写）'} 没有选项，先作开放题。")
        return OpenEnded(type="open_ended", **common)
    said, limits = own_words(row.columns), _limits(row, reading)
    single = offered.choices[-1].exported_as == "not_chosen"
    made: dict[str, Any] = {"type": "single_choice" if single else SELECTS[row.type]}
    if "randomize=true" in row.columns.get("parameters", "").replace(" ", "").lower():
        made["order"] = "random"
    appearance = row.columns.get("appearance", "")
    if made["type"] == "single_choice" and (said.get("type") == "scale" or "likert" in appearance):
        made |= {"type": "scale", "battery": said.get("battery", "")}
        made["reverse"] = said.get("reverse") == "yes"
    if made["type"] == "multiple_choice":
        made |= {"min_choices": limits.least, "max_choices": limits.most}
    if made["type"] == "ranking" and said.get("places", "").isdecimal():
        made["places"] = max(1, int(said["places"]))
    codes = {offered.codes.get(word) for word in limits.alone}
    made["choices"] = tuple(
        one.model_copy(update={"exclusive": True})
        if one.code in codes and one.missing is None
        else one
        for one in offered.choices
    )
    return with_checks(_QUESTION.validate_python({**common, **made}), row, limits, reading)


def _number(row: Row, common: dict[str, Any], reading: Reading) -> InRoster:
    said = own_words(row.columns)
    decimals = _whole(said.get("decimals", "")) or (DECIMALS if row.type == "decimal" else 0)
    missing = reading.lists.get(said.get("codes", ""), Offered((), {})).choices
    missing = tuple(one for one in missing if one.missing)
    limits = _limits(row, reading, whole=row.type != "decimal", codes=[c.code for c in missing])
    made: dict[str, Any] = {"type": "number", "missing_codes": missing}
    if row.type == "range":
        limits.low, limits.high, decimals = _of_range(row)
    if row.type == "decimal" and "decimals" not in said:
        reading.guess("小数题没有写保留几位，按 2 位。", row)
    low, high = limits.low, limits.high
    if low is not None and high is not None and low > high:
        reading.left(row, f"取值范围自相矛盾：{row.columns.get('constraint', '')}。")
        low = high = None
    made |= {
        "minimum": low,
        "maximum": high,
        "decimals": decimals,
        **_worded(common, missing, reading.languages.kept[0]),
    }
    return with_checks(Number.model_validate({**common, **made}), row, limits, reading)


def _worded(common: Mapping[str, Any], missing: tuple[Choice, ...], first: str) -> dict[str, Text]:
    """Return text and unit, and the hint without what tells of missing codes."""
    made: dict[str, Text] = {}
    texts: dict[str, str] = {}
    units: dict[str, str] = {}
    written: Text = common["text"]
    for language in written.languages:
        texts[language], units[language] = without_unit(written(language))
    if any(units.values()):
        made["text"] = Text.model_validate(texts)
        made["unit"] = _lean({one: said for one, said in units.items() if said}, first)
    if missing and "hint" in common:
        hint: Text = common["hint"]
        kept = {one: hint(one).removesuffix(codes_told(missing, one)).rstrip("\n")
                for one in hint.languages}  # fmt: skip
        left = {one: said for one, said in kept.items() if said}
        made["hint"] = _lean(left, first) if left else Text(zh="")
    return made


def _lean(said: Mapping[str, str], first: str) -> Text:
    """Return a text in its first language, and in those that say something else."""
    basis = said.get(first) or next(iter(said.values()))
    others = {one: words for one, words in said.items() if words != basis and one != first}
    return Text.model_validate({first: basis, **others})


def _of_range(row: Row) -> tuple[float, float, int]:
    """Return the ends of a range and its decimals; by the format 1 to 10 by 1."""
    written = row.columns.get("parameters", "").replace(";", " ").replace(",", " ")
    given = dict(part.split("=", 1) for part in written.split() if "=" in part)
    values = {"start": "1", "end": "10", "step": "1"} | given
    try:
        low, high = sorted((float(values["start"]), float(values["end"])))
        float(values["step"])
    except ValueError:
        return 1, 10, 0
    fractions = [values[key].partition(".")[2].rstrip("0") for key in ("start", "end", "step")]
    return low, high, min(6, max(map(len, fractions)))


def _calculated(row: Row, common: dict[str, Any], reading: Reading) -> InRoster | None:
    value = reading.value(row)
    if value is None:
        return None
    said = own_words(row.columns)
    kept = {key: one for key, one in common.items() if key != "required"}
    kept["show_if"] = all_of(common.get("show_if"), value.show_if)
    bounds = {key: float(said[key]) for key in ("minimum", "maximum") if key in said}
    decimals = _whole(said.get("decimals", ""))
    return Calculated.model_validate(
        {**kept, "type": "calculated", "value": value.value, "decimals": decimals, **bounds,
         **_worded(common, (), reading.languages.kept[0])}
    )  # fmt: skip


def _limits(row: Row, reading: Reading, *, whole: bool = False, codes: Any = ()) -> Limits:
    checks = _whole(own_words(row.columns).get("checks", ""))
    written = row.columns.get("constraint", "")
    return limits_of(written, whole=whole, codes=codes, checks=checks)


def with_checks(question: InRoster, row: Row, limits: Limits, reading: Reading) -> InRoster:
    """Return a question with what its constraint demands beyond its type's own bounds."""
    message = reading.languages.of_columns(row.columns, "constraint_message")
    if not limits.rest:
        if message.zh and "checks" not in row.columns.get("diaoyan", "") and not reading.own:
            reading.note("答案超出范围时由表单自己的话提示，原来的提示语没有带过来。", row)
        return question
    checks: list[Check] = []
    separate = _whole(own_words(row.columns).get("checks", ""))
    groups = [[one] for one in limits.rest] if separate else [limits.rest]
    for at, parts in enumerate(groups):
        holds = reading.constraint(row, question, parts)
        if holds is not None:
            last = at - len(groups)
            said = _line(message, last) if separate else _one_line(message)
            said = said if said.zh else reading.languages.said(_BROKEN)
            checks.append(Check(holds=holds, message=said))
    return question.model_copy(update={"checks": tuple(checks)}) if checks else question


def _one_line(message: Text) -> Text:
    """Return a message without breaks: on our own forms each message has a line."""
    return Text.model_validate({one: " ".join(message(one).split()) for one in message.languages}
                               or {"zh": ""})  # fmt: skip


def _line(message: Text, at: int) -> Text:
    """Return one line of a message in every language."""
    lines = {one: message(one).split("\n") for one in message.languages}
    said = {one: words[at] for one, words in lines.items() if -at <= len(words)}
    return _lean(said, next(iter(said))) if said else Text(zh="")


def _whole(written: str) -> int:
    return int(written) if written.isdecimal() and len(written) < 7 else 0
