"""Which printed figures cannot hold together: arithmetic on the intervals that rounding leaves.

Variances recombine as S² = [Σ(n-1)s² + Σn(m-M)²]/(N-1), in exact fractions; means and p values through the
whole-number sums they allow (group_sums); single items by enumerating counts; percentages and d_av directly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import sqrt

from braid.simulation.counts import count_vectors
from braid.simulation.group_sums import (
    Agreement,
    Bounds,
    Grouping,
    Reach,
    agree,
    mixed_sums,
    reach,
    sum_span,
    sums_of_mean,
)
from braid.simulation.printed import interval
from braid.simulation.targets import Moments, ScaleTarget, Targets
from braid.study import Study


@dataclass(frozen=True)
class Contradiction:
    """Ids of figures that cannot hold together, and the arithmetic in one sentence."""

    targets: tuple[str, ...]
    arithmetic: str


def contradictions(targets: Targets, study: Study) -> list[Contradiction]:
    """Every contradiction found among the targets (not among those left out)."""
    return [*_characteristics(targets), *_scales(targets, study), *_satisfaction(targets, study)]


def _percent(place: str, count: int, n: int, printed: str) -> Iterator[Contradiction]:
    low, high = interval(printed)
    exact = Fraction(100 * count, n)
    if not low <= exact <= high:
        yield Contradiction(
            (place,), f"{count} of {n} is {float(exact):.2f}%, not {printed}%, which only {_fits(low, high, n)} fits"
        )


def _fits(low: Fraction, high: Fraction, n: int) -> str:
    fitting = [str(k) for k in range(n + 1) if low <= Fraction(100 * k, n) <= high]
    return " or ".join(fitting) or "no count"


def _characteristics(targets: Targets) -> Iterator[Contradiction]:
    for name, target in targets.characteristics.items():
        place = f"characteristics.{name}"
        if target.counts and sum(target.counts.values()) != targets.n:
            total = sum(target.counts.values())
            yield Contradiction((f"{place}.counts",), f"the counts sum to {total}, not {targets.n}")
        for level, printed in target.percent.items():
            yield from _percent(f"{place}.percent.{level}", target.counts.get(level, 0), targets.n, printed)
        if target.inside:
            outer = targets.characteristics[target.inside.characteristic].counts
            for level, parts in target.inside.levels.items():
                inner = sum(target.counts[part] for part in parts)
                if inner != outer.get(level):
                    yield Contradiction((f"{place}.inside",), f"{inner} inside {level}, which has {outer.get(level)}")
        for group, part in target.by.levels.items() if target.by else ():
            known = sum(part.counts.values())
            for level, printed in part.percent.items():
                where = f"{place}.by.levels.{group}.percent.{level}"
                yield from _percent(where, part.counts.get(level, 0), known, printed)


def _scales(targets: Targets, study: Study) -> Iterator[Contradiction]:
    for name, scale in targets.scales.items():
        place = f"scales.{name}"
        first = f"{place}.waves.{study.first_wave}"
        whole = scale.waves.get(study.first_wave, Moments())
        low, high = score_range(study, name)
        parts = score_parts(study, name)
        spans: dict[str, Bounds] = {}
        sums: dict[str, set[int]] = {}
        if whole.sd:
            spans[f"{first}.sd"] = _square(interval(whole.sd))
        if whole.mean:
            sums[f"{first}.mean"] = sums_of_mean(targets.n * parts, whole.mean)
        for factor, group in scale.groups.items():
            counts = targets.characteristics[factor].counts
            moments = [group.levels.get(level, Moments()) for level in counts]
            means = [_or(m.mean, (low, high)) for m in moments]
            sds = [_or(m.sd, (Fraction(0), _widest_sd(low, high))) for m in moments]
            place_of = f"{place}.groups.{factor}"
            spans[f"{place_of}.levels.*.sd"] = _recombined_variance(list(counts.values()), means, sds)
            if len(counts) > 2:
                sums[place_of] = mixed_sums(list(counts.values()), parts, means)
        reaches = two_group_reaches(targets, study, name)
        sums |= {f"{place}.groups.{factor}": pairs.sums for factor, (_, pairs) in reaches.items()}
        clashes = [*_clashing_squares(spans), *_clashing_sums(sums, targets.n * parts)]
        tested = sum(grouping.p is None or grouping.test == "student" for grouping, _ in reaches.values())
        if not clashes and tested > 1 and agreed_sums(targets, study, name) is None:
            text = "no whole-number sums and squares of the answers fit all these comparisons at once"
            clashes.append(Contradiction(tuple(f"{place}.groups.{factor}" for factor in reaches), text))
        yield from clashes
        yield from _effect(place, scale, study)


def two_group_reaches(targets: Targets, study: Study, scale: str) -> dict[str, tuple[Grouping, Reach]]:
    """What each printed comparison of two groups leaves possible, by characteristic."""
    found = {}
    target = targets.scales[scale]
    whole = target.waves.get(study.first_wave, Moments())
    for factor, group in target.groups.items():
        counts = targets.characteristics[factor].counts
        if len(counts) == 2:
            levels = list(study.characteristics[factor].levels)
            one, other = (group.levels.get(level, Moments()) for level in levels)
            first, second = (counts[level] for level in levels)
            grouping = Grouping(factor, (first, second), (one, other), group.p, group.test)
            pairs = reach(grouping, score_parts(study, scale), score_range(study, scale), whole.sd)
            if pairs is not None:
                found[factor] = (grouping, pairs)
    return found


def agreed_sums(targets: Targets, study: Study, scale: str) -> Agreement | None:
    """Group sums of the first wave on which all printed comparisons of two groups agree, if there are any."""
    target = targets.scales.get(scale, ScaleTarget())
    if not target.groups:
        return None
    mean = target.waves.get(study.first_wave, Moments()).mean
    totals = sums_of_mean(targets.n * score_parts(study, scale), mean) if mean else None
    # Welch's p does not follow from the pooled squares, so it is left to the search.
    reaches = {
        factor: found
        for factor, found in two_group_reaches(targets, study, scale).items()
        if found[0].p is None or found[0].test == "student"
    }
    return agree(reaches, totals, score_parts(study, scale)) if reaches else None


def _clashing_squares(spans: dict[str, Bounds]) -> Iterator[Contradiction]:
    for (one, a), (other, b) in combinations(spans.items(), 2):
        if a[0] > b[1] or b[0] > a[1]:
            text = f"{_sd_span(a)} from {one}, {_sd_span(b)} from {other}"
            yield Contradiction((one, other), f"the SD of everybody lies in {text}: no overlap")


def _clashing_sums(sums: dict[str, set[int]], parts: int) -> Iterator[Contradiction]:
    for one, values in sums.items():
        if not values:
            yield Contradiction((one,), "no whole-number sums of the answers give these figures together")
    for (one, a), (other, b) in combinations(sums.items(), 2):
        if a and b and not a & b:
            text = f"{sum_span(a, parts)} from {one}, {sum_span(b, parts)} from {other}"
            yield Contradiction((one, other), f"the mean of everybody lies in {text}: no sum of answers fits both")


def _recombined_variance(sizes: list[int], means: list[Bounds], sds: list[Bounds]) -> Bounds:
    n = sum(sizes)
    within = [
        sum(((size - 1) * sd[end] ** 2 for size, sd in zip(sizes, sds, strict=True)), Fraction(0)) for end in (0, 1)
    ]
    least, most = between_squares(list(zip(sizes, means, strict=True)))
    return (within[0] + least) / (n - 1), (within[1] + most) / (n - 1)


def between_squares(groups: list[tuple[int, Bounds]]) -> Bounds:
    """Least and greatest Σn(m-M)² with each mean anywhere in its interval.

    It equals the sum over pairs n₁n₂(m₁-m₂)²/N. The greatest bounds each pair by its widest gap, the least by
    its narrowest; for two groups both are exact, for more they are safe (never too narrow).
    """
    n = sum(size for size, _ in groups)
    least = most = Fraction(0)
    for (size, one), (other_size, other) in combinations(groups, 2):
        gap = max(one[0] - other[1], other[0] - one[1], Fraction(0))
        widest = max(one[1] - other[0], other[1] - one[0])
        least += Fraction(size * other_size, n) * gap**2
        most += Fraction(size * other_size, n) * widest**2
    return least, most


def _effect(place: str, scale: ScaleTarget, study: Study) -> Iterator[Contradiction]:
    first, last = (scale.waves.get(wave, Moments()) for wave in (study.first_wave, study.last_wave))
    if not scale.change.d_av or not (first.mean and first.sd and last.mean and last.sd):
        return
    low, high = d_av_interval(first, last)
    printed = interval(scale.change.d_av)
    if high < printed[0] or low > printed[1]:
        text = f"means and SDs allow d_av from {low:.3f} to {high:.3f}, printed was {scale.change.d_av}"
        yield Contradiction((f"{place}.change.d_av", f"{place}.waves"), text)


def d_av_interval(first: Moments, last: Moments) -> tuple[float, float]:
    """Least and greatest d_av = (m₂-m₁)/√((s₁²+s₂²)/2) within the rounding of four printed figures."""
    assert first.mean and first.sd and last.mean and last.sd
    m1, m2, s1, s2 = (interval(text) for text in (first.mean, last.mean, first.sd, last.sd))
    spreads = [sqrt((s1[end] ** 2 + s2[end] ** 2) / 2) for end in (0, 1)]
    low, high = float(m2[0] - m1[1]), float(m2[1] - m1[0])
    return min(low / spreads[0], low / spreads[1]), max(high / spreads[0], high / spreads[1])


def _satisfaction(targets: Targets, study: Study) -> Iterator[Contradiction]:
    for item, target in targets.satisfaction.items():
        assert study.satisfaction is not None
        place = f"satisfaction.{item}"
        if target.top is not None and target.top_percent:
            yield from _percent(f"{place}.top_percent", target.top, targets.n, target.top_percent)
        levels = sorted(study.satisfaction.responses)
        vectors = count_vectors(targets.n, levels, mean=target.mean, sd=target.sd, top=target.top)
        if next(vectors, None) is None:
            text = f"no counts of {targets.n} answers give mean {target.mean}, SD {target.sd} and top {target.top}"
            yield Contradiction((place,), text)


def score_range(study: Study, scale: str) -> Bounds:
    """Lowest and highest score a scale can give."""
    model = study.scales[scale]
    items = len(model.items) if model.score == "sum" else 1
    return Fraction(model.minimum * items), Fraction(model.maximum * items)


def score_parts(study: Study, scale: str) -> int:
    """By how much a person's sum of answers is divided to give the score."""
    return len(study.scales[scale].items) if study.scales[scale].score == "mean" else 1


def _widest_sd(low: Fraction, high: Fraction) -> Fraction:
    # Half the range is the population's bound; the sample's (n - 1) stays below it times √2 from n = 2 on.
    return (high - low) * Fraction(3, 4)


def _or(printed: str | None, otherwise: Bounds) -> Bounds:
    return interval(printed) if printed else otherwise


def _square(bounds: Bounds) -> Bounds:
    return max(bounds[0], Fraction(0)) ** 2, bounds[1] ** 2


def _sd_span(squares: Bounds) -> str:
    return f"[{sqrt(squares[0]):.4f}, {sqrt(squares[1]):.4f}]"
