"""Published beside reproduced: every target recomputed from a cohort and rounded like it was printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from braid.simulation import figures
from braid.simulation.printed import print_like
from braid.simulation.targets import Counts, ScaleTarget, Targets
from braid.study import Study


@dataclass(frozen=True)
class Frames:
    """A cohort in memory. people: characteristics by person; waves: item answers by person, as given;
    satisfaction: answers by person; attendance: sessions by person. Every index is the participant's id.
    """

    people: pd.DataFrame
    waves: dict[str, pd.DataFrame] = field(default_factory=dict)
    satisfaction: pd.DataFrame | None = None
    attendance: pd.Series[float] | None = None


@dataclass(frozen=True)
class Comparison:
    """One target: its dotted id, the figure as printed, the same figure of the cohort, and whether they agree."""

    target: str
    published: str
    reproduced: str
    holds: bool


def compare(targets: Targets, frames: Frames, study: Study) -> list[Comparison]:
    """Every target beside the figure that the frames give, in the file's order."""
    rows = [_exactly("n", str(targets.n), str(len(frames.people)))]
    for name, target in targets.characteristics.items():
        place, column = f"characteristics.{name}", frames.people[name].dropna()
        if target.mean or target.sd:
            rows += _moments(place, target.mean, target.sd, column.to_numpy(dtype=float))
        for level, count in target.counts.items():
            rows.append(_exactly(f"{place}.counts.{level}", str(count), str(int((column == level).sum()))))
        for level, printed in target.percent.items():
            rows.append(_row(f"{place}.percent.{level}", printed, 100 * float((column == level).mean())))
        if target.by is not None:
            groups = frames.people[target.by.characteristic]
            for group, part in target.by.levels.items():
                rows += _in_group(f"{place}.by.levels.{group}", part, column[(groups == group) & (column != "")])
    for name, scale in targets.scales.items():
        rows += _scale(name, scale, frames, study)
    for item, response in targets.satisfaction.items():
        assert frames.satisfaction is not None and study.satisfaction is not None
        place, answers = f"satisfaction.{item}", frames.satisfaction[item].dropna().to_numpy(dtype=float)
        top = answers == study.satisfaction.maximum
        rows += _moments(place, response.mean, response.sd, answers)
        if response.top is not None:
            rows.append(_exactly(f"{place}.top", str(response.top), str(int(top.sum()))))
        if response.top_percent:
            rows.append(_row(f"{place}.top_percent", response.top_percent, 100 * float(top.mean())))
    if targets.attendance is not None and frames.attendance is not None:
        groups = frames.people.loc[frames.attendance.index, targets.attendance.characteristic]
        for group, counts in targets.attendance.levels.items():
            held = frames.attendance[groups == group]
            rows += [
                _exactly(f"attendance.{group}.{s}", str(k), str(int((held == s).sum()))) for s, k in counts.items()
            ]
    return rows


def _in_group(place: str, part: Counts, known: pd.Series) -> Iterator[Comparison]:
    for level, count in part.counts.items():
        yield _exactly(f"{place}.counts.{level}", str(count), str(int((known == level).sum())))
    for level, printed in part.percent.items():
        yield _row(f"{place}.percent.{level}", printed, 100 * float((known == level).mean()))


def _scale(name: str, target: ScaleTarget, frames: Frames, study: Study) -> Iterator[Comparison]:
    place, scale = f"scales.{name}", study.scales[name]
    scores = {wave: figures.score(scale, answers).dropna() for wave, answers in frames.waves.items()}
    for wave, moments in target.waves.items():
        yield from _moments(f"{place}.waves.{wave}", moments.mean, moments.sd, scores[wave].to_numpy())
    first = scores[study.first_wave]
    known = frames.people.loc[first.index]
    for factor, group in target.groups.items():
        column = known[factor]
        parts = {level: first[column == level].to_numpy() for level in study.characteristics[factor].levels}
        for level, moments in group.levels.items():
            yield from _moments(f"{place}.groups.{factor}.levels.{level}", moments.mean, moments.sd, parts[level])
        if group.p:
            filled = [part for part in parts.values() if len(part)]
            yield _row(f"{place}.groups.{factor}.p", group.p, figures.group_p(filled, group.test))
    for number, slope in target.slopes.items():
        values = known[number].to_numpy(dtype=float)
        yield _row(f"{place}.slopes.{number}.p", slope.p, figures.slope_p(first.to_numpy(), values))
    if len(study.waves) == 2:
        last = scores[study.last_wave]
        yield from _change(place, target, frames, study, first, last, list(scale.items))
    for wave, differ in target.items_differ.items():
        p = figures.items_differ_p(frames.waves[wave][list(scale.items)].dropna().to_numpy(dtype=float))
        claim = {True: "items differ", False: "items do not differ"}
        yield _exactly(f"{place}.items_differ.{wave}", claim[differ], claim[p < 0.05])


def _change(
    place: str,
    target: ScaleTarget,
    frames: Frames,
    study: Study,
    first: pd.Series[float],
    last: pd.Series[float],
    items: list[str],
) -> Iterator[Comparison]:
    both = first.index.intersection(last.index)
    change = target.change
    one, two = first[both].to_numpy(), last[both].to_numpy()
    if change.d_av:
        yield _row(f"{place}.change.d_av", change.d_av, figures.d_av(one, two))
    if change.p:
        yield _row(f"{place}.change.p", change.p, figures.paired_p(one, two))
    if change.items_p:
        before, after = (frames.waves[w].loc[both, items] for w in (study.first_wave, study.last_wave))
        times = len(items) if change.adjusted else 1
        for item in items:
            pairs = pd.DataFrame({"before": before[item], "after": after[item]}).dropna()
            p = figures.paired_p(*pairs.to_numpy(dtype=float).T)
            yield _row(f"{place}.change.items_p.{item}", change.items_p, min(1.0, p * times))


def _moments(place: str, mean: str | None, sd: str | None, values: figures.Values) -> Iterator[Comparison]:
    if mean:
        yield _row(f"{place}.mean", mean, float(np.mean(values)))
    if sd:
        yield _row(f"{place}.sd", sd, float(np.std(values, ddof=1)))


def _row(target: str, published: str, value: float) -> Comparison:
    return _exactly(target, published, print_like(published, value))


def _exactly(target: str, published: str, reproduced: str) -> Comparison:
    return Comparison(target, published, reproduced, published == reproduced)
