"""The command that puts the pipeline to the test on simulated programmes."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline import places


def trials(
    programmes: Annotated[int, typer.Option(min=4, help="模拟多少个方案")] = 400,
    out: Annotated[Path, typer.Option(help="结果写到哪个文件")] = Path("docs/simulations.md"),
    part: Annotated[float, typer.Option(min=0.05, max=1, help="抽取的单位占示例的份额")] = 0.34,
    persons: Annotated[int, typer.Option(min=2, help="每个单位抽取的人数")] = 16,
) -> None:
    """用已知真值的模拟方案检验区间、核查和结论。(test the pipeline on known truths)"""
    from pipeline.simulation.trials.many import run_many, smaller
    from pipeline.simulation.trials.report import report

    plan = smaller(places.QUESTIONNAIRES, "residents", part=part, persons=persons)
    clean = run_many(plan, range(programmes))
    dirty = run_many(plan, range(programmes, programmes + max(4, programmes // 4)), dirty=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(report(clean, dirty), encoding="utf-8", newline="\n")
    typer.echo(f"{out.as_posix()}: {len(clean)} + {len(dirty)} 个模拟方案")
