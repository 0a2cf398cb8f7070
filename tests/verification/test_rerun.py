"""Executed notebooks run again: what differs is found and told with its cell, and nothing else has a say in it."""

from __future__ import annotations

import json
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pytest
from braid.kernels.choice import SWITCH
from braid.pipeline import worker_processes
from braid.pipeline.execute import execute
from braid.verification import Rerun, rerun_notebooks
from jupyter_core.utils import ensure_event_loop

from ..pipeline.small_project import write_notebook

CELLS = ("print(1 + 1)", "[cohort] * 2", "from IPython.display import Markdown\nMarkdown('**said**')")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The text of executed notebooks, by their names."""
    folder = tmp_path_factory.mktemp("made")
    write_notebook(folder / "one.ipynb", *CELLS)
    write_notebook(folder / "two.ipynb", "import sys\nprint('told', file=sys.stderr)\ncohort.upper()")
    with worker_processes(2) as pool:
        targets = [folder / "out" / name for name in ("one.ipynb", "two.ipynb")]
        running = [pool.submit(execute, folder / target.name, target, "c") for target in targets]
        assert [future.result() for future in running] == [None, None]
    return {target.name: target.read_text(encoding="utf-8") for target in targets}


@pytest.fixture
def record(made: dict[str, str], tmp_path: Path) -> Path:
    """A folder of executed notebooks."""
    folder = tmp_path / "record"
    folder.mkdir()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def change(notebook: Path, cell: int, **parts: Any) -> None:
    """Write other parts into a code cell of a notebook; the parameters are the first, what was injected the second."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    content["cells"][cell].update(parts)
    notebook.write_text(json.dumps(content), encoding="utf-8")


def stream(text: str) -> list[dict[str, Any]]:
    return [{"output_type": "stream", "name": "stdout", "text": [text]}]


def test_outputs_as_recorded_agree(record: Path) -> None:
    change(record / "two.ipynb", 2, source="cohort.upper()")  # its words on stderr are not in the record
    assert rerun_notebooks(record, record).failures == ()
    assert rerun_notebooks(record, record).cells == 8


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        (2, {"outputs": stream("3\n")}),
        (2, {"source": "print(1 + 2)"}),
        (2, {"outputs": []}),
        (3, {"source": "1 / 0"}),
        (4, {"source": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"}),
        (1, {"source": "cohort = 'another'"}),
    ],
    ids=["other record", "other code", "no record", "an error", "a death", "another cohort"],
)
def test_an_output_that_is_not_the_recorded_one_is_told_with_its_cell(
    record: Path, cell: int, parts: dict[str, Any]
) -> None:
    (record / "two.ipynb").unlink()
    change(record / "one.ipynb", cell, **parts)
    found = rerun_notebooks(record, record)
    told = 4 if cell == 1 else cell + 1  # another cohort shows in the cell that prints it
    assert found.failures == (f"one.ipynb, cell {told}",)
    assert found.cells < 5
    assert f"Cell {told - 1}" in found.output


def test_what_is_told_on_stderr_is_compared_too(record: Path) -> None:
    assert rerun_notebooks(record, record).failures == ("two.ipynb, cell 3",)


def test_ordinary_kernels_find_the_same(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forked = rerun_notebooks(record, record)
    monkeypatch.setenv(SWITCH, "0")
    ordinary = rerun_notebooks(record, record)
    assert (ordinary.cells, ordinary.failures) == (forked.cells, forked.failures) == (7, ("two.ipynb, cell 3",))


def test_the_settings_of_the_tests_have_no_say(
    record: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (record / "two.ipynb").unlink()
    change(record / "one.ipynb", 2, outputs=stream("3\n"))
    settings = '[tool.pytest.ini_options]\naddopts = "--nbval-lax --no-such-option"\n'
    (record / "pyproject.toml").write_text(settings, encoding="utf-8")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")
    assert rerun_notebooks(record, record).failures == ("one.ipynb, cell 3",)
    assert capfd.readouterr() == ("", ""), "pytest's own words are kept, not shown"


def test_a_file_that_is_no_notebook_is_told(record: Path) -> None:
    (record / "three.ipynb").write_text("{", encoding="utf-8")
    (record / "two.ipynb").unlink()
    found = rerun_notebooks(record, record)
    assert found.failures == ("three.ipynb",)
    assert found.cells == 5


def test_a_folder_where_nothing_can_be_compared_does_not_pass(tmp_path: Path) -> None:
    assert rerun_notebooks(tmp_path, tmp_path) == Rerun(0, ("no notebook has a cell to run",), "")


def test_processes_forked_beside_an_event_loop_do_not_wait_for_each_other(tmp_path: Path) -> None:
    ensure_event_loop()  # as whoever has talked to a kernel in this process leaves it
    write_notebook(tmp_path / "one.ipynb", *CELLS)
    for number in range(3):
        targets = [tmp_path / f"out-{number}-{side}" / "one.ipynb" for side in "ab"]
        with worker_processes(2) as pool:
            running = [pool.submit(execute, tmp_path / "one.ipynb", target, "c") for target in targets]
            assert [future.result(120) for future in running] == [None, None]
    with worker_processes(1) as pool:
        assert pool.submit(_inherits_a_loop).result() is False


def _inherits_a_loop() -> bool:
    return any(name.name == "_loop" and loop is not None for name, loop in copy_context().items())
