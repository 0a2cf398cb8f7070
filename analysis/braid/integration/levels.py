"""Themes by where they act (individual, group, leader, organisation, context) and by what they cost or give."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

from braid.language import N_, tr
from braid.qualitative import ThemePrevalence
from braid.study import Study
from braid.study.joining import Level, WorksAs

LEVELS: tuple[Level, ...] = get_args(Level)
LEVEL_LABELS: dict[Level, str] = {
    "individual": N_("Individual", context="level"),
    "group": N_("Group", context="level"),
    "leader": N_("Leader", context="level"),
    "organisation": N_("Organisation", context="level"),
    "context": N_("Overarching context", context="level"),
}
"""What the levels are called; said with `level_name`."""


def level_name(level: Level) -> str:
    """What a level is called in the language in force, standing alone: "Overarching context"."""
    return tr(LEVEL_LABELS[level], context="level")


@dataclass(frozen=True)
class PlacedTheme:
    """A theme with its place: where it acts, and whether it works as a demand or a resource (None: not said)."""

    prevalence: ThemePrevalence
    level: Level
    works_as: WorksAs | None


def placed_themes(study: Study, prevalence: Sequence[ThemePrevalence]) -> list[PlacedTheme]:
    """The themes without sub-themes that have a level, from the individual outwards, the most voiced first."""
    stems = {theme.parent for theme in prevalence}
    found = []
    for theme in prevalence:
        level, works_as = attributes_of(study, theme.theme)
        if theme.theme not in stems and level is not None:
            found.append(PlacedTheme(theme, level, works_as))
    return sorted(found, key=lambda one: (LEVELS.index(one.level), -(one.prevalence.k or 0)))


def attributes_of(study: Study, path: str) -> tuple[Level | None, WorksAs | None]:
    """Level and demand or resource of a theme; what it does not say itself it has from the theme above."""
    themes = study.coding.paths() if study.coding else {}
    level: Level | None = None
    works_as: WorksAs | None = None
    while path in themes:
        level, works_as = level or themes[path].level, works_as or themes[path].works_as
        path = path.rpartition(".")[0]
    return level, works_as


def levels_of(study: Study, paths: Iterable[str]) -> tuple[Level, ...]:
    """The levels of several themes, each once, from the individual outwards."""
    told = {attributes_of(study, path)[0] for path in paths}
    return tuple(level for level in LEVELS if level in told)
