"""What the check says of the joint display: themes that are gone, decisions that no longer fit, what is published."""

from __future__ import annotations

from pathlib import Path

import pytest
from braid.checking import check
from braid.errors import UserErrors
from braid.records import Record, write_records
from braid.study import open_cohort

from tests.cleaning.small_cohort import COHORT, STUDY, make

CODED = "coding: {themes: {work: {label: Work, themes: {seniors: {label: Seniors, kind: facilitator}}}}}\n"
ROW = "joint_display: {row: {question: Why?, statistics: [change.s.overall], themes: [work.%s]%s}}\n"
DECIDED = (
    "decisions: {row: {convergence: agreement, fit: confirmation, meta_inference: Both., decided_by: A, "
    "decided_on: 2026-11-01, decided_from: {numbers: favourable, words: favourable, prominent: true}}}\n"
)


def test_a_theme_that_was_renamed_stops_with_what_it_may_be_called_now(tmp_path: Path) -> None:
    with pytest.raises(UserErrors) as raised:
        make(tmp_path, study=STUDY + CODED + ROW % ("senior", ""))
        open_cohort("c", tmp_path)
    (error,) = raised.value.errors
    assert (error.place, error.found) == ("analysis/study.yml: joint_display.row.themes", "work.senior")
    assert error.todo == "did you mean work.seniors?"


@pytest.mark.parametrize(("numbers", "asked"), [("favourable", 0), ("unfavourable", 1)])
def test_a_decision_on_other_results_than_the_last_run_found_is_told(tmp_path: Path, numbers: str, asked: int) -> None:
    cohort = make(tmp_path, study=STUDY + CODED + ROW % ("seniors", ""), cohort=COHORT + DECIDED)
    parts = {"numbers": numbers, "words": "favourable", "prominent": "true", "proposed": "dissonance"}
    write_records(cohort.project.results("c") / "triangulation.json", [Record("joint.row", "agreement", parts=parts)])
    found = [finding for finding in check(cohort).warnings if "have changed since" in finding.rule]
    assert len(found) == asked
    if found:
        assert found[0].key == "decisions.row"
        assert found[0].todo == (
            "decide again, and write decided_from: {numbers: unfavourable, words: favourable, prominent: true}"
        )
        assert "was: numbers favourable" in (found[0].value or "")


def test_a_decision_that_does_not_say_on_what_it_was_made_is_told_with_what_to_write(tmp_path: Path) -> None:
    silent = DECIDED.replace(", decided_from: {numbers: favourable, words: favourable, prominent: true}", "")
    cohort = make(tmp_path, study=STUDY + CODED + ROW % ("seniors", ""), cohort=COHORT + silent)
    parts = {"numbers": "favourable", "words": "favourable", "prominent": "null", "proposed": "no proposal"}
    write_records(cohort.project.results("c") / "triangulation.json", [Record("joint.row", "agreement", parts=parts)])
    (found,) = [finding for finding in check(cohort).warnings if finding.key == "decisions.row"]
    assert "decided_from: {numbers: favourable, words: favourable, prominent: null}" in (found.todo or "")


def test_before_any_run_no_decision_is_doubted(tmp_path: Path) -> None:
    cohort = make(tmp_path, study=STUDY + CODED + ROW % ("seniors", ""), cohort=COHORT + DECIDED)
    assert [finding for finding in check(cohort).warnings if "decided" in finding.rule] == []


def test_a_wrong_table_of_what_is_published_is_an_error_with_its_row(tmp_path: Path) -> None:
    study = STUDY + CODED + ROW % ("seniors", ", target: care") + "literature: {file: table.csv, review: R}\n"
    cohort = make(tmp_path, study=study)
    head = "intervention,target,effective,levels\n"
    (tmp_path / "analysis" / "table.csv").write_text(f"{head}One,care,maybe,group\n", encoding="utf-8")
    (error,) = check(cohort).errors
    assert (error.file, error.row, error.column) == ("analysis/table.csv", 2, "effective")
    (tmp_path / "analysis" / "table.csv").write_text(f"{head}One,caree,yes,group\n", encoding="utf-8")
    (error,) = check(cohort).errors
    assert (error.key, error.todo) == ("joint_display.row.target", "did you mean caree?")
