"""The command that makes the sheets in which people code the interviews."""

from typing import Annotated

import typer

from pipeline import places


def coding_sheet(
    coders: Annotated[int, typer.Option(min=2, max=9, help="几名编码员，每人一份")] = 2,
    most: Annotated[int, typer.Option(min=1, help="发言超过此数时随机抽取这么多段")] = 200,
    seed: Annotated[int, typer.Option(help="抽取用的随机种子；相同种子抽到相同的段")] = 1,
) -> None:
    """给编码员生成访谈编码表，不显示规则的编码；填过的不覆盖。(sheets for blind coding)"""
    from pipeline.questionnaire.programme import read_programme
    from pipeline.text_analysis.coding import read_codeframe
    from pipeline.text_analysis.coding_sheet import sampled, write_sheet
    from pipeline.text_analysis.interviews import units_of
    from pipeline.text_analysis.notes import read_notes

    frame = read_codeframe(places.INTERVIEW_CODEFRAME)
    chosen = sampled(
        units_of(
            read_notes(places.INTERVIEW_NOTES, read_programme(places.PROGRAMME).frame_domains)
        ),
        most=most,
        seed=seed,
    )
    for number in range(1, coders + 1):
        path = places.CODING_SHEETS / f"coder-{number}.xlsx"
        write_sheet(path, chosen, frame)
        typer.echo(f"{path.as_posix()}: {len(chosen)} 段")
