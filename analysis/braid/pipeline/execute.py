"""One notebook run by papermill, and stripped of everything that differs between machines and days."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from braid.kernels import KERNEL_ENVIRONMENT, LOG, choose_forked_kernels, import_papermill, kernel_environment, warm_up
from braid.pipeline.gate import Gate, Refused
from braid.presentation.drawn_before import FOLDER, MARK

LABEL = re.compile(r"^#\|\s*label:\s*(\S+)", re.MULTILINE)
ANSI = re.compile(r"\x1b\[[0-9;]*m")
USER_ERRORS = ("UserError", "UserErrors")


QUIET_KERNEL = ["--IPKernelApp.log_level=50"]
"""A kernel writes its own warnings to the terminal (TCP without encryption, on the loopback); they say nothing here."""

DEAD_KERNEL = "The notebook's process died in this cell, most often for want of memory."


@dataclass(frozen=True)
class Failure:
    """Why a notebook stopped. user: whether a person's file is wrong (else it is the analysis that failed)."""

    notebook: str
    cell: str
    line: str
    error: str
    user: bool


def parameters_cell(cohort: str | Sequence[str]) -> dict[str, str | list[str]]:
    """The parameters of a notebook on one cohort or on several; their names are fixed here: none can be injected."""
    return {"cohort": cohort} if isinstance(cohort, str) else {"cohorts": list(cohort)}


def drawn_figures(processed: Path) -> Path:
    """The folder of the figures that a cohort's notebooks have drawn, a folder for each notebook."""
    return processed / "drawn"


def prepare() -> None:
    """Do what every notebook needs before the first one is run: import papermill, while a zygote imports the rest."""
    environment = {**os.environ, **KERNEL_ENVIRONMENT}
    if kernel_environment(environment):
        warm_up(environment)
    import_papermill()


def execute(
    source: Path, target: Path, cohort: str | Sequence[str], drawn_by: str = "", gate: Gate | None = None
) -> Failure | None:
    """Run one notebook for a cohort, or for several, and write the executed, stripped notebook whole or not at all.

    drawn_by: the mark of the code that draws, for figures that were drawn before; without it all are drawn, and none
    is kept. gate: what to wait for when the kernel is there; where it is refused nothing is written. Runs in a process
    of its own (papermill changes the working folder). Returns the failure, if there was one; target is then left as it
    was, and the half-run notebook stands beside it as `<name>.failed.ipynb`.
    """
    papermill = import_papermill()
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    from braid.kernels.client import Manager

    figures = {FOLDER: str(drawn_figures(target.parent.parent) / source.stem) if drawn_by else "", MARK: drawn_by}
    os.environ.update(KERNEL_ENVIRONMENT | figures)
    choose_forked_kernels()
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".failed.ipynb")
    running: list[Any] = []
    # called for each cell; an open gate is passed at once
    first = {} if gate is None else {"on_cell_start": lambda **_: gate.wait()}
    try:
        with _noted_in(target.parent.with_name("run.log")):
            papermill.execute_notebook(
                str(source),
                str(draft),
                parameters=parameters_cell(cohort),
                cwd=str(source.parent),
                kernel_name="python3",
                progress_bar=False,
                log_output=False,
                # Written once at the end, not twice for each cell.
                request_save_on_cell_execute=False,
                extra_arguments=QUIET_KERNEL,
                kernel_manager_class=Manager,
                shutdown_kernel="immediate",
                on_notebook_start=lambda notebook: running.append(notebook),
                **first,
            )
    except Refused:
        draft.unlink(missing_ok=True)
        return None
    except PapermillExecutionError as error:
        return _failure(source.name, error)
    except DeadKernelError:
        _write(running[-1], draft)
        return Failure(source.name, _last_begun(running[-1]), "", DEAD_KERNEL, user=False)
    _write(strip(json.loads(draft.read_text(encoding="utf-8"))), draft)
    draft.replace(target)
    return None


@contextmanager
def _noted_in(journal: Path) -> Iterator[None]:
    """Write to the run's journal why a kernel is an ordinary one; where none is, nothing is written."""
    handler = logging.FileHandler(journal, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s  %(message)s", "%Y-%m-%d %H:%M:%S"))
    LOG.addHandler(handler)
    try:
        yield
    finally:
        LOG.removeHandler(handler)
        handler.close()


def strip(notebook: dict[str, Any]) -> dict[str, Any]:
    """A notebook without times, versions, paths and random ids: the same bytes from every run."""
    cells = []
    for number, cell in enumerate(notebook["cells"]):
        tags = cell["metadata"].get("tags", [])
        kept = {**cell, "metadata": {"tags": tags} if tags else {}, "id": f"cell-{number:02d}"}
        label = LABEL.search(_text(cell["source"]))
        if label:
            kept["id"] = label[1]
        elif "injected-parameters" in tags:
            kept["id"] = "injected-parameters"
        if cell["cell_type"] == "code":
            kept["outputs"] = [output for output in cell["outputs"] if output.get("name") != "stderr"]
        cells.append(kept)
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _write(notebook: dict[str, Any], path: Path) -> None:
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _last_begun(notebook: dict[str, Any]) -> str:
    """The last cell that was begun in a half-run notebook, by its label or number."""
    cells = notebook["cells"]
    begun = [number for number, cell in enumerate(cells) if cell["metadata"].get("papermill", {}).get("start_time")]
    last = max(begun, default=0)
    label = LABEL.search(_text(cells[last]["source"]))
    return label[1] if label else f"number {last + 1}"


def _failure(notebook: str, error: Any) -> Failure:
    label = LABEL.search(error.source)
    cell = label[1] if label else f"number {error.cell_index + 1}"
    trace = ANSI.sub("", "\n".join(error.traceback))
    arrow = re.search(r"^-+>\s*(\d+)\s(.*)$", trace, re.MULTILINE)
    line = f"line {arrow[1]}: {arrow[2].strip()}" if arrow else ""
    user = error.ename in USER_ERRORS
    message = error.evalue if user else f"{error.ename}: {error.evalue}"
    return Failure(notebook, cell, line, message, user)
