"""The csv of 腾讯问卷: ``编号,开始答题时间,结束答题时间,答题时长,1.题目``.

Times are those of Beijing, the duration is in seconds. How several chosen options are written is
not known from any file seen: inference decides, and a note says so.
"""

from collections import Counter
from dataclasses import replace

import pandas as pd

from pipeline.privacy.contacts import is_contact_header
from pipeline.responses.described import Aside, Column, Described, Item, Role
from pipeline.responses.layouts.wjx_text import duration, moment
from pipeline.responses.layouts.wording import NUMBERED
from pipeline.responses.systems import System
from pipeline.responses.systems.headers import with_unique_headers
from pipeline.responses.table import RawTable

KEY, STARTED, ENDED, LASTED = "编号", "开始答题时间", "结束答题时间", "答题时长"
ABOUT: dict[str, tuple[Role, str]] = {
    KEY: ("key", "腾讯问卷给每份答卷的编号。"),
    STARTED: ("start", "开始答题的时间（北京时间）。"),
    ENDED: ("end", "结束答题的时间（北京时间）。"),
    LASTED: ("seconds", "答题用时，以秒计。"),
    "答题者昵称": ("contact", "填答者的昵称，属个人信息，不读入。"),
    "用户IP": ("contact", "IP 地址，属个人信息，不读入。"),
    "IP": ("contact", "IP 地址，属个人信息，不读入。"),
    "地理位置": ("metadata", "由 IP 推断的地区，由腾讯问卷记录。"),
    "来源": ("metadata", "答卷来自哪个渠道，由腾讯问卷记录。"),
    "渠道": ("metadata", "答卷来自哪个渠道，由腾讯问卷记录。"),
    "用户类型": ("metadata", "由腾讯问卷记录。"),
    "总分": ("derived", "腾讯问卷算出的总分，不是题目。"),
}
SEVERAL = "腾讯问卷的多选题怎样写进一格，没有样本可对照；多选题是从内容推断的，请逐题核对。"
LEAST_SIGNS = 2


def _signs(table: RawTable) -> str:
    found = [header for header in (KEY, STARTED, ENDED, LASTED) if header in table.headers]
    if len(found) < LEAST_SIGNS or found == [KEY]:
        return ""
    if not any(header in found for header in (STARTED, ENDED, LASTED)):
        return ""
    return f"有列 {'、'.join(found)}：是腾讯问卷的导出。"


def _tidied(table: RawTable) -> RawTable:
    table = with_unique_headers(table)
    cells = table.cells.copy()
    for header, change in ((STARTED, moment), (ENDED, moment), (LASTED, duration)):
        if header in cells:
            told = {cell: change(cell) for cell in cells[header].unique()}
            cells[header] = cells[header].map(told).astype("str")
    return replace(table, cells=cells)


def _described(table: RawTable) -> Described:
    items: list[Item] = []
    asides: list[Aside] = []
    numbered = {header: found for header in table.headers if (found := NUMBERED.fullmatch(header))}
    times = Counter(found[1] for found in numbered.values())
    for header in table.headers:
        if header in ABOUT:
            role, why = ABOUT[header]
            empty = role != "contact" and _is_empty(table.cells[header])
            asides.append(
                Aside(header, "empty" if empty else role, "整列是空的。" if empty else why)
            )
        elif header in numbered:
            number, text = numbered[header][1], numbered[header][2].strip()
            several = times[number] > 1
            name = f"Q{number}_{len([1 for i in items if i.group == f'Q{number}']) + 1}"
            items.append(
                Item(
                    text or header,
                    Column(header),
                    name if several else f"Q{number}",
                    group=f"Q{number}" if several else "",
                )
            )
        elif is_contact_header(header):
            asides.append(Aside(header, "contact", "列名是个人信息，不读入。"))
    return Described(tuple(items), tuple(asides), notes=(SEVERAL,) if items else ())


def _is_empty(cells: pd.Series) -> bool:
    return bool((cells.str.strip() == "").all())


SYSTEM = System("tencent", "腾讯问卷", _signs, _tidied, _described)
