"""Piece of stage `triangulation`: where themes and recommendations act, and who can act on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.integration import (
    LEVEL_LABELS,
    PlacedTheme,
    Source,
    TracedRecommendation,
    label_within,
    level_name,
    placed_themes,
)
from braid.language import N_, lowered, ntr, tr
from braid.presentation.escaping import markdown
from braid.presentation.figure import Figure
from braid.presentation.inline import Cell, Markdown, lines, strong
from braid.presentation.levels import Placed, themes_by_level
from braid.presentation.prose import Prose, counted, enumeration
from braid.presentation.table import Column, Table
from braid.records import Record
from braid.stages.opening import fact, needs
from braid.study.joining import Actor, Level, Lever, WorksAs

if TYPE_CHECKING:
    from braid.stages.triangulation import Triangulation

NO_LEVELS = N_("The codebook does not say at which level its themes act.")
NO_RECOMMENDATIONS = N_("No recommendations have been written for this cohort.")
NO_ACTORS = N_("The recommendations do not say who has to act by what.")
SIDES: dict[WorksAs | None, str] = {
    "demand": N_("Demands"),
    "resource": N_("Resources"),
    None: N_("Neither said"),
}
ACTORS: dict[Actor, str] = {
    "frontline": N_("Frontline staff"),
    "middle": N_("Middle leaders"),
    "top": N_("Top leaders"),
}
LEVERS: dict[Lever, str] = {
    "act": N_("Acts between people"),
    "style": N_("Style of leading"),
    "structure": N_("Structures"),
}
AT_LEVEL: dict[Level, str] = {
    "individual": N_("the level of the individual"),
    "group": N_("the level of the group"),
    "leader": N_("the level of the leader"),
    "organisation": N_("the level of the organisation"),
    "context": N_("the overarching context"),
}
"""The levels as they stand in: None acts at the level of the group or the overarching context."""
SOCIO_ECOLOGICAL: dict[Level, str] = {
    "individual": N_("intrapersonal"),
    "group": N_("interpersonal"),
    "leader": N_("interpersonal"),
    "organisation": N_("institutional"),
    "context": N_("community and policy"),
}
"""The level of the socio-ecological model (McLeroy et al. 1988) that each of the levels belongs to."""


def placed(stage: Triangulation) -> list[PlacedTheme]:
    """The themes that have a level."""
    return placed_themes(stage.cohort.study, stage.interviews.themes)


@needs(placed, NO_LEVELS)
def description(stage: Triangulation) -> Prose:
    """Where what was said acts, in words."""
    found = placed(stage)
    said = []
    for side in ("demand", "resource"):
        here = [one for one in found if one.works_as == side]
        counts = {level: sum(one.level == level for one in here) for level in LEVEL_LABELS}
        where = ", ".join(f"{lowered(level_name(level))} {n}" for level, n in counts.items() if n)
        if here and side == "demand":
            said.append(
                ntr("{n} is a demand ({where})", "{n} are demands ({where})", len(here), n=str(len(here)), where=where)
            )
        elif here:
            said.append(
                ntr(
                    "{n} is a resource ({where})",
                    "{n} are resources ({where})",
                    len(here),
                    n=str(len(here)),
                    where=where,
                )
            )
    empty = [tr(AT_LEVEL[level]) for level in LEVEL_LABELS if all(one.level != level for one in found)]
    text = [
        tr(
            "Themes act at levels, from the single person outwards [@nielsen2018], and cost strength (demands) or give "
            "it (resources) [@bakker2007]; @tbl-levels and @fig-levels place what was said."
        )
    ]
    if said:
        text.append(tr("Of {themes}, {counts}.", themes=counted(len(found), "theme"), counts=enumeration(said)))
    if empty:
        text.append(tr("None acts at {levels}.", levels=enumeration(empty, "or")))
    return Prose(Markdown(" ".join(text)))


@needs(placed, NO_LEVELS)
def table(stage: Triangulation) -> Table:
    """Levels by demands and resources, with the themes and who voiced them, and by recommendations."""
    found = placed(stage)
    recommended = [(str(n), one.level) for n, one in enumerate(stage.recommendations, 1) if one.level]
    sides = [side for side in SIDES if any(one.works_as == side for one in found)]
    rows: list[list[Cell]] = []
    for level in LEVEL_LABELS:
        cells = [[_told(one) for one in found if (one.level, one.works_as) == (level, side)] for side in sides]
        head = lines(strong(level_name(level)), tr(SOCIO_ECOLOGICAL[level]))
        rows.append([head, *(lines(*cell) if cell else "–" for cell in cells)])
        if recommended:
            rows[-1].append(", ".join(number for number, at in recommended if at == level) or "–")
    columns = [Column(tr("Level")), *(Column(tr(SIDES[side])) for side in sides)]
    notes = [
        tr(
            "Levels by IGLOO, and below each the level of the socio-ecological model [@mcleroy1988] that it belongs to."
        ),
        tr("In brackets: participants who voiced the theme."),
    ]
    if recommended:
        columns.append(Column(tr("Recommendations")))
        notes.append(tr("Recommendations: numbers as in @tbl-recommendations."))
    return Table(columns, rows, notes=[Markdown(" ".join(notes))])


def _told(one: PlacedTheme) -> str:
    theme = one.prevalence
    if theme.k is None:
        return tr("{theme} (number not shown)", theme=theme.label)
    return tr("{theme} ({k} of {n})", theme=theme.label, k=str(theme.k), n=str(theme.n))


@needs(placed, NO_LEVELS)
def figure(stage: Triangulation) -> Figure:
    """Themes by level; demands to the left, resources to the right."""
    shown = [
        Placed(level_name(one.level), one.prevalence.label, one.prevalence.k, one.prevalence.n, one.works_as or "")
        for one in placed(stage)
    ]
    return themes_by_level(shown)


@needs(lambda stage: stage.recommendations, NO_RECOMMENDATIONS)
def recommendations_table(stage: Triangulation) -> Table:
    """Recommendations, who can act and at which level, and the findings they follow from, with the strength of each."""
    leveled = any(item.level for item in stage.recommendations)
    heads = (tr("Recommendation"), tr("Who can act"), tr("Follows from"))
    columns = [Column("", "number"), *map(Column, heads)]
    rows: list[list[Cell]] = []
    for number, item in enumerate(stage.recommendations, 1):
        found = [Markdown(f"{markdown(source.label)} ({_strength(source)})") for source in item.sources]
        who: Cell = lines(item.who, f"({lowered(level_name(item.level))})") if item.level else item.who
        rows.append([str(number), item.text, who, lines(*found)])
    if leveled:
        note = tr(
            "In brackets: the level at which the recommendation acts, and how strong each finding is, which is how the "
            "strands converged on it or, where only the interviews tell of it, how many voiced it."
        )
    else:
        note = tr(
            "In brackets: how strong each finding is, which is how the strands converged on it or, where only the "
            "interviews tell of it, how many voiced it."
        )
    return Table(columns, rows, notes=[note])


def _strength(source: Source) -> str:
    """`agreement`, or `interviews only, 12 of 30 participants`."""
    label = label_within(source.strength)
    return label if source.kind == "row" else f"{label}, {source.text}"


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
            here = [Markdown(tr("**{n}** {text}", n=str(n), text=markdown(text))) for n, text in held]
            cells.append(lines(*here) if here else "–")
        rows.append([tr(label), *cells])
    note = tr("Numbers as in the table of recommendations.")
    return Table(["", *map(tr, LEVERS.values())], rows, notes=[note])


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
