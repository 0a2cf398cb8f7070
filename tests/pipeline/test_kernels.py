"""Notebooks in real kernels: failures that show the place, runs that are killed, and files that do not vary."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from braid.pipeline.execute import execute, parameters_cell, strip
from braid.pipeline.gate import Gate

from .small_project import alive, call, command, make_notebooks, report, stage_cells, write_notebook

pytestmark = pytest.mark.slow
HTML = ("run", "c", "--to", "html", "--without-quarto")
RAISES = '#| label: tbl-change\nnumbers = [1, 2]\nprint("one")\nnumbers[cohort]\n'
USER_ERROR = """
from braid.errors import UserError
raise UserError("no such column", place="data_raw/c/pre.csv", found="q9", todo="mend cohort.yml")
"""
WAITS = """
import time
(results.parent / "waiting").touch()
while not (results.parent / "go").exists():
    time.sleep(0.05)
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of small notebooks whose cohort was run once."""
    root = make_notebooks(tmp_path_factory.mktemp("ran"))
    done = call(root, *HTML)
    assert done.returncode == 0, done.stdout + done.stderr
    return root


@pytest.fixture
def project(ran: Path, tmp_path: Path) -> Path:
    """A copy of the project that was run once."""
    shutil.copytree(ran, tmp_path, dirs_exist_ok=True)
    return tmp_path


def change_notebook(root: Path, *cells: str) -> None:
    write_notebook(root / "analysis" / "04_change.ipynb", *cells)


def test_the_last_line_of_a_run_is_the_headline_and_the_report_shows_each_stage(ran: Path) -> None:
    done = call(ran, *HTML)
    assert done.stdout.splitlines()[-2:] == ["reports/c/report.html", "It worked."]
    page = (ran / "reports" / "c" / "report.html").read_text(encoding="utf-8")
    for name in ("clean", "baseline", "satisfaction", "change", "qualitative", "triangulation"):
        assert f"Shown by {name}." in page
    assert "a warning of" not in page


def test_a_notebook_that_raises_is_told_with_its_place_and_the_next_step(project: Path) -> None:
    before = report(project)
    change_notebook(project, stage_cells("change")[0], RAISES)
    done = call(project, *HTML)
    assert done.returncode == 1
    assert "The stage change stopped: 04_change.ipynb, cell tbl-change: line 4: numbers[cohort]" in done.stderr
    assert "TypeError: list indices must be integers or slices, not str" in done.stderr
    assert "what to do: open data_processed/c/notebooks/04_change.failed.ipynb" in done.stderr
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr
    assert report(project) == before
    failed = json.loads((project / "data_processed/c/notebooks/04_change.failed.ipynb").read_text(encoding="utf-8"))
    assert any("TypeError" in json.dumps(cell.get("outputs", [])) for cell in failed["cells"])
    assert "TypeError" in (project / "data_processed/c/run.log").read_text(encoding="utf-8")

    change_notebook(project, *stage_cells("change"))
    again = call(project, *HTML)
    assert again.returncode == 0, again.stderr
    assert again.stdout.count("unchanged") == 6


def test_a_user_error_in_a_notebook_is_a_user_error_of_the_run(project: Path) -> None:
    before = report(project)
    change_notebook(project, USER_ERROR)
    done = call(project, *HTML)
    assert done.returncode == 2
    assert "data_raw/c/pre.csv: no such column" in done.stderr
    assert "found: q9" in done.stderr
    assert "what to do: mend cohort.yml" in done.stderr
    assert "Traceback" not in done.stderr
    assert report(project) == before


def test_a_notebook_whose_process_dies_is_told_with_its_cell(tmp_path: Path) -> None:
    source, target = tmp_path / "n.ipynb", tmp_path / "out" / "n.ipynb"
    write_notebook(source, "1 + 1", "#| label: tbl-x\nimport os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "2")
    failure = execute(source, target, "c")
    assert failure is not None
    assert (failure.notebook, failure.cell, failure.user) == ("n.ipynb", "tbl-x", False)
    assert "process died" in failure.error
    assert not target.exists()


def test_a_notebook_that_is_begun_early_waits_at_its_gate_for_what_is_still_made(tmp_path: Path) -> None:
    source, target = tmp_path / "n.ipynb", tmp_path / "out" / "n.ipynb"
    made, gate = tmp_path / "made.txt", Gate(tmp_path / "gate")
    write_notebook(source, f"print(open({str(made)!r}).read())")
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        running = pool.submit(execute, source, target, "c", "", gate)
        with pytest.raises(TimeoutError):
            running.result(timeout=2)
        made.write_text("made in the meantime", encoding="utf-8")
        gate.open()
        assert running.result(timeout=60) is None
    assert "made in the meantime" in target.read_text(encoding="utf-8")


def test_a_notebook_that_is_begun_early_and_not_needed_leaves_nothing(tmp_path: Path) -> None:
    source, target = tmp_path / "n.ipynb", tmp_path / "out" / "n.ipynb"
    gate = Gate(tmp_path / "gate")
    write_notebook(source, f"open({str(tmp_path / 'ran')!r}, 'w')")
    gate.refuse()
    assert execute(source, target, "c", gate=gate) is None
    assert not list(target.parent.iterdir())
    assert not (tmp_path / "ran").exists()


def test_a_notebook_that_keeps_no_records_is_told_with_its_name(project: Path) -> None:
    before = report(project)
    change_notebook(project, "1 + 1")
    (project / "data_processed/c/results/change.json").unlink()
    done = call(project, *HTML)
    assert done.returncode in (1, 2)
    assert "change" in done.stderr
    assert "This is a fault of braid" not in done.stderr
    assert report(project) == before


def test_a_killed_run_leaves_the_last_report_and_no_process_and_the_next_one_goes_on(project: Path) -> None:
    before = report(project)
    change_notebook(project, stage_cells("change")[0], WAITS, *stage_cells("change")[1:])
    baseline = project / "analysis" / "02_baseline.ipynb"
    write_notebook(baseline, *stage_cells("baseline"), "'edited'")
    processed = project / "data_processed" / "c"
    kept = (processed / "cache.json").read_bytes()
    running = subprocess.Popen(
        command(*HTML), cwd=project, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        waiting, cache = processed / "waiting", processed / "cache.json"
        _until(lambda: waiting.exists() and cache.read_bytes() != kept)
        begun = _at_work(project) - {running.pid}
        assert begun
        running.kill()
        running.wait(10)
        _until(lambda: not any(alive(process) for process in begun))
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
    assert report(project) == before

    (processed / "go").touch()
    done = call(project, *HTML)
    assert done.returncode == 0, done.stderr
    states = {line.split()[0]: "unchanged" in line for line in done.stdout.splitlines() if ".ipynb" in line}
    assert states == {
        "01_clean.ipynb": True,
        "02_baseline.ipynb": True,
        "03_satisfaction.ipynb": True,
        "04_change.ipynb": False,
        "05_qualitative.ipynb": True,
        "06_triangulation.ipynb": True,
    }
    after = report(project)
    assert set(after) == set(before)
    assert after["notebooks/04_change.ipynb"] != before["notebooks/04_change.ipynb"]


def test_two_runs_give_the_same_bytes(project: Path) -> None:
    before = report(project)
    done = call(project, *HTML, "--force")
    assert done.returncode == 0, done.stderr
    assert "unchanged" not in done.stdout
    after = report(project)
    assert after == before


def test_a_parameter_stays_a_text_whatever_is_in_it(tmp_path: Path) -> None:
    quotes = ('"', "'", '"' * 3, "'" * 3, "\\")
    name = "".join(f"{quote}\nraise SystemExit('injected')\n" for quote in quotes) + "{x} %s \\n \u2028 \U0001f642"
    source, target = tmp_path / "n.ipynb", tmp_path / "out" / "n.ipynb"
    write_notebook(source, "print(ascii(cohort))")
    assert execute(source, target, name) is None
    cells = json.loads(target.read_text(encoding="utf-8"))["cells"]
    assert "".join(cells[-1]["outputs"][0]["text"]) == f"{name!a}\n"


def test_the_names_of_parameters_are_never_taken_from_outside() -> None:
    assert parameters_cell('x"\nimport os') == {"cohort": 'x"\nimport os'}


def test_what_differs_between_machines_and_days_is_stripped(ran: Path) -> None:
    for path in (ran / "reports" / "c" / "notebooks").glob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        notebook = json.loads(text)
        assert set(notebook["metadata"]) == {"kernelspec", "language_info"}
        assert all(set(cell["metadata"]) <= {"tags"} for cell in notebook["cells"])
        outputs = json.dumps([cell.get("outputs") for cell in notebook["cells"]])
        assert "a warning of" not in outputs
        assert "Shown by" in outputs
        assert str(ran) not in text
        ids = [cell["id"] for cell in notebook["cells"]]
        assert len(set(ids)) == len(ids)
        assert f"txt-{path.stem.partition('_')[2]}" in ids


def test_stripping_twice_changes_nothing_more(ran: Path) -> None:
    path = ran / "reports" / "c" / "notebooks" / "04_change.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert strip(notebook) == notebook


def _until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def _at_work(folder: Path) -> set[int]:
    """The processes that work inside of a folder, by their numbers: runs, what runs their notebooks, and kernels."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").resolve().is_relative_to(folder.resolve()):
                found.add(int(process.name))
    return found
