"""Piece of stage `triangulation`: the one picture of the first page, and how many counts are not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.language import N_, tr
from braid.presentation.figure import Figure
from braid.presentation.glance import Shift, Voiced
from braid.presentation.glance import glance as draw
from braid.records import Record
from braid.stages.opening import fact, needs

if TYPE_CHECKING:
    from braid.stages.triangulation import Triangulation

NOTHING = N_("Neither a change nor a theme can be shown.")
MOST = 8
"""More scales than these are not seen at one glance; the tables have all."""


def shifts(stage: Triangulation) -> list[Shift]:
    """The change of each scale of the study where it can be estimated."""
    found = []
    for row in stage.change.scales:
        score = row.score
        values = (score.mean_before, score.mean_after, score.difference, score.low, score.high)
        before, after, difference, low, high = values
        if before is None or after is None or difference is None or low is None or high is None:
            continue
        ends = float(row.scale.minimum), float(row.scale.maximum)
        found.append(Shift(row.scale.short, *ends, before, after, difference, low, high))
    return found[:MOST]


def themes(stage: Triangulation) -> list[Voiced]:
    """The main themes by the participants who voiced them."""
    if not stage.interviews.there:
        return []
    return [Voiced(theme.label, theme.k, theme.n) for theme in stage.interviews.top if theme.n][:MOST]


def there(stage: Triangulation) -> bool:
    """Whether there is anything to be drawn."""
    return bool(shifts(stage) or themes(stage))


@needs(there, NOTHING)
def figure(stage: Triangulation) -> Figure:
    """Numbers and words in one picture."""
    study = stage.cohort.study
    waves = (study.waves[study.first_wave], study.waves[study.last_wave]) if study.waves else None
    level = stage.change.scales[0].score.confidence if stage.change.scales else 0.95
    return draw(shifts(stage), themes(stage), waves, level=level, caption=tr("The answer at a glance"))


def records(stage: Triangulation) -> list[Record]:
    """Whether there is a picture, and how many counts of themes are hidden."""
    hidden = 0
    for theme in stage.interviews.themes if stage.interviews.there else []:
        parts = (*theme.by_group, *theme.by_site, *theme.by_occasion)
        hidden += (theme.k is None) + sum(part.k is None for part in parts)
    return [
        fact("glance", there(stage), "triangulation"),
        Record("disclosure.themes", str(hidden), hidden, unit="counts", method="counts of people below the threshold"),
    ]
