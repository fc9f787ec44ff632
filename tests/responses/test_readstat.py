"""The library that reads statistical files cannot end the program, whatever the file."""

import os
import random
import signal
from pathlib import Path

import pytest

from pipeline.errors import ResponseError
from pipeline.responses import readstat
from pipeline.responses.read import read_table
from pipeline.responses.readstat import deliver
from tests.responses.made import labelled_file


def test_a_library_that_ends_is_told_and_begun_again(tmp_path: Path) -> None:
    path = labelled_file(tmp_path, {"q1": [1.0, None]})
    assert deliver(path, "sav").columns == {"q1": [1.0, None]}
    process = readstat._library(os.getpid())
    process.send_signal(signal.SIGKILL)
    process.wait()
    with pytest.raises(ResponseError, match="读取程序没有给出结果"):
        deliver(path, "sav")
    assert deliver(path, "sav").rows == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows sets a process no limits")
def test_a_file_that_takes_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = labelled_file(tmp_path, {"q1": [number / 7 for number in range(300_000)]})
    monkeypatch.setattr(readstat, "MEMORY", 1)
    monkeypatch.setattr(readstat, "MEMORY_PER_BYTE", 0)
    with pytest.raises(ResponseError, match="读不出 SPSS 数据"):
        deliver(path, "sav")
    monkeypatch.undo()
    assert deliver(path, "sav").rows == 300_000


@pytest.mark.shared
def test_damaged_files_end_in_a_refusal_or_a_table(shared: Path, tmp_path: Path) -> None:
    """Mutated copies; `make fuzz` takes more of them."""
    folder = shared / "samples/microdata"
    names = ("sav/efc_eurofamcare.sav", "fixtures/sample.zsav", "sav/zh_pku_spss_final.dta",
             "fixtures/sample.xpt", "fixtures/sample.sas7bdat", "por/NES1948.POR")  # fmt: skip
    read = refused = 0
    for seed in range(60):
        chance = random.Random(seed)
        source = folder / names[seed % len(names)]
        content = bytearray(source.read_bytes())
        for _ in range(chance.choice([1, 5, 20])):
            content[chance.randrange(min(len(content), 3000))] = chance.randrange(256)
        if seed % 4 == 0:
            del content[chance.randrange(len(content)) :]
        path = tmp_path / source.name
        path.write_bytes(content)
        try:
            table = read_table(path)
        except ResponseError:
            refused += 1
        else:
            read += 1
            assert table.dictionary is not None
            assert len(table.dictionary.variables) == len(table.headers)
    assert read > 5
    assert refused > 5
