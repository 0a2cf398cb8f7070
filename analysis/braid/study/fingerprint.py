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
    """SHA-256 of a file's content; `absent` where there is none.

    A file that this process has read is read again only where its size, its time or the file itself is another.
    """
    try:
        found = path.stat()
        return _digest(str(path), found.st_ino, found.st_size, found.st_mtime_ns)
    except OSError:
        return "absent"


@cache
def _digest(path: str, _inode: int, _size: int, _changed: int) -> str:
    with Path(path).open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def digest_files(files: Iterable[Path], root: Path) -> str:
    """SHA-256 over names (relative to root) and contents, in order of name."""
    total = hashlib.sha256()
    for path in sorted(set(files)):
        total.update(f"{_name(path, root)}\0{digest_file(path)}\0".encode())
    return total.hexdigest()


@cache
def _name(path: Path, root: Path) -> str:
    return os.path.relpath(path, root)


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
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        files, imports = _source(name)
        found |= files
        waiting += imports
    return frozenset(found)


@cache
def _source(module: str) -> tuple[frozenset[Path], tuple[str, ...]]:
    """The file of a module with the lists that its code reads, and the names in its import statements; nothing for
    a name that is something inside of a module."""
    path = _path(module)
    if path is None:
        return frozenset(), ()
    lists = path.parent.glob("*.yml") if path.name == "__init__.py" else ()  # such as checklists
    names = _parents(module)
    for source, words, plain in IMPORT.findall(path.read_text(encoding="utf-8")):
        if plain:
            names.append(plain)
            continue
        inside = re.findall(r"(\w+)(?:\s+as\s+\w+)?", words.strip("()"))
        names += [source, *(f"{source}.{word}" for word in inside)]
    return frozenset({path, *lists}), tuple(names)


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
