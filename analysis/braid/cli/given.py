"""The files that `braid new` was given, each with the name it gets in the cohort's folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from braid.errors import Mistakes, UserError

TRANSCRIPTS = "transcripts"
DATABASE = "data.qda"
"""QualCoder keeps a project as a folder; all that is read of it is this database."""


def given_files(files: list[Path]) -> dict[str, Path]:
    """The files by name, transcripts inside of `transcripts/`. Raises UserErrors with all that cannot be copied."""
    mistakes = Mistakes()
    given: dict[str, Path] = {}
    for file in files:
        with mistakes.gathered():
            place = f"--from {file}"
            if not file.exists():
                raise UserError("this file does not exist", place=place, todo="check its name and folder")
            for name, path in _files(file, place):
                if not os.access(path, os.R_OK):
                    raise UserError(
                        "this file cannot be read", place=place, todo="ask who owns it for the right to read it"
                    )
                if name in given:
                    raise UserError("two files have the same name", place=place, todo="give one another name first")
                given[name] = path
    mistakes.stop_if_any()
    return given


def _files(file: Path, place: str) -> Iterator[tuple[str, Path]]:
    if not file.is_dir():
        yield (f"{TRANSCRIPTS}/{file.name}" if _is_transcript(file) else file.name), file
    elif (file / DATABASE).is_file():
        yield file.resolve().with_suffix(".qda").name, file / DATABASE
    elif found := sorted(path for path in file.glob("*.txt") if _is_transcript(path)):
        yield from ((f"{TRANSCRIPTS}/{path.name}", path) for path in found)
    else:
        raise UserError(
            "this is a folder",
            place=place,
            expected="a file, a folder of transcripts (.txt), or a project of QualCoder",
            todo="name the files in it, each with --from",
        )


def _is_transcript(path: Path) -> bool:
    """Whether a text file is talk rather than a table: most of its lines begin with somebody's name."""
    if path.suffix != ".txt":
        return False
    from braid.intake.coded import is_talk
    from braid.intake.decoding import decoded

    try:
        return is_talk(decoded(path, path.name).text)
    except UserError:
        # what is wrong with it is told by its reader
        return False
