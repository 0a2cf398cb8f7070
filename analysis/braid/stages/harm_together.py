"""Piece of stage `triangulation`: who fared worse by the numbers, beside what participants said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.integration import HIDDEN
from braid.integration.levels import attributes_of
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.inline import Cell, Markdown
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Column, Group, Row, Table
from braid.qualitative import ThemePrevalence
from braid.records import Record
from braid.stages import harm
from braid.stages.opening import fact, needs
from braid.statistics.proportion import Proportion

if TYPE_CHECKING:
    from braid.stages.triangulation import Triangulation

NONE = "Harm cannot be looked at in both strands of this cohort."
HARM = "harm"
EVENTS = "adverse."
"""How the ids of records of adverse events begin."""


def there(stage: Triangulation) -> bool:
    """Whether both strands can tell of harm."""
    return stage.interviews.there and not stage.change.left_out and harm.there(stage.change)


def _leaves(stage: Triangulation) -> list[ThemePrevalence]:
    themes = stage.interviews.themes
    stems = {theme.theme.rpartition(".")[0] for theme in themes}
    return [theme for theme in themes if theme.theme not in stems]


def _of_harm(stage: Triangulation) -> list[ThemePrevalence]:
    return [theme for theme in _leaves(stage) if theme.kind.casefold() == HARM]


def _of_demand(stage: Triangulation) -> list[ThemePrevalence]:
    study = stage.cohort.study
    found = [theme for theme in _leaves(stage) if attributes_of(study, theme.theme)[1] == "demand"]
    return sorted((theme for theme in found if theme not in _of_harm(stage)), key=lambda theme: -(theme.k or 0))


@needs(there, NONE)
def description(stage: Triangulation) -> Prose:
    """Both strands on harm, in words."""
    worse = [
        f"{numbers.count_percent(part.k, part.n)} by {markdown(row.scale.short).lower()}"
        for row in stage.change.reliable
        if (part := row.result.deteriorated) is not None
    ]
    text = f"By the numbers, {enumeration(worse)} reliably deteriorated (@tbl-harm)."
    spoken = [theme for theme in _of_harm(stage) if theme.k is None or theme.k]
    if spoken:
        text += f" Of harm, participants spoke as {enumeration([_said(theme) for theme in spoken])}."
    elif _of_harm(stage):
        text += " No participant spoke of harm, which the codebook has a theme for."
    else:
        text += " The codebook has no theme for harm, so that silence in the interviews says nothing about it."
    events = [f"{markdown(record.parts.get('label', record.id)).lower()} {record.text}" for record in _events(stage)]
    if events:
        text += f" The team counted: {'; '.join(events)}."
    else:
        text += " Adverse events were not recorded, so that none being told does not mean that there were none."
    return Prose(Markdown(text))


def _said(theme: ThemePrevalence) -> str:
    return f"{markdown(theme.label).lower()} ({_count(theme)})"


def _count(theme: ThemePrevalence) -> str:
    return HIDDEN if theme.k is None else f"{theme.k} of {theme.n}"


@needs(there, NONE)
def table(stage: Triangulation) -> Table:
    """Deterioration, the group in which it was most frequent, and adverse events; then themes of harm and of demand."""
    body: list[Row | Group] = [Group("Numbers")]
    for row in stage.change.reliable:
        part = row.result.deteriorated
        if part is not None:
            body.append(Row((f"{row.scale.short}: reliably deteriorated", _share(part)), indent=1))
            body += [Row((f"{row.scale.short}: most in one group", most), indent=1) for most in _most(stage, row.name)]
    events = _events(stage)
    body += [Row((record.parts.get("label", "Adverse events"), Markdown(record.text)), indent=1) for record in events]
    if not events:
        body.append(Row(("Adverse events", "not recorded"), indent=1))
    for label, themes in (("Words: harm", _of_harm(stage)), ("Words: demands", _of_demand(stage))):
        body.append(Group(label))
        body += [Row((theme.label, f"{_count(theme)} participants"), indent=1) for theme in themes]
        if not themes:
            body.append(Row(("Themes", "none in the codebook"), indent=1))
    return Table([Column("Looked at"), Column("Found")], body)


def _share(part: Proportion) -> str:
    return f"{part.k} of {part.n} ({numbers.percent(part.k, part.n)})"


def _most(stage: Triangulation, scale: str) -> list[Cell]:
    """The group of people in which most deteriorated, where they are enough to be told of; else nothing."""
    study = stage.cohort.study
    least = 1 if stage.cohort.small_counts_shown else study.disclosure.smallest
    found = []
    for characteristic, result in stage.change.equity.get(scale, {}).items():
        for level in result.levels:
            part = level.deteriorated
            if part is not None and part.k >= least and part.share is not None:
                spec = study.characteristics[characteristic]
                found.append((part.share, f"{spec.label}: {spec.levels[str(level.level)]}, {_share(part)}"))
    return [max(found, key=lambda one: one[0])[1]] if found else []


def _events(stage: Triangulation) -> list[Record]:
    return [record for name, record in stage.before.items() if name.startswith(EVENTS)]


def records(stage: Triangulation) -> list[Record]:
    """Whether both strands are told on harm."""
    return [fact("harm-together", there(stage), "triangulation")]
