"""Which layout a delivered table has, told by the table itself."""

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.errors import Fault, ResponseError, gathered
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses.layouts import Layout, Spoken, data_entry, odk_csv, sav, wjx_text
from pipeline.responses.layouts.wording import NUMBERED
from pipeline.responses.table import RawTable

SHOWN_HEADERS = 8
SPSS = (".sav", ".zsav")


@dataclass(frozen=True, slots=True)
class Kind:
    """A layout that can be read: what tells it, and how its answers are found.

    Attributes
    ----------
    looked_for : what the table must have to be of this layout, for people
    has_signs : tells whether a table has it
    locate : finds the questions in a table of this layout
    """

    name: str
    looked_for: str
    has_signs: Callable[[RawTable], bool]
    locate: Callable[[RawTable, Questionnaire], Layout]


KINDS = (
    Kind("sav", "SPSS 的 .sav", lambda table: table.path.suffix.lower() in SPSS, sav.locate),
    Kind(
        data_entry.NAME,
        f"diaoyan form 生成的录入表：列 {data_entry.KEY} 和“问卷版本 …”",
        lambda table: data_entry.is_data_entry(table.headers),
        lambda table, asked: data_entry.locate(table.source, table.headers, asked),
    ),
    Kind(
        wjx_text.NAME,
        f"问卷星“按文本”：列 {wjx_text.KEY} 和以 1、题干 为列名的题目",
        lambda table: (
            wjx_text.KEY in table.headers and any(map(NUMBERED.fullmatch, table.headers))
        ),
        lambda table, asked: wjx_text.locate(table.source, table.headers, asked),
    ),
    Kind(
        "odk_csv",
        f"ODK/KoBo 的 CSV：列 {'、'.join(odk_csv.KEYS[:2])} 或 _uuid",
        lambda table: odk_csv.key_of(table.headers) is not None,
        lambda table, asked: odk_csv.locate(table.source, table.headers, asked),
    ),
)


def recognise(table: RawTable) -> Kind:
    """Return the layout of a table.

    Raises
    ------
    ResponseError
        If it is none of those that can be read: what was looked for, and what stands there.
    """
    if any(map(wjx_text.BY_NUMBER.fullmatch, table.headers)):
        raise ResponseError(
            f"{table.source}: 这是问卷星“按序号”的导出（有 第6题(选项) 这样的列）。"
            "请改选“按文本”下载。(this is the export by numbers; download the answers as text)"
        )
    for kind in KINDS:
        if kind.has_signs(table):
            return kind
    shown = "、".join(table.headers[:SHOWN_HEADERS])
    more = "……" if len(table.headers) > SHOWN_HEADERS else ""
    raise ResponseError(
        f"{table.source}: 认不出是哪个系统的导出。找过：{'；'.join(k.looked_for for k in KINDS)}。"
        f"第一行是 {shown}{more}。请用系统的导出功能重新导出，不要改动表头。"
        "(unknown layout; export again and leave the header as it is)"
    )


def locate(table: RawTable, questionnaire: Questionnaire) -> Layout:
    """Find every question of the questionnaire in a delivered table.

    Raises
    ------
    ResponseError
        As `recognise` and the layout's own ``locate``; or a column that is needed stands there
        more than once.
    """
    layout = recognise(table).locate(table, questionnaire)
    headers = table.headers
    faults = [
        Fault(
            f"第 1 行 (line 1), 列 {header!r}",
            f"这个列名出现 {headers.count(header)} 次。",
            "请改成不同的名字。(duplicate header)",
        )
        for header in dict.fromkeys(layout.headers().values())
        if headers.count(header) > 1
    ]
    if faults:
        raise ResponseError(gathered(table.source, faults))
    return layout


def spoken(table: RawTable, layout: Layout, questionnaire: Questionnaire) -> Spoken:
    """Return a table's answers by name, whatever words its layout writes them in."""
    if layout.name == wjx_text.NAME:
        return wjx_text.spoken(table, layout, questionnaire)
    return Spoken(table)
