"""The third strand: published programmes, and what of them bears on each local finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

from braid.errors import Mistakes, Place, UserError
from braid.intake import RawTable, read_file
from braid.integration.joint_display import JointDisplayRow
from braid.integration.levels import levels_of
from braid.study import Cohort, Study, did_you_mean
from braid.study.joining import Level, WorksAs

Effect = Literal["yes", "mixed", "no"]
EFFECTS: tuple[Effect, ...] = get_args(Effect)
LEVELS: tuple[Level, ...] = get_args(Level)
WORKS: tuple[WorksAs, ...] = get_args(WorksAs)
NEEDED = ("intervention", "target", "effective", "levels")
SPECIAL = "both"
Word = TypeVar("Word", bound=str)


@dataclass(frozen=True)
class Published:
    """One published programme. works_as is empty, quality and involvement are None where they are not known."""

    name: str
    target: str
    effective: Effect
    levels: tuple[Level, ...]
    works_as: tuple[WorksAs, ...]
    quality: int | None
    involvement: int | None


@dataclass(frozen=True)
class BesidePublished:
    """A row of the joint display beside the published programmes of the same target.

    levels: where the row's themes act. same: programmes of the row's target; near: those of them that touch one of the
    row's levels (all of them where the row has none).
    """

    row: JointDisplayRow
    target: str
    levels: tuple[Level, ...]
    same: tuple[Published, ...]
    near: tuple[Published, ...]

    @property
    def effects(self) -> dict[Effect, int]:
        """How many of the near ones had which effect, the best first; effects that nobody had are left out."""
        counts = {effect: sum(one.effective == effect for one in self.near) for effect in EFFECTS}
        return {effect: n for effect, n in counts.items() if n}


def read_literature(cohort: Cohort) -> list[Published]:
    """The study's table of published programmes, in its order; empty where the study names none.

    Raises UserErrors with every cell that is wrong.
    """
    spec = cohort.study.literature
    if spec is None:
        return []
    path = cohort.study_file.with_name(spec.file)
    name = path.relative_to(cohort.project.root).as_posix()
    table = read_file(path, name)
    missing = [column for column in NEEDED if column not in table.frame.columns]
    if missing:
        raise UserError(
            "the table of published programmes lacks a column",
            place=name,
            found=", ".join(map(str, table.frame.columns)),
            expected=", ".join(NEEDED),
            todo=f"add the column {missing[0]}",
        )
    return _programmes(table, name, spec.quality_of, spec.involvement_of)


def _programmes(table: RawTable, name: str, quality_of: int, involvement_of: int) -> list[Published]:
    mistakes, found = Mistakes(), []
    for number, cells in table.frame.to_dict("index").items():
        reader = _Row({str(column): str(cell) for column, cell in cells.items()}, name, int(str(number)))
        with mistakes.gathered():
            works = reader.cells.get("works_as", "")
            works = ";".join(WORKS) if works == SPECIAL else works
            found.append(
                Published(
                    reader.cells["intervention"],
                    reader.cells["target"],
                    reader.words("effective", EFFECTS)[0],
                    tuple(level for level in LEVELS if level in reader.words("levels", LEVELS)),
                    tuple(work for work in WORKS if work in reader.words("works_as", WORKS, works)),
                    reader.points("quality", quality_of),
                    reader.points("involvement", involvement_of),
                )
            )
    mistakes.stop_if_any()
    return found


@dataclass(frozen=True)
class _Row:
    cells: dict[str, str]
    file: str
    number: int

    def words(self, column: str, known: tuple[Word, ...], text: str | None = None) -> list[Word]:
        told = self.cells.get(column, "") if text is None else text
        words = [word.strip() for word in told.replace(",", ";").split(";") if word.strip()]
        wrong = [word for word in words if word not in known] or ([""] if not words and column in NEEDED else [])
        if wrong:
            raise UserError(
                "the table of published programmes does not know this word",
                place=Place(self.file, row=self.number, column=column),
                found=repr(wrong[0]),
                todo=did_you_mean(wrong[0], list(known)),
            )
        return [word for word in known if word in words]

    def points(self, column: str, most: int) -> int | None:
        told = self.cells.get(column, "")
        if not told:
            return None
        if not told.isdigit() or int(told) > most:
            raise UserError(
                "these are not points",
                place=Place(self.file, row=self.number, column=column),
                found=repr(told),
                expected=f"a whole number from 0 to {most}, or nothing where it is not known",
            )
        return int(told)


def beside_published(
    study: Study, rows: Sequence[JointDisplayRow], published: Sequence[Published]
) -> list[BesidePublished]:
    """Each row that names a target, beside what is published on it; a programme for `both` counts for every target."""
    if study.literature is None:
        return []
    found = []
    for row in rows:
        target = study.joint_display[row.name].target
        if not target:
            continue
        same = tuple(one for one in published if study.literature.both in (one.target, target) or one.target == target)
        levels = levels_of(study, [theme.theme for theme in row.themes])
        near = tuple(one for one in same if not levels or set(levels) & set(one.levels))
        found.append(BesidePublished(row, target, levels, same, near))
    return found


def unknown_targets(study: Study, published: Sequence[Published], study_file: str) -> list[UserError]:
    """Rows of the joint display whose target no published programme has."""
    known = sorted({one.target for one in published})
    return [
        UserError(
            "no published programme has this target",
            place=f"{study_file}: joint_display.{name}.target",
            found=row.target,
            todo=did_you_mean(row.target, known),
        )
        for name, row in study.joint_display.items()
        if row.target and published and row.target not in known
    ]
