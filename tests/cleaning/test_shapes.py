"""Waves and people in every shape: chosen rows, keys of several columns, no key at all, answers in other words."""

from pathlib import Path

import pytest
import xlsxwriter
from braid.cleaning import clean_survey
from braid.errors import UserError, UserErrors
from braid.study import WaveFile

from .small_cohort import COHORT, STUDY, cleaned, make

LONG = "id,when,q1,q2,q3,q4\nP1,T1,1,2,3,4\nP2,T1,2,2,2,2\nP1,T2,4,4,4,4\nP2,T2,3,3,3,3\nP1,T3,5,5,5,5\n"


def test_a_long_file_is_parted_into_waves_by_the_rows_that_are_chosen(tmp_path: Path) -> None:
    cohort = (
        "title: C\nwaves:\n"
        "  pre: {file: long.csv, key: id, rows: {when: T1}}\n"
        "  post: {file: long.csv, key: id, rows: {when: [t2]}}\n"
    )
    data = cleaned(tmp_path, cohort=cohort, long=LONG)
    assert data.waves["pre"]["q1"].to_dict() == {"P1": 1, "P2": 2}
    assert data.waves["post"]["q1"].to_dict() == {"P1": 4, "P2": 3}


def test_rows_that_are_not_there_are_told_with_what_is(tmp_path: Path) -> None:
    cohort = "title: C\nwaves:\n  pre: {file: long.csv, key: id, rows: {when: T9}}\n"
    with pytest.raises(UserErrors, match="no row of this file is chosen") as raised:
        cleaned(tmp_path, cohort=cohort, long=LONG)
    assert raised.value.errors[0].found == "T1, T2, T3"


def test_numbers_that_begin_anew_at_each_site_are_told_apart_by_a_key_of_two_columns(tmp_path: Path) -> None:
    pre = "site,number,q1,q2,q3,q4\nA,1,1,1,1,1\nB,1,2,2,2,2\nB,,3,3,3,3\n"
    post = "site,number,q1,q2,q3,q4\nB,1,4,4,4,4\n"
    waves = "".join(f"  {wave}: {{file: {wave}.csv, key: [site, number]}}\n" for wave in ("pre", "post"))
    cohort = f"title: C\nwaves:\n{waves}"
    data = cleaned(tmp_path, cohort=cohort, pre=pre, post=post)
    assert list(data.waves["pre"].index) == ["A / 1", "B / 1"]
    assert list(data.waves["pre"].index.intersection(data.waves["post"].index)) == ["B / 1"]
    assert "rows without a person" in data.log["rule"].to_list()


def test_repeated_numbers_say_how_to_tell_sites_apart(tmp_path: Path) -> None:
    cohort = COHORT.replace("pre.csv, key: id", "pre.csv, key: number")
    with pytest.raises(UserErrors, match=r"key: \[site, number\]"):
        cleaned(tmp_path, cohort=cohort, pre="site,number,q1,q2,q3,q4\nA,1,1,1,1,1\nB,1,2,2,2,2\n")


def test_nobody_is_paired_where_a_wave_does_not_say_who_answered(tmp_path: Path) -> None:
    cohort = "title: C\npairing: none\nwaves:\n  pre: {file: pre.csv}\n  post: {file: post.csv}\n"
    data = cleaned(tmp_path, cohort=cohort)
    assert len(data.waves["pre"]) == 3
    assert not len(data.waves["pre"].index.intersection(data.waves["post"].index))


def test_more_answers_than_invitations_stop_unless_waves_may_hold_the_same_people(tmp_path: Path) -> None:
    cohort = "title: C\ninvited: 3\npairing: none\nwaves:\n  pre: {file: pre.csv}\n  post: {file: post.csv}\n"
    assert len(cleaned(tmp_path, cohort=cohort).waves["pre"]) == 3
    with pytest.raises(UserError, match="more people answered than were invited"):
        cleaned(tmp_path, cohort=cohort.replace("invited: 3", "invited: 2"))


def test_waves_on_two_sheets_of_a_workbook_are_read_each_from_its_own(tmp_path: Path) -> None:
    waves = "".join(f"  {wave}: {{file: both.xlsx, sheet: {wave}, key: id}}\n" for wave in ("pre", "post"))
    cohort = make(tmp_path, cohort=f"title: C\nwaves:\n{waves}")
    with xlsxwriter.Workbook(cohort.raw("both.xlsx")) as book:
        for wave, shift in (("pre", 0), ("post", 2)):
            sheet = book.add_worksheet(wave)
            sheet.write_row(0, 0, ["id", "q1", "q2", "q3", "q4"])
            sheet.write_row(1, 0, ["P1", 1 + shift, 2, 3, 4])
            sheet.write_row(2, 0, ["P2", 2 + shift, 99 if shift else 1, 3, 4])
    data = clean_survey(cohort)
    assert [frame["q1"].to_list() for frame in data.waves.values()] == [[1, 2], [3, 4]]
    assert data.log["file"].to_list() == ["data_raw/c/both.xlsx, sheet post"]


