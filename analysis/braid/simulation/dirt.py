"""dirt.yml: what real survey files do wrong, put into simulated ones on purpose and written down."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from braid.errors import UserError
from braid.simulation.tables import Table
from braid.study import Cohort, read_model
from braid.study.strict import Strict, Text

DIRT_FILE = "dirt.yml"


class FileDirt(Strict):
    separator: str = ","
    bom: bool = False


class RowDirt(Strict):
    """One change of a file. participant (as drawn, or as an earlier change spelt it) or row (from 1) says where.

    cells: column -> text to write there. repeat: append a second row of the person with these cells changed.
    remove: take the row out. Without participant and row, a new row with these cells is appended.
    """

    file: Text
    participant: str = ""
    row: int | None = Field(default=None, ge=1)
    cells: dict[str, str] = Field(default_factory=dict)
    repeat: bool = False
    remove: bool = False
    why: Text

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if self.remove and (self.repeat or self.cells):
            raise ValueError("a row that is removed cannot be repeated or changed too")
        return self


class Dirt(Strict):
    """The whole of dirt.yml."""

    files: dict[str, FileDirt] = Field(default_factory=dict)
    rows: list[RowDirt] = Field(default_factory=list)


def read_dirt(cohort: Cohort) -> Dirt | None:
    """The cohort's dirt.yml, or None where there is none."""
    path = cohort.raw(DIRT_FILE)
    return read_model(path, f"data_raw/{cohort.name}/{DIRT_FILE}", Dirt) if path.is_file() else None


def apply_dirt(dirt: Dirt, tables: dict[str, Table]) -> None:
    """Change the tables in place, in the order of the file. Raises UserError for a place that does not exist."""
    for name, how in dirt.files.items():
        table = _known(tables, name)
        table.separator, table.bom = how.separator, how.bom
    for number, change in enumerate(dirt.rows):
        table = _known(tables, change.file)
        unknown = [column for column in change.cells if column not in table.columns]
        if unknown:
            raise UserError("there is no such column", place=f"{DIRT_FILE}: rows.{number}", found=", ".join(unknown))
        if not change.participant and change.row is None:
            table.rows.append(dict(change.cells))
            continue
        found = _row(table, change, number)
        if change.remove:
            table.rows.remove(found)
        elif change.repeat:
            table.rows.append({**found, **change.cells})
        else:
            found.update(change.cells)


def _known(tables: dict[str, Table], name: str) -> Table:
    if name not in tables:
        raise UserError("there is no such file", place=DIRT_FILE, found=name, expected=", ".join(tables))
    return tables[name]


def _row(table: Table, change: RowDirt, number: int) -> dict[str, str]:
    if change.row is not None and change.row <= len(table.rows):
        return table.rows[change.row - 1]
    for row in table.rows:
        if change.participant and row.get(table.key) == change.participant:
            return row
    raise UserError(
        "there is no such row", place=f"{DIRT_FILE}: rows.{number}", found=change.participant or str(change.row)
    )
