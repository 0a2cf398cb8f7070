"""From a cohort's files to clean frames: joined by person, recoded, scored, and every change logged."""

import math
from pathlib import Path

import pandas as pd
import pytest
from braid.cleaning import clean_survey, open_survey, save_survey
from braid.errors import UserError, UserErrors

from .small_cohort import COHORT, FILES, STUDY, cleaned, make


def test_waves_are_joined_by_person_whatever_the_order_of_rows(tmp_path: Path) -> None:
    data = cleaned(tmp_path)
    assert data.waves["post"].loc["P1", "q1"] == 2
    assert data.waves["post"].loc["P3", "q1"] == 4
    assert list(data.waves["pre"].index) == ["P1", "P2", "P3"]


def test_a_score_is_the_mean_of_the_items_with_reversed_items_turned(tmp_path: Path) -> None:
    data = cleaned(tmp_path)
    assert data.waves["pre"].loc["P1", "s"] == pytest.approx((1 + 2 + 3 + (6 - 4)) / 4)
    assert data.waves["pre"].loc["P1", "q4"] == 4


@pytest.mark.parametrize(("row", "score"), [("P1,4,4,,", 4.0), ("P1,4,,,", math.nan)])
def test_half_of_the_items_are_needed_for_a_score(tmp_path: Path, row: str, score: float) -> None:
    data = cleaned(tmp_path, pre=f"id,q1,q2,q3,q4\n{row}\n")
    assert data.waves["pre"].loc["P1", "s"] == pytest.approx(score, nan_ok=True)


def test_words_become_numbers_and_values_of_cohort_yml_hold(tmp_path: Path) -> None:
    data = cleaned(tmp_path, pre="id,q1,q2,q3,q4\nP1,Never, always ,3,rarely\n")
    assert data.waves["pre"].loc["P1", ["q1", "q2", "q3", "q4"]].tolist() == [1, 5, 3, 2]
    assert data.people["gender"].tolist() == ["female", "male", "female"]


def test_missing_codes_and_values_outside_of_the_scale_become_missing_and_are_logged(tmp_path: Path) -> None:
    data = cleaned(tmp_path, pre="id,q1,q2,q3,q4\nP1,-999,n/a,55,2\n")
    assert data.waves["pre"].loc["P1", ["q1", "q2", "q3"]].isna().all()
    log = data.log.set_index("column")
    assert log.loc["q1", "rule"] == "declared missing code"
    assert log.loc["q3", "rule"] == "outside of 1 to 5"
    assert log.loc["q3", "rows"] == "2"


def test_keys_are_paired_over_case_and_white_space_and_the_change_is_logged(tmp_path: Path) -> None:
    data = cleaned(tmp_path, post="id,q1,q2,q3,q4\n p1 ,2,3,4,3\n")
    assert list(data.waves["post"].index) == ["P1"]
    assert "person key" in data.log["rule"].tolist()


def test_a_repeated_person_stops_the_run_and_names_the_rows(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"rows 2, 4"):
        cleaned(tmp_path, pre="id,q1,q2,q3,q4\nP1,1,1,1,1\nP2,1,1,1,1\np1,2,2,2,2\n")


@pytest.mark.parametrize(("rule", "kept"), [("first", 1), ("last", 2)])
def test_a_declared_rule_settles_repeated_persons(tmp_path: Path, rule: str, kept: int) -> None:
    cohort = COHORT.replace("{file: pre.csv, key: id}", f"{{file: pre.csv, key: id, repeated: {rule}}}")
    data = cleaned(tmp_path, cohort=cohort, pre="id,q1,q2,q3,q4\nP1,1,1,1,1\nP1,2,2,2,2\n")
    assert data.waves["pre"].loc["P1", "q1"] == kept


def test_an_excluded_person_is_left_out_everywhere_with_the_reason(tmp_path: Path) -> None:
    data = cleaned(tmp_path, cohort=COHORT + "exclude: [{participant: p2, reason: test entry}]\n")
    assert "P2" not in data.people.index
    assert "P2" not in data.waves["pre"].index
    assert set(data.log.loc[data.log["rule"] == "test entry", "file"]) == {
        "data_raw/c/people.csv",
        "data_raw/c/pre.csv",
    }


