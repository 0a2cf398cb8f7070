"""Files of SPSS and Stata, with what they know of their columns."""

import struct
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from braid.errors import UserError
from braid.intake.statistical import read_spss, read_stata
from braid.study import FileReading


def cells(table: Any) -> dict[str, list[str]]:
    return {str(column): list(table.frame[column]) for column in table.frame.columns}


def sav(folder: Path, frame: pd.DataFrame, ending: str = "sav", **more: Any) -> Path:
    path = folder / f"answers.{ending}"
    pyreadstat.write_sav(frame, str(path), compress=ending == "zsav", **more)
    return path


@pytest.mark.parametrize("ending", ["sav", "zsav"])
def test_spss_gives_text_labels_meanings_and_missing_codes(tmp_path: Path, ending: str) -> None:
    frame = pd.DataFrame(
        {
            "id": ["A ", " B", "C"],
            "q1": [1.0, 99.0, np.nan],
            "q2": [2.5, 98.0, -1.0],
            "q3": [0.1, 1e-7, 123456789.0],
            "site": ["N", "?", ""],
        }
    )
    path = sav(
        tmp_path,
        frame,
        ending,
        column_labels={"q1": " How calm are you? ", "site": "Where?"},
        variable_value_labels={"q1": {1: "never", 2: "often", 99: "refused"}, "site": {"N": "North"}},
        missing_ranges={"q1": [99, 88], "q2": [{"lo": 97, "hi": 99}, -1], "site": ["?"]},
    )
    table = read_spss(path, "answers.sav")
    assert cells(table) == {
        "id": ["A", "B", "C"],
        "q1": ["1", "99", ""],
        "q2": ["2.5", "98", "-1"],
        "q3": ["0.1", "1e-07", "123456789"],
        "site": ["N", "?", ""],
    }
    assert list(table.frame.index) == [1, 2, 3]
    assert table.labels == {"q1": "How calm are you?", "site": "Where?"}
    assert table.values == {"q1": {"1": "never", "2": "often", "99": "refused"}, "site": {"N": "North"}}
    assert table.missing == {"q1": {"99", "88"}, "q2": {"98", "-1"}, "site": {"?"}}
    assert table.reading == "SPSS, UTF-8"
    assert table.notes == (
        "rows are numbered as the cases in the file, from 1",
        "cells declared missing by the file: q1 (99, 88), q2 (97 to 99, -1), site (?)",
    )


def test_spss_dates_and_times_are_iso(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "day": [date(2024, 3, 5), date(1899, 12, 31), None],
            "moment": [datetime(2024, 3, 5, 14, 7, 9), datetime(2024, 3, 5), None],
            "clock": [time(9, 30), time(0, 0), None],
        }
    )
    assert cells(read_spss(sav(tmp_path, frame), "answers.sav")) == {
        "day": ["2024-03-05", "1899-12-31", ""],
        "moment": ["2024-03-05T14:07:09", "2024-03-05", ""],
        "clock": ["09:30:00", "00:00:00", ""],
    }


def test_long_texts_and_any_script_survive(tmp_path: Path) -> None:
    texts = ["ا" * 600, "長い" * 900, "α"]
    frame = pd.DataFrame({"why": texts, "n": [1, 2, 3]})
    labels = {"why": "کیوں؟"}
    table = read_spss(sav(tmp_path, frame, column_labels=labels), "answers.sav")
    assert (cells(table)["why"], table.labels["why"]) == (texts, "کیوں؟")


def test_spss_of_an_older_code_page_is_read_as_declared(tmp_path: Path) -> None:
    path = sav(tmp_path, pd.DataFrame({"town": ["cafe~"]}))
    path.write_bytes(path.read_bytes().replace(b"cafe~", b"caf\xe9 "))
    table = read_spss(path, "answers.sav", FileReading(encoding="WINDOWS-1252"))
    assert (cells(table), table.reading) == ({"town": ["café"]}, "SPSS, WINDOWS-1252")
    with pytest.raises(UserError, match="another encoding than declared"):
        read_spss(path, "answers.sav", FileReading(encoding="klingon"))


def test_the_filter_of_spss_is_told(tmp_path: Path) -> None:
    table = read_spss(sav(tmp_path, pd.DataFrame({"q": [1, 2], "filter_$": [0, 1]})), "answers.sav")
    assert table.notes[1] == "the file holds the filter of SPSS (filter_$): all cases were read"


