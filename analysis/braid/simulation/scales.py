"""Answers to the questionnaire: person sums from targets, then items from sums."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from braid.errors import UserError
from braid.simulation import figures
from braid.simulation.consistency import agreed_sums
from braid.simulation.group_sums import Agreement
from braid.simulation.items import NOISE, Unreachable, item_totals, spread_sums
from braid.simulation.people import bounded, stratified
from braid.simulation.printed import interval
from braid.simulation.sums import Goal, Real, Search, Totals, Whole
from braid.simulation.targets import GroupTarget, Moments, ScaleTarget, Targets
from braid.study import Scale, Study

ATTEMPTS = 30
CORRELATION_WITHIN = 0.04
"""How far the correlation between the waves may lie from the one asked for."""
T_UNIT = 0.06
"""A step of |t| in the search: about what half a printed hundredth of a mean moves it by."""

P_UNIT = 0.02
"""A step of p in the search, where it is computed as such."""


@dataclass(frozen=True)
class Wish:
    """Mean and SD of a wave's score, in units of the score, that the draw starts from."""

    mean: float
    sd: float


def draw_scale(
    name: str, targets: Targets, people: pd.DataFrame, study: Study, rng: np.random.Generator
) -> dict[str, pd.DataFrame]:
    """Answers per wave (persons x items, as ticked on the form: reverse items are already turned back)."""
    scale, target = study.scales[name], targets.scales.get(name, ScaleTarget())
    agreed = agreed_sums(targets, study, name)
    sums: dict[str, Whole] = {}
    for wave in study.waves:
        sums[wave] = _draw_sums(name, wave, sums.get(study.first_wave), target, agreed, people, study, rng)
    answers = _draw_items(name, sums, target, study, rng)
    return {wave: _as_ticked(scale, values, people.index) for wave, values in answers.items()}


def _wish(scale: Scale, moments: Moments, *, later: bool) -> Wish:
    """What the targets ask for, or a plausible course: a good start and a modest gain by the later wave."""
    items = len(scale.items) if scale.score == "sum" else 1
    low, span = scale.minimum * items, (scale.maximum - scale.minimum) * items
    place = 0.70 if later else 0.60
    place = place if scale.higher_is == "better" else 1 - place
    mean = float(moments.mean) if moments.mean else low + place * span
    return Wish(mean, float(moments.sd) if moments.sd else 0.14 * span)


def _draw_sums(
    name: str,
    wave: str,
    first: Whole | None,
    target: ScaleTarget,
    agreed: Agreement | None,
    people: pd.DataFrame,
    study: Study,
    rng: np.random.Generator,
) -> Whole:
    scale = study.scales[name]
    items = len(scale.items)
    divisor = float(items) if scale.score == "mean" else 1.0
    moments = target.waves.get(wave, Moments())
    wish = _wish(scale, moments, later=first is not None)
    search = Search(len(people), divisor)
    _moment_goals(search, 0, f"{name} {wave}", moments)
    shift = np.zeros(len(people))
    if first is None:
        for factor, group in target.groups.items():
            shift += _group_goals(search, factor, group, wish, people, study)
        if agreed is not None:
            _agreement_goals(search, agreed, people, study)
        for number, slope in target.slopes.items():
            _slope_goal(search, number, slope.p, people[number].to_numpy(dtype=float))
    elif search.goals:
        _change_goals(search, target, first)
    low, high = items * scale.minimum, items * scale.maximum

    def start() -> Whole:
        u = stratified(len(people), rng) if first is None else _later(first, target.correlation, rng)
        drawn = bounded(u, wish.mean * divisor, wish.sd * divisor, low - 0.5, high + 0.5)
        return np.rint(drawn + shift * divisor).astype(np.int64)

    return search.solve(start, low, high, rng)


def _later(first: Whole, correlation: float, rng: np.random.Generator) -> Real:
    """Each person's place in the later wave (0 to 1), correlated with that in the first (a Gaussian copula)."""
    n = len(first)
    place = (stats.rankdata(first + rng.random(n)) - 0.5) / n
    z = correlation * stats.norm.ppf(place) + np.sqrt(1 - correlation**2) * rng.standard_normal(n)
    return np.asarray((stats.rankdata(z) - 0.5) / n)


def _moment_goals(search: Search, group: int, name: str, moments: Moments) -> None:
    if moments.mean:
        a, b = interval(moments.mean)
        search.goals.append(Goal(f"{name} mean", float(a), float(b), float(b - a) / 2, partial(search.mean, group)))
    if moments.sd:
        a, b = interval(moments.sd)
        search.goals.append(Goal(f"{name} SD", float(a), float(b), float(b - a) / 2, partial(search.sd, group)))


