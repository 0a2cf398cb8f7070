"""`braid run` as a person meets it: what it prints and keeps, and how it ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from braid.cli import run as run_command
from braid.cli import unchanged
from braid.errors import RunError
from braid.pipeline import Progress, StageFailed
from braid.pipeline.execute import Failure
from braid.publishing import Order, Report
from braid.study import Cohort

from .conftest import Braid, files


@pytest.mark.parametrize(
    ("formats", "words"),
    [("htlm", "did you mean html?"), ("html,word", "use one of: html, pdf, docx"), (" , ", "no format is named")],
)
def test_an_unknown_format_is_told_before_anything_is_run(
    braid: Braid, project: Path, formats: str, words: str
) -> None:
    before = files(project)
    said = braid("run", "c", "--to", formats)
    assert said.code == 2
    assert words in said.err
    assert files(project) == before
    assert not (project / "data_processed").exists()


@pytest.fixture
def made(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose runs succeed without computing."""

    def make_report(cohort: Cohort, order: Order, *, on_stage: Progress) -> Report:
        on_stage("clean", "run", 1.0)
        order.on_format("html", 0.5)
        page = project / "reports" / "c" / "report.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text("page", encoding="utf-8")
        return Report((page,), "It worked.", ("clean",), True, "pandoc and typst")

    monkeypatch.setattr(run_command, "make_report", make_report)
    return project


def test_a_run_prints_its_stages_and_ends_with_the_report_and_the_headline(braid: Braid, made: Path) -> None:
    said = braid("run", "c")
    assert said.code == 0
    assert re.search(r"01_clean\.ipynb +1\.0 s", said.out)
    assert re.search(r"report\.html +0\.5 s", said.out)
    assert said.out.splitlines()[-2:] == ["reports/c/report.html", "It worked."]


def test_quiet_prints_where_the_report_is_and_its_headline_alone(braid: Braid, made: Path) -> None:
    for flag in ("--quiet", "-q"):
        assert braid("run", "c", flag).out == "reports/c/report.html\nIt worked.\n"


def test_every_run_is_kept_in_the_log_of_its_cohort_with_the_time(braid: Braid, made: Path) -> None:
    braid("run", "c", "--quiet")
    braid("run", "c")
    log = (made / "data_processed" / "c" / "run.log").read_text(encoding="utf-8")
    lines = log.splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  ", line) for line in lines)
    assert log.count("A cohort (c)") == 2
    assert log.count("01_clean.ipynb") == 2
    assert log.count("rendered with pandoc and typst") == 2


def failing(user: bool) -> Callable[..., Report]:
    def make_report(cohort: Cohort, order: Order, *, on_stage: Progress) -> Report:
        raise StageFailed("change", Failure("04_change.ipynb", "tbl-change", "line 2: x", "why it stopped", user))

    return make_report


def test_a_notebook_that_fails_ends_with_1_and_one_that_finds_a_mistake_with_2(
    braid: Braid, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for user, code in ((False, 1), (True, 2)):
        monkeypatch.setattr(run_command, "make_report", failing(user))
        for quiet in ((), ("--quiet",)):
            said = braid("run", "c", *quiet)
            assert said.code == code
            assert "04_change.ipynb" in said.err
            assert "why it stopped" in said.err
    log = (project / "data_processed" / "c" / "run.log").read_text(encoding="utf-8")
    assert log.count("why it stopped") == 4


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (RunError("typst stopped"), 1, "typst stopped"),
        (KeyboardInterrupt(), 130, "the last report is as it was"),
        (ZeroDivisionError("no"), 1, "This is a fault of braid, not of your files."),
    ],
)
def test_other_ends_have_their_code_and_their_words(
    braid: Braid, project: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, words: str
) -> None:
    def make_report(cohort: Cohort, order: Order, *, on_stage: Progress) -> Report:
        raise error

    monkeypatch.setattr(run_command, "make_report", make_report)
    said = braid("run", "c")
    assert said.code == code
    assert words in said.err


def test_a_file_that_is_edited_while_a_run_is_under_way_is_not_taken_for_reported(
    braid: Braid, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished = run_command.make_report

    def edited_meanwhile(cohort: Cohort, order: Order, *, on_stage: Progress) -> Report:
        report = finished(cohort, order, on_stage=on_stage)
        (made / "data_raw" / "c" / "pre.csv").write_text("id,q1,q2,q3,q4\nP1,5,5,5,5\n", encoding="utf-8")
        return report

    assert braid("run", "c").code == 0
    assert unchanged.answered(["run", "c"])
    monkeypatch.setattr(run_command, "make_report", edited_meanwhile)
    assert braid("run", "c").code == 0
    assert not unchanged.answered(["run", "c"])
