"""Files as such: what readers left out, personal data, and files that nobody names."""

from __future__ import annotations

from braid.checking.finding import Finding
from braid.cleaning import RawTables
from braid.intake import personal_columns
from braid.study import Cohort, input_files

OWN = {"cohort.yml", "study.yml", "targets.yml", "dirt.yml", "interviews.yml", "README.md", "LICENSE"}


def files_look(cohort: Cohort, tables: RawTables) -> list[Finding]:
    """Warnings on the files that were read, and on those that were not."""
    found = []
    for table in tables.held.values():
        found += [Finding("warning", note, table.name) for note in table.notes]
        found += [
            Finding(
                "warning",
                f"this column looks like personal data: {why}",
                table.name,
                column=column,
                todo="take it out of the file if the study does not need it; no report ever shows it",
            )
            for column, why in personal_columns(table).items()
            if column not in _used(cohort)
        ]
    return [*found, *_unnamed(cohort)]


def _used(cohort: Cohort) -> set[str]:
    """The columns that cohort.yml names as keys or characteristics: a person has looked at those."""
    spec = cohort.spec
    parts = [part for part in (spec.people, *spec.waves.values(), spec.satisfaction, spec.attendance) if part]
    used = {key for part in parts for key in part.keys}
    for where in spec.people.characteristics.values() if spec.people else ():
        used.add(where if isinstance(where, str) else where.column)
    return used


def _unnamed(cohort: Cohort) -> list[Finding]:
    folder = cohort.raw("")
    named = {path.resolve() for path in input_files(cohort)}
    lost = [
        path.name
        for path in sorted(folder.iterdir())
        if path.is_file() and path.resolve() not in named and path.name not in OWN and path.name[0] not in ".~"
    ]
    if not lost:
        return []
    return [
        Finding(
            "warning",
            "files lie in the cohort's folder that cohort.yml does not name",
            f"data_raw/{cohort.name}",
            value=", ".join(lost[:10]) + (" ..." if len(lost) > 10 else ""),
            todo="name them in cohort.yml, or move them elsewhere",
        )
    ]
