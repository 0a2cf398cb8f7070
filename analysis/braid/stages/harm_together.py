"""Piece of stage `triangulation`: who fared worse, or otherwise, by the numbers, beside what participants said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.integration import count_text, theme_text
from braid.integration.levels import attributes_of
from braid.language import N_, lowered, tr
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.inline import Cell, Markdown
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Column, Group, Row, Table
from braid.qualitative import ThemePrevalence
from braid.records import Record
from braid.stages import adverse_events, equity, harm
from braid.stages.opening import fact, needs
from braid.statistics.proportion import Proportion

if TYPE_CHECKING:
    from braid.stages.triangulation import Triangulation

NONE = N_("Harm cannot be looked at in both strands of this cohort.")
HARM = "harm"
EVENTS = "adverse."
"""How the ids of records of adverse events begin."""


def there(stage: Triangulation) -> bool:
    """Whether there are interviews, and somebody or something was looked at for harm."""
    looked = harm.there(stage.change) or adverse_events.recorded(stage.change)
    return stage.interviews.there and (looked or bool(_of_harm(stage)))


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
        tr(
            "{k} of {n} people ({share}) for {scale}",
            k=numbers.whole(part.k),
            n=numbers.whole(part.n),
            share=numbers.percent(part.k, part.n),
            scale=lowered(markdown(row.scale.short)),
        )
        for row in stage.change.reliable
        if (part := row.result.deteriorated) is not None
    ]
    if worse:
        text = [tr("Scores reliably deteriorated in {counts} (@tbl-harm).", counts=enumeration(worse))]
    else:
        text = [tr("@tbl-harm sets what is known of harm beside what participants said; no score tells of it.")]
    spoken = [theme for theme in _of_harm(stage) if theme.k is None or theme.k]
    if spoken:
        themes = enumeration([_said(theme) for theme in spoken])
        text.append(tr("Participants spoke of harm in these themes: {themes}.", themes=themes))
    elif _of_harm(stage):
        text.append(tr("No participant spoke of harm, which the codebook has a theme for."))
    else:
        text.append(tr("The codebook has no theme for harm, so that silence in the interviews says nothing about it."))
    events = [f"{lowered(markdown(record.parts.get('label', record.id)))} {record.text}" for record in _events(stage)]
    if events:
        text.append(tr("The team counted: {events}.", events="; ".join(events)))
    else:
        text.append(tr("Adverse events were not recorded, so that none being told does not mean that there were none."))
    if stage.change.equity:
        text += equity.findings(stage.change)
        if stage.interviews.has_groups:
            text.append(tr("What was voiced in which group of the interviews stands in @fig-sources."))
    return Prose(Markdown(" ".join(text)))


def _said(theme: ThemePrevalence) -> str:
    return f"{lowered(markdown(theme.label))} ({count_text(theme)})"


@needs(there, NONE)
def table(stage: Triangulation) -> Table:
    """Deterioration, the group in which it was most frequent, adverse events, change by group; then themes."""
    body: list[Row | Group] = [Group(tr("Numbers: harm"))]
    for row in stage.change.reliable:
        part = row.result.deteriorated
        if part is not None:
            scale = row.scale.short
            body.append(Row((tr("{scale}: reliably deteriorated", scale=scale), _share(part)), indent=1))
            most = tr("{scale}: most in one group", scale=scale)
            body += [Row((most, group), indent=1) for group in _most(stage, row.name)]
    events = _events(stage)
    adverse = tr("Adverse events")
    body += [Row((record.parts.get("label", adverse), Markdown(record.text)), indent=1) for record in events]
    if not events:
        body.append(Row((adverse, tr("not recorded")), indent=1))
    if stage.change.equity:
        body.append(Group(tr("Numbers: change by group")))
        body += _changes(stage)
    for label, themes in ((tr("Words: harm"), _of_harm(stage)), (tr("Words: demands"), _of_demand(stage))):
        body.append(Group(label))
        body += [Row((theme.label, theme_text(theme)), indent=1) for theme in themes]
        if not themes:
            body.append(Row((tr("Themes"), tr("none in the codebook")), indent=1))
    return Table([Column(tr("Looked at")), Column(tr("Found"))], body)


def _share(part: Proportion) -> str:
    return tr("{k} of {n} ({share})", k=str(part.k), n=str(part.n), share=numbers.percent(part.k, part.n))


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


def _changes(stage: Triangulation) -> list[Row]:
    """The mean change in each group of people; of a group too small to be told of, nothing."""
    study, rows = stage.cohort.study, []
    for scale, groups in stage.change.equity.items():
        for characteristic, result in groups.items():
            spec = study.characteristics[characteristic]
            told = [
                f"{spec.levels[str(level.level)]} {numbers.fixed(level.change.difference)}"
                for level in result.levels
                if level.change.n >= equity.SMALLEST
            ]
            label = tr(
                "{scale}, by {characteristic}", scale=study.scales[scale].short, characteristic=lowered(spec.label)
            )
            rows.append(Row((label, ", ".join(told)), indent=1))
    return rows


def _events(stage: Triangulation) -> list[Record]:
    return [record for name, record in stage.before.items() if name.startswith(EVENTS)]


def records(stage: Triangulation) -> list[Record]:
    """Whether both strands are told on harm."""
    return [fact("harm-together", there(stage), "triangulation")]
