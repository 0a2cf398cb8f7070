"""What a team writes by hand: placed where it belongs, held against the results, and shown while it is written."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from braid.cli.preview import watched
from braid.study import open_cohort

from tests.project_copy import Copy

from .conftest import html_text

pytestmark = pytest.mark.slow


@pytest.fixture
def copy(demo: Copy, tmp_path: Path) -> Copy:
    """The demo as it was run, to be changed."""
    shutil.copytree(demo.root, tmp_path / "copy")
    copy = Copy(tmp_path / "copy")
    (copy.root / "data_raw" / "demo" / "notes").mkdir()
    return copy


def note(copy: Copy, name: str, text: str) -> None:
    (copy.root / "data_raw" / "demo" / "notes" / f"{name}.md").write_text(text, encoding="utf-8")


def test_notes_stand_where_they_belong_and_may_name_results(copy: Copy) -> None:
    note(copy, "context", "The hospital opened a new ward that spring.\n")
    note(copy, "discussion", "Ratings improved by {{< var change.scq.overall.text >}}, as we had hoped.\n")
    note(copy, "limitations", "Two sessions were held online.\n")
    note(copy, "acknowledgements", "We thank the facilitators.\n")
    done = copy.braid("run", "demo", "--without-quarto")
    assert done.returncode == 0, done.stderr
    words = html_text(copy.report("demo", "report.html"))
    marks = ["new ward that spring", "Methods", "Principal findings", "as we had hoped", "Limitations", "held online"]
    marks += ["Acknowledgements", "thank the facilitators", "Reproducibility"]
    place = words.index("Abstract Background")
    for mark in marks:
        place = words.index(mark, place)
    assert "Ratings improved by 0.55, 95% CI 0.48 to 0.62" in words
    again = copy.braid("run", "demo", "--without-quarto")
    assert "nothing has changed" in again.stdout
    assert copy.braid("verify", "demo").returncode == 0


def test_a_claim_that_the_result_does_not_support_stops_the_run(copy: Copy) -> None:
    before = copy.report("demo", "report.html").read_bytes()
    note(copy, "discussion", "One line.\n\nCompetence fell ({{< var change.scq.overall.text >}}).\n")
    done = copy.braid("run", "demo", "--without-quarto")
    assert done.returncode == 2
    assert "data_raw/demo/notes/discussion.md: line 3" in done.stderr
    assert "'fell'" in done.stderr and "rose, improved" in done.stderr
    assert copy.report("demo", "report.html").read_bytes() == before
    assert "'fell'" in copy.braid("check", "demo").stderr


def test_check_tells_numbers_typed_by_hand_and_the_result_that_reads_the_same(copy: Copy) -> None:
    note(copy, "discussion", "The mean was 4.58 ± 0.47 afterwards.\n")
    said = copy.braid("check", "demo").stdout
    assert "typed by hand" in said and "data_raw/demo/notes/discussion.md" in said and "4.58 ± 0.47" in said
    assert re.search(r"\{\{< var [a-z.]+\.after >\}\}", said)


def test_the_sections_of_the_template_hold_no_number_typed_by_hand(demo: Copy) -> None:
    assert "typed by hand" not in demo.braid("check", "demo").stdout


def test_a_note_without_a_place_is_refused(copy: Copy) -> None:
    note(copy, "limitation", "Few people.\n")
    done = copy.braid("run", "demo", "--without-quarto")
    assert done.returncode == 2
    assert "did you mean limitations?" in done.stderr and "notes/limitation.md" in done.stderr


def test_a_preview_watches_what_a_person_edits_and_nothing_that_a_run_writes(
    copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(copy.root)
    paths = watched(open_cohort("demo"))
    names = [path.relative_to(copy.root).as_posix() for path in paths]
    assert {"reports/sections", "data_raw/demo", "analysis/study.yml", "analysis/04_change.ipynb"} <= set(names)
    assert all(path.exists() for path in paths)
    assert not any(name.startswith(("data_processed", "reports/demo")) for name in names)
