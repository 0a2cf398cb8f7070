"""Group, site and occasion of segments and participants: from columns, variables, or the names themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from braid.cleaning.values import fold
from braid.errors import UserError, UserErrors
from braid.intake import RawTable
from braid.intake.coded import CodedProject
from braid.study import Coding, Interviews, did_you_mean
from braid.study.cohort import CharacteristicColumn

FIELDS = ("group", "site", "occasion")


class Telling:
    """What is known of participants and sources, field by field."""

    def __init__(
        self, spec: Interviews, projects: Sequence[CodedProject], table: RawTable | None, coding: Coding | None
    ) -> None:
        self.spec, self.table, self.coding = spec, table, coding
        people = [*([table.frame] if table is not None else []), *(project.participants for project in projects)]
        sources = [project.sources for project in projects]
        self.by_person = {field: self._values(field, "participant", people) for field in FIELDS}
        self.by_source = {field: self._values(field, "source", sources) for field in FIELDS}
        self._columns_exist([*people, *sources])
        self.names = _pattern(spec.ids) if spec.ids else None

    def of_segments(self, segments: pd.DataFrame) -> pd.DataFrame:
        """The segments with group, site and occasion: what the row says, else its participant, else its source."""
        frame = segments.copy()
        for field in FIELDS:
            cells = [
                cell or self._of(field, participant, source)
                for cell, participant, source in zip(frame[field], frame["participant"], frame["source"], strict=True)
            ]
            frame[field] = pd.Series(self._known(field, cells, frame["place"]), index=frame.index, dtype="str")
        return frame

    def of_participants(self, participants: Sequence[str], told: pd.DataFrame) -> pd.DataFrame:
        """participant, group, site, occasion; what differs between a participant's segments is left empty.

        told: the segments as `of_segments` returns them.
        """
        frame = pd.DataFrame({"participant": pd.Series(list(participants), dtype="str")})
        name = self.table.name if self.table is not None else ""
        rows = list(self.table.frame.index) if self.table is not None else []
        for field in FIELDS:
            cells = [self._of(field, person, "") for person in participants]
            if self.table is None or field != "group":
                said: dict[str, set[str]] = {}
                for person, cell in zip(told["participant"], told[field], strict=True):
                    said.setdefault(person, set()).update({cell} - {""})
                cells = [
                    cell or (next(iter(said[person])) if len(said.get(person, ())) == 1 else "")
                    for cell, person in zip(cells, participants, strict=True)
                ]
            places = [f"{name}: row {row}, column {field}" for row in rows] or [name] * len(cells)
            frame[field] = pd.Series(self._known(field, cells, places), dtype="str")
        return frame

    def _column(self, field: str) -> str | None:
        told: CharacteristicColumn | str | None = getattr(self.spec, field)
        return told.column if isinstance(told, CharacteristicColumn) else told

    def _values(self, field: str, key: str, frames: Sequence[pd.DataFrame]) -> dict[str, str]:
        """The value of each participant or source in the first frame that has the column."""
        wanted = self._column(field)
        for frame in frames:
            names = [str(name) for name in frame.columns]
            column = wanted if wanted in names else None
            if wanted is None:
                column = next((name for name in names if name.casefold() == field), None)
            if column is not None and key in names and len(frame):
                return dict(zip(frame[key].astype(str), frame[column].astype(str), strict=True))
        return {}

    def _columns_exist(self, frames: Sequence[pd.DataFrame]) -> None:
        known = list(dict.fromkeys(str(name) for frame in frames for name in frame.columns))
        known = [name for name in known if name not in ("participant", "source")]
        errors = [
            UserError(
                f"no column or variable of participants or sources has the name that `{field}` gives",
                place=f"cohort.yml: interviews.{field}",
                found=wanted,
                todo=did_you_mean(wanted, known) if known else "name the variable as the coding program does",
            )
            for field in FIELDS
            if (wanted := self._column(field)) and wanted not in known
        ]
        if errors:
            raise UserErrors(errors)

    def _of(self, field: str, participant: str, source: str) -> str:
        said = self.by_person[field].get(participant, "") or self.by_source[field].get(source, "")
        if not said and self.names is not None:
            found = [self.names.fullmatch(name) for name in (participant, source) if name]
            said = next((m[field] for m in found if m and field in m.groupdict()), "")
        return said

    def _known(self, field: str, cells: Sequence[str], places: Sequence[str] | pd.Series[str]) -> list[str]:
        """Groups by the study's names, whatever they are called here. Raises UserErrors for those it does not have."""
        if field != "group" or self.coding is None:
            return list(cells)
        told = self.spec.group.values if isinstance(self.spec.group, CharacteristicColumn) else {}
        names = {fold(name): name for name in self.coding.groups}
        names |= {fold(label): name for name, label in self.coding.groups.items()}
        names |= {fold(str(cell)): name for cell, name in told.items()}
        unknown: dict[str, str] = {}
        for cell, place in zip(cells, places, strict=True):
            if cell and fold(cell) not in names:
                unknown.setdefault(cell, place)
        if unknown:
            raise UserErrors([self._not_known(cell, place) for cell, place in unknown.items()])
        return [names[fold(cell)] if cell else "" for cell in cells]

    def _not_known(self, cell: str, place: str) -> UserError:
        groups = list(self.coding.groups) if self.coding is not None else []
        return UserError(
            "this group is not known",
            place=place.replace("column code_path", "column group"),
            found=repr(cell),
            todo=f"{did_you_mean(cell, groups)} (groups are `coding.groups` in the study file; what a cell means may "
            "stand in cohort.yml, as `group: {column: ..., values: {...}}`)",
        )


def _pattern(ids: str) -> re.Pattern[str]:
    """`{site}_FGD_{occasion}_{person}` as a pattern; a field named twice counts the first time."""
    seen: set[str] = set()
    parts: list[str] = []
    for piece in re.split(r"(\{\w+\})", ids):
        name = piece.strip("{}")
        if piece.startswith("{") and name in FIELDS and name not in seen:
            seen.add(name)
            parts.append(f"(?P<{name}>.+?)")
        else:
            parts.append("(?:.+?)" if piece.startswith("{") else re.escape(piece))
    return re.compile("".join(parts))
