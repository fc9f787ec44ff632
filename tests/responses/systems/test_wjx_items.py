"""What a column of one option is, by what stands in it."""

import pytest

from pipeline.responses.described import Ticks
from pipeline.responses.systems import wjx_index
from tests.responses.systems.tables import delivered


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ((("1", "0"), ("0", "1")), "multiple_choice"),
        ((("1", "2"), ("2", "1")), "number"),
        ((("5", "5"), ("1", "4")), None),
    ],
)
def test_contents_decide(cells: tuple[tuple[str, str], ...], kind: str | None) -> None:
    rows = [[str(n), *row] for n, row in enumerate(cells)]
    table = delivered(["序号", "3、(鲁迅)", "3、(巴金)"], *rows)
    items = wjx_index.SYSTEM.described(wjx_index.SYSTEM.tidied(table)).items
    assert items[0].kind == kind
    assert isinstance(items[0].where, Ticks) == (kind == "multiple_choice")