def test_a_person_who_answered_nothing_is_not_in_the_wave(tmp_path: Path) -> None:
    data = cleaned(tmp_path, post="id,q1,q2,q3,q4\nP1,2,3,4,3\nP2,,,,\n")
    assert list(data.waves["post"].index) == ["P1"]
    assert list(data.people.index) == ["P1", "P2", "P3"]


def test_a_person_without_a_row_in_the_people_file_is_kept(tmp_path: Path) -> None:
    data = cleaned(tmp_path, post="id,q1,q2,q3,q4\nP9,2,3,4,3\n")
    assert pd.isna(data.people.loc["P9", "age"])


def test_one_wide_file_holds_both_waves(tmp_path: Path) -> None:
    wide = "id,a_q1,a_q2,a_q3,a_q4,b_q1,b_q2,b_q3,b_q4\nP1,1,1,1,1,2,2,2,2\nP2,1,1,1,1,,,,\n"
    cohort = (
        'title: W\nwaves:\n  pre: {file: wide.csv, key: id, columns: "a_{item}"}\n'
        '  post: {file: wide.csv, key: id, columns: "b_{item}"}\n'
    )
    data = cleaned(tmp_path, cohort=cohort, wide=wide)
    assert (len(data.waves["pre"]), len(data.waves["post"])) == (2, 1)
    assert data.people.columns.empty


def test_everything_that_is_wrong_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(UserErrors) as caught:
        cleaned(
            tmp_path,
            people="id,age,sex\nP1,thirty,f\nP2,41,x\nP3,29,f\n",
            pre="id,q1,q2,q3,q4\nP1,Nevr,2,3,4\n",
        )
    text = str(caught.value)
    assert "data_raw/c/people.csv: row 2, column age" in text
    assert "data_raw/c/people.csv: row 3, column sex" in text
    assert "data_raw/c/pre.csv: row 2, column q1" in text
    assert "did you mean Never?" in text


def test_a_missing_file_is_named_as_in_cohort_yml(tmp_path: Path) -> None:
    cohort = make(tmp_path, cohort=COHORT.replace("post.csv", "later.csv"))
    with pytest.raises(UserError, match=r"data_raw/c/later\.csv: this file does not exist"):
        clean_survey(cohort)


def test_an_anonymous_form_stays_apart_from_the_persons(tmp_path: Path) -> None:
    cohort = COHORT + "satisfaction: {file: form.csv}\n"
    data = cleaned(tmp_path, cohort=cohort, form="good\n3\nneutral\n\n1\n")
    assert data.satisfaction is not None
    assert data.satisfaction["good"].tolist() == [3, 2, 1]


def test_cleaning_reads_and_never_writes(tmp_path: Path) -> None:
    cohort = make(tmp_path)
    before = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*"))
    clean_survey(cohort)
    assert sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*")) == before


def test_clean_data_read_back_are_what_was_saved(tmp_path: Path) -> None:
    cohort = make(tmp_path, cohort=COHORT + "satisfaction: {file: form.csv}\n", form="good\n3\n1\n")
    data = clean_survey(cohort)
    save_survey(cohort, data)
    again = open_survey(cohort)
    pd.testing.assert_frame_equal(again.people, data.people)
    for wave, frame in data.waves.items():
        pd.testing.assert_frame_equal(again.waves[wave], frame)
    assert again.satisfaction is not None
    assert again.satisfaction["good"].tolist() == [3, 1]


def test_clean_data_of_other_files_are_not_used(tmp_path: Path) -> None:
    cohort = make(tmp_path)
    save_survey(cohort, clean_survey(cohort))
    cohort.raw("pre.csv").write_text(FILES["pre.csv"].replace("P1,1", "P1,5"), encoding="utf-8")
    assert open_survey(cohort).waves["pre"].loc["P1", "q1"] == 5


def test_a_study_of_another_name_for_a_wave_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"cohort\.yml: waves\.pre"):
        make(tmp_path, study=STUDY.replace("pre: Before", "start: Before"))
