"""Read an SPSS .sav as text, with its labels."""

import hashlib
from pathlib import Path

import pandas as pd

from pipeline.errors import ResponseError
from pipeline.responses.table import Labels, RawTable, cell_text


def read_sav(path: Path) -> RawTable:
    """Read the cases of a .sav: codes as digits, system-missing values as ''.

    Codes that the file declares as user-missing stay: which answers have no substance is what the
    questionnaire says. The file's own encoding (often GBK) is honoured.

    Raises
    ------
    ResponseError
        If it is no .sav that can be read.
    """
    import pyreadstat

    try:
        frame, about = pyreadstat.read_sav(str(path), user_missing=True)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError) as fault:
        raise ResponseError(
            f"{path}: 读不出 SPSS 数据（{fault}）。请在 SPSS 中另存为 .sav（UTF-8），或重新导出。"
            "(not a readable .sav; save it anew as UTF-8)"
        ) from None
    texts = {
        name: [cell_text(value) for value in frame.iloc[:, at].tolist()]
        for at, name in enumerate(about.column_names)
    }
    cells = pd.DataFrame(texts, columns=pd.Index(about.column_names, dtype="str"), dtype="str")
    cells.index = pd.RangeIndex(1, len(frame) + 1, name="raw_row")
    labels = Labels(
        {name: label for name, label in about.column_names_to_labels.items() if label},
        {
            name: {cell_text(code): str(label) for code, label in labels.items()}
            for name, labels in about.variable_value_labels.items()
        },
    )
    return RawTable(path, hashlib.sha256(path.read_bytes()).hexdigest(), cells, labels)
