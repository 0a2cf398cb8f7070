"""Piece of stage `change`: how reliable the answers are at each wave, and how many are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from braid.language import N_, tr
from braid.presentation import numbers
from braid.presentation.inline import Markdown
from braid.presentation.prose import Prose
from braid.presentation.table import Column, Group, Row, Table
from braid.stages.opening import needs
from braid.statistics.answers import Answers, answers_of
from braid.statistics.missing import item_missing, little_test
from braid.statistics.reliability import cronbach_alpha, omega_total
from braid.statistics.scoring import reverse_items
from braid.study import Scale

if TYPE_CHECKING:
    from braid.stages.change import Change

NONE = N_("This cohort has no survey.")


def there(stage: Change) -> bool:
    return bool(stage.waves)


def _items(frame: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    return reverse_items(frame[list(scale.items)], scale.reverse, scale.minimum, scale.maximum)


@needs(there, NONE)
def description(stage: Change) -> Prose:
    """What the table of reliability and missing answers shows, in words."""
    gaps = [
        row.percent
        for scale in stage.cohort.study.scales.values()
        for frame in stage.waves.values()
        for row in item_missing(frame[list(scale.items)])
        if row.percent is not None
    ]
    most = max(gaps, default=0.0)
    said = [tr("@tbl-answers gives the reliability of each scale at each wave and how many answers are missing.")]
    if most:
        share = numbers.percent(most, 100)
        said.append(
            tr("At most {share} of the answers to an item are missing among the people of a wave.", share=share)
        )
    else:
        said.append(tr("No answer is missing among the people of a wave."))
    return Prose(Markdown(" ".join(said)))


@needs(there, NONE)
def table(stage: Change) -> Table:
    """Alpha, omega, item-rest correlations and missing answers of each scale at each wave."""
    study = stage.cohort.study
    rows: list[Row | Group] = []
    for name, scale in study.scales.items():
        rows.append(Group(scale.short))
        for wave, frame in stage.waves.items():
            items = answers_of(_items(frame, scale))
            alpha, omega = cronbach_alpha(items), omega_total(items)
            rest = [row.rest_correlation for row in alpha.items if row.rest_correlation is not None]
            gaps = [row.percent for row in item_missing(items) if row.percent is not None]
            rows.append(
                Row(
                    (
                        study.waves[wave],
                        numbers.whole(len(frame)),
                        numbers.estimate_ci(alpha.alpha, alpha.low, alpha.high, brackets=True),
                        numbers.fixed(omega.omega),
                        numbers.interval(min(rest), max(rest)) if rest else numbers.MISSING,
                        _range(gaps),
                        numbers.whole(int(frame[name].isna().sum())),
                        _little(items),
                    ),
                    indent=1,
                )
            )
    columns = [
        Column(tr("Scale and wave")),
        Column("n", "number"),
        Column(tr("Cronbach's alpha [{ci}]", ci=numbers.ci_name()), "number", under=tr("Reliability")),
        Column(tr("Omega"), "number", under=tr("Reliability")),
        Column(Markdown(tr("Item-rest *r*")), "number", under=tr("Reliability")),
        Column(tr("Answers, % of an item"), "number", under=tr("Missing", context="answers")),
        Column(tr("Scores, n"), "number", under=tr("Missing", context="answers")),
        Column(tr("Little's test"), "number", under=tr("Missing", context="answers")),
    ]
    notes = [
        tr(
            "Omega: McDonald's omega total of one factor. Little's test: whether answers are missing completely at "
            "random; a clear result says that they are not."
        )
    ]
    return Table(columns, rows, notes=notes)


def _range(gaps: list[float]) -> str:
    if not gaps or not max(gaps):
        return "0"
    return numbers.interval(min(gaps), max(gaps), 1)


def _little(items: Answers) -> str:
    if items.moments.n == len(items.matrix):
        return numbers.MISSING
    found = little_test(items)
    return numbers.p_clause(found.p) if found.p is not None else numbers.MISSING
