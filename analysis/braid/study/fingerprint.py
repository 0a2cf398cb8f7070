"""Fingerprints: what a cohort's inputs and the library were when a number was made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from braid.study.project import Cohort


def digest_files(files: Iterable[Path], root: Path) -> str:
    """SHA-256 over names (relative to root) and contents, in order of name; a missing file counts as absent."""
    total = hashlib.sha256()
    for path in sorted(set(files)):
        total.update(path.relative_to(root).as_posix().encode() + b"\0")
        if path.is_file():
            with path.open("rb") as handle:
                total.update(hashlib.file_digest(handle, "sha256").digest())
    return total.hexdigest()


def input_files(cohort: Cohort) -> list[Path]:
    """Every file that the cohort's numbers depend on: study, cohort.yml, tables, transcripts."""
    folder = cohort.project.raw(cohort.name)
    files = [cohort.study_file, folder / "cohort.yml", *(folder / name for name in cohort.spec.files())]
    interviews = cohort.spec.interviews
    if interviews is not None and interviews.transcripts:
        files += sorted((folder / interviews.transcripts).glob("*.txt"))
    return files


def digest_inputs(cohort: Cohort) -> str:
    """The fingerprint of a cohort's inputs."""
    return digest_files(input_files(cohort), cohort.project.root)


def digest_library() -> str:
    """The fingerprint of this library's source."""
    folder = Path(__file__).resolve().parents[1]
    return digest_files(folder.rglob("*.py"), folder)
