"""What the exports of ODK and of KoBo have in common: columns of an XForm.

Groups are joined to a question's name by ``-`` or ``/``. A select_multiple is one column of names
between blanks, and may have 0/1 columns ``question/choice`` besides; R's ``read.csv`` makes a dot
of the slash. Where both are there the 0/1 columns count: data cleaning edits them and forgets the
joined text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.responses.described import Aside, Column, Item, Joined, Ticks
from pipeline.responses.systems.columns import Known, bare, contents, given, is_numeric
from pipeline.responses.systems.ticks import ONLY_CODES, binary, is_ticked, multiple_choice

_READ_BY_R = re.compile(r"^(?:X\.U\.FEFF\.|\ufeff|X(?=_))")
_PLACE = Known("contact", "定位，可以认出人。")
_DEVICE = Known("contact", "设备或采集人，可以认出人。")
OWN: Mapping[str, Known] = {
    "start": Known("start", "开始填写的时间。"),
    "end": Known("end", "填完的时间。"),
    "today": Known("date", "填写的日期。"),
    "deviceid": _DEVICE,
    "DeviceID": _DEVICE,
    "devicephonenum": _DEVICE,
    "phonenumber": _DEVICE,
    "simserial": _DEVICE,
    "subscriberid": _DEVICE,
    "username": _DEVICE,
    "email": Known("contact", "电子邮箱。"),
    "instanceName": Known("identifier", "答卷的名称，由答案拼成。"),
}
_NAME = re.compile(r"[A-Za-z0-9_.:+\-]{1,80}")
_FEWEST_OPTIONS = 2
_MOST_OPTIONS = 60


@dataclass(frozen=True, slots=True)
class Found:
    """What an XForm's names give away."""

    items: tuple[Item, ...]
    asides: tuple[Aside, ...]
    notes: tuple[str, ...]


def plain(header: str) -> str:
    """Return a header as the system wrote it: without a BOM and the X that R puts first."""
    return _READ_BY_R.sub("", header)


def stem(header: str, joints: str) -> str:
    """Return a header without its groups: ``g1/hh/q05`` -> ``q05``."""
    name = plain(header)
    cut = max(name.rfind(joint) for joint in joints)
    return name[cut + 1 :] or name


def is_place(header: str, headers: Sequence[str], joints: str) -> Known | None:
    """Return what a column is that an export makes of a place; None where it is none."""
    for ending in ("latitude", "longitude", "altitude", "precision", "accuracy"):
        name = bare(stem(header, joints))
        if not name.endswith(ending):
            continue
        root = header[: -len(ending)]
        if sum(one.startswith(root) for one in headers) > 2:
            return _PLACE
    return None


def questions(cells: pd.DataFrame, headers: Sequence[str], joints: str) -> Found:
    """Return the multiple choices among `headers`, and the words typed beside a choice.

    Questions in one column are left out.
    """
    items: list[Item] = []
    asides: list[Aside] = []
    differing: list[str] = []
    for question, options in _splits(cells, headers):
        ticks = binary(cells, options)
        if ticks is None:
            continue
        name = stem(question, joints)
        items.append(_item(cells, ticks, name, question in cells.columns))
        if question in cells.columns:
            asides.append(
                Aside(question, "derived", "多选题的合并列，与 0/1 列重复，以 0/1 列为准。")
            )
            if differ := _differing(cells[question], cells, ticks):
                differing.append(f"{name}（{differ} 份）")
    taken = {header for item in items for header in item.headers} | {a.header for a in asides}
    left = [header for header in headers if header not in taken]
    typed = list(_typed(cells, left, headers, joints))
    said = {header for item in typed for header in item.headers}
    items += [*typed, *_joined(cells, [h for h in left if h not in said], joints)]
    order = {header: place for place, header in enumerate(cells.columns)}
    items.sort(key=lambda item: order[item.headers[0]])
    told = "这些多选题的合并列与 0/1 列不一致，以 0/1 列为准：" + "、".join(differing) + "。"
    return Found(tuple(items), tuple(asides), (told,) if differing else ())


def _splits(cells: pd.DataFrame, headers: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each question that has 0/1 columns, with column -> name of its option.

    Without a joined column, columns below one name are options only where all of them are 0/1.
    """
    below: dict[str, dict[str, str]] = {}
    present = set(headers)
    for header in headers:
        for joint in ("/", "."):
            question, found, option = header.rpartition(joint)
            # A dot may be part of an option's name: the longest name that is a column counts.
            while joint == "." and found and question not in present and "." in question:
                question, _, more = question.rpartition(".")
                option = f"{more}.{option}"
            if found and option and (question in present or joint == "/"):
                below.setdefault(question, {})[header] = option
                break
    for question, options in below.items():
        if question not in options and len(options) >= _FEWEST_OPTIONS:
            yield question, options


def _item(cells: pd.DataFrame, ticks: Ticks, name: str, whole: bool) -> Item:
    guessed = [ONLY_CODES]
    if not whole:
        guessed.append("没有合并列，只因各列都是 0/1 才看作同一道多选题。")
    return multiple_choice(cells, ticks, name, name=name, guessed=guessed)


def _differing(joined: pd.Series, cells: pd.DataFrame, ticks: Ticks) -> int:
    """Return for how many responses the joined column names other options than the 0/1 columns."""
    said = given(joined).map(lambda text: frozenset(_mangled(word) for word in text.split()))
    chosen = is_ticked(cells, ticks)
    keys = [_mangled(key) for key in chosen.columns]
    told = [
        frozenset(key for key, yes in zip(keys, row, strict=True) if yes)
        for row in chosen.to_numpy()
    ]
    return sum(a != b for a, b in zip(said, told, strict=True))


def _mangled(name: str) -> str:
    """Return an option's name as R writes it in a header: dots for all other signs."""
    return re.sub(r"[^\w.]", ".", name)


def _joined(cells: pd.DataFrame, headers: Sequence[str], joints: str) -> Iterator[Item]:
    """Yield multiple choices without 0/1 columns: the same names again between blanks."""
    for header in headers:
        found = contents(cells[header])
        several = [word for word in found if " " in word]
        names = {name for word in found for name in word.split()}
        if not several or not 1 < len(names) <= _MOST_OPTIONS:
            continue
        if not all(_NAME.fullmatch(name) for name in names) or is_numeric(found):
            continue
        alone = {word for word in found if " " not in word}
        repeated = sum(len(set(word.split())) == len(word.split()) for word in found)
        if len(names) > len(found) or repeated < len(found) or not alone & names:
            continue
        name = stem(header, joints)
        yield Item(
            name,
            Joined(header, " "),
            name,
            "multiple_choice",
            guessed=("格中是以空格相连的代码，看作多选题。", ONLY_CODES),
        )


def _typed(
    cells: pd.DataFrame, left: Sequence[str], headers: Sequence[str], joints: str
) -> Iterator[Item]:
    """Yield the words of ``q_other`` beside a question ``q``."""
    stems = {stem(header, joints) for header in headers}
    for header in left:
        name = stem(header, joints)
        question = re.sub(r"_(?:other|oth|specify|other_specify|autre)$", "", name, flags=re.I)
        if question == name or question not in stems:
            continue
        found = contents(cells[header])
        if found and not is_numeric(found):
            yield Item(f"{question}（其他，请注明）", Column(header), name, "open_ended")
