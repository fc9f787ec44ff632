from dataclasses import replace

from pipeline.intake.breakdowns import with_breakdowns
from pipeline.intake.cells import contents
from pipeline.intake.inference import inferred
from pipeline.responses.described import Described
from tests.intake.tables import table_of

ROWS = 40
TRAITS = {
    "访员性别": ["男", "女"] * (ROWS // 2),
    "性别": ["男", "女"] * (ROWS // 2),
    "年龄段": ["18-29", "30-44", "45-59", "60+"] * (ROWS // 4),
    "学历": ["小学", "初中"] * (ROWS // 2),
    "职业": ["工人", "农民", "", ""] * (ROWS // 4),
    "收入": ["低", "高"] * (ROWS // 2),
    "喜欢的颜色": ["红", "蓝"] * (ROWS // 2),
}


def test_at_most_three_traits_of_the_person_are_chosen_and_marked() -> None:
    found = inferred(table_of(TRAITS), Described())
    chosen = [item for item in found.items if item.domain]
    assert [item.headers[0] for item in chosen] == ["性别", "年龄段", "学历"]
    assert all("分组变量" in item.guessed[-1] for item in chosen)


def test_what_people_chose_stays() -> None:
    table = table_of(TRAITS)
    items = inferred(table, Described()).items
    chosen = [replace(item, domain=item.headers[0] == "喜欢的颜色") for item in items]
    assert with_breakdowns(chosen, contents(table)) == tuple(chosen)
