"""Which importer reads a file: by what is in it, then by how it is called."""

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ResponseError
from pipeline.importers.imported import Imported
from pipeline.importers.surveyjs import is_surveyjs
from pipeline.intake.definitions.contents import bytes_of, text_of
from pipeline.intake.definitions.limesurvey import is_structure_text, is_structure_xml
from pipeline.intake.definitions.qsf import is_qsf

Read = Callable[[Path, str], Imported]
TABLES = (".xlsx", ".xls", ".xlsm", ".csv")
DICTIONARIES = (".sav", ".zsav", ".por", ".dta")
TEXTS = (".txt", ".text", ".md", ".markdown")
_PACKED = b"PK\x03\x04"
_CAN_READ = (
    "能读的有：XLSForm（.xlsx、.xls、.csv）、LimeSurvey（.lss、.lsg、.txt）、Qualtrics .qsf、"
    "SurveyJS .json、SPSS/Stata（.sav、.zsav、.por、.dta）、Word（.docx）和文本（.txt）。"
)


@dataclass(frozen=True, slots=True)
class Known:
    """What a file is, as people call it, and what reads it."""

    title: str
    read: Read


def recognise(path: Path) -> Known:
    """Return the importer for a file.

    Raises
    ------
    ResponseError
        There is no such file, or no importer for it.
    """
    if not path.is_file():
        raise ResponseError(f"{path}: 找不到文件。请核对路径。(no such file)")
    suffix = path.suffix.lower()
    if suffix in DICTIONARIES:
        from pipeline.importers import dictionary

        return Known("统计软件的变量说明", dictionary.read)
    if suffix == ".docx" or (suffix not in TABLES and _is_word(path)):
        from pipeline.importers import word

        return Known("Word 问卷", word.read)
    if suffix in TABLES:
        from pipeline.importers import xlsform

        return Known("XLSForm", xlsform.read)
    if suffix in (".doc", ".pdf", ".wps", ".rtf"):
        raise ResponseError(
            f"{path}: 不能读 {suffix}。请用 Word 或 WPS 另存为 .docx。(save it as .docx)"
        )
    return _by_text(path, suffix)


def _by_text(path: Path, suffix: str) -> Known:
    from pipeline.importers import limesurvey, plain_text, qsf, surveyjs

    text = text_of(path)
    beginning = text[: 2**16]
    if suffix in (".lss", ".lsg") or is_structure_xml(beginning) or is_structure_text(beginning):
        return Known("LimeSurvey 问卷结构", limesurvey.read)
    if suffix == ".qsf" or is_qsf(text):
        return Known("Qualtrics 问卷（.qsf）", qsf.read)
    if suffix == ".json" or is_surveyjs(text):
        return Known("SurveyJS 问卷", surveyjs.read)
    if suffix in TEXTS:
        return Known("文本问卷", plain_text.read)
    raise ResponseError(f"{path}: 看不出是哪种问卷。{_CAN_READ}(no importer for it)")


def _is_word(path: Path) -> bool:
    content = bytes_of(path)
    if not content.startswith(_PACKED):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "word/document.xml" in archive.namelist()
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError):
        return False
