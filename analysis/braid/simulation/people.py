"""Persons who do not exist: ids, groups and numbers as targets or the study ask for."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from braid.errors import UserError
from braid.simulation.printed import interval
from braid.simulation.sums import Goal, Real, Search, Whole
from braid.simulation.targets import AttendanceTarget, CharacteristicTarget, Targets
from braid.study import Characteristic, Study


def draw_people(targets: Targets, study: Study, names: list[str], rng: np.random.Generator) -> pd.DataFrame:
    """One row per person, one column per named characteristic (level names, whole numbers); index P001, P002 ..."""
    n = targets.n
    width = max(3, len(str(n)))
    people = pd.DataFrame(index=pd.Index([f"P{i:0{width}d}" for i in range(1, n + 1)], name="participant"))
    needed = list(names)
    for target in targets.characteristics.values():
        for coarser in (target.inside, target.by):
            if coarser and coarser.characteristic not in needed:
                needed.insert(0, coarser.characteristic)
    # A group inside another is dealt after it.
    nested = {name for name, target in targets.characteristics.items() if target.inside or target.by}
    for name in sorted(needed, key=lambda name: name in nested):
        model = study.characteristics[name]
        target = targets.characteristics.get(name, CharacteristicTarget())
        if model.type == "number":
            people[name] = _numbers(target, model, n, rng)
        elif target.inside:
            column = np.full(n, "", dtype=object)
            for level, parts in target.inside.levels.items():
                rows = (people[target.inside.characteristic] == level).to_numpy()
                column[rows] = _deal({part: target.counts[part] for part in parts}, int(rows.sum()), rng)
            people[name] = list(column)
        elif target.by:
            dealt = {group: dict(part.counts) for group, part in target.by.levels.items()}
            people[name] = _deal_by_group(people[target.by.characteristic], dealt, rng)
        else:
            counts = target.counts or _shares(list(model.levels), n)
            people[name] = _deal(counts, n, rng)
    return people[names]


def draw_attendance(target: AttendanceTarget, people: pd.DataFrame, rng: np.random.Generator) -> pd.Series[float]:
    """Sessions attended by person; nobody stands in it who never began."""
    dealt = {group: {str(held): n for held, n in counts.items()} for group, counts in target.levels.items()}
    cells = pd.Series(_deal_by_group(people[target.characteristic], dealt, rng), index=people.index)
    return cells[cells != ""].astype(float).rename("sessions")


def _deal_by_group(groups: pd.Series[str], counts: dict[str, dict[str, int]], rng: np.random.Generator) -> list[str]:
    """Levels dealt to the people of each group; an empty cell for those whom the counts leave over."""
    column = np.full(len(groups), "", dtype=object)
    for group, wanted in counts.items():
        rows = (groups == group).to_numpy()
        over = int(rows.sum()) - sum(wanted.values())
        if over < 0:
            raise UserError(
                f"counts in targets.yml sum to {sum(wanted.values())}, and {group} has {rows.sum()} people",
                todo="mend the counts",
            )
        column[rows] = _deal({**wanted, "": over}, int(rows.sum()), rng)
    return [str(cell) for cell in column]


def _deal(counts: dict[str, int], n: int, rng: np.random.Generator) -> list[str]:
    cards = [level for level, count in counts.items() for _ in range(count)]
    if len(cards) != n:
        raise UserError(f"counts in targets.yml sum to {len(cards)}", expected=str(n), todo="mend the counts")
    return [str(card) for card in rng.permutation(np.array(cards, dtype=object))]


def _shares(levels: list[str], n: int) -> dict[str, int]:
    """Counts that fall gently from the first level to the last, so that groups differ in size."""
    weights = np.array([1.0 / (1.0 + 0.35 * place) for place in range(len(levels))])
    edges = np.rint(np.concatenate([[0.0], np.cumsum(weights / weights.sum())]) * n).astype(int)
    return {level: int(edges[i + 1] - edges[i]) for i, level in enumerate(levels)}


def _numbers(target: CharacteristicTarget, model: Characteristic, n: int, rng: np.random.Generator) -> Whole:
    low = int(np.ceil(model.minimum)) if model.minimum is not None else 0
    high = int(model.maximum) if model.maximum is not None else low + 60
    mean = float(target.mean) if target.mean else low + 0.3 * (high - low)
    sd = float(target.sd) if target.sd else 0.1 * (high - low)
    search = Search(n)
    if target.mean:
        a, b = interval(target.mean)
        search.goals.append(Goal("mean", float(a), float(b), float(b - a) / 2, lambda t: search.mean(0, t)))
    if target.sd:
        a, b = interval(target.sd)
        search.goals.append(Goal("sd", float(a), float(b), float(b - a) / 2, lambda t: search.sd(0, t)))

    def start() -> Whole:
        # A gamma above the floor of three SDs: ages of trainees lean to the right.
        floor = max(low - 0.5, mean - 3 * sd)
        shape = ((mean - floor) / sd) ** 2
        drawn = floor + stats.gamma.ppf(stratified(n, rng), shape) * (mean - floor) / shape
        return np.rint(drawn).astype(np.int64)

    return search.solve(start, low, high, rng)


def stratified(n: int, rng: np.random.Generator) -> Real:
    """n probabilities, one from each n-th of (0, 1), in random order: sample moments near the population's."""
    return np.asarray(rng.permutation((np.arange(n) + 0.5) / n))


def bounded(u: Real, mean: float, sd: float, low: float, high: float) -> Real:
    """Quantiles of the beta distribution on [low, high] with this mean and SD, at probabilities u."""
    place = min(max((mean - low) / (high - low), 0.01), 0.99)
    variance = min((sd / (high - low)) ** 2, 0.9 * place * (1 - place))
    weight = place * (1 - place) / max(variance, 1e-6) - 1
    return np.asarray(low + (high - low) * stats.beta.ppf(u, place * weight, (1 - place) * weight))
