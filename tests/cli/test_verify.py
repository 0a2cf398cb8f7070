"""`braid verify`: a report that is as it was made, and everything that may have been changed since."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from braid.cli import verify as verify_command
from braid.study import open_cohort
from braid.verification import Rerun, check_manifest, origin, write_manifest

from .conftest import Braid


@pytest.fixture
def reported(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a report, whose notebooks give the recorded outputs again."""
    folder = project / "reports" / "c"
    (folder / "notebooks").mkdir(parents=True)
    (folder / "report.html").write_text("page", encoding="utf-8")
    (folder / "notebooks" / "01_clean.ipynb").write_text("{}", encoding="utf-8")
    cohort = open_cohort("c", project)
    write_manifest(cohort, origin(cohort), [folder / "report.html", folder / "notebooks" / "01_clean.ipynb"])
    monkeypatch.setattr(verify_command, "rerun_notebooks", lambda folder, root: Rerun(40, (), ""))
    monkeypatch.setattr(verify_command, "cohort_content", lambda cohort, made: None)
    monkeypatch.setattr(verify_command, "differs_from_record", lambda cohort, content, made: ())
    return project


def test_a_report_that_is_as_it_was_made_verifies(braid: Braid, reported: Path) -> None:
    said = braid("verify", "c")
    assert said.code == 0
    assert "40 cells gave the recorded outputs again" in said.out
    assert said.out.splitlines()[-1] == "The report of c verifies."


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("reports/c/report.html", "other", "reports/c/report.html is changed"),
        ("reports/c/report.html", None, "reports/c/report.html is missing"),
        ("reports/c/notebooks/01_clean.ipynb", "{ }", "reports/c/notebooks/01_clean.ipynb is changed"),
        ("data_raw/c/pre.csv", "id,q1,q2,q3,q4\nP1,5,5,5,5\n", "study or cohort files have changed"),
        ("analysis/study.yml", "+", "study or cohort files have changed"),
    ],
)
def test_what_was_changed_since_is_named_and_ends_with_1(
    braid: Braid, reported: Path, file: str, content: str | None, words: str
) -> None:
    path = reported / file
    if content is None:
        path.unlink()
    elif content == "+":
        path.write_text(path.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    else:
        path.write_text(content, encoding="utf-8")
    said = braid("verify", "c")
    assert said.code == 1
    assert words in said.err
    assert "what to do" in said.err
    assert "verifies." not in said.out


def test_a_cell_with_another_output_ends_with_1(braid: Braid, reported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    again = Rerun(39, ("reports/c/notebooks/04_change.ipynb::Cell 5",), "")
    monkeypatch.setattr(verify_command, "rerun_notebooks", lambda folder, root: again)
    said = braid("verify", "c")
    assert said.code == 1
    assert "04_change.ipynb::Cell 5" in said.err
    assert "another output than the record" in said.err


def test_a_report_that_is_not_what_its_notebooks_give_ends_with_1(
    braid: Braid, reported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify_command, "differs_from_record", lambda cohort, content, made: ("report.html",))
    said = braid("verify", "c")
    assert said.code == 1
    assert "reports/c/report.html is not what notebooks and sections give" in said.err


def test_a_report_without_notebooks_cannot_be_verified(braid: Braid, project: Path) -> None:
    said = braid("verify", "c")
    assert said.code == 2
    assert "there are no executed notebooks" in said.err
    assert "run: braid run c" in said.err


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"made_from": {}, "files": {}}', '{"made_from": 1, "files": 2}'])
def test_a_manifest_that_cannot_be_read_is_a_users_matter(braid: Braid, reported: Path, content: str) -> None:
    (reported / "reports/c/manifest.json").write_text(content, encoding="utf-8")
    said = braid("verify", "c")
    assert said.code == 2
    assert "the manifest cannot be read" in said.err


def test_the_manifest_names_every_raw_file_with_its_digest(reported: Path) -> None:
    content = json.loads((reported / "reports/c/manifest.json").read_text(encoding="utf-8"))
    raw = (reported / "data_raw/c/pre.csv").read_bytes()
    assert content["inputs"]["data_raw/c/pre.csv"] == hashlib.sha256(raw).hexdigest()
    assert {"analysis/study.yml", "data_raw/c/cohort.yml", "data_raw/c/post.csv"} <= set(content["inputs"])


def test_a_manifest_is_read_back_as_it_was_written(reported: Path) -> None:
    cohort = open_cohort("c", reported)
    made, changed = check_manifest(cohort)
    assert made == origin(cohort)
    assert changed == []
