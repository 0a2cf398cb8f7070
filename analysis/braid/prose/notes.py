"""What a team writes about its cohort by hand: `data_raw/<cohort>/notes/*.md`, each with its place in the report."""

from __future__ import annotations

from pathlib import Path

from braid.errors import UserError, UserErrors
from braid.prose.sentences import Sentence, sentences
from braid.study import Cohort, did_you_mean

NOTES = {
    "context": "at the end of the introduction",
    "methods": "at the end of the methods",
    "results": "at the end of the results",
    "discussion": "in the discussion, after the principal findings",
    "limitations": "at the end of the limitations",
    "acknowledgements": "before the references",
}
"""The notes a cohort may have, and where each is placed."""


def note_files(cohort: Cohort) -> dict[str, Path]:
    """The notes that are there, by name, in the order of the report. Raises UserErrors for files with other names."""
    folder = cohort.raw("notes")
    there = {path.stem: path for path in sorted(folder.glob("*.md")) if path.stem.upper() != "README"}
    wrong = [name for name in there if name not in NOTES]
    if wrong:
        raise UserErrors(
            [
                UserError(
                    "a note with this name has no place in the report",
                    place=f"data_raw/{cohort.name}/notes/{name}.md",
                    expected="; ".join(f"{known} ({where})" for known, where in NOTES.items()),
                    todo=did_you_mean(name, list(NOTES)),
                )
                for name in wrong
            ]
        )
    return {name: there[name] for name in NOTES if name in there and there[name].stat().st_size}


def read_prose(cohort: Cohort) -> list[Sentence]:
    """Every sentence of the report's sections and of the cohort's notes. Raises UserError(s) as `sentences` does."""
    reports = cohort.project.root / "reports"
    files = {path: path.relative_to(cohort.project.root).as_posix() for path in sorted(reports.glob("sections/*.qmd"))}
    files |= {path: f"data_raw/{cohort.name}/notes/{path.name}" for path in note_files(cohort).values()}
    found: list[Sentence] = []
    for path, name in files.items():
        try:
            found += sentences(path.read_text(encoding="utf-8-sig"), name)
        except UnicodeDecodeError:
            raise UserError("this file is not UTF-8 text", place=name, todo="save it as UTF-8") from None
    return found