def test_a_wave_without_a_key_needs_the_word_that_nobody_is_paired(tmp_path: Path) -> None:
    cohort = "title: C\nwaves:\n  pre: {file: pre.csv, key: id}\n  post: {file: post.csv}\n"
    with pytest.raises(UserErrors, match=r"wave post names no key.*pairing: none"):
        cleaned(tmp_path, cohort=cohort)


def test_one_file_of_a_row_per_person_pairs_its_waves_by_the_row(tmp_path: Path) -> None:
    study = STUDY.replace("items: {q1: One, q2: Two, q3: Three, q4: Four}\n    reverse: [q4]", "items: {q1: One}")
    wide = "before,after,sex\n1,4,f\n2,,m\n"
    cohort = (
        "title: C\npeople: {file: wide.csv, key: '#row', characteristics: {gender: {column: sex, values: {f: female, "
        "m: male}}}}\n"
        "waves:\n  pre: {file: wide.csv, key: '#row', rename: {q1: before}}\n"
        "  post: {file: wide.csv, key: '#row', rename: {q1: after}}\n"
    )
    data = cleaned(tmp_path, study=study, cohort=cohort, wide=wide)
    assert list(data.waves["pre"].index) == ["ROW 2", "ROW 3"]
    assert list(data.waves["post"].index) == ["ROW 2"]
    assert data.people.loc["ROW 3", "gender"] == "male"


def test_the_row_pairs_nothing_between_two_files(tmp_path: Path) -> None:
    cohort = "title: C\nwaves:\n  pre: {file: pre.csv, key: '#row'}\n  post: {file: post.csv, key: '#row'}\n"
    with pytest.raises(UserErrors, match="the key #row stands for several files"):
        cleaned(tmp_path, cohort=cohort)


@pytest.mark.parametrize(
    ("pattern", "item", "column"),
    [
        ("Pre.{item}", "scq03", "Pre.scq03"),
        ("A1_{number}", "scq03", "A1_3"),
        ("Q7_{digits}", "scq03", "Q7_03"),
        ("A{number}.2", "item10", "A10.2"),
        ("x{number}", "item0", "x0"),
    ],
)
def test_a_pattern_names_columns_by_item_or_number(pattern: str, item: str, column: str) -> None:
    assert WaveFile(file="f.csv", columns=pattern).column(item) == column


def test_answers_in_other_words_or_numbers_are_taken_as_cohort_yml_says(tmp_path: Path) -> None:
    cohort = COHORT.replace(
        "pre: {file: pre.csv, key: id}", "pre: {file: pre.csv, key: id, answers: {s: {کبھی نہیں: 1, 0: 1, 4: 5}}}"
    )
    data = cleaned(tmp_path, cohort=cohort, pre="id,q1,q2,q3,q4\nP1,کبھی  نہیں,0,4,always\n")
    assert data.waves["pre"].loc["P1", ["q1", "q2", "q3", "q4"]].to_list() == [1, 1, 5, 5]
    log = data.log[data.log["file"].str.endswith("pre.csv")]
    assert set(log["rule"]) == {"answer given in cohort.yml", "response label"}


def test_what_does_not_apply_is_counted_apart_from_what_is_missing(tmp_path: Path) -> None:
    cohort = COHORT + "not_applicable: [N/A, does not concern me]\n"
    data = cleaned(tmp_path, cohort=cohort, pre="id,q1,q2,q3,q4\nP1,n/a,-999,Does not  concern me,1\n")
    assert data.waves["pre"].loc["P1", ["q1", "q2", "q3"]].isna().all()
    log = data.log[data.log["file"].str.endswith("pre.csv")]
    assert log["rule"].to_list() == ["does not apply", "declared missing code", "does not apply"]


def test_more_than_two_waves_are_kept_in_the_order_of_the_study(tmp_path: Path) -> None:
    study = STUDY.replace("{pre: Before, post: After}", "{pre: Before, post: After, later: A month later}")
    cohort = "title: C\nwaves:\n" + "".join(
        f"  {wave}: {{file: long.csv, key: id, rows: {{when: {at}}}}}\n"
        for wave, at in (("later", "T3"), ("pre", "T1"), ("post", "T2"))
    )
    data = cleaned(tmp_path, study=study, cohort=cohort, long=LONG)
    assert list(data.waves) == ["pre", "post", "later"]
