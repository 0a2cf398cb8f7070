"""One finding of the check, for a person to read and for a program."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from braid.errors import Place, UserError, UserErrors

Level = Literal["error", "warning"]
BIND = ": "
ROW = re.compile(r"row (\d+)(?:, column (.+))?")


@dataclass(frozen=True)
class Finding:
    """What stands somewhere in a cohort's files.

    level: an error stops every run; a warning stops nothing, and a person should look. rule: what was broken, in a
    sentence. value: what stands there. row, column, sheet: where in a table (row as a spreadsheet counts it); key:
    the dotted place in a YAML file. todo: what to do about it.
    """

    level: Level
    rule: str
    file: str = ""
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    key: str | None = None
    value: str | None = None
    expected: str | None = None
    todo: str | None = None

    def render(self) -> str:
        """The finding in words, one fact a line."""
        inside = (("sheet", self.sheet), ("row", self.row), ("column", self.column))
        where = ", ".join(f"{name} {value}" for name, value in inside if value is not None) or self.key
        place = BIND.join(part for part in (self.file, where) if part)
        return UserError(
            self.rule, place=place or None, found=self.value, expected=self.expected, todo=self.todo
        ).render()


def errors_of(error: UserError) -> list[Finding]:
    """Every mistake of an error as a finding."""
    several = error.errors if isinstance(error, UserErrors) else [error]
    return [_error(one) for one in several]


def _error(error: UserError) -> Finding:
    place = error.place or ""
    if isinstance(place, Place):
        where = {"file": place.file, "sheet": place.sheet, "row": place.row, "column": place.column}
    else:
        file, _, key = place.partition(BIND)
        row = ROW.fullmatch(key)
        where = {"file": file, "row": int(row[1]), "column": row[2]} if row else {"file": file, "key": key or None}
    return Finding("error", error.message, value=error.found, expected=error.expected, todo=error.todo, **where)  # type: ignore[arg-type]
