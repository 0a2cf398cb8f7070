"""A simulated cohort as the files its cohort.yml names: tables of text, then CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from braid.errors import UserError
from braid.simulation.compare import Frames
from braid.study import Cohort, CohortSpec
from braid.study.cohort import WaveFile


@dataclass
class Table:
    """One file: columns in order, and rows of text. key: the column that names the person, or "" without one."""

    columns: list[str]
    key: str
    rows: list[dict[str, str]] = field(default_factory=list)
    separator: str = ","
    bom: bool = False

    def text(self) -> str:
        """The file's content."""
        out = io.StringIO()
        writer = csv.DictWriter(out, self.columns, delimiter=self.separator, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(self.rows)
        return ("\ufeff" if self.bom else "") + out.getvalue()


def _refuse_what_is_not_written(cohort: Cohort) -> None:
    """Raises UserError for a table whose shape the simulation does not write."""
    spec = cohort.spec
    for part in (spec.people, *spec.waves.values(), spec.satisfaction):
        if part is not None and (len(part.keys) > 1 or part.rows):
            raise UserError(
                "a table with a key of several columns, or of chosen rows, is not simulated",
                place=f"data_raw/{cohort.name}/cohort.yml",
                found=part.file,
                todo="give it a key of one column and no `rows`",
            )


def survey_tables(cohort: Cohort, frames: Frames, rng: np.random.Generator) -> dict[str, Table]:
    """Every survey file of a cohort by name. A file that serves two purposes is written once, joined by person.

    From the second wave on rows stand in the order in which forms came back, so that nobody can pair the waves
    by position; a form without a key is anonymous and in an order of its own.
    """
    spec = cohort.spec
    _refuse_what_is_not_written(cohort)
    parts: list[tuple[str, str, pd.DataFrame]] = []
    if spec.people is not None:
        columns = characteristic_columns(spec)
        parts.append((spec.people.file, spec.people.keys[0], frames.people[list(columns)].rename(columns=columns)))
    for wave, place in spec.waves.items():
        parts.append((place.file, "".join(place.keys[:1]), _renamed(frames.waves[wave], place)))
    if spec.satisfaction is not None and frames.satisfaction is not None:
        form = _renamed(frames.satisfaction, spec.satisfaction)
        parts.append((spec.satisfaction.file, "".join(spec.satisfaction.keys[:1]), form))
    if spec.attendance is not None and frames.attendance is not None:
        sessions = frames.attendance.to_frame(spec.attendance.column)
        parts.append((spec.attendance.file, "".join(spec.attendance.keys[:1]), sessions))
    tables: dict[str, Table] = {}
    in_order = {file for file, _, _ in parts[: 2 if spec.people is not None else 1]}
    for file, key, frame in parts:
        if not file.lower().endswith(".csv"):
            raise UserError(
                "simulated files are CSV",
                place=f"data_raw/{cohort.name}/cohort.yml",
                found=file,
                todo="give the file a name that ends in .csv",
            )
        if file not in tables:
            ordered = frame if key and file in in_order else frame.iloc[rng.permutation(len(frame))]
            tables[file] = _table(ordered, key)
        elif key:
            _join(tables[file], key, frame)
        else:
            raise UserError(
                "a form without a key cannot stand in a file with persons",
                place=f"data_raw/{cohort.name}/cohort.yml: satisfaction",
                found=file,
                todo="name the column that holds the person, or another file",
            )
    return tables


def characteristic_columns(spec: CohortSpec) -> dict[str, str]:
    """The file's column of each characteristic, by the characteristic's name."""
    chosen = spec.people.characteristics if spec.people else {}
    return {name: column if isinstance(column, str) else column.column for name, column in chosen.items()}


def _renamed(frame: pd.DataFrame, place: WaveFile) -> pd.DataFrame:
    return frame.rename(columns={str(item): place.column(str(item)) for item in frame.columns})


def _table(frame: pd.DataFrame, key: str) -> Table:
    table = Table([*([key] if key else []), *frame.columns], key)
    for person, row in frame.iterrows():
        cells = {str(column): cell(value) for column, value in row.items()}
        table.rows.append({key: str(person), **cells} if key else cells)
    return table


def _join(table: Table, key: str, frame: pd.DataFrame) -> None:
    known = {row[table.key]: row for row in table.rows}
    table.columns += [str(column) for column in frame.columns if column not in table.columns]
    for person, values in frame.iterrows():
        cells = {str(column): cell(value) for column, value in values.items()}
        if str(person) in known:
            known[str(person)].update(cells)
        else:
            table.rows.append({key: str(person), **cells})


def cell(value: object) -> str:
    """A value as a cell: whole numbers without a decimal point, nothing for a missing one."""
    if isinstance(value, str):
        return value
    number = float(value)  # type: ignore[arg-type]
    if np.isnan(number):
        return ""
    return str(int(number)) if number.is_integer() else repr(number)
