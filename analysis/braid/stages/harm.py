"""Piece of stage `change`: who changed by more than measurement error, for better and for worse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from braid.language import N_, lowered, tr
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.figure import Figure
from braid.presentation.inline import Markdown
from braid.presentation.prose import Prose, counted
from braid.presentation.reliable import reliable_change_figure
from braid.presentation.table import Column, Group, Row, Table
from braid.records import Record
from braid.stages.opening import needs
from braid.statistics.proportion import Proportion
from braid.statistics.reliability import cronbach_alpha, omega_total
from braid.statistics.reliable_change import CLASSES, ReliableChange, classify_change, reliable_change
from braid.statistics.scoring import reverse_items
from braid.study import Scale

if TYPE_CHECKING:
    from braid.stages.change import Change

MANY = 2000
SHARED = N_(
    "People by their scores before and after, with the limits of measurement error. People with the same scores share "
    "a mark, and a larger mark stands for more people"
)
"""The caption of a figure of more people than anybody could tell apart."""
CLASS_NAMES = {
    "improved": N_("Improved", context="people"),
    "unchanged": N_("Unchanged", context="people"),
    "deteriorated": N_("Deteriorated", context="people"),
}
NONE = N_(
    "Reliable change of single persons cannot be counted: it needs people who answered both times, variation between "
    "them at the first wave, and a reliable score."
)


@dataclass(frozen=True)
class ScaleHarm:
    """Reliable change in one scale. source: where its reliability comes from, in words."""

    name: str
    scale: Scale
    result: ReliableChange
    source: str


def harm_of(stage: Change) -> list[ScaleHarm]:
    """Reliable change of each scale; none where nobody can be found again."""
    if stage.first is None or stage.last is None or stage.left_out or not stage.paired:
        return []
    found = []
    for row in stage.scales:
        reliability, source = _reliability(stage.first, row.scale)
        result = reliable_change(*row.scores, reliability, higher_is_better=row.scale.higher_is == "better")
        found.append(ScaleHarm(row.name, row.scale, result, source))
    return found


def _reliability(first: pd.DataFrame, scale: Scale) -> tuple[float | None, str]:
    if isinstance(scale.reliability, float):
        return scale.reliability, N_("published", context="reliability")
    items = reverse_items(first[list(scale.items)], scale.reverse, scale.minimum, scale.maximum)
    if scale.reliability == "omega":
        return omega_total(items).omega, N_("omega of the first wave", context="reliability")
    return cronbach_alpha(items).alpha, N_("alpha of the first wave", context="reliability")


def there(stage: Change) -> bool:
    """Whether reliable change can be counted for any scale."""
    return any(row.result.deteriorated is not None for row in stage.reliable)


@needs(there, NONE)
def description(stage: Change) -> Prose:
    """Who improved and who deteriorated, in words; nobody is forgotten behind a mean."""
    said = [_sentence(row) for row in stage.reliable]
    if pictured(stage):
        what = tr(
            "A mean can rise while some people fare worse. Change is called reliable where it is larger than "
            "measurement error explains [@jacobson1991]; @tbl-reliable counts it, and @fig-reliable shows it."
        )
    else:
        what = tr(
            "A mean can rise while some people fare worse. Change is called reliable where it is larger than "
            "measurement error explains [@jacobson1991]; @tbl-reliable counts it."
        )
    return Prose(Markdown(" ".join([what, *said])))


def _sentence(row: ScaleHarm) -> str:
    result, label = row.result, markdown(row.scale.short)
    if result.improved is None or result.deteriorated is None:
        reason = markdown(tr(result.note))
        return tr("For {label} it cannot be counted: {reason}.", label=lowered(label), reason=reason)
    fields = {
        "label": label,
        "people": counted(result.n, "person", "people"),
        "better": _of_all(result.improved),
        "worse": _of_all(result.deteriorated),
    }
    if result.deteriorated_at_most is None or result.deteriorated_at_most >= 1:
        return tr("{label}: of {people}, {better} reliably improved and {worse} reliably deteriorated.", **fields)
    return tr(
        "{label}: of {people}, {better} reliably improved and {worse} reliably deteriorated; with 95% confidence fewer "
        "than {share} of such people would.",
        share=numbers.percent(result.deteriorated_at_most, 1),
        **fields,
    )


def _of_all(part: Proportion) -> str:
    return numbers.count_percent(part.k, part.n) if part.k else tr("nobody")


@needs(there, NONE)
def table(stage: Change) -> Table:
    """Reliable change of each scale: its limit, and people improved, unchanged, deteriorated."""
    rows: list[Row | Group] = []
    for row in stage.reliable:
        result = row.result
        heading = tr(
            "{label} (n = {n}; reliability {reliability}, smallest {smallest})",
            label=row.scale.short,
            n=numbers.whole(result.n),
            reliability=numbers.fixed(result.reliability),
            smallest=numbers.fixed(result.threshold),
        )
        rows.append(Group(heading))
        for name in CLASSES:
            part: Proportion | None = getattr(result, name)
            rows.append(Row((tr(CLASS_NAMES[name], context="people"), *_share(part)), indent=1))
    columns = [
        Column(tr("Scale and change")),
        Column(tr("People, n (%)"), "number"),
        Column(tr("{ci}, %", ci=numbers.ci_name()), "number"),
    ]
    sources = [tr(source, context="reliability") for source in sorted({row.source for row in stage.reliable})]
    note = tr(
        "Smallest: the smallest reliable change, 1.96 √2 SEM, SEM = SD before × √(1 - reliability). Reliability: "
        "{sources}. Intervals by Wilson.",
        sources=", ".join(sources),
    )
    return Table(columns, rows, notes=[note])


def _share(part: Proportion | None) -> tuple[str, str]:
    if part is None or part.low is None or part.high is None:
        return numbers.MISSING, numbers.MISSING
    return numbers.count_percent(part.k, part.n), numbers.interval(100 * part.low, 100 * part.high, 1)


def pictured(stage: Change) -> bool:
    """Whether there is a picture: one scale, so that one figure says it all."""
    rows = stage.reliable
    return len(rows) == 1 and rows[0].result.threshold is not None


@needs(pictured, N_("Reliable change is pictured for a single scale."))
def figure(stage: Change) -> Figure:
    """Before and after of each person, with the limits of measurement error."""
    (row,) = stage.reliable
    study, threshold = stage.cohort.study, row.result.threshold
    assert threshold is not None
    pairs = pd.concat(stage.scales[0].scores, axis=1, keys=["before", "after"]).dropna()
    classes = classify_change(
        pairs["before"], pairs["after"], threshold, higher_is_better=row.scale.higher_is == "better"
    )
    return reliable_change_figure(
        pairs["before"].to_numpy(),
        pairs["after"].to_numpy(),
        classes.tolist(),
        threshold,
        wave_labels=(study.waves[study.first_wave], study.waves[study.last_wave]),
        score=row.scale.short,
        caption=tr(SHARED) if len(pairs) > MANY else None,
    )


def records(stage: Change) -> list[Record]:
    """Shares of people by reliable change, one record each."""
    found = []
    for row in stage.reliable:
        for name in CLASSES:
            part: Proportion | None = getattr(row.result, name)
            if part is None:
                continue
            found.append(
                Record(
                    f"change.{row.name.lower()}.reliable.{name}",
                    numbers.count_percent(part.k, part.n),
                    part.share,
                    part.low,
                    part.high,
                    part.n,
                    unit="share of people",
                    method=row.result.method,
                    cell="tbl-reliable",
                )
            )
    return found
