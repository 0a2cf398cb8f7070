"""Sentences about results, from plain numbers, whose words cannot go beyond the numbers.

Whether something rose, fell or differs is decided by the interval as it is written: no sentence holds a word
of direction beside an interval that contains zero. All functions give ready `Markdown`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from braid.language import labels_are_lowered, ntr, tr
from braid.presentation import inline, numbers
from braid.presentation.directions import HigherIs, shown_direction
from braid.presentation.inline import Cell, Markdown
from braid.presentation.prose import enumeration

D_AV = Markdown("*d*~av~")
D_S = Markdown("*d*~s~")


@dataclass(frozen=True)
class Statistic:
    """A test as it was computed: name of the statistic, its value, degrees of freedom, p."""

    name: str
    value: float | None
    df: tuple[float, ...] = ()
    p: float | None = None


@dataclass(frozen=True)
class Effect:
    """A standardised effect with its interval; `symbol` is ready markdown."""

    value: float | None
    low: float | None = None
    high: float | None = None
    symbol: Markdown = D_AV


def statistic_text(test: Statistic, *, alpha: float | None = None, digits: int = 2) -> Markdown:
    """A test as text: "*t*(203) = 14.20, *p* < .001". Empty where it has neither statistic nor p."""
    parts = []
    if numbers.decimal(test.value) is not None:
        named = numbers.statistic("\0", test.value, *test.df, digits=digits)
        parts.append(inline.italic(test.name).source + Markdown(_ready(named[1:])).source)
    if numbers.decimal(test.p) is not None:
        parts.append(_ready(numbers.p_clause(test.p, symbol="*p*", alpha=alpha)))
    return Markdown(", ".join(parts))


def effect_text(effect: Effect, *, level: float = 0.95, digits: int = 2) -> Markdown:
    """An effect as text: "*d*~av~ = 1.09, 95% CI 0.90 to 1.28". Empty where it is not estimable."""
    if numbers.decimal(effect.value) is None:
        return Markdown("")
    if numbers.decimal(effect.low) is None or numbers.decimal(effect.high) is None:
        return Markdown(f"{effect.symbol} = {_ready(numbers.fixed(effect.value, digits))}")
    text = numbers.estimate_ci(effect.value, effect.low, effect.high, digits, level=level)
    return Markdown(f"{effect.symbol} = {_ready(text)}")


def change(
    label: Cell,
    before: tuple[float | None, float | None],
    after: tuple[float | None, float | None],
    estimate: float | None,
    low: float | None,
    high: float | None,
    *,
    higher_is: HigherIs = "better",
    test: Statistic | None = None,
    effect: Effect | None = None,
    n: int | None = None,
    alpha: float | None = None,
    level: float = 0.95,
    digits: int = 2,
    what: str = "",
    reason: Cell = "",
) -> Markdown:
    """How a score changed from before to after.

    before, after: mean and standard deviation; estimate, low, high: the mean change with its interval.
    what: how the estimate is called, "mean change" where it is left out. n: people with both values. reason: why it is
    not estimable, as a clause
    ("nobody answered both times").
    """
    found = shown_direction(estimate, low, high, digits, higher_is)
    if found == "not estimable":
        return _not_estimable(tr("The change in {label}", label=inline.source(inside(label))), reason)
    main = (what or tr("mean change"), estimate, low, high)
    fields = {
        "label": inline.source(label),
        "before": numbers.mean_sd(*before, digits),
        "after": numbers.mean_sd(*after, digits),
        "numbers": _bracket(main, test, effect, alpha=alpha, level=level, digits=digits, n=n).source,
    }
    if found == "unclear":
        return _colon_kept(tr("{label} showed no clear change: {before} before and {after} after {numbers}.", **fields))
    if found == "better" and _positive(low):
        return _colon_kept(tr("{label} improved: it rose from {before} to {after} {numbers}.", **fields))
    if found == "better":
        return _colon_kept(tr("{label} improved: it fell from {before} to {after} {numbers}.", **fields))
    if _positive(low):
        return _colon_kept(tr("{label} worsened: it rose from {before} to {after} {numbers}.", **fields))
    return _colon_kept(tr("{label} worsened: it fell from {before} to {after} {numbers}.", **fields))


def without_variation(
    label: Cell,
    before: tuple[float | None, float | None],
    after: tuple[float | None, float | None],
    step: float,
    n: int,
) -> Markdown:
    """A score that changed by the same amount for everybody, or for nobody, so that there is nothing to test."""
    fields = {
        "label": inline.source(label),
        "before": numbers.mean_sd(*before),
        "after": numbers.mean_sd(*after),
        "n": numbers.whole(n),
        "step": numbers.fixed(abs(step)),
    }
    if not step:
        return Markdown(tr("{label} stayed as it was for each person: {before} at both waves (n = {n}).", **fields))
    if step > 0:
        text = tr(
            "{label} rose by {step} for each person, from {before} to {after} (n = {n}), so that there is no variation "
            "to test.",
            **fields,
        )
    else:
        text = tr(
            "{label} fell by {step} for each person, from {before} to {after} (n = {n}), so that there is no variation "
            "to test.",
            **fields,
        )
    return Markdown(text)


def difference(
    label: Cell,
    first: tuple[Cell, float | None, float | None],
    second: tuple[Cell, float | None, float | None],
    estimate: float | None,
    low: float | None,
    high: float | None,
    *,
    test: Statistic | None = None,
    effect: Effect | None = None,
    alpha: float | None = None,
    level: float = 0.95,
    digits: int = 2,
    reason: Cell = "",
) -> Markdown:
    """How two groups compare: name, mean and standard deviation of each, and the difference first − second."""
    found = shown_direction(estimate, low, high, digits, "better")
    names = {"first": inline.source(first[0]), "second": inline.source(second[0])}
    if found == "not estimable":
        text = tr("The difference in {label} between {first} and {second}", label=inline.source(inside(label)), **names)
        return _not_estimable(text, reason)
    fields = {
        name: f"{names[name]} ({numbers.mean_sd(mean, sd, digits)})"
        for name, (_, mean, sd) in (("first", first), ("second", second))
    }
    fields["label"] = inline.source(label)
    main = (tr("difference"), estimate, low, high)
    fields["numbers"] = _bracket(main, test, effect, alpha=alpha, level=level, digits=digits).source
    if found == "unclear":
        text = tr(
            "{label} at the first wave showed no clear difference between {first} and {second} {numbers}.", **fields
        )
    elif found == "better":
        text = tr("{label} at the first wave was higher for {first} than for {second} {numbers}.", **fields)
    else:
        text = tr("{label} at the first wave was lower for {first} than for {second} {numbers}.", **fields)
    return Markdown(text)


def groups_compared(label: Cell, by: Cell, test: Statistic, *, alpha: float = 0.05, reason: Cell = "") -> Markdown:
    """Whether several groups differ by one test of all of them; it names no group, as the test does not."""
    p = numbers.decimal(test.p)
    names = {"by": inline.source(by)}
    if p is None:
        return _not_estimable(
            tr("The difference in {label} by {by}", label=inline.source(inside(label)), **names), reason
        )
    fields = {**names, "label": inline.source(label), "test": statistic_text(test, alpha=alpha).source}
    if float(p) < alpha:
        return Markdown(tr("{label} at the first wave differed by {by} ({test}).", **fields))
    return Markdown(tr("{label} at the first wave showed no clear difference by {by} ({test}).", **fields))


def association(
    label: Cell,
    by: Cell,
    slope: float | None,
    low: float | None,
    high: float | None,
    *,
    unit: str = "",
    test: Statistic | None = None,
    alpha: float | None = None,
    level: float = 0.95,
    digits: int = 3,
    reason: Cell = "",
) -> Markdown:
    """How a score goes with a number, by the slope per unit of that number with its interval."""
    found = shown_direction(slope, low, high, digits, "better")
    by = inline.source(by)
    if found == "not estimable":
        text = tr("The association of {label} with {by}", label=inline.source(inside(label)), by=by)
        return _not_estimable(text, reason)
    main = (tr("slope per {unit}", unit=unit or tr("unit")), slope, low, high)
    numbers_of = _bracket(main, test, None, alpha=alpha, level=level, digits=digits).source
    fields = {"label": inline.source(label), "by": by, "numbers": numbers_of}
    if found == "unclear":
        return Markdown(tr("{label} at the first wave showed no clear association with {by} {numbers}.", **fields))
    if found == "better":
        return Markdown(tr("{label} at the first wave was higher at higher {by} {numbers}.", **fields))
    return Markdown(tr("{label} at the first wave was lower at higher {by} {numbers}.", **fields))


def satisfaction(
    item: Cell,
    mean: float | None,
    sd: float | None,
    n: int,
    agree: int | None = None,
    top: int | None = None,
    *,
    top_label: Cell = "",
    digits: int = 2,
) -> Markdown:
    """How an item of the evaluation form was rated: mean, those who agree (top level included), top level."""
    told = inline.source(item)
    if n == 0 or numbers.decimal(mean) is None:
        return Markdown(tr("“{item}” was not answered by anyone.", item=told))
    average, people = numbers.mean_sd(mean, sd, digits), numbers.whole(n)
    out = [tr("“{item}” was rated {average} on average (n = {n})", item=told, average=average, n=people)]
    if agree is not None:
        share = numbers.percent(agree, n)
        out.append(tr("{some} of {n} ({share}) agreed", some=numbers.whole(agree), n=people, share=_ready(share)))
    if top is not None:
        label = inline.source(top_label or tr("strongly agree"))
        out.append(tr("{count} chose “{label}”", count=_ready(numbers.count_percent(top, n)), label=label))
    return Markdown(f"{'; '.join(out)}.")


def inside(label: Cell) -> Cell:
    """A label within a sentence: its first letter is small, unless it begins an abbreviation (PSS)."""
    if not isinstance(label, str) or not labels_are_lowered():
        return label
    word = label.split(" ")[0]
    if len(word) < 2 or any(letter.isupper() or letter.isdigit() for letter in word[1:]):
        return label
    return f"{label[:1].lower()}{label[1:]}"


def points(margin: float) -> str:
    """A margin in points of the score: "0.33 points", "1 point"."""
    return ntr("{n} point", "{n} points", 1 if margin == 1 else 2, n=numbers.short(margin))


def small_enough(
    margin: float, *, of: Literal["scores", "change"], shown: Sequence[str] = (), still_open: Sequence[str] = ()
) -> Markdown:
    """What two one-sided tests say beside "no clear difference" by groups. Empty where nothing was tested.

    margin: the smallest difference that matters, in points of the score. of: whether scores or their changes were
    compared. shown: for what the differences were shown to be smaller, still_open: for what they were not (ready
    markdown).
    """
    by, rest, size = enumeration(shown), enumeration(still_open), points(margin)
    text = ""
    if shown and still_open and of == "scores":
        text = tr(
            "Differences by {shown} were smaller than the {size} that would matter (two one-sided tests); by {open} "
            "this stays open.",
            shown=by,
            size=size,
            open=rest,
        )
    elif shown and still_open:
        text = tr(
            "Differences in change by {shown} were smaller than the {size} that would matter (two one-sided tests); by "
            "{open} this stays open.",
            shown=by,
            size=size,
            open=rest,
        )
    elif shown and of == "scores":
        text = tr(
            "Differences by {shown} were smaller than the {size} that would matter (two one-sided tests).",
            shown=by,
            size=size,
        )
    elif shown:
        text = tr(
            "Differences in change by {shown} were smaller than the {size} that would matter (two one-sided tests).",
            shown=by,
            size=size,
        )
    elif still_open and of == "scores":
        text = tr(
            "By {open} it stays open whether differences are smaller than the {size} that would matter (two one-sided "
            "tests).",
            size=size,
            open=rest,
        )
    elif still_open:
        text = tr(
            "By {open} it stays open whether differences in change are smaller than the {size} that would matter (two "
            "one-sided tests).",
            size=size,
            open=rest,
        )
    return Markdown(text)


def small_change(label: Cell, margin: float, p: float, *, alpha: float = 0.05) -> Markdown:
    """What two one-sided tests say beside "no clear change" of one score."""
    fields = {
        "label": inline.source(inside(label)),
        "size": points(margin),
        "p": _ready(numbers.p_clause(p, symbol="*p*", alpha=alpha)),
    }
    if p < alpha:
        text = tr(
            "The change in {label} was smaller than the {size} that would matter (two one-sided tests, {p}).", **fields
        )
    else:
        text = tr(
            "It stays open whether the change in {label} is smaller than the {size} that would matter (two one-sided "
            "tests, {p}).",
            **fields,
        )
    return Markdown(text)


def _positive(value: numbers.Number) -> bool:
    number = numbers.decimal(value)
    return number is not None and number > 0


def _bracket(
    main: tuple[str, float | None, float | None, float | None],
    test: Statistic | None,
    effect: Effect | None,
    *,
    alpha: float | None,
    level: float,
    digits: int,
    n: int | None = None,
) -> Markdown:
    """The numbers behind a sentence: "(mean change 0.55, 95% CI 0.47 to 0.63; *t*(203) = 14.20, *p* < .001; ...)"."""
    name, estimate, low, high = main
    parts = [_ready(f"{name} {numbers.estimate_ci(estimate, low, high, digits, level=level)}")]
    if test is not None:
        parts.append(statistic_text(test, alpha=alpha).source)
    if effect is not None:
        parts.append(effect_text(effect, level=level, digits=digits).source)
    if n is not None:
        parts.append(_ready(f"n = {numbers.whole(n)}"))
    return Markdown(f"({'; '.join(part for part in parts if part)})")


def _ready(text: str) -> str:
    """Our own numbers as markdown: only what markdown could misread is escaped; equals signs stay bare."""
    return text.replace("<", "\\<").replace(">", "\\>")


def _not_estimable(what: str, reason: Cell) -> Markdown:
    """what: the beginning of the sentence (ready markdown)."""
    if inline.shown(reason):
        return _colon_kept(tr("{what} could not be estimated: {reason}.", what=what, reason=inline.source(reason)))
    return Markdown(tr("{what} could not be estimated.", what=what))


def _colon_kept(text: str) -> Markdown:
    """A sentence whose colon is markdown's own sign nowhere, wherever the line is broken."""
    return Markdown(re.sub(r"(?<!\\): ", r"\\: ", text))
