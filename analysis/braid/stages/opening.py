"""What every stage ends with: facts, pieces that may be left out, and the file of records."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

from braid import language
from braid.language import tr
from braid.presentation.prose import Prose
from braid.records import Record, read_records, write_records
from braid.study import (
    Cohort,
    digest_files,
    interview_files,
    interviewee_files,
    module_files,
    open_cohort,
    survey_files,
)

OF_WORDS = ("qualitative", "triangulation")
"""Stages that read interviews; the others read the survey, and of interviews at most who took part."""


def open_speaking(name: str) -> Cohort:
    """Open a cohort for a stage: its language is in force from now on. Raises UserErrors where its files are wrong."""
    cohort = open_cohort(name)
    language.speak(cohort.study.language, cohort.project.root)
    return cohort


def fact(name: str, holds: bool, stage: str) -> Record:
    """What sections may ask with `when-meta="has.<name>"`, as a record."""
    return Record(id=f"has.{name}", text="yes" if holds else "no", stage=stage)


def keep_records(cohort: Cohort, stage: str, records: Iterable[Record]) -> Path:
    """Write a stage's records to `data_processed/<cohort>/results/<stage>.json`; returns the file.

    A stamp beside it says what they were made from; it stands apart so that equal results stay equal files.
    """
    path = cohort.project.results(cohort.name) / f"{stage}.json"
    write_records(path, [replace(record, stage=stage) for record in records])
    _stamp(path).write_text(_made_from(cohort, stage), encoding="utf-8")
    return path


def records_of(cohort: Cohort, stage: str, make: Callable[[], list[Record]]) -> list[Record]:
    """The records of an earlier stage: read where they are there and fresh, else made anew."""
    path = cohort.project.results(cohort.name) / f"{stage}.json"
    stamp = _stamp(path)
    if path.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == _made_from(cohort, stage):
        return read_records(path)
    return [replace(record, stage=stage) for record in make()]


def _stamp(path: Path) -> Path:
    return path.with_suffix(".stamp")


def _made_from(cohort: Cohort, stage: str) -> str:
    """The fingerprint of what a stage's records are made from; an edit of words leaves those of numbers fresh."""
    words = stage in OF_WORDS
    read = interview_files(cohort) if words else [*survey_files(cohort), *interviewee_files(cohort)]
    files = [*read, *cohort.catalogues, *module_files("braid.stages.triangulation")]
    return digest_files(files, cohort.project.root)


Stage = TypeVar("Stage")
Piece = TypeVar("Piece")


def needs(
    there: Callable[[Any], object], otherwise: str
) -> Callable[[Callable[[Stage], Piece]], Callable[[Stage], Piece | Prose]]:
    """A piece that a cohort may not have: where `there` does not hold, the notebook shows `otherwise` instead.

    Every notebook can so be run on every cohort; the report leaves the piece out by its `has.` fact. otherwise: marked
    with `N_`.
    """

    def wrap(make: Callable[[Stage], Piece]) -> Callable[[Stage], Piece | Prose]:
        @wraps(make)
        def made(stage: Stage) -> Piece | Prose:
            return make(stage) if there(stage) else Prose(tr(otherwise))

        return made

    return wrap
