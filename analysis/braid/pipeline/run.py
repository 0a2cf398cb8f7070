"""The stages of one cohort, run where they are not fresh, side by side where the graph allows it."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from braid.pipeline.cache import Cache, fingerprints
from braid.pipeline.execute import Failure, drawn_figures, execute, parameters_cell
from braid.pipeline.gate import Gate
from braid.pipeline.graph import STAGES, Stage
from braid.pipeline.workers import notebook_workers
from braid.study import Cohort, interview_files, interviewee_files, module_files, survey_files

Progress = Callable[[str, str, float], None]
"""Called with the stage's name, `run` or `fresh`, and its seconds, when a stage is done."""


PATIENCE = 30.0
"""Seconds that a notebook which was begun early and is not needed has to end."""
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
    gate = Gate(cohort.project.processed(cohort.name) / "gate")
    try:
        with notebook_workers(workers) as pool:
            run = _Run(cohort, cache, progress, pool, gate if workers > 1 else None)
            try:
                return run.finished()
            finally:
                run.send_away()
    finally:
        gate.close()


@dataclass(frozen=True)
class _Begun:
    """A stage under way, what it is made of, and when it was begun."""

    stage: Stage
    made_of: Mapping[str, str]
    since: float


class _Run:
    """One run of the stages. gate: of the last stage, which is begun before all that it needs is there; or None."""

    def __init__(
        self, cohort: Cohort, cache: Cache, progress: Progress, pool: Callable[[], Executor], gate: Gate | None
    ) -> None:
        self.cohort, self.cache, self.progress, self.pool, self.gate = cohort, cache, progress, pool, gate
        self.done: set[str] = set()
        self.ran: list[str] = []
        self.running: dict[Future[Failure | None], _Begun] = {}
        self.waiting: tuple[Future[Failure | None], _Begun] | None = None
        self.failed: StageFailed | None = None

    def finished(self) -> list[str]:
        """Bring all stages up to date; the names of those that were run."""
        while len(self.done) < len(STAGES):
            ready = next((stage for stage in self._left() if set(stage.needs) <= self.done), None)
            if ready is not None and self.failed is None:
                self._take(ready)
                continue
            if self.gate is not None and self.failed is None and self.running and self.waiting is None:
                self._begin_early(self.gate)
            if not self.running:
                assert self.failed is not None
                raise self.failed
            self._gather()
        return self.ran

    def send_away(self) -> None:
        """Send away what waits for results that do not come."""
        if self.gate is not None and self.waiting is not None:
            self.gate.refuse()
            wait([self.waiting[0]], PATIENCE)
            self.waiting = None

    def _left(self) -> list[Stage]:
        """The stages that are neither done nor under way."""
        known = self.done | {begun.stage.name for begun in self.running.values()}
        return [stage for stage in LONGEST_FIRST if stage.name not in known]

    def _take(self, stage: Stage) -> None:
        """Begin a stage whose needs are met, or see that it is fresh."""
        made_of, now = ingredients(self.cohort, stage), time.monotonic()
        if not self.cache.stale(stage.name, made_of, outputs(self.cohort, stage)):
            self.done.add(stage.name)
            self.progress(stage.name, "fresh", 0.0)
            return
        if self.gate is not None and self.waiting is not None and self._still(self.waiting[1], made_of):
            (future, begun), self.waiting = self.waiting, None
            self.running[future] = replace(begun, made_of=made_of, since=now)
            self.gate.open()
            return
        self.send_away()
        self.running[self._submitted(stage, made_of, None)] = _Begun(stage, made_of, now)

    def _begin_early(self, gate: Gate) -> None:
        """Begin the last stage while those that it needs are under way: its kernel is there when they are done."""
        left = self._left()
        if len(left) == 1:
            gate.close()
            made_of = ingredients(self.cohort, left[0])
            begun = _Begun(left[0], made_of, time.monotonic())
            self.waiting = self._submitted(left[0], made_of, gate), begun

    def _still(self, begun: _Begun, made_of: Mapping[str, str]) -> bool:
        """Whether what was begun early is what would be begun now: only results and clean tables may be others."""
        project, name = self.cohort.project, self.cohort.name
        made = tuple(path.relative_to(project.root).as_posix() for path in (project.results(name), _clean(self.cohort)))
        names = {key for key in {*begun.made_of, *made_of} if not key.startswith(made)}
        return all(begun.made_of.get(key) == made_of.get(key) for key in names)

    def _submitted(self, stage: Stage, made_of: Mapping[str, str], gate: Gate | None) -> Future[Failure | None]:
        target = executed(self.cohort) / stage.notebook
        source, mark = _notebook(self.cohort, stage), _drawn_by(made_of)
        return self.pool().submit(execute, source, target, self.cohort.name, mark, gate)

    def _gather(self) -> None:
        """Wait for a stage to end, and keep what it made."""
        finished, _ = wait(self.running, return_when=FIRST_COMPLETED)
        for future in finished:
            begun = self.running.pop(future)
            name, failure = begun.stage.name, future.result()
            if failure is not None:
                self.failed = self.failed or StageFailed(name, failure)
                continue
            self.cache.keep(name, begun.made_of, outputs(self.cohort, begun.stage))
            self.done.add(name)
            self.ran.append(name)
            self.progress(name, "run", time.monotonic() - begun.since)


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
