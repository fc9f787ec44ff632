"""Look at the files of a new survey: what they are, and what every column is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Fault, ResponseError, gathered
from pipeline.intake.cells import contents
from pipeline.intake.definitions import Definition
from pipeline.intake.definitions.match import matched
from pipeline.intake.definitions.read import definition_sign, read_definitions
from pipeline.intake.design_columns import DesignCandidates, design_candidates
from pipeline.intake.inference import inferred
from pipeline.intake.request import Request
from pipeline.intake.scaffold import HEADERS
from pipeline.responses.delivered import Placed, read_together
from pipeline.responses.described import Described
from pipeline.responses.read import SPREADSHEETS, TEXTS
from pipeline.responses.source import SOURCE, File
from pipeline.responses.systems.recognise import Recognised, recognised
from pipeline.responses.table import RawTable

SYNTAX = ".sps"


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in the files.

    Attributes
    ----------
    table : all answers, tidied; every column is in `described`
    files : the data files as `source.yaml` will name them
    data, definitions : the paths of both kinds, as given
    """

    table: RawTable
    recognised: Recognised
    definition: Definition | None
    described: Described
    candidates: DesignCandidates
    files: tuple[File, ...]
    data: tuple[Path, ...]
    definitions: tuple[Path, ...]


def examine(request: Request) -> Examined:
    """Read all files of a request and describe every column.

    Raises
    ------
    ResponseError
        No data among the files, files of the same name, or what a reader or a join refuses.
    """
    _refuse_absent(request.files)
    syntaxes = tuple(path for path in request.files if path.suffix.lower() == SYNTAX)
    defining = tuple(
        path for path in request.files if path not in syntaxes and definition_sign(path)
    )
    data = tuple(path for path in request.files if path not in (*defining, *syntaxes))
    if not data:
        raise ResponseError(_no_data(defining, syntaxes))
    if len(data) > 1 and not request.on:
        raise ResponseError(
            f"--from: 有 {len(data)} 个数据文件（{'、'.join(path.name for path in data)}），"
            "没有说按哪一列合并。请加 --on 列名。(several data files: say --on which column)"
        )
    files = _placed(request, data, syntaxes)
    delivered = read_together(files, request.on)
    found = recognised(delivered, request.layout or None)
    table = found.system.tidied(delivered)
    definition = read_definitions(defining) if defining else None
    known = matched(definition, table, found.system.name) if definition else Described()
    known = _both(known, found.system.described(table))
    columns = contents(table)
    described = inferred(table, known, columns)
    return Examined(
        table, found, definition, described, design_candidates(table, described, columns),
        tuple(one.file for one in files), (*data, *syntaxes), defining,
    )  # fmt: skip


def _refuse_absent(files: Sequence[Path]) -> None:
    faults = [
        Fault(str(path), "找不到文件。", "请改正路径。(file not found; correct the path)")
        for path in files
        if not path.is_file()
    ]
    faults += [
        Fault(str(path), "项目里另有这个名称的文件。", "请改名后再读。(a name in use; rename it)")
        for path in files
        if path.name in {SOURCE, *HEADERS}
    ]
    names = [path.name for path in files]
    faults += [
        Fault(name, "两个文件同名。", "请改名后再读。(two files of one name; rename one)")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if faults:
        raise ResponseError(gathered("--from", faults))


def _no_data(defining: Sequence[Path], syntaxes: Sequence[Path]) -> str:
    """Say of every file why it holds no answers."""
    said = [f"{path}: {definition_sign(path)}" for path in defining]
    said += [f"{path}: 这是 SPSS 语法，只说明数据在哪里、是什么意思。" for path in syntaxes]
    return (
        "\n".join(said) + "\n没有数据：请用 --from 再给出答卷文件。"
        "(these define a survey; also give the file with the answers)"
    )


def _placed(
    request: Request, data: Sequence[Path], syntaxes: Sequence[Path]
) -> tuple[Placed, ...]:
    """Return the data files with what was said of each; a syntax belongs to the file of its name.

    A single syntax belongs to the first data file whatever it is called.
    """
    unknown = {*request.encodings, *request.sheets} - {path.name for path in data}
    if unknown:
        raise ResponseError(
            f"--encoding/--sheet: 没有给出名为 {'、'.join(sorted(unknown))} 的数据文件。"
            "请写 --from 里的文件名。(no data file of that name)"
        )
    _refuse_useless("--encoding", request.encodings, TEXTS)
    _refuse_useless("--sheet", request.sheets, SPREADSHEETS)
    of = {path.stem: path for path in syntaxes}
    if len(syntaxes) == 1 and syntaxes[0].stem not in {path.stem for path in data}:
        of = {data[0].stem: syntaxes[0]}
    return tuple(
        Placed(
            File(
                name=path.name,
                encoding=request.encodings.get(path.name, ""),
                sheet=request.sheets.get(path.name, ""),
                syntax=of[path.stem].name if path.stem in of else "",
            ),
            path,
            of.get(path.stem),
        )
        for path in data
    )


def _refuse_useless(option: str, given: Collection[str], kinds: Collection[str]) -> None:
    """Refuse what was said of a file that is read without it: nobody would see that it is not."""
    if odd := sorted(name for name in given if Path(name).suffix.lower() not in kinds):
        raise ResponseError(
            f"{option}: {'、'.join(odd)} 不需要，只有 {'、'.join(sorted(kinds))} 才用得上。"
            "请去掉。(of no use for such a file; leave it out)"
        )


def _both(first: Described, second: Described) -> Described:
    """Return what both describe; where they speak of the same column, the first counts."""
    told = first.headers
    fresh = [item for item in second.items if told.isdisjoint(item.headers)]
    asides = [aside for aside in second.asides if aside.header not in told]
    return Described(
        (*first.items, *fresh),
        (*first.asides, *asides),
        first.title or second.title,
        (*first.notes, *second.notes),
    )
