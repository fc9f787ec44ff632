"""The commands of the register of problems: what people decide, written as events."""

from datetime import datetime
from typing import Annotated

import typer

from pipeline import places
from pipeline.errors import SurveyError
from pipeline.problems.problem import ProblemType, Rectification

register = typer.Typer(no_args_is_help=True, help="问题的立项与推进记录 (the register)")
Who = Annotated[str, typer.Option(help="经办的岗位，不写姓名 (a post, never a name)")]
At = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="日期 (date)")]


@register.command()
def accept(
    proposal: Annotated[str, typer.Argument(help="建议编号，如 P-A1.4-residents")],
    at: At,
    who: Who,
    problem_type: Annotated[ProblemType, typer.Option("--type", help="问题类型 T1—T6")],
    rectification: Annotated[
        Rectification,
        typer.Option(help="整改类型 immediate 立行立改 / staged 分阶段 / continuing 持续"),
    ],
) -> None:
    """把一条问题建议立项，写进事件记录。(accept a proposal into the register)"""
    from pipeline.problems.acceptance import accept as accepted
    from pipeline.problems.acceptance import accepted_proposals
    from pipeline.problems.problem import read_proposals
    from pipeline.problems.register import read_events, write_events

    proposed = {one.id: one for one in read_proposals(places.PROPOSALS)}
    if proposal not in proposed:
        raise SurveyError(
            f"{places.PROPOSALS}: 没有建议 {proposal!r}，现有 {'、'.join(proposed) or '无'}。"
            "(no such proposal)"
        )
    events = accepted(
        read_events(places.EVENTS),
        proposed[proposal],
        at=at.date(),
        who=who,
        problem_type=problem_type,
        rectification=rectification,
    )
    write_events(events, places.EVENTS)
    typer.echo(f"{proposal} → {accepted_proposals(events)[proposal]}")


@register.command()
def change(
    number: Annotated[str, typer.Argument(help="问题编号，如 A1-2026-003")],
    action: Annotated[
        str,
        typer.Argument(
            help="assign 交办 / progress 推进 / measure_done 措施完成 / test 检验 / "
            "revisit 回访 / close 销号 / reopen 重开 / drop 不成立"
        ),
    ],
    at: At,
    who: Who,
    fact: Annotated[
        list[str] | None,
        typer.Option("--set", help="写成 项=值，可多次，如 --set progress=60"),
    ] = None,
    evidence: Annotated[str, typer.Option(help="佐证 (what proves it)")] = "",
) -> None:
    """记下一个问题的推进：交办、进度、措施完成、检验等，不合流程的拒绝。(what became of it)"""
    from pipeline.problems.lifecycle import change as changed
    from pipeline.problems.register import Change, read_events, write_events

    facts = fact or [""]
    if bad := [one for one in facts if one and "=" not in one]:
        raise SurveyError(f"--set {bad[0]!r}: 应写成 项=值。(write field=value)")
    pairs = [one.partition("=") for one in facts]
    changes = [
        Change(action=action, field=name, value=value, evidence=evidence)
        for name, _, value in pairs
    ]
    events = changed(read_events(places.EVENTS), changes, at=at.date(), who=who, problem=number)
    write_events(events, places.EVENTS)
    typer.echo(f"{number}: {action} {'，'.join(one for one in facts if one)}")
