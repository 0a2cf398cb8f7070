"""Sentences about results, from plain numbers, whose words cannot go beyond the numbers.

Whether something rose, fell or differs is decided by the interval as it is written: no sentence holds a word
of direction beside an interval that contains zero. All functions give ready `Markdown`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from braid.presentation import inline, numbers
from braid.presentation.inline import Cell, Markdown
from braid.presentation.prose import enumeration

Direction = Literal["better", "worse", "unclear", "not estimable"]
HigherIs = Literal["better", "worse"]

D_AV = Markdown("*d*~av~")
D_S = Markdown("*d*~s~")

# Words that claim a direction. "Differ" is one of them: it says that zero is excluded.
CLAIMS = re.compile(
    r"\b(improv\w*|worsen\w*|deteriorat\w*|rose|risen?|rises|fell|fall(?:s|en)?|increas\w*|decreas\w*|declin\w*"
    r"|grew|grown|dropp?(?:ed|s)?|higher|lower|better|worse|more|less|greater|smaller|gain\w*|reduc\w*|differed)\b",
    re.IGNORECASE,
)


def direction(
    estimate: numbers.Number, low: numbers.Number, high: numbers.Number, higher_is: HigherIs = "better"
) -> Direction:
    """What an estimate with its interval allows to say.

    "better" or "worse" only where the whole interval lies on one side of zero; an interval that contains or
    touches zero is "unclear"; without an estimate or an interval the result is "not estimable".
    Raises ValueError where the bounds are in the wrong order or the estimate lies outside of them.
    """
    values = [numbers.decimal(value) for value in (estimate, low, high)]
    middle, bottom, top = values
    if middle is None or bottom is None or top is None:
        return "not estimable"
    slack = abs(top - bottom) * numbers.decimal(1e-6)  # type: ignore[operator]
    if bottom > top or not bottom - slack <= middle <= top + slack:
        raise ValueError(f"an estimate of {middle} with an interval from {bottom} to {top} is not one")
    if bottom <= 0 <= top:
        return "unclear"
    return "better" if (bottom > 0) == (higher_is == "better") else "worse"


def guard(sentence: Cell, low: numbers.Number, high: numbers.Number) -> Cell:
    """A sentence written elsewhere, given back if its words go with the interval.

    Raises ValueError where a word of direction stands beside an interval that contains zero or is missing.
    "No clear" and "not" in front of such a word do not excuse it: write "no clear change".
    """
    bottom, top = numbers.decimal(low), numbers.decimal(high)
    found = CLAIMS.search(inline.shown(sentence))
    if found and (bottom is None or top is None or bottom <= 0 <= top):
        raise ValueError(
            f"{found.group(0)!r} cannot stand beside the interval {numbers.interval(low, high)}: "
            f"{inline.shown(sentence)}"
        )
    return sentence


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
    what: str = "mean change",
    reason: Cell = "",
) -> Markdown:
    """How a score changed from before to after.

    before, after: mean and standard deviation; estimate, low, high: the mean change with its interval.
    what: how the estimate is called. n: people with both values. reason: why it is not estimable, as a clause
    ("nobody answered both times").
    """
    found = _shown_direction(estimate, low, high, digits, higher_is)
    if found == "not estimable":
        return _not_estimable("The change in ", inside(label), reason)
    numbers_of = _bracket((what, estimate, low, high), test, effect, alpha=alpha, level=level, digits=digits, n=n)
    first, second = numbers.mean_sd(*before, digits), numbers.mean_sd(*after, digits)
    if found == "unclear":
        return inline.joined(
            label, f" showed no clear change: {first} before and {second} after ", numbers_of, Markdown(".")
        )
    verdict = "improved" if found == "better" else "worsened"
    verb = "rose" if _positive(low) else "fell"
    return inline.joined(label, f" {verdict}: it {verb} from {first} to {second} ", numbers_of, Markdown("."))


def without_variation(
    label: Cell,
    before: tuple[float | None, float | None],
    after: tuple[float | None, float | None],
    step: float,
    n: int,
) -> Markdown:
    """A score that changed by the same amount for everybody, or for nobody, so that there is nothing to test."""
    first, second = numbers.mean_sd(*before), numbers.mean_sd(*after)
    people = f"(n = {numbers.whole(n)})"
    if not step:
        return inline.joined(label, Markdown(f" stayed as it was for each person: {first} at both waves {people}."))
    verb = "rose" if step > 0 else "fell"
    told = f" {verb} by {numbers.fixed(abs(step))} for each person, from {first} to {second} {people}"
    return inline.joined(label, Markdown(f"{told}, so that there is no variation to test."))


def difference(
    label: Cell,
    first: tuple[Cell, float | None, float | None],
    second: tuple[Cell, float | None, float | None],
    estimate: float | None,
    low: float | None,
    high: float | None,
    *,
    when: str = "at baseline",
    test: Statistic | None = None,
    effect: Effect | None = None,
    alpha: float | None = None,
    level: float = 0.95,
    digits: int = 2,
    reason: Cell = "",
) -> Markdown:
    """How two groups compare: name, mean and standard deviation of each, and the difference first − second."""
    found = _shown_direction(estimate, low, high, digits, "better")
    if found == "not estimable":
        names = inline.joined(inside(label), " between ", first[0], " and ", second[0])
        return _not_estimable("The difference in ", names, reason)
    bracket = _bracket(("difference", estimate, low, high), test, effect, alpha=alpha, level=level, digits=digits)
    one, other = (inline.joined(name, f" ({numbers.mean_sd(mean, sd, digits)})") for name, mean, sd in (first, second))
    if found == "unclear":
        return inline.joined(
            label, f" {when} showed no clear difference between ", one, " and ", other, " ", bracket, Markdown(".")
        )
    word = "higher" if found == "better" else "lower"
    return inline.joined(label, f" {when} was {word} for ", one, " than for ", other, " ", bracket, Markdown("."))


def groups_compared(
    label: Cell, by: Cell, test: Statistic, *, alpha: float = 0.05, when: str = "at baseline", reason: Cell = ""
) -> Markdown:
    """Whether several groups differ by one test of all of them; it names no group, as the test does not."""
    p = numbers.decimal(test.p)
    if p is None:
        return _not_estimable("The difference in ", inline.joined(inside(label), " by ", by), reason)
    shown = inline.joined(Markdown("("), statistic_text(test, alpha=alpha), Markdown(")."))
    if float(p) < alpha:
        return inline.joined(label, f" {when} differed by ", by, " ", shown)
    return inline.joined(label, f" {when} showed no clear difference by ", by, " ", shown)


def association(
    label: Cell,
    by: Cell,
    slope: float | None,
    low: float | None,
    high: float | None,
    *,
    unit: str = "unit",
    test: Statistic | None = None,
    alpha: float | None = None,
    level: float = 0.95,
    digits: int = 3,
    when: str = "at baseline",
    reason: Cell = "",
) -> Markdown:
    """How a score goes with a number, by the slope per unit of that number with its interval."""
    found = _shown_direction(slope, low, high, digits, "better")
    if found == "not estimable":
        return _not_estimable("The association of ", inline.joined(inside(label), " with ", by), reason)
    bracket = _bracket((f"slope per {unit}", slope, low, high), test, None, alpha=alpha, level=level, digits=digits)
    if found == "unclear":
        return inline.joined(label, f" {when} showed no clear association with ", by, " ", bracket, Markdown("."))
    word = "higher" if found == "better" else "lower"
    return inline.joined(label, f" {when} was {word} at higher ", by, " ", bracket, Markdown("."))


def satisfaction(
    item: Cell,
    mean: float | None,
    sd: float | None,
    n: int,
    agree: int | None = None,
    top: int | None = None,
    *,
    top_label: Cell = "strongly agree",
    digits: int = 2,
) -> Markdown:
    """How an item of the evaluation form was rated: mean, those who agree (top level included), top level."""
    if n == 0 or numbers.decimal(mean) is None:
        return inline.joined("“", item, "” was not answered by anyone.")
    out = ["“", item, f"” was rated {numbers.mean_sd(mean, sd, digits)} on average (n = {numbers.whole(n)})"]
    if agree is not None:
        out.append(f"; {numbers.whole(agree)} of {numbers.whole(n)} ({numbers.percent(agree, n)}) agreed")
    if top is not None:
        out.extend([f"; {numbers.count_percent(top, n)} chose “", top_label, "”"])
    return inline.joined(*out, Markdown("."))


def inside(label: Cell) -> Cell:
    """A label within a sentence: its first letter is small, unless it begins an abbreviation (PSS)."""
    if not isinstance(label, str):
        return label
    word = label.split(" ")[0]
    if len(word) < 2 or any(letter.isupper() or letter.isdigit() for letter in word[1:]):
        return label
    return f"{label[:1].lower()}{label[1:]}"


def points(margin: float) -> str:
    """A margin in points of the score: "0.33 points", "1 point"."""
    return f"{margin:g} point{'' if margin == 1 else 's'}"


def small_enough(
    what: str, preposition: str, margin: float, *, shown: Sequence[str] = (), still_open: Sequence[str] = ()
) -> Markdown:
    """What two one-sided tests say beside "no clear difference". Empty where nothing was tested.

    what: "differences" or "changes", and the preposition of what follows, "by" or "in". margin: the smallest that
    matters, in points of the score. shown: for what they were shown to be smaller, still_open: for what they were not
    (ready markdown).
    """
    size = f"the {points(margin)} that would matter"
    if shown:
        tail = f"; {preposition} {enumeration(still_open)} this stays open" if still_open else ""
        return Markdown(
            f"{what.capitalize()} {preposition} {enumeration(shown)} were smaller than {size} "
            f"(two one-sided tests){tail}."
        )
    if still_open:
        return Markdown(
            f"{preposition.capitalize()} {enumeration(still_open)} it stays open whether {what} are smaller than "
            f"{size} (two one-sided tests)."
        )
    return Markdown("")


def small_change(label: Cell, margin: float, p: float, *, alpha: float = 0.05) -> Markdown:
    """What two one-sided tests say beside "no clear change" of one score."""
    bracket = Markdown(f"(two one-sided tests, {_ready(numbers.p_clause(p, symbol='*p*', alpha=alpha))}).")
    size = f"{points(margin)} that would matter "
    if p < alpha:
        return inline.joined("The change in ", inside(label), f" was smaller than the {size}", bracket)
    return inline.joined("It stays open whether the change in ", inside(label), f" is smaller than the {size}", bracket)


def _positive(value: numbers.Number) -> bool:
    number = numbers.decimal(value)
    return number is not None and number > 0


def _shown_direction(
    estimate: float | None, low: float | None, high: float | None, digits: int, higher_is: HigherIs
) -> Direction:
    """The direction, by the bounds as they will be written: one that is printed as zero counts as zero."""
    found = direction(estimate, low, high, higher_is)
    places = numbers.digits_that_part(low, high, digits)
    if found in ("better", "worse") and 0 in (numbers.rounded(low, places), numbers.rounded(high, places)):
        return "unclear"
    return found


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


def _not_estimable(lead: str, what: Cell, reason: Cell) -> Markdown:
    why: list[Cell] = [": ", reason] if inline.shown(reason) else []
    return inline.joined(lead, what, " could not be estimated", *why, Markdown("."))
