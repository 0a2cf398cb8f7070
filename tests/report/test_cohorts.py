"""Many cohorts in one run: failures stay apart, and the overview lists every cohort."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from braid.cohorts import Attempt, cohorts_of, run_cohorts, write_overview
from braid.errors import UserError
from braid.publishing import Report
from braid.study import Project

from tests.pipeline.small_project import make_study
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
    for name in ("made", "broken", "later", "no name"):
        (tmp_path / "data_raw" / name).mkdir(parents=True)
        (tmp_path / "data_raw" / name / "cohort.yml").touch()
    (tmp_path / "reports" / "made").mkdir(parents=True)
    (tmp_path / "reports" / "made" / "report.html").touch()
    made = Attempt(tmp_path, "made")
    made.title = "First <b>"
    made.done(Report((), "It rose.", ("clean",), True, "pandoc and typst"))
    Attempt(tmp_path, "broken").failed(UserError("this key is not known", place="cohort.yml", todo="more"))
    page = write_overview(Project(tmp_path)).read_text(encoding="utf-8")
    assert '<a href="made/report.html">HTML</a>' in page
    assert "First &lt;b&gt;" in page
    assert "It rose." in page
    assert "No new report (wrong files): cohort.yml: this key is not known" in page
    assert page.count("none yet") == 3


@pytest.mark.parametrize(
    ("languages", "spoken", "title"),
    [(("da", "da"), "da", "2 kohorter"), (("da", "en"), "en", "2 cohorts"), (("da", "xx"), "en", "2 cohorts")],
)
def test_the_overview_speaks_the_language_that_all_cohorts_have_in_common(
    tmp_path: Path, languages: tuple[str, ...], spoken: str, title: str
) -> None:
    (tmp_path / "reports").mkdir()
    for number, language in enumerate(languages):
        (tmp_path / "data_raw" / f"c{number}").mkdir(parents=True)
        (tmp_path / "data_raw" / f"c{number}" / "cohort.yml").touch()
        attempt = Attempt(tmp_path, f"c{number}")
        attempt.language = language
        attempt.done(Report((), "Headline.", (), True, "pandoc and typst"))
    Attempt(tmp_path, "c0").failed(UserError("this key is not known"))  # it keeps the language of the run before
    page = write_overview(Project(tmp_path)).read_text(encoding="utf-8")
    assert f'<html lang="{spoken}">' in page and f"<h1>{title}</h1>" in page


def test_a_run_that_was_cut_short_is_told_until_the_next_one_ends(tmp_path: Path) -> None:
    (tmp_path / "data_raw" / "c").mkdir(parents=True)
    (tmp_path / "reports").mkdir()
    (tmp_path / "data_raw" / "c" / "cohort.yml").touch()
    attempt = Attempt(tmp_path, "c")
    told = write_overview(Project(tmp_path)).read_text(encoding="utf-8")
    assert "No new report (failed): the run of this cohort has not ended" in told
    attempt.done(Report((), "It rose.", (), False, "pandoc and typst"))
    assert "It rose." in write_overview(Project(tmp_path)).read_text(encoding="utf-8")


def test_nothing_is_kept_for_a_cohort_that_does_not_exist(tmp_path: Path) -> None:
    Attempt(tmp_path, "misspelt").failed(UserError("there is no cohort misspelt"))
    assert not (tmp_path / "data_processed").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such lock")
def test_a_second_run_of_a_cohort_waits_for_the_first_even_if_that_is_killed(tmp_path: Path) -> None:
    make_study(tmp_path)
    hold = (
        "import sys, time; from pathlib import Path; from braid.cohorts import one_at_a_time\n"
        "from braid.study import open_cohort\n"
        "with one_at_a_time(open_cohort('c', Path(sys.argv[1]))):\n"
        "    print('inside', flush=True); time.sleep(float(sys.argv[2]))\n"
    )

    def start(seconds: float) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", hold, str(tmp_path), str(seconds)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    first = start(600)
    assert first.stdout is not None
    assert first.stdout.readline() == "inside\n"
    second = start(0)
    assert second.stderr is not None
    assert second.stderr.readline() == "another run of c is under way; waiting for it\n"
    assert second.poll() is None
    first.kill()
    assert second.communicate(timeout=60)[0] == "inside\n"
    assert second.returncode == 0
    first.communicate()


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
