"""Piece of stage `change`: the change of scales and items in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.presentation import numbers, sentences
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
VERBS = {
    "better": "improved",
    "worse": "worsened",
    "unclear": "showed no clear change",
    "not estimable": "could not be estimated",
}


def description(stage: Change) -> Prose:
    """Change of each scale in generated sentences, then what the items add."""
    scales = " ".join(sentence(stage, row) for row in stage.scales)
    where = ["@tbl-change gives every scale and item"]
    if stage.items_pictured:
        where.append("@fig-items the means of the items")
    if stage.pictured:
        how = "how much people changed" if len(stage.scales) == 1 else "the size of each scale's change"
        where.append(f"@fig-paired {how}")
    several = [row for row in stage.scales if len(row.items) > 1]
    told = f"{', '.join(where[:-1])}{', and ' if len(where) > 2 else ' and '}{where[-1]}" if where[1:] else where[0]
    return Prose(
        Markdown(" ".join([scales, *_too_small(stage), f"{told}.{_scored(stage)}"])),
        *(Markdown(_items(stage, row)) for row in several),
    )


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
        what="mean change" if stage.paired else "difference of the means",
        reason=found.note,
    ).source


def summary(stage: Change) -> str:
    """The change in one or two sentences; several scales are counted by their direction (ready markdown)."""
    if arms.there(stage):
        return arms.summary(stage)
    if len(stage.scales) <= NAMED:
        return " ".join(sentence(stage, row, test=False) for row in stage.scales)
    told = []
    for found, verb in VERBS.items():
        names = [_with_change(row) for row in stage.scales if row.direction == found]
        if names:
            told.append(f"{len(names)} {verb} ({enumeration(names)})")
    return f"Of {len(stage.scales)} scales, {enumeration(told)}."


def _with_change(row: ScaleChange) -> str:
    found, name = row.score, markdown(row.scale.short)
    if found.difference is None:
        return name
    if found.low is None:
        return f"{name} {numbers.fixed(found.difference)}"
    return f"{name} {numbers.fixed(found.difference)} [{numbers.interval(found.low, found.high, between=', ')}]"


def _too_small(stage: Change) -> list[str]:
    """What is said beside "no clear change": whether the change is shown to be too small to matter."""
    unclear = [row for row in stage.scales if row.direction == "unclear"]
    if not unclear:
        return []
    if not any(row.equivalence for row in unclear):
        return [
            "No clear change is not evidence of no change; whether it is too small to matter was not tested, as "
            "the study sets no smallest change that would matter."
        ]
    return [
        sentences.small_change(
            row.scale.short, row.equivalence.margin, row.equivalence.p, alpha=row.equivalence.alpha
        ).source
        for row in unclear
        if row.equivalence is not None and row.equivalence.p is not None
    ]


def _scored(stage: Change) -> str:
    """Why fewer people are in a test than answered both times; empty where all are."""
    assert stage.first is not None and stage.last is not None
    if not stage.paired:
        return " The people of the waves could not be paired, so the waves are compared as independent groups."
    both = len(stage.first.index.intersection(stage.last.index))
    least = min(row.score.n for row in stage.scales)
    if least == both:
        return ""
    counts = f"{least}" if len(stage.scales) == 1 else f"at least {least}"
    return f" Of the {both} people who answered both times, {counts} answered enough items for both scores."


def _items(stage: Change, row: ScaleChange) -> str:
    alpha, adjust = stage.cohort.study.change.alpha, stage.cohort.study.change.adjust
    label, rose, fell, tested = markdown(row.scale.short), 0, 0, 0
    for item in row.items:
        p, difference = row.adjusted(item, adjust), item.change.difference
        if p is not None and difference is not None:
            tested += 1
            rose, fell = rose + (p < alpha and difference > 0), fell + (p < alpha and difference < 0)
    if not tested:
        return f"{label}: no item could be tested."
    total = len(row.items)
    said = [f"{_count(rose, total)} rose" if rose else "", f"{_count(fell, total)} fell" if fell else ""]
    counts = enumeration([part for part in said if part])
    counts = counts or ("neither item clearly changed" if total == 2 else f"none of the {total} items clearly changed")
    text = f"{label}: after adjustment ({ADJUSTMENT_NAMES[adjust]}), {counts}."
    if row.interaction.p is not None and row.before.p is not None and row.after.p is not None:
        text += f" {_differences(row, alpha)}"
    return text


def _count(some: int, total: int) -> str:
    if some == total:
        return "both items" if total == 2 else f"all {total} items"
    return f"{some} of {total} items"


def _differences(row: ScaleChange, alpha: float) -> str:
    """Whether the items differed at each wave, and whether they changed differently."""
    assert row.before.p is not None and row.after.p is not None and row.interaction.p is not None
    first, last = (
        "differed clearly" if found.p is not None and found.p < alpha else "did not clearly differ"
        for found in (row.before, row.after)
    )
    second = f"and {last} at the last" if first != last else "or at the last" if "not" in first else "and at the last"
    changed = "changed differently" if row.interaction.p < alpha else "did not clearly change differently"
    return (
        f"The items {first} at the first wave ({f_text(row.before)}) {second} ({f_text(row.after)}); they {changed} "
        f"(item × time: {f_text(row.interaction)})."
    )
