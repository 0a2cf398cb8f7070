"""Cohorts compared by the command itself: the report in three formats, its record, and what stops it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from braid.cohorts import write_overview
from braid.records import Record
from braid.study import Project
from scipy import stats

from tests.project_copy import Copy, copy_project
from tests.several_cohorts import change_spec, cohort_like, with_people, without_themes

from .conftest import html_text, pdf_text, word_text

pytestmark = pytest.mark.slow
READERS = {"html": html_text, "pdf": pdf_text, "docx": word_text}
NAME = "compare-early-demo-next"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A project in which `braid compare early demo-next` was called once, and no cohort was run before."""
    copy = copy_project(tmp_path_factory.mktemp("project"), "demo-next")
    early = cohort_like(copy.root, "early")
    change_spec(early, title="An earlier intake")
    with_people(early, 30)
    without_themes(early, "facilitators > thanks", "reflections > stories")
    done = copy.braid("compare", "early", "demo-next", "--without-quarto")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith("reports/")] == [
        f"reports/{NAME}/report.{kind}" for kind in READERS
    ]
    return copy


@pytest.fixture(scope="module")
def texts(project: Copy) -> dict[str, str]:
    """The words of the report in each format."""
    return {kind: read(project.report(NAME, f"report.{kind}")) for kind, read in READERS.items()}


@pytest.fixture(scope="module")
def records(project: Copy) -> dict[str, Record]:
    return project.records(NAME)


def changes(project: Copy, cohort: str) -> pd.Series:
    """The change of the score of each person with both, from the clean tables."""
    clean = project.root / "data_processed" / cohort / "clean"
    waves = [pd.read_csv(clean / f"wave-{wave}.csv", index_col=0)["scq"] for wave in ("pre", "post")]
    return (waves[1] - waves[0]).dropna()


def test_the_difference_in_change_is_that_of_an_independent_computation(
    project: Copy, records: dict[str, Record], texts: dict[str, str]
) -> None:
    early, later = changes(project, "early"), changes(project, "demo-next")
    test = stats.ttest_ind(later, early, equal_var=False)
    interval = test.confidence_interval()
    record = records["compare.change.scq.difference.demo-next"]
    assert record.estimate == pytest.approx(later.mean() - early.mean(), rel=1e-9)
    assert (record.low, record.high) == pytest.approx((interval.low, interval.high), rel=1e-9)
    assert record.text in texts["html"] and record.text in texts["docx"]
    weights = [len(one) / one.var(ddof=1) for one in (early, later)]
    mean = (weights[0] * early.mean() + weights[1] * later.mean()) / sum(weights)
    assert records["compare.change.scq.these"].estimate == pytest.approx(mean, rel=1e-9)


def test_each_cohort_and_both_together_stand_in_every_format(texts: dict[str, str], records: dict[str, Record]) -> None:
    for kind, text in texts.items():
        assert "Comparison of the cohorts early and demo-next" in text, kind
        assert records["compare.change.scq.these"].text in text, kind
        assert "Two cohorts say little of cohorts in general" in text, kind
        assert "chance" in text and "Synthetic data" in text, kind


def test_themes_that_are_new_are_told_with_an_approved_quotation(texts: dict[str, str]) -> None:
    told = "Voiced in demo-next and not in early: personal stories of facilitators (1 of 9) and thanks from patients"
    for kind, text in texts.items():
        assert told in text, kind
        assert "she had the scar to prove it" in text, kind
    assert "2 are new in demo-next" in texts["html"]


def test_what_was_decided_is_kept_or_not_compared(records: dict[str, Record], texts: dict[str, str]) -> None:
    assert records["compare.joint.competence"].text == "kept"
    assert records["compare.joint.support"].text == "not decided everywhere"
    assert "Kept: agreement in both cohorts." in texts["pdf"]


def test_nothing_is_shown_as_missing_by_a_program(texts: dict[str, str]) -> None:
    for kind, text in texts.items():
        assert not re.search(r"\b(nan|NaN|None|inf)\b|\?\?|\{\{", text), kind


def test_nobody_can_be_recognised(project: Copy, texts: dict[str, str]) -> None:
    notebook = project.report(NAME, "notebooks/compare.ipynb").read_text(encoding="utf-8")
    for text in (*texts.values(), notebook):
        assert not re.search(r"\bP0\d\d\b|Speaker_\d|FGD_\d_", text, re.IGNORECASE)


def test_the_executed_notebook_names_the_cohorts_and_no_place(project: Copy) -> None:
    text = project.report(NAME, "notebooks/compare.ipynb").read_text(encoding="utf-8")
    cells = {cell["id"]: "".join(cell["source"]) for cell in json.loads(text)["cells"]}
    assert "cohorts = ['early', 'demo-next']" in cells["injected-parameters"].replace('"', "'")
    assert str(project.root) not in text


def test_the_report_verifies_and_a_changed_file_is_found(project: Copy) -> None:
    done = project.braid("verify", NAME)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the same to the last byte" in done.stdout
    page = project.report(NAME, "report.html")
    kept = page.read_bytes()
    page.write_bytes(kept + b" ")
    try:
        done = project.braid("verify", NAME)
        assert done.returncode == 1 and f"reports/{NAME}/report.html is changed" in done.stderr
        assert "braid compare early demo-next" in done.stderr
    finally:
        page.write_bytes(kept)


def test_a_second_call_has_nothing_to_do(project: Copy) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in project.report(NAME).glob("report.*")}
    done = project.braid("compare", "early", "demo-next", "--without-quarto")
    assert done.returncode == 0 and "nothing has changed" in done.stdout
    assert {path.name: path.stat().st_mtime_ns for path in project.report(NAME).glob("report.*")} == before


def test_the_overview_of_all_cohorts_links_the_comparison(project: Copy) -> None:
    page = write_overview(Project(project.root)).read_text(encoding="utf-8")
    assert "<strong>early and demo-next</strong>" in page
    assert f'<a href="{NAME}/report.pdf">PDF</a>' in page


def test_a_cohort_that_is_broken_leaves_the_last_report(project: Copy) -> None:
    before = project.report(NAME, "report.html").read_bytes()
    survey = project.root / "data_raw" / "early" / "survey_after.csv"
    away = survey.with_suffix(".away")
    shutil.move(survey, away)
    try:
        done = project.braid("compare", "early", "demo-next", "--without-quarto")
        assert done.returncode == 2 and "survey_after.csv" in done.stderr
        assert "fault of braid" not in done.stderr
        assert project.report(NAME, "report.html").read_bytes() == before
    finally:
        shutil.move(away, survey)


def test_the_folder_of_other_cohorts_is_not_written_over(project: Copy) -> None:
    source = project.root / "data_raw" / "demo-next"
    for name in ("early-demo", "next"):
        shutil.copytree(source, project.root / "data_raw" / name)
    done = project.braid("compare", "early-demo", "next", "--without-quarto")
    assert done.returncode == 2
    assert "this folder holds the comparison of other cohorts" in done.stderr and "early, demo-next" in done.stderr
    assert not Path(project.root / "data_processed" / "next" / "results").exists()