def _group_goals(
    search: Search, factor: str, group: GroupTarget, wish: Wish, people: pd.DataFrame, study: Study
) -> Real:
    """Add the goals of one comparison; returns each person's shift towards the printed group means."""
    shift = np.zeros(len(people))
    numbers: dict[str, int] = {}
    for level in study.characteristics[factor].levels:
        member = (people[factor] == level).to_numpy()
        if not member.any():
            continue
        numbers[level] = search.group(member)
        moments = group.levels.get(level, Moments())
        _moment_goals(search, numbers[level], f"{factor} {level}", moments)
        if moments.mean:
            shift[member] = float(moments.mean) - wish.mean
    if group.p:
        low, high = (float(bound) for bound in interval(group.p))
        chosen = list(numbers.values())
        if group.test == "welch" and len(chosen) == 2:
            welch = partial(search.welch_p, chosen[0], chosen[1])
            search.goals.append(Goal(f"{factor} p", low, high, P_UNIT, welch))
        else:
            between, within = len(chosen) - 1, search.n - len(chosen)
            f_low, f_high = (float(stats.f.isf(max(p, 1e-12), between, within)) ** 0.5 for p in (high, low))
            search.goals.append(Goal(f"{factor} p", f_low, f_high, T_UNIT, partial(search.root_f, chosen)))
    return shift


def _agreement_goals(search: Search, agreed: Agreement, people: pd.DataFrame, study: Study) -> None:
    """Hold every group to its exact sum and everybody to the squares on which all comparisons agree.

    The p values are then as printed; without this the search would have to find the one grid point in the dark.
    """
    low, high = agreed.squares

    def squares(totals: Totals) -> Real:
        return search.variance(0, totals) * (search.n - 1)

    search.goals.append(Goal("sum of squares", low, high, (high - low) / 2, squares))
    for factor, sums in agreed.groups.items():
        for level, total in zip(study.characteristics[factor].levels, sums, strict=True):
            group = search.group((people[factor] == level).to_numpy())

            def own(totals: Totals, group: int = group) -> Real:
                return totals.s1[:, group]

            search.goals.append(Goal(f"{factor} {level} sum", total - 0.2, total + 0.2, 2.0, own))


def _slope_goal(search: Search, number: str, printed: str, values: Real) -> None:
    covariate = search.covariate(values)
    df = search.n - 2
    t = [float(stats.t.isf(max(float(p), 1e-12) / 2, df)) for p in reversed(interval(printed))]
    low, high = (bound / (bound**2 + df) ** 0.5 for bound in t)

    def size(totals: Totals) -> Real:
        return np.abs(search.correlation(covariate, totals))

    search.goals.append(Goal(f"slope on {number}", low, high, T_UNIT / df**0.5, size))


def _change_goals(search: Search, target: ScaleTarget, first: Whole) -> None:
    covariate = search.covariate(first.astype(float))
    asked = target.correlation
    search.goals.append(
        Goal(
            "correlation between the waves",
            asked - CORRELATION_WITHIN,
            asked + CORRELATION_WITHIN,
            CORRELATION_WITHIN,
            partial(search.correlation, covariate),
        )
    )
    if target.change.d_av:
        before = first / search.divisor
        mean, variance = float(before.mean()), float(before.var(ddof=1))

        def effect(totals: Totals) -> Real:
            average = np.sqrt((variance + search.variance(0, totals)) / 2)
            return np.asarray((search.mean(0, totals) - mean) / np.maximum(average, 1e-9))

        low, high = interval(target.change.d_av)
        search.goals.append(Goal("d_av", float(low), float(high), float(high - low) / 2, effect))


def _draw_items(
    name: str, sums: dict[str, Whole], target: ScaleTarget, study: Study, rng: np.random.Generator
) -> dict[str, Whole]:
    """Items for every wave, drawn anew until what was claimed of the items holds."""
    scale = study.scales[name]
    items = len(scale.items)
    step = (scale.maximum - scale.minimum) / 4
    for _ in range(ATTEMPTS):
        answers: dict[str, Whole] = {}
        for wave, total in sums.items():
            usual = 0.02 if target.items_differ.get(wave) is False else 0.15
            spread = target.spread.get(wave, usual * step)
            ends = scale.minimum, scale.maximum
            totals = item_totals(int(total.sum()), len(total), items, spread, *ends, rng)
            try:
                answers[wave] = spread_sums(total, totals, *ends, rng, NOISE * step)
            except Unreachable:
                break
        if len(answers) == len(sums) and _claims_hold(answers, target, study):
            return answers
    raise UserError(
        f"no answers to {name} bear out what targets.yml claims of its items",
        todo="change items_differ, spread or change.items_p",
    )


def _claims_hold(answers: dict[str, Whole], target: ScaleTarget, study: Study) -> bool:
    for wave, differ in target.items_differ.items():
        if (figures.items_differ_p(answers[wave].astype(float)) < 0.05) != differ:
            return False
    if target.change.items_p:
        low, high = (float(bound) for bound in interval(target.change.items_p))
        one, two = (answers[wave].astype(float) for wave in (study.first_wave, study.last_wave))
        times = one.shape[1] if target.change.adjusted else 1
        for item in range(one.shape[1]):
            if not low <= times * figures.paired_p(one[:, item], two[:, item]) < high:
                return False
    return True


def _as_ticked(scale: Scale, answers: Whole, index: pd.Index[str]) -> pd.DataFrame:
    frame = pd.DataFrame(answers, index=index, columns=list(scale.items))
    for item in scale.reverse:
        frame[item] = scale.minimum + scale.maximum - frame[item]
    return frame
