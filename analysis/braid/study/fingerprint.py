"""Fingerprints: what a cohort's inputs and the library were when a number was made."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from braid.study.comparison import Comparison
from braid.study.project import Cohort

LIBRARY = Path(__file__).resolve().parents[1]
IMPORT = re.compile(r"^\s*(?:from (braid[\w.]*) import ([^#\n(]+|\([^)]*\))|import (braid[\w.]*))", re.MULTILINE)


def digest_file(path: Path) -> str:
    """SHA-256 of a file's content; `absent` where there is none."""
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError:
        return "absent"


def digest_files(files: Iterable[Path], root: Path) -> str:
    """SHA-256 over names (relative to root) and contents, in order of name."""
    total = hashlib.sha256()
    for path in sorted(set(files)):
        total.update(f"{os.path.relpath(path, root)}\0{digest_file(path)}\0".encode())
    return total.hexdigest()


def survey_files(cohort: Cohort) -> list[Path]:
    """The files that the survey's numbers depend on: study, cohort.yml and the tables of the survey."""
    spec = cohort.spec
    tables = (spec.people, *spec.waves.values(), spec.satisfaction, spec.attendance)
    parts = [part.file for part in tables if part is not None]
    parts += [spec.files[part].dictionary or part for part in parts if part in spec.files]
    return [cohort.study_file, cohort.raw("cohort.yml"), *(cohort.raw(name) for name in dict.fromkeys(parts))]


def interview_files(cohort: Cohort) -> list[Path]:
    """The files that words depend on: study, cohort.yml, what is published, coded segments, approvals, transcripts."""
    found = [cohort.study_file, cohort.raw("cohort.yml")]
    if cohort.study.literature is not None:
        found.append(cohort.study_file.with_name(cohort.study.literature.file))
    interviews = cohort.spec.interviews
    if interviews is None:
        return found
    found += _inside(cohort, interviews.tables)
    if interviews.transcripts:
        found += sorted(cohort.raw(interviews.transcripts).glob("*.txt"))
    return found


def interviewee_files(cohort: Cohort) -> list[Path]:
    """The files that say who took part in interviews: the table of participants, or all that was coded."""
    interviews = cohort.spec.interviews
    if interviews is None:
        return []
    return [cohort.raw(interviews.participants)] if interviews.participants else interview_files(cohort)


def _inside(cohort: Cohort, names: Iterable[str]) -> list[Path]:
    """The files by name; for the folder of a project the database in it."""
    paths = [cohort.raw(name) for name in names]
    return [path / "data.qda" if path.is_dir() else path for path in paths]


def input_files(subject: Cohort | Comparison) -> list[Path]:
    """Every file that the numbers of a cohort, or of the cohorts that are compared, depend on, each once."""
    of_each = ([*survey_files(cohort), *interview_files(cohort)] for cohort in subject.cohorts)
    return list(dict.fromkeys(path for files in of_each for path in files))


def digest_inputs(subject: Cohort | Comparison) -> str:
    """The fingerprint of the inputs of a cohort, or of the cohorts that are compared."""
    return digest_files(input_files(subject), subject.project.root)


@cache
def module_files(module: str) -> frozenset[Path]:
    """The library's source files that a module runs: its own, and those it imports, directly or not.

    Read from the import statements, so that nothing has to be loaded; imports inside functions count too.
    """
    found: set[Path] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        path = _path(name)
        if path is None or path in found:
            continue
        found.add(path)
        if path.name == "__init__.py":
            found |= set(path.parent.glob("*.yml"))  # lists that the code reads, such as checklists
        waiting += _parents(name)
        for source, names, plain in IMPORT.findall(path.read_text(encoding="utf-8")):
            if plain:
                waiting.append(plain)
                continue
            words = re.findall(r"(\w+)(?:\s+as\s+\w+)?", names.strip("()"))
            waiting += [source, *(f"{source}.{word}" for word in words)]
    return frozenset(found)


def _path(module: str) -> Path | None:
    """The file of a module; None where a name is something inside of one."""
    base = LIBRARY.joinpath(*module.split(".")[1:])
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None


def _parents(module: str) -> list[str]:
    """The packages around a module, whose `__init__` is run with it."""
    parts = module.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]
