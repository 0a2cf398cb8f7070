"""What is wrong and what is only strange, told at once, each with its place."""

from __future__ import annotations

from pathlib import Path

from braid.checking import Checked, Finding, check
from braid.checking.joint import statistics_of
from braid.records import Record
from braid.stages import baseline, change, participants, satisfaction
from braid.study import find_root, open_cohort

from tests.cleaning.small_cohort import COHORT, STUDY, make

ROOT = find_root(Path(__file__).parent)
MANY = 12


def checked(root: Path, *, study: str = STUDY, cohort: str = COHORT, **files: str) -> Checked:
    return check(make(root, study=study, cohort=cohort, **files))


def warned(found: Checked, words: str) -> Finding:
    """The one warning that says this."""
    fitting = [finding for finding in found.warnings if words in finding.rule]
    assert len(fitting) == 1, [finding.rule for finding in found.warnings]
    return fitting[0]


def rows(answers: list[str], first: int = 1) -> str:
    lines = [f"P{first + place:02d},{line}" for place, line in enumerate(answers)]
    return "\n".join(["id,q1,q2,q3,q4", *lines]) + "\n"


def test_a_clean_cohort_has_neither_errors_nor_warnings(tmp_path: Path) -> None:
    post = "id,q1,q2,q3,q4\nP1,1,2,3,4\nP2,2,2,2,2\nP3,5,5,5,1\n"
    found = checked(tmp_path, post=post)
    assert (found.errors, found.warnings) == ((), ())
    assert found.survey is not None


def test_every_mistake_is_an_error_with_file_row_and_column(tmp_path: Path) -> None:
    found = checked(
        tmp_path,
        pre="id,q1,q2,q3,q4\nP1,1,2,3,4\nP2,somtimes,2,2,2\n",
        people="id,age,sex\nP1,old,f\nP2,41,divers\n",
    )
    places = {(error.file, error.row, error.column, error.value) for error in found.errors}
    assert places == {
        ("data_raw/c/pre.csv", 3, "q1", "'somtimes'"),
        ("data_raw/c/people.csv", 2, "age", "'old'"),
        ("data_raw/c/people.csv", 3, "sex", "'divers'"),
    }
    assert all(error.level == "error" and error.todo for error in found.errors)
    assert "did you mean Sometimes?" in next(error.todo or "" for error in found.errors if error.column == "q1")


def test_people_of_one_wave_are_counted_and_named(tmp_path: Path) -> None:
    found = checked(tmp_path, post="id,q1,q2,q3,q4\nP1,1,2,3,4\nP9,2,2,2,2\n")
    assert warned(found, "of wave pre are not in wave post").value == "P2, P3"
    assert warned(found, "of wave post are not in wave pre").value == "P9"


def test_keys_that_are_nearly_alike_are_told_and_not_paired(tmp_path: Path) -> None:
    found = checked(
        tmp_path,
        pre="id,q1,q2,q3,q4\nANNA17,1,2,3,4\nBORIS03,2,2,2,2\nP1,1,1,1,1\n",
        post="id,q1,q2,q3,q4\nANA17,1,2,3,4\nBORIS30,2,2,2,2\nP1,1,1,1,1\n",
    )
    assert warned(found, "spelled nearly alike").value == "ANNA17 and ANA17"
    assert found.survey is not None
    assert "ANA17" in found.survey.waves["post"].index


def test_a_key_that_only_counts_rows_is_told(tmp_path: Path) -> None:
    counted = "id,q1,q2,q3,q4\n1,1,2,3,4\n2,2,2,2,2\n3,1,3,1,3\n"
    cohort = COHORT.replace("people: ", "synthetic: true\npeople: ")
    found = checked(tmp_path, cohort=cohort, pre=counted, post=counted, people="id,age,sex\n1,30,f\n")
    assert warned(found, "only counts the rows").key == "waves.pre.key, waves.post.key"


