"""The rows of an XLSForm as groups within groups."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.importers.xlsform_choices import own_words
from pipeline.intake.definitions.xlsform import Row

GROUPS = ("begin_group", "begin_repeat")
TABLE = ("table-list", "kobomatrix")


@dataclass(frozen=True, slots=True)
class Node:
    """A row, and the rows of the group that it opens."""

    row: Row
    inside: list["Node"] = field(default_factory=list)

    @property
    def is_group(self) -> bool:
        """Whether it is a group that is gone through once."""
        return self.row.type == "begin_group"

    @property
    def is_table(self) -> bool:
        """Whether it is a group whose questions are rows of one table, and nothing else."""
        columns = self.row.columns
        wanted = (
            own_words(columns).get("type") == "matrix"
            or any(one in columns.get("appearance", "") for one in TABLE)
            or columns.get("type", "").startswith("begin_kobomatrix")
        )
        return self.is_group and wanted and alike([node.row for node in self.inside])

    @property
    def rows(self) -> Iterator[Row]:
        """The rows inside, of whatever depth."""
        for node in self.inside:
            yield node.row
            yield from node.rows


def tree_of(rows: Sequence[Row]) -> list[Node]:
    """Return the rows that stand in no group, each with what stands in it."""
    top: list[Node] = []
    known: dict[int, Node] = {}
    for row in rows:
        node = Node(row)
        place = known[row.within[-1]].inside if row.within else top
        place.append(node)
        if row.type in GROUPS:
            known[row.line] = node
    return top


def alike(rows: Sequence[Row]) -> bool:
    """Tell whether rows choose from one list in one way, so that they fit into one table."""
    return len({(row.type, row.list) for row in rows}) == 1 and all(
        row.type in ("select_one", "select_multiple")
        and not row.other
        and bool(row.name)
        and "choice_filter" not in row.columns
        for row in rows
    )


def tables_in(nodes: Sequence[Node]) -> Iterator[Node | list[Node]]:
    """Yield nodes; rows that are shown as a table below a row of labels, as one list.

    The row of labels (``appearance: label``) is the head of the table and asks nothing.
    """
    at = 0
    while at < len(nodes):
        run = [nodes[at]]
        if nodes[at].row.columns.get("appearance", "") == "label":
            for node in nodes[at + 1 :]:
                if node.row.columns.get("appearance", "") != "list-nolabel":
                    break
                run.append(node)
        if len(run) > 1 and alike([node.row for node in run]):
            yield run
        else:
            run = run[:1]
            yield run[0]
        at += len(run)
