"""Parquet files as pandas and others write them."""

import builtins
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from braid.errors import UserError
from braid.intake.parquet import read_parquet

duckdb = pytest.importorskip("duckdb")


def write(folder: Path, query: str, name: str = "answers.parquet", options: str = "") -> Path:
    path = folder / name
    with duckdb.connect() as engine:
        engine.execute("SET TimeZone = 'UTC'")
        engine.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet{options})")
    return path


def cells(table: Any) -> dict[str, list[str]]:
    return {str(column): list(table.frame[column]) for column in table.frame.columns}


def test_every_kind_of_single_value_becomes_text(tmp_path: Path) -> None:
    query = """
        SELECT * FROM (VALUES
            (' A ', 3::TINYINT, 9007199254740993, 2.0::DOUBLE, 0.1::FLOAT, true, 1.50::DECIMAL(5, 2), DATE '2024-03-05',
             TIMESTAMP '2024-03-05 00:00:00', TIMESTAMPTZ '2024-03-05 01:00:00+05', TIME '09:30:00',
             'low'::ENUM('low', 'high')),
            (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
            ('B', -1, 0, 2.5, 'nan', false, 2, DATE '1850-01-01',
             TIMESTAMP '2024-03-05 14:07:09', TIMESTAMPTZ '2024-03-05 00:00:00+00', TIME '00:00:00', 'high')
        ) AS t(id, small, big, number, single, done, money, day, moment, zoned, clock, level)"""
    table = read_parquet(write(tmp_path, query), "answers.parquet")
    assert cells(table) == {
        "id": ["A", "", "B"],
        "small": ["3", "", "-1"],
        "big": ["9007199254740993", "", "0"],
        "number": ["2", "", "2.5"],
        "single": ["0.1", "", ""],
        "done": ["TRUE", "", "FALSE"],
        "money": ["1.50", "", "2.00"],
        "day": ["2024-03-05", "", "1850-01-01"],
        "moment": ["2024-03-05", "", "2024-03-05T14:07:09"],
        "zoned": ["2024-03-04T20:00:00+00:00", "", "2024-03-05T00:00:00+00:00"],
        "clock": ["09:30:00", "", "00:00:00"],
        "level": ["low", "", "high"],
    }
    assert list(table.frame.index) == [1, 2, 3]
    assert table.notes == ("rows are numbered as in the file, from 1",)


def test_lists_structures_and_bytes_are_left_out_and_told(tmp_path: Path) -> None:
    query = """SELECT 'A' AS id, ['x', 'y'] AS chosen, {'a': 1} AS parts, 'x'::BLOB AS picture"""
    table = read_parquet(write(tmp_path, query), "answers.parquet")
    assert cells(table) == {"id": ["A"]}
    assert "3 columns left out, because cells are no single values: chosen" in table.notes[1]


def test_the_row_index_of_pandas_is_a_column(tmp_path: Path) -> None:
    kept = ', KV_METADATA {pandas: \'{"index_columns": ["__index_level_0__", "id"]}\'}'
    path = write(tmp_path, "SELECT 1 AS q, 'A' AS id, 7 AS __index_level_0__", options=kept)
    table = read_parquet(path, "answers.parquet")
    assert cells(table) == {"q": ["1"], "id": ["A"], "index": ["7"]}
    assert table.notes[1] == "the row index of pandas was read as index, id"


def test_names_with_quotes_and_brackets_are_read(tmp_path: Path) -> None:
    path = write(tmp_path, 'SELECT 1 AS "how ""calm""?"', name="answers [1].parquet")
    assert cells(read_parquet(path, "answers [1].parquet")) == {'how "calm"?': ["1"]}


def test_a_file_without_rows_says_so(tmp_path: Path) -> None:
    table = read_parquet(write(tmp_path, "SELECT 1 AS q WHERE false"), "answers.parquet")
    assert cells(table) == {"q": []}
    assert table.notes[-1] == "the file has columns and no row"


@pytest.mark.parametrize("damage", ["empty", "text", "cut off"])
def test_a_damaged_file_says_so(tmp_path: Path, damage: str) -> None:
    path = write(tmp_path, "SELECT range AS q FROM range(1000)")
    path.write_bytes({"empty": b"", "text": b"id,q\nA,1\n", "cut off": path.read_bytes()[:-40]}[damage])
    with pytest.raises(UserError, match=r"this is not a whole Parquet file[\s\S]*copy the file again"):
        read_parquet(path, "answers.parquet")


def test_without_duckdb_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    imported = builtins.__import__

    def refuse(name: str, *more: Any, **named: Any) -> Any:
        if name == "duckdb":
            raise ImportError(name)
        return imported(name, *more, **named)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(UserError, match=r"needs DuckDB[\s\S]*pip install duckdb"):
        read_parquet(tmp_path / "answers.parquet", "answers.parquet")


def test_the_texts_of_pandas_stay_its_own(tmp_path: Path) -> None:
    table = read_parquet(write(tmp_path, "SELECT 'A' AS id"), "answers.parquet")
    assert table.frame["id"].dtype == pd.StringDtype("python", na_value=float("nan"))
