"""Many cohorts in one run: failures stay apart, and the overview lists every cohort."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from braid.cohorts import Outcome, cohorts_of, run_cohorts, write_overview
from braid.errors import UserError
from braid.study import Project

from tests.project_copy import REPOSITORY, Copy, copy_project


def test_a_broken_cohort_is_told_and_the_next_is_still_tried(tmp_path: Path) -> None:
    copy = copy_project(tmp_path)
    for name, text in (("one", "title: [\n"), ("two", "titel: Two\n")):
        (copy.root / "data_raw" / name).mkdir(parents=True)
        (copy.root / "data_raw" / name / "cohort.yml").write_text(text, encoding="utf-8")
    outcomes = run_cohorts(copy.root, ["two", "one"], formats=("html",))
    assert [(o.cohort, o.state) for o in outcomes] == [("two", "wrong files"), ("one", "wrong files")]
    assert "did you mean title?" in outcomes[0].text
    assert "not valid YAML" in outcomes[1].text


def test_the_overview_links_reports_and_escapes_what_comes_from_files(tmp_path: Path) -> None:
    for name in ("made", "broken", "later"):
        (tmp_path / "data_raw" / name).mkdir(parents=True)
        (tmp_path / "data_raw" / name / "cohort.yml").touch()
    (tmp_path / "reports" / "made").mkdir(parents=True)
    (tmp_path / "reports" / "made" / "report.html").touch()
    outcomes = [
        Outcome("made", "First <b>", "made", "It rose.", 1.0),
        Outcome("broken", "Second", "wrong files", "cohort.yml: this key is not known\n  more", 0.1),
    ]
    page = write_overview(Project(tmp_path), outcomes).read_text(encoding="utf-8")
    assert '<a href="made/report.html">HTML</a>' in page
    assert "First &lt;b&gt;" in page
    assert "It rose." in page
    assert "No new report (wrong files): cohort.yml: this key is not known" in page
    assert page.count("none yet") == 2


def test_no_cohort_at_all_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no cohort yet"):
        list(cohorts_of(Project(tmp_path)))


@pytest.mark.slow
def test_every_cohort_is_run_although_one_is_broken(tmp_path: Path) -> None:
    copy: Copy = copy_project(tmp_path, "demo-next")
    shutil.copytree(REPOSITORY / "data_raw" / "demo-next", copy.root / "data_raw" / "broken")
    (copy.root / "data_raw" / "broken" / "survey_before.csv").unlink()
    done = copy.braid("run", "--all", "--to", "html", "--without-quarto")
    assert done.returncode == 2, done.stderr
    assert copy.report("demo-next", "report.html").is_file()
    assert not copy.report("broken", "report.html").exists()
    assert "survey_before.csv: this file does not exist" in done.stdout
    assert "1 cohort(s) have no new report: broken" in done.stderr
    assert (copy.root / "reports" / "index.html").is_file()
    again = copy.braid("run", "--all", "--to", "html", "--without-quarto")
    assert "fresh" in again.stdout
