"""What a team writes by hand: placed where it belongs, held against the results, and shown while it is written."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

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


@pytest.fixture
def preview(copy: Copy) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A preview that runs, and its address."""
    command = [sys.executable, "-m", "braid", "preview", "demo", "--no-browser"]
    with subprocess.Popen(
        command, cwd=copy.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        address = next(line for line in process.stdout if line.startswith("http://127.0.0.1")).split()[0]
        yield process, address
        process.terminate()
        process.wait(30)


def page(address: str, holds: str) -> str:
    """The page once it holds some words; the last one where it does not come to it in time."""
    text, end = "", time.monotonic() + 240
    while holds not in text and time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                text = answer.read().decode("utf-8")
        except OSError:  # it makes the page just now
            pass
        time.sleep(0.3)
    return text


def test_a_preview_shows_a_note_that_was_saved_while_it_runs(
    copy: Copy, preview: tuple[subprocess.Popen[str], str]
) -> None:
    _, address = preview
    assert "livereload" in page(address, "livereload")
    note(copy, "context", "A sentence that was saved just now.\n")
    assert "saved just now" in page(address, "saved just now")
    assert "livereload" not in copy.report("demo", "report.html").read_text(encoding="utf-8")
