"""Files of any length: log and messages stay as short as those of a small one, and counts are exact."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from braid.cleaning import clean_survey, open_survey, save_survey
from braid.cleaning.column import SHOWN_CHANGED, SHOWN_WRONG
from braid.errors import UserErrors

from .small_cohort import cleaned, make

PEOPLE = 20_000


def people_file(ages: list[str]) -> str:
    return "id,age,sex\n" + "".join(f"P{k},{age},f\n" for k, age in enumerate(ages))


def wave(cells: list[str]) -> str:
    return "id,q1,q2,q3,q4\n" + "".join(f"P{k},{cell},2,3,4\n" for k, cell in enumerate(cells))


def test_a_column_of_wrong_cells_is_told_in_a_few_messages_with_their_number(tmp_path: Path) -> None:
    with pytest.raises(UserErrors) as caught:
        cleaned(tmp_path, people=people_file([f"age {k}" for k in range(PEOPLE)]))
    assert len(caught.value.errors) == SHOWN_WRONG + 1
    assert "people.csv: row 2, column age: this is not a number\n  found: 'age 0'" in str(caught.value)
    others = PEOPLE - SHOWN_WRONG
    assert f"{others} other cells of this column are wrong in such a way, in {others} rows" in str(caught.value)


def test_one_wrong_word_in_many_rows_is_one_message_with_its_first_row(tmp_path: Path) -> None:
    with pytest.raises(UserErrors) as caught:
        cleaned(tmp_path, pre=wave(["2", *["oftn"] * (PEOPLE - 1)]))
    assert len(caught.value.errors) == 1
    assert "pre.csv: row 3, column q1" in str(caught.value)
    assert f"found: 'oftn' in {PEOPLE - 1} rows" in str(caught.value)
    assert "did you mean Often?" in str(caught.value)


def test_the_log_of_many_different_cells_is_short_and_counts_all_of_them(tmp_path: Path) -> None:
    data = cleaned(tmp_path, people=people_file([str(1000 + k) for k in range(PEOPLE)]))
    log = data.log[data.log["column"] == "age"]
    assert len(log) == SHOWN_CHANGED + 1
    assert log["n"].sum() == PEOPLE
    assert log["found"].iloc[-1] == f"{PEOPLE - SHOWN_CHANGED} other cells"
    assert log["became"].unique().tolist() == ["missing"]
    assert data.people["age"].isna().all()
    assert log["rows"].str.len().max() < 100


def test_many_rows_in_any_order_become_the_same_persons_with_the_same_answers(tmp_path: Path) -> None:
    draw = np.random.default_rng(3)
    cells = [["1", "5", " 3", "often", "N/A", "9"][k] for k in draw.integers(0, 6, PEOPLE)]
    means = {"1": 1, "5": 5, " 3": 3, "often": 4}
    rows = wave(cells).splitlines(keepends=True)
    order = [0, *(draw.permutation(PEOPLE) + 1)]
    data = cleaned(tmp_path, pre="".join(rows[k] for k in order))
    expected = pd.Series([means.get(cell, np.nan) for cell in cells], index=[f"P{k}" for k in range(PEOPLE)])
    pd.testing.assert_series_equal(
        data.waves["pre"]["q1"], expected.sort_index(), check_names=False, check_index_type=False
    )
    log = data.log[data.log["column"] == "q1"].set_index("found")
    assert log["n"].to_dict() == {cell: cells.count(cell) for cell in ("often", "N/A", "9")}


def test_the_clean_files_are_those_that_pandas_would_write(tmp_path: Path) -> None:
    cohort = make(tmp_path, people=people_file(["30", "", "41,5"]).replace("41,5", '"41,5"'), pre=wave(["1", "", "4"]))
    data = clean_survey(cohort)
    folder = save_survey(cohort, data)
    for name, frame in {"people.csv": data.people, "wave-pre.csv": data.waves["pre"]}.items():
        assert (folder / name).read_bytes() == frame.to_csv(lineterminator="\n").encode()


def test_who_writes_into_an_opened_survey_writes_into_no_other(tmp_path: Path) -> None:
    cohort = make(tmp_path)
    save_survey(cohort, clean_survey(cohort))
    first = open_survey(cohort)
    first.waves["pre"]["q1"] = 0.0
    first.people.loc["P1", "age"] = 99.0
    again = open_survey(cohort)
    assert again.waves["pre"].loc["P1", "q1"] == 1
    assert again.people.loc["P1", "age"] == 30
