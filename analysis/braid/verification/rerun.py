"""nbval over the executed notebooks: every cell is run again and its outputs compared with the record."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from braid.kernels import kernel_environment
from braid.pipeline.execute import KERNEL_ENVIRONMENT


@dataclass(frozen=True)
class Rerun:
    """What nbval found. cells: how many agreed; failures: the first cell of each notebook that did not;
    output: all of it."""

    cells: int
    failures: tuple[str, ...]
    output: str


def rerun_notebooks(folder: Path, root: Path) -> Rerun:
    """Run `pytest --nbval` over a folder of executed notebooks, two at a time."""
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-rfE", "--tb=short", "-p", "no:cacheprovider"]
    command += ["-n", "2", "--dist", "loadfile", str(folder)]
    environment = {**os.environ, **KERNEL_ENVIRONMENT, **kernel_environment()}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    passed = re.search(r"(\d+) passed", done.stdout)
    found = re.findall(r"^(?:FAILED|ERROR) (\S+?)(?:::Cell (\d+))?(?: |$)", done.stdout, re.MULTILINE)
    first: dict[str, str] = {}
    for notebook, cell in found:
        first.setdefault(Path(notebook).name, cell)
    failures = tuple(f"{notebook}, cell {int(cell) + 1}" if cell else notebook for notebook, cell in first.items())
    if done.returncode not in (0, 1) and not failures:
        failures = (f"pytest ended with code {done.returncode}",)
    return Rerun(int(passed[1]) if passed else 0, failures, done.stdout + done.stderr)
