"""Piece of stage `qualitative`: who was heard where and when, in a study with several sites and occasions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from braid.language import N_, ntr, tr
from braid.presentation import numbers
from braid.presentation.inline import Markdown
from braid.presentation.prose import Prose
from braid.presentation.table import Column, Row, Table
from braid.stages.opening import needs

if TYPE_CHECKING:
    from braid.stages.interviews import Interviews

ONE_PLACE = N_("Participants were not heard at several sites on several occasions.")


def there(stage: Interviews) -> bool:
    """Whether several sites and occasions can be shown, without a number that is too small to be shown."""
    if not (stage.has_sites and stage.has_occasions):
        return False
    small = any(0 < count < stage.smallest for count in _counts(stage).to_numpy().ravel())
    return not small or bool(stage.cohort.small_counts_shown)


def _heard(stage: Interviews) -> pd.DataFrame:
    """Each participant once for each site and occasion."""
    known = stage.data.segments[["participant", "site", "occasion"]]
    return known[(known != "").all(axis=1)].drop_duplicates()


def _counts(stage: Interviews) -> pd.DataFrame:
    """Participants by site (rows) and occasion (columns), in the order of the themes' tables."""
    heard, first = _heard(stage), stage.themes[0]
    sites, occasions = ([place.label for place in places] for places in (first.by_site, first.by_occasion))
    counts = pd.crosstab(heard["site"], heard["occasion"])
    return counts.reindex(index=sites, columns=occasions, fill_value=0).astype(int)


@needs(there, ONE_PLACE)
def description(stage: Interviews) -> Prose:
    """How many were heard more than once, in words."""
    times = _heard(stage).groupby("participant")["occasion"].nunique()
    n = int((times > 1).sum())
    if not n:
        return Prose(Markdown(tr("@tbl-heard shows where and when participants were heard.")))
    text = ntr(
        "@tbl-heard shows where and when participants were heard; {n} participant was heard on more than one occasion.",
        "@tbl-heard shows where and when participants were heard; {n} participants were heard on more than one "
        "occasion.",
        n,
        n=numbers.whole(n),
    )
    return Prose(Markdown(text))


@needs(there, ONE_PLACE)
def table(stage: Interviews) -> Table:
    """Participants by site and occasion."""
    counts, first = _counts(stage), stage.themes[0]
    of_site = dict(zip(counts.index, counts.to_numpy().tolist(), strict=True))
    rows = [
        Row((place.label, *(numbers.whole(n) for n in of_site[place.label]), numbers.whole(place.n)))
        for place in first.by_site
    ]
    everywhere = (numbers.whole(place.n) for place in first.by_occasion)
    rows.append(Row((tr("All"), *everywhere, numbers.whole(first.n)), strong=True))
    columns = [
        Column(tr("Site")),
        *(Column(str(when), "number") for when in counts.columns),
        Column(tr("All"), "number"),
    ]
    notes = [tr("Participants. Who was heard on several occasions counts once in each, and once in all.")]
    return Table(columns, rows, notes=notes)
