"""Piece of stage `triangulation`: where themes and recommendations act, and who can act on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.integration import LEVEL_LABELS, PlacedTheme, TracedRecommendation, placed_themes
from braid.presentation.escaping import markdown
from braid.presentation.figure import Figure
from braid.presentation.inline import Cell, Markdown, lines
from braid.presentation.levels import Placed, themes_by_level
from braid.presentation.prose import Prose, counted, enumeration
from braid.presentation.table import Column, Table
from braid.records import Record
from braid.stages.opening import fact, needs
from braid.study.joining import Actor, Level, Lever, WorksAs

if TYPE_CHECKING:
    from braid.stages.triangulation import Triangulation

NO_LEVELS = "The codebook does not say at which level its themes act."
NO_RECOMMENDATIONS = "No recommendations have been written for this cohort."
NO_ACTORS = "The recommendations do not say who has to act by what."
SIDES: dict[WorksAs | None, str] = {"demand": "Demands", "resource": "Resources", None: "Neither said"}
ACTORS: dict[Actor, str] = {"frontline": "Frontline staff", "middle": "Middle leaders", "top": "Top leaders"}
LEVERS: dict[Lever, str] = {"act": "Acts between people", "style": "Style of leading", "structure": "Structures"}


def placed(stage: Triangulation) -> list[PlacedTheme]:
    """The themes that have a level."""
    return placed_themes(stage.cohort.study, stage.interviews.themes)


@needs(placed, NO_LEVELS)
def description(stage: Triangulation) -> Prose:
    """Where what was said acts, in words."""
    found = placed(stage)
    said = []
    for side, name in (("demand", "demands"), ("resource", "resources")):
        here = [one for one in found if one.works_as == side]
        counts = {label: sum(one.level == level for one in here) for level, label in LEVEL_LABELS.items()}
        parts = [f"{label.lower()} {n}" for label, n in counts.items() if n]
        said += [f"{len(here)} as {name} ({', '.join(parts)})"] if here else []
    empty = [_level(level) for level in LEVEL_LABELS if all(one.level != level for one in found)]
    text = (
        "Themes act at levels, from the single person outwards [@nielsen2018], and cost strength (demands) or give it "
        "(resources) [@bakker2007]; @tbl-levels and @fig-levels place what was said."
    )
    if said:
        text += f" Of {counted(len(found), 'theme')}, {enumeration(said)}."
    if empty:
        text += f" None acts at the {enumeration(empty, 'or')}."
    return Prose(Markdown(text))


def _level(level: Level) -> str:
    return f"{'level of the ' if level != 'context' else ''}{LEVEL_LABELS[level].lower()}"


@needs(placed, NO_LEVELS)
def table(stage: Triangulation) -> Table:
    """Levels by demands and resources, with the themes and who voiced them."""
    found = placed(stage)
    sides = [side for side in SIDES if any(one.works_as == side for one in found)]
    rows: list[list[Cell]] = []
    for level, label in LEVEL_LABELS.items():
        cells = [[_told(one) for one in found if (one.level, one.works_as) == (level, side)] for side in sides]
        rows.append([label, *(lines(*cell) if cell else "–" for cell in cells)])
    note = "In brackets: participants who voiced the theme."
    return Table([Column("Level"), *(Column(SIDES[side]) for side in sides)], rows, notes=[note])


def _told(one: PlacedTheme) -> str:
    theme = one.prevalence
    return f"{theme.label} ({theme.k} of {theme.n})" if theme.k is not None else f"{theme.label} (too few to show)"


@needs(placed, NO_LEVELS)
def figure(stage: Triangulation) -> Figure:
    """Themes by level; demands to the left, resources to the right."""
    shown = [
        Placed(LEVEL_LABELS[one.level], one.prevalence.label, one.prevalence.k, one.prevalence.n, one.works_as or "")
        for one in placed(stage)
    ]
    return themes_by_level(shown)


@needs(lambda stage: stage.recommendations, NO_RECOMMENDATIONS)
def recommendations_table(stage: Triangulation) -> Table:
    """Recommendations, who can act and at which level, and the findings they follow from, with the strength of each."""
    leveled = any(item.level for item in stage.recommendations)
    columns = [Column("", "number"), Column("Recommendation"), Column("Who can act"), Column("Follows from")]
    rows: list[list[Cell]] = []
    for number, item in enumerate(stage.recommendations, 1):
        found = [Markdown(f"{markdown(source.label)} ({markdown(source.strength)})") for source in item.sources]
        who: Cell = lines(item.who, f"({LEVEL_LABELS[item.level].lower()})") if item.level else item.who
        rows.append([str(number), item.text, who, lines(*found)])
    note = "In brackets: how the strands converged on the finding"
    note += ", and the level at which the recommendation acts." if leveled else "."
    return Table(columns, rows, notes=[note])


def acted_on(stage: Triangulation) -> list[tuple[int, TracedRecommendation]]:
    """The recommendations that say who has to act by what, with their numbers."""
    return [(n, item) for n, item in enumerate(stage.recommendations, 1) if item.actor and item.lever]


@needs(acted_on, NO_ACTORS)
def actors_table(stage: Triangulation) -> Table:
    """Who can do what: frontline staff, middle and top leaders, by acts, style and structures."""
    rows: list[list[Cell]] = []
    for actor, label in ACTORS.items():
        cells: list[Cell] = []
        for lever in LEVERS:
            held = [(n, one.text) for n, one in acted_on(stage) if (one.actor, one.lever) == (actor, lever)]
            here = [Markdown(f"**{n}** {markdown(text)}") for n, text in held]
            cells.append(lines(*here) if here else "–")
        rows.append([label, *cells])
    return Table(["", *LEVERS.values()], rows, notes=["Numbers as in the table of recommendations."])


def records(stage: Triangulation) -> list[Record]:
    """What there is, and each recommendation with its strength."""
    found = [
        fact("levels", bool(placed(stage)), "triangulation"),
        fact("recommendations", bool(stage.recommendations), "triangulation"),
        fact("actors", bool(acted_on(stage)), "triangulation"),
    ]
    return found + [
        Record(
            f"recommendation.r{number}",
            markdown(item.text),
            cell="tbl-recommendations",
            parts={"strength": item.strength},
        )
        for number, item in enumerate(stage.recommendations, 1)
    ]
