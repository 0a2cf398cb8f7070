"""nbval over the executed notebooks: every cell is run again and its outputs compared with the record."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from braid.kernels import KERNEL_ENVIRONMENT, choose_forked_kernels, kernel_environment, warm_up, without_formats
from braid.pipeline import worker_processes

if TYPE_CHECKING:
    import pytest

NBVAL = ["--nbval", "-q", "-rfE", "--tb=short", "--color=no"]
# What the project's tests are run with, and their plugins, have no say in how a report is verified.
APART = ["-p", "nbval.plugin", "-p", "no:cacheprovider", "--assert=plain", "-o", "addopts="]
FOR_TESTS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")
NOTHING_COLLECTED = 5


@dataclass(frozen=True)
class Rerun:
    """What nbval found. cells: how many agreed; failures: the first cell of each notebook that did not;
    output: all of it."""

    cells: int
    failures: tuple[str, ...]
    output: str


def rerun_notebooks(folder: Path, root: Path) -> Rerun:
    """Run nbval over a folder of executed notebooks, two at a time, as `pytest --nbval` does."""
    notebooks = sorted(folder.glob("*.ipynb"), key=lambda path: -path.stat().st_size)  # the longest are begun first
    with worker_processes(min(2, os.cpu_count() or 1), _prepare) as pool:
        running = [(path.name, pool.submit(rerun_notebook, path, root)) for path in notebooks]
        found = []
        for name, future in running:
            try:
                found.append((name, future.result()))
            except Exception as error:
                found.append((name, Rerun(0, (f"{name}: {type(error).__name__}: {error}",), "")))
    reruns = [rerun for _, rerun in sorted(found, key=lambda pair: pair[0])]
    cells = sum(rerun.cells for rerun in reruns)
    failures = [failure for rerun in reruns for failure in rerun.failures]
    if not cells and not failures:
        failures = ["no notebook has a cell to run"]
    return Rerun(cells, tuple(failures), "".join(rerun.output for rerun in reruns))


def rerun_notebook(notebook: Path, root: Path) -> Rerun:
    """Run nbval over one notebook; changes the environment and the folder of this process."""
    os.environ.update({**KERNEL_ENVIRONMENT, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})
    for name in FOR_TESTS:
        os.environ.pop(name, None)
    choose_forked_kernels()
    os.chdir(root)
    with without_formats():
        import nbval.plugin
        import pytest

        from braid.verification.watched import WatchedKernel
    nbval.plugin.RunningKernel = WatchedKernel
    cells = _Cells()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as sink:
        with _output_to(sink):
            code = pytest.main([*NBVAL, *APART, str(notebook)], plugins=[cells])
        sink.seek(0)
        output = sink.read()
    failures: tuple[str, ...] = ()
    if cells.failed:
        number = re.fullmatch(r".*::Cell (\d+)", cells.failed[0])
        failures = (f"{notebook.name}, cell {int(number[1]) + 1}" if number else notebook.name,)
    elif code not in (0, NOTHING_COLLECTED):
        failures = (f"{notebook.name}: pytest ended with code {int(code)}",)
    return Rerun(cells.passed, failures, output)


@dataclass
class _Cells:
    """Counts the cells that agreed, and keeps the others in order; pytest calls its methods by their names."""

    passed: int = 0
    failed: list[str] = field(default_factory=list)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)
        elif report.when == "call" and report.passed:
            self.passed += 1

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)


def _prepare() -> None:
    environment = {**os.environ, **KERNEL_ENVIRONMENT}
    if kernel_environment(environment):
        warm_up(environment)
    with without_formats():
        import nbval.plugin  # noqa: F401

        import braid.verification.watched  # noqa: F401


@contextmanager
def _output_to(sink: TextIO) -> Iterator[None]:
    """Send what this process and its kernels print to a file."""
    kept = [os.dup(1), os.dup(2)]
    try:
        with redirect_stdout(sink), redirect_stderr(sink):
            for target in (1, 2):
                os.dup2(sink.fileno(), target)
            yield
            sink.flush()
    finally:
        for target, number in zip((1, 2), kept, strict=True):
            os.dup2(number, target)
            os.close(number)