def test_an_exclusion_of_nobody_is_told_also_where_two_columns_name_a_person(tmp_path: Path) -> None:
    wave = "site,number,q1,q2,q3,q4\nA,1,1,2,3,4\nB,1,2,2,2,2\nA,2,5,5,5,1\n"
    waves = "".join(f"  {name}: {{file: {name}.csv, key: [site, number]}}\n" for name in ("pre", "post"))
    exclude = "exclude: [{participant: b / 1, reason: Left}, {participant: B / 7, reason: Left}]\n"
    found = checked(tmp_path, cohort=f"title: C\nwaves:\n{waves}{exclude}", pre=wave, post=wave)
    assert warned(found, "nobody is excluded").value == "B / 7"


def test_waves_that_share_nobody_are_told(tmp_path: Path) -> None:
    found = checked(tmp_path, post="id,q1,q2,q3,q4\nX1,1,2,3,4\nX2,2,2,2,2\n")
    assert "pairing: none" in (warned(found, "nobody of wave pre is found in wave post").todo or "")


def test_nobody_paired_although_keys_agree_is_told(tmp_path: Path) -> None:
    assert warned(checked(tmp_path, cohort=COHORT + "pairing: none\n"), "nobody is paired, although").value


def test_an_item_against_its_scale_is_told_with_what_to_declare(tmp_path: Path) -> None:
    answers = [f"{a},{b},{c},{d}" for a, b, c, d in [(1, 1, 2, 1), (2, 2, 2, 2), (3, 3, 4, 3), (5, 4, 5, 5)] * 3]
    found = checked(tmp_path, pre=rows(answers), post=rows(answers))
    against = [finding for finding in found.warnings if "runs against the rest" in finding.rule]
    assert [(finding.file, finding.column) for finding in against] == [
        ("data_raw/c/pre.csv", "q4"),
        ("data_raw/c/post.csv", "q4"),
    ]
    assert "take q4 out of `reverse`" in (against[0].todo or "")


def test_one_answer_by_everybody_and_many_gaps_are_told(tmp_path: Path) -> None:
    answers = [f"3,{1 + place % 5},{'' if place % 2 else 2 + place % 3},{5 - place % 5}" for place in range(MANY)]
    found = checked(tmp_path, pre=rows(answers), post=rows([f"{1 + n % 5},2,3,4" for n in range(3)]))
    assert warned(found, "everybody gave the same answer").column == "q1"
    gap = [finding for finding in found.warnings if "more than a fifth" in finding.rule]
    assert [(finding.column, finding.value) for finding in gap] == [("q3", "50% of 12")]


def test_values_that_cleaning_takes_out_are_told(tmp_path: Path) -> None:
    found = checked(tmp_path, pre="id,q1,q2,q3,q4\nP1,1,77,3,4\nP2,2,2,2,2\nP3,1,1,1,1\n")
    assert warned(found, "become missing").value == "77 in row(s) 2"


def test_personal_data_and_files_that_nobody_names_are_told(tmp_path: Path) -> None:
    found = checked(
        tmp_path,
        people="id,age,sex,E-mail\nP1,30,f,a@b.example\nP2,41,f,c@d.example\nP3,29,f,e@f.example\n",
        later="id,q1\nP1,1\n",
    )
    assert warned(found, "looks like personal data").column == "E-mail"
    assert warned(found, "does not name").value == "later.csv"


def test_a_joint_display_of_a_statistic_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    study = STUDY + "joint_display: {row: {question: Why?, statistics: [change.s.item.q11, change.s.overall]}}\n"
    (error,) = checked(tmp_path, study=study).errors
    assert (error.file, error.key) == ("analysis/study.yml", "joint_display.row.statistics")
    assert (error.value, error.todo) == ("change.s.item.q11", "did you mean change.s.item.q1?")


def test_every_record_of_the_demo_that_can_be_named_is_known_without_computing_it() -> None:
    known = statistics_of(open_cohort("demo", ROOT).study)
    made = {record.id for stage in (participants, baseline, satisfaction, change) for record in _records(stage)}
    strands = ("participants.", "baseline.", "satisfaction.", "change.")
    texts = {"participants.summary", "satisfaction.returned", "satisfaction.summary"}
    assert not {name for name in made if name.startswith(strands)} - known - texts


def _records(stage: object) -> list[Record]:
    found: list[Record] = stage.open("demo").records()  # type: ignore[attr-defined]
    return found
