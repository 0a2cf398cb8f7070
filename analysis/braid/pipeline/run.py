"""The stages of one cohort, run where they are not fresh, side by side where the graph allows it."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from pathlib import Path
from typing import TypeVar

from braid.pipeline.cache import Cache, fingerprints
from braid.pipeline.execute import Failure, drawn_figures, execute, parameters_cell
from braid.pipeline.graph import STAGES, Stage
from braid.pipeline.workers import notebook_workers
from braid.study import Cohort, interview_files, interviewee_files, module_files, survey_files

Progress = Callable[[str, str, float], None]
"""Called with the stage's name, `run` or `fresh`, and its seconds, when a stage is done."""


LONGEST_FIRST = sorted(STAGES, key=lambda stage: -stage.effort)
T = TypeVar("T")


class StageFailed(Exception):
    """A stage that stopped, with all that a person needs to find the place."""

    def __init__(self, stage: str, failure: Failure) -> None:
        super().__init__(stage, failure)
        self.stage = stage
        self.failure = failure

    def __str__(self) -> str:
        parts = [f"{self.failure.notebook}, cell {self.failure.cell}"]
        if self.failure.line:
            parts.append(self.failure.line)
        return "\n".join([": ".join(parts), self.failure.error])


def executed(cohort: Cohort) -> Path:
    """The folder where a cohort's executed notebooks are kept until they are published."""
    return cohort.project.processed(cohort.name) / "notebooks"


def run_stages(cohort: Cohort, progress: Progress, *, workers: int = 2, force: bool = False) -> list[str]:
    """Bring every stage of a cohort up to date; returns the names of those that were run.

    A stage is run when its notebook, the library, the lock, or anything it reads has changed. Finished stages
    are kept at once, so a run that was killed goes on from there. After a failure no other stage is begun, and
    those that are under way are finished and kept. Raises StageFailed with the first failure.
    """
    cache = Cache(cohort.project.processed(cohort.name))
    if force:
        cache.entries.clear()
        shutil.rmtree(drawn_figures(cohort.project.processed(cohort.name)), ignore_errors=True)
    done: set[str] = set()
    ran: list[str] = []
    running: dict[Future[Failure | None], tuple[Stage, dict[str, str], float]] = {}
    failed: StageFailed | None = None
    with notebook_workers(workers) as pool:
        while len(done) < len(STAGES):
            for stage in LONGEST_FIRST if failed is None else ():
                busy = {s.name for s, _, _ in running.values()}
                if stage.name in done or stage.name in busy or not set(stage.needs) <= done:
                    continue
                made_of = ingredients(cohort, stage)
                if not cache.stale(stage.name, made_of, outputs(cohort, stage)):
                    done.add(stage.name)
                    progress(stage.name, "fresh", 0.0)
                    break
                target = executed(cohort) / stage.notebook
                future = pool().submit(execute, _notebook(cohort, stage), target, cohort.name, _drawn_by(made_of))
                running[future] = (stage, made_of, time.monotonic())
            else:
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    stage, made_of, began = running.pop(future)
                    failure = future.result()
                    if failure is not None:
                        failed = failed or StageFailed(stage.name, failure)
                        continue
                    cache.keep(stage.name, made_of, outputs(cohort, stage))
                    done.add(stage.name)
                    ran.append(stage.name)
                    progress(stage.name, "run", time.monotonic() - began)
                if failed is not None and not running:
                    raise failed
    return ran


def _drawn_by(made_of: Mapping[str, str]) -> str:
    """The mark of the code that draws a stage's figures, without the stage's own, which chooses what they are given."""
    drawing = ("/presentation/", "/language/", "requirements.lock", "Python")
    code = {name: made for name, made in made_of.items() if any(part in name for part in drawing)}
    return hashlib.sha256(json.dumps(code, sort_keys=True).encode()).hexdigest()


def results_file(cohort: Cohort, stage: str) -> Path:
    """Where a stage keeps its records."""
    return cohort.project.results(cohort.name) / f"{stage}.json"


def stale_stages(cohort: Cohort) -> dict[str, list[str]]:
    """Why each stage would be run now, by its name; empty lists where it is fresh.

    A stage whose inputs are made by a stale stage is judged by what those are at present.
    """
    cache = Cache(cohort.project.processed(cohort.name))
    return {stage.name: cache.stale(stage.name, ingredients(cohort, stage), outputs(cohort, stage)) for stage in STAGES}


def ingredients(cohort: Cohort, stage: Stage) -> dict[str, str]:
    """What a stage is made of: notebook, parameters, library modules, lock, Python, and every file it reads."""
    root = cohort.project.root
    files = [_notebook(cohort, stage), root / "requirements.lock", cohort.study_file, cohort.raw("cohort.yml")]
    files += [*module_files(stage.module), *cohort.catalogues]
    if stage.raw == "survey":
        files += survey_files(cohort)
        files += interviewee_files(cohort)
    elif stage.raw == "interviews":
        files += interview_files(cohort)
    files += [path for pattern in stage.clean for path in _clean(cohort).glob(pattern)]
    files += [results_file(cohort, need) for need in stage.needs] if stage.results else []
    made_of = fingerprints(files, root)
    made_of |= {f"parameter {name}": str(value) for name, value in parameters_cell(cohort.name).items()}
    return {**made_of, "Python": platform.python_version()}


def outputs(cohort: Cohort, stage: Stage) -> dict[str, str]:
    """What a stage wrote: its executed notebook, its records, and the first stage's clean tables."""
    files = [executed(cohort) / stage.notebook, results_file(cohort, stage.name)]
    if stage.raw == "survey":
        files += sorted(_clean(cohort).glob("*.*"))
    return fingerprints(files, cohort.project.root)


def _notebook(cohort: Cohort, stage: Stage) -> Path:
    return cohort.project.analysis / stage.notebook


def _clean(cohort: Cohort) -> Path:
    return cohort.project.processed(cohort.name) / "clean"
