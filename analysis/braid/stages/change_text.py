"""Piece of stage `change`: the change of scales and items in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.language import ntr, tr
from braid.presentation import directions, numbers, sentences
from braid.presentation.escaping import markdown
from braid.presentation.inline import Markdown
from braid.presentation.prose import Prose, enumeration
from braid.stages import arms
from braid.stages.change_methods import ADJUSTMENT_NAMES
from braid.stages.change_shown import effect_of, f_text, test_of
from braid.stages.scale_change import ScaleChange
from braid.statistics.change import PairedChange

if TYPE_CHECKING:
    from braid.stages.change import Change

NAMED = 2
"""Scales above which a summary counts them by their direction."""
DIRECTIONS: tuple[directions.Direction, ...] = ("better", "worse", "unclear", "not estimable")
"""In the order in which a summary counts them."""


def description(stage: Change) -> Prose:
    """Change of each scale in generated sentences, then what the items add."""
    scales = " ".join(sentence(stage, row) for row in stage.scales)
    several = [row for row in stage.scales if len(row.items) > 1]
    return Prose(
        Markdown(" ".join([scales, *_too_small(stage), _where(stage), *_scored(stage)])),
        *(Markdown(_items(stage, row)) for row in several),
    )


def _where(stage: Change) -> str:
    """Where the change is shown."""
    people = len(stage.scales) == 1
    if stage.items_pictured and stage.pictured and people:
        return tr(
            "@tbl-change gives every scale and item, @fig-items the means of the items, and @fig-paired how much "
            "people changed."
        )
    if stage.items_pictured and stage.pictured:
        return tr(
            "@tbl-change gives every scale and item, @fig-items the means of the items, and @fig-paired the size of "
            "each scale's change."
        )
    if stage.items_pictured:
        return tr("@tbl-change gives every scale and item and @fig-items the means of the items.")
    if stage.pictured and people:
        return tr("@tbl-change gives every scale and item and @fig-paired how much people changed.")
    if stage.pictured:
        return tr("@tbl-change gives every scale and item and @fig-paired the size of each scale's change.")
    return tr("@tbl-change gives every scale and item.")


def sentence(stage: Change, row: ScaleChange, *, test: bool = True) -> str:
    """The change of one scale as a guarded sentence (ready markdown), with or without the test and effect size."""
    found = row.score
    if isinstance(found, PairedChange) and found.n > 1 and found.sd_difference == 0 and found.difference is not None:
        return sentences.without_variation(
            row.scale.short,
            (found.mean_before, found.sd_before),
            (found.mean_after, found.sd_after),
            found.difference,
            found.n,
        ).source
    return sentences.change(
        row.scale.short,
        (found.mean_before, found.sd_before),
        (found.mean_after, found.sd_after),
        found.difference,
        found.low,
        found.high,
        higher_is=row.scale.higher_is,
        test=test_of(found) if test else None,
        effect=effect_of(found) if test else None,
        n=found.n if stage.paired else None,
        what=tr("mean change") if stage.paired else tr("difference of the means"),
        reason=tr(found.note),
    ).source


def summary(stage: Change) -> str:
    """The change in one or two sentences; several scales are counted by their direction (ready markdown)."""
    if arms.there(stage):
        return arms.summary(stage)
    if len(stage.scales) <= NAMED:
        return " ".join(sentence(stage, row, test=False) for row in stage.scales)
    told = []
    for found in DIRECTIONS:
        names = [_with_change(row) for row in stage.scales if row.direction == found]
        if names:
            told.append(_direction(found, len(names), enumeration(names)))
    return tr("Of {n} scales, {told}.", n=numbers.whole(len(stage.scales)), told=enumeration(told))


def _direction(found: directions.Direction, count: int, names: str) -> str:
    """How many scales went one way, and which, as a clause."""
    n = numbers.whole(count)
    if found == "better":
        return ntr("{n} improved ({names})", "{n} improved ({names})", count, n=n, names=names)
    if found == "worse":
        return ntr("{n} worsened ({names})", "{n} worsened ({names})", count, n=n, names=names)
    if found == "unclear":
        return ntr(
            "{n} showed no clear change ({names})", "{n} showed no clear change ({names})", count, n=n, names=names
        )
    return ntr("{n} could not be estimated ({names})", "{n} could not be estimated ({names})", count, n=n, names=names)


def _with_change(row: ScaleChange) -> str:
    found, name = row.score, markdown(row.scale.short)
    if found.difference is None:
        return name
    if found.low is None:
        return f"{name} {numbers.fixed(found.difference)}"
    bounds = numbers.interval(found.low, found.high, between=numbers.between())
    return f"{name} {numbers.fixed(found.difference)} [{bounds}]"


def _too_small(stage: Change) -> list[str]:
    """What is said beside "no clear change": whether the change is shown to be too small to matter."""
    unclear = [row for row in stage.scales if row.direction == "unclear"]
    if not unclear:
        return []
    if not any(row.equivalence for row in unclear):
        return [
            tr(
                "No clear change is not evidence of no change; whether it is too small to matter was not tested, as "
                "the study sets no smallest change that would matter."
            )
        ]
    return [
        sentences.small_change(
            row.scale.short, row.equivalence.margin, row.equivalence.p, alpha=row.equivalence.alpha
        ).source
        for row in unclear
        if row.equivalence is not None and row.equivalence.p is not None
    ]


def _scored(stage: Change) -> list[str]:
    """Why fewer people are in a test than answered both times; nothing where all are."""
    assert stage.first is not None and stage.last is not None
    if not stage.paired:
        return [tr("The people of the waves could not be paired, so the waves are compared as independent groups.")]
    both = len(stage.first.index.intersection(stage.last.index))
    least = min(row.score.n for row in stage.scales)
    if least == both:
        return []
    fields = {"n": numbers.whole(both), "least": numbers.whole(least)}
    if len(stage.scales) == 1:
        text = tr("Of the {n} people who answered both times, {least} answered enough items for both scores.", **fields)
    else:
        text = tr(
            "Of the {n} people who answered both times, at least {least} answered enough items for both scores.",
            **fields,
        )
    return [text]


def _items(stage: Change, row: ScaleChange) -> str:
    alpha, adjust = stage.cohort.study.change.alpha, stage.cohort.study.change.adjust
    label, rose, fell, tested = markdown(row.scale.short), 0, 0, 0
    for item in row.items:
        p, difference = row.adjusted(item, adjust), item.change.difference
        if p is not None and difference is not None:
            tested += 1
            rose, fell = rose + (p < alpha and difference > 0), fell + (p < alpha and difference < 0)
    if not tested:
        return tr("{label}: no item could be tested.", label=label)
    said = [
        tr(
            "{label}: after adjustment ({adjustment}), {counts}.",
            label=label,
            adjustment=tr(ADJUSTMENT_NAMES[adjust]),
            counts=_counts(rose, fell, len(row.items)),
        )
    ]
    if row.interaction.p is not None and row.before.p is not None and row.after.p is not None:
        said.append(_differences(row, alpha))
    return " ".join(said)


def _counts(rose: int, fell: int, total: int) -> str:
    """How many of the items rose and how many fell, as clauses."""
    said = []
    if rose == total:
        said.append(tr("both items rose") if total == 2 else tr("all {n} items rose", n=str(total)))
    elif rose:
        said.append(tr("{some} of {n} items rose", some=str(rose), n=str(total)))
    if fell == total:
        said.append(tr("both items fell") if total == 2 else tr("all {n} items fell", n=str(total)))
    elif fell:
        said.append(tr("{some} of {n} items fell", some=str(fell), n=str(total)))
    if said:
        return enumeration(said)
    if total == 2:
        return tr("neither item clearly changed")
    return tr("none of the {n} items clearly changed", n=str(total))


def _differences(row: ScaleChange, alpha: float) -> str:
    """Whether the items differed at each wave, and whether they changed differently."""
    assert row.before.p is not None and row.after.p is not None and row.interaction.p is not None
    fields = {"first": f_text(row.before), "last": f_text(row.after)}
    if row.before.p < alpha and row.after.p < alpha:
        waves = tr("The items differed clearly at the first wave ({first}) and at the last ({last})", **fields)
    elif row.before.p < alpha:
        waves = tr(
            "The items differed clearly at the first wave ({first}) and did not clearly differ at the last ({last})",
            **fields,
        )
    elif row.after.p < alpha:
        waves = tr(
            "The items did not clearly differ at the first wave ({first}) and differed clearly at the last ({last})",
            **fields,
        )
    else:
        waves = tr("The items did not clearly differ at the first wave ({first}) or at the last ({last})", **fields)
    test = f_text(row.interaction)
    if row.interaction.p < alpha:
        return tr("{waves}; they changed differently (item × time: {test}).", waves=waves, test=test)
    return tr("{waves}; they did not clearly change differently (item × time: {test}).", waves=waves, test=test)
