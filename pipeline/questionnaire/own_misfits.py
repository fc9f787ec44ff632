"""What of one question or block does not fit together by itself, whatever stands around it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.questionnaire.misfits import Misfit
from pipeline.questionnaire.parts import Measure

if TYPE_CHECKING:
    from pipeline.questionnaire.blocks import Matrix, Roster
    from pipeline.questionnaire.questions import Choice


def repeated(choices: "tuple[Choice, ...]", whose: str) -> Iterator[Misfit]:
    """Yield the choices that share a code or an export name with one before them."""
    codes: set[int] = set()
    words: set[str] = set()
    for at, choice in enumerate(choices):
        place = ("choices", at, "code")
        if choice.code in codes:
            yield Misfit(
                place, f"{whose} use a code twice", f"编码 {choice.code} 用了两次。",
                "一个编码只给一个选项，请改其中一个。(one code for one choice)",
            )  # fmt: skip
        elif choice.exported_as in words:
            yield Misfit(
                (*place[:2], "name") if choice.name else place,
                f"{whose} use an export name twice", f"导出名 {choice.exported_as} 用了两次。",
                "请改其中一个 name。(change one of them)",
            )  # fmt: skip
        codes.add(choice.code)
        words.add(choice.exported_as)


def unknown_unfavourable(
    measure: Measure | None, substantive: "tuple[Choice, ...]", whose: str
) -> Iterator[Misfit]:
    """Yield that a measure counts codes which no substantive choice has, if it does."""
    known = {choice.code for choice in substantive}
    if measure is not None and (unknown := sorted(set(measure.unfavourable) - known)):
        yield Misfit(
            ("measure", "unfavourable"),
            f"measure.unfavourable of {whose} names {unknown}, "
            f"which are no substantive codes of the question",
            f"这道题没有编码 {'、'.join(map(str, unknown))}，或是缺失编码。",
            f"可用的编码：{'、'.join(map(str, sorted(known)))}。(use a code of the question)",
        )


def wrong_rows(matrix: "Matrix") -> Iterator[Misfit]:
    """Yield what the rows, the choices and the kind of a matrix contradict."""
    yield from repeated(matrix.choices, f"the choices of {matrix.name}")
    if matrix.cells != "scale" and (matrix.battery or any(item.reverse for item in matrix.items)):
        yield Misfit(
            ("cells",), f"{matrix.name}: battery and reverse are for `cells: scale`",
            "battery 和 reverse 只用于 cells: scale。",
        )  # fmt: skip
    if matrix.cells != "multiple_choice" and (
        matrix.min_choices or matrix.max_choices is not None
    ):
        yield Misfit(
            ("cells",), f"{matrix.name}: min_choices, max_choices are for multiple_choice",
            "min_choices 和 max_choices 只用于 cells: multiple_choice。",
        )  # fmt: skip
    for at, choice in enumerate(matrix.choices):
        if choice.specify:
            yield Misfit(
                ("choices", at, "specify"),
                f"{matrix.name}: the choices of a matrix cannot ask to specify",
                "矩阵题的选项不能要求注明（specify）。",
                "请去掉 specify，另加一道开放题。(use an open question)",
            )
    substantive = tuple(choice for choice in matrix.choices if choice.missing is None)
    for at, item in enumerate(matrix.items):
        for found in unknown_unfavourable(item.measure, substantive, item.name):
            yield found.inside(("items", at))


def wrong_entries(roster: "Roster") -> Iterator[Misfit]:
    """Yield what a roster's limits and questions contradict."""
    if roster.minimum > roster.maximum:
        yield Misfit(
            ("minimum",), f"{roster.name}: minimum is above maximum", "minimum 大于 maximum。"
        )
    measured = [at for at, q in enumerate(roster.questions) if q.measure or q.domain]
    names = [roster.questions[at].name for at in measured]
    for at in measured:
        yield Misfit(
            ("questions", at, "measure" if roster.questions[at].measure else "domain"),
            f"{roster.name}: measure and domain are for questions asked once: {names}",
            "measure 和 domain 只用于只问一次的题，不能用在 roster 里。",
        )
