"""Fingerprints: what a cohort's inputs and the library were when a number was made."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

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
    """The files that the themes depend on: study, cohort.yml, coded segments, approvals, transcripts."""
    found = [cohort.study_file, cohort.raw("cohort.yml")]
    interviews = cohort.spec.interviews
    if interviews is None:
        return found
    names = (interviews.segments, interviews.participants, interviews.quotes, interviews.consensus)
    found += [cohort.raw(name) for name in names if name]
    if interviews.transcripts:
        found += sorted(cohort.raw(interviews.transcripts).glob("*.txt"))
    return found


def input_files(cohort: Cohort) -> list[Path]:
    """Every file that the cohort's numbers depend on, each once."""
    return list(dict.fromkeys([*survey_files(cohort), *interview_files(cohort)]))


def digest_inputs(cohort: Cohort) -> str:
    """The fingerprint of a cohort's inputs."""
    return digest_files(input_files(cohort), cohort.project.root)


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