def test_a_file_without_cases_says_so(tmp_path: Path) -> None:
    table = read_spss(sav(tmp_path, pd.DataFrame({"q": pd.Series([], dtype=float)})), "answers.sav")
    assert cells(table) == {"q": []}
    assert table.notes[-1] == "the file has columns and no case"


def test_stata_gives_text_labels_and_extended_missing_values(tmp_path: Path) -> None:
    path = tmp_path / "answers.dta"
    frame = pd.DataFrame({"id": ["A", "B", "C", "a"], "q1": [1, "a", np.nan, 2], "q2": [1.5, 2.0, np.nan, 4.0]})
    pyreadstat.write_dta(
        frame,
        str(path),
        column_labels={"q1": "How calm?"},
        variable_value_labels={"q1": {1: "never", "a": "refused"}},
        missing_user_values={"q1": ["a"]},
    )
    table = read_stata(path, "answers.dta")
    assert cells(table) == {"id": ["A", "B", "C", "a"], "q1": ["1", ".a", "", "2"], "q2": ["1.5", "2", "", "4"]}
    assert list(table.frame.columns) == ["id", "q1", "q2"]
    assert table.values == {"q1": {"1": "never", ".a": "refused"}}
    assert table.missing == {"q1": {".a"}}
    assert table.labels == {"q1": "How calm?"}
    assert table.notes[1] == "cells declared missing by the file: q1 (.a)"


@pytest.mark.parametrize(("kind", "form", "missing"), [("i1", "b", 101), ("i2", "h", 32741), ("i4", "i", 2147483621)])
def test_a_stata_missing_whole_number_after_an_extended_one_is_empty(
    tmp_path: Path, kind: str, form: str, missing: int
) -> None:
    path = tmp_path / "answers.dta"
    pd.DataFrame({"q": np.array([1, 60, 61, 2], dtype=kind)}).to_stata(path, write_index=False, version=118)
    content = path.read_bytes()
    start = content.index(b"<data>") + len(b"<data>")
    stored = struct.pack(f"<4{form}", 1, missing + 1, missing, 2)
    path.write_bytes(content[:start] + stored + content[start + len(stored) :])
    assert cells(read_stata(path, "answers.dta")) == {"q": ["1", ".a", "", "2"]}


def test_stata_dates_and_single_precision(tmp_path: Path) -> None:
    path = tmp_path / "answers.dta"
    frame = pd.DataFrame(
        {
            "day": [datetime(2024, 3, 5)],
            "moment": [datetime(2024, 3, 5, 14, 7, 9)],
            "month": [datetime(2024, 3, 1)],
            "quarter": [datetime(2024, 1, 1)],
            "half": [datetime(2024, 7, 1)],
            "week": [datetime(2024, 1, 29)],
            "year": [datetime(2024, 1, 1)],
            "share": np.array([0.1], dtype="float32"),
        }
    )
    forms = {"day": "td", "moment": "tc", "month": "tm", "quarter": "tq", "half": "th", "week": "tw", "year": "ty"}
    frame.to_stata(path, write_index=False, convert_dates=forms)
    assert {column: only for column, [only] in cells(read_stata(path, "answers.dta")).items()} == {
        "day": "2024-03-05",
        "moment": "2024-03-05T14:07:09",
        "month": "2024-03",
        "quarter": "2024-Q1",
        "half": "2024-H2",
        "week": "2024w5",
        "year": "2024",
        "share": "0.1",
    }


@pytest.mark.parametrize("ending", ["sav", "zsav", "dta"])
@pytest.mark.parametrize("damage", ["empty", "text", "cut off"])
def test_a_damaged_file_says_so(tmp_path: Path, ending: str, damage: str) -> None:
    frame = pd.DataFrame({"id": [f"P{n:04d}" for n in range(500)], "q": np.linspace(0, 1, 500)})
    path = tmp_path / f"answers.{ending}"
    if ending == "dta":
        pyreadstat.write_dta(frame, str(path))
    else:
        path = sav(tmp_path, frame, ending)
    whole = path.read_bytes()
    path.write_bytes({"empty": b"", "text": b"id,q\nA,1\n", "cut off": whole[: len(whole) * 2 // 3]}[damage])
    read = read_stata if ending == "dta" else read_spss
    kind = "Stata" if ending == "dta" else "SPSS"
    with pytest.raises(UserError, match=f"this is not a whole {kind} file[\\s\\S]*copy the file again"):
        read(path, f"answers.{ending}")


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        read_spss(tmp_path / "answers.sav", "answers.sav")
