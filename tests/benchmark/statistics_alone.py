"""The statistics of a report without the report: everything on many people, and beside plain SciPy on few.

    python -m tests.benchmark.statistics_alone many 1000000
    python -m tests.benchmark.statistics_alone few 200

prints the seconds of both ways, and for many people the memory beside that of the answers, as JSON.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from braid.statistics.answers import answers_of
from braid.statistics.arms import compare_arms
from braid.statistics.change import item_changes, paired_change
from braid.statistics.comparison import compare_groups
from braid.statistics.counting import pairs
from braid.statistics.descriptive import ceiling, describe, frequencies
from braid.statistics.effect_size import standardised_mean_difference
from braid.statistics.equity import change_by_group
from braid.statistics.equivalence import equivalent_change
from braid.statistics.items import items_change_differently, items_differ
from braid.statistics.missing import item_missing, little_test
from braid.statistics.proportion import proportion
from braid.statistics.regression import simple_regression
from braid.statistics.regression_to_mean import extreme_quarter
from braid.statistics.reliability import cronbach_alpha, omega_total
from braid.statistics.reliable_change import reliable_change
from braid.statistics.scoring import scale_score
from scipy import optimize, stats

ITEMS = [f"i{k:02d}" for k in range(1, 16)]
MARGIN = 0.3


@dataclass(frozen=True)
class Survey:
    """Fifteen items at two waves, index = person, and what is known about the people."""

    before: pd.DataFrame
    after: pd.DataFrame
    people: pd.DataFrame

    @property
    def size(self) -> int:
        """Bytes of the answers."""
        return int(self.before.to_numpy().nbytes + self.after.to_numpy().nbytes)


def drawn(n: int, missing: float = 0.002) -> Survey:
    """Answers of n people with a common trait; some are missing."""
    rng = np.random.default_rng(1)
    trait = rng.normal(3.4, 0.6, n)

    def wave(shift: float) -> pd.DataFrame:
        frame = pd.DataFrame(index=pd.RangeIndex(n), columns=ITEMS, dtype=float)
        for name in ITEMS:
            answers = np.clip(np.rint(trait + shift + rng.normal(0, 0.7, n)), 1, 5)
            answers[rng.random(n) < missing] = np.nan
            frame[name] = answers
        return frame

    people = {name: rng.choice(np.array(levels), n) for name, levels in GROUPS.items()}
    return Survey(wave(0), wave(0.4), pd.DataFrame(people | {"age": rng.integers(20, 60, n).astype(float)}))


GROUPS = {"gender": ["f", "m"], "school": ["a", "b"], "field": ["s", "n"], "site": ["w", "x", "y", "z"]}


def everything(data: Survey) -> list[Any]:
    """All analyses of a report but the mixed models."""
    first, last = (scale_score(wave, minimum=1, maximum=5) for wave in (data.before, data.after))
    found: list[Any] = [describe(first), describe(last), ceiling(first, 1, 5)]
    waves = answers_of(data.before), answers_of(data.after)
    for wave in waves:
        found += [item_missing(wave), little_test(wave), cronbach_alpha(wave), omega_total(wave), items_differ(wave)]
    people = pairs(first, last)
    change = paired_change(people)
    # item by item as numbers and as ordered categories
    found += [change, equivalent_change(change, MARGIN), item_changes(data.before, data.after)]
    found += [items_change_differently(*waves), extreme_quarter(people)]
    reliable = reliable_change(first, last, cronbach_alpha(waves[0]).alpha)
    for name, levels in GROUPS.items():
        # words are told apart once for each characteristic
        group = data.people[name].astype(pd.CategoricalDtype(levels))
        found.append(compare_groups(first, group, levels=levels, margin=MARGIN))
        found.append(change_by_group(first, last, group, levels=levels, threshold=reliable.threshold, margin=MARGIN))
    found += [reliable, simple_regression(data.people["age"], first)]
    found.append(compare_arms(first, last, data.people["school"], GROUPS["school"]))
    lost = data.people["gender"] == "m"
    found.append(standardised_mean_difference(first[lost], first[~lost]))
    for name in ITEMS[:9]:
        counted = frequencies(data.after[name], [1, 2, 3, 4, 5])
        found.append(proportion(counted.count(5), counted.n))
    return found


def braided(data: Survey) -> list[Any]:
    """What `plain` computes, by our functions (which compute more, as the odds of a higher answer to each item)."""
    first, last = (scale_score(wave, minimum=1, maximum=5) for wave in (data.before, data.after))
    found: list[Any] = [paired_change(first, last), item_changes(data.before, data.after)]
    found += [compare_groups(first, data.people[name], margin=MARGIN) for name in ("gender", "school", "field")]
    found.append(simple_regression(data.people["age"], first))
    return [*found, items_differ(data.before), items_differ(data.after)]


def plain(data: Survey) -> list[Any]:
    """The same results as a person would get them from SciPy and NumPy."""
    first, last = data.before.mean(axis=1), data.after.mean(axis=1)
    found: list[Any] = []
    p = []
    for before, after in [(first, last), *((data.before[name], data.after[name]) for name in ITEMS)]:
        both = before.notna() & after.notna()
        x, y = before[both].to_numpy(), after[both].to_numpy()
        test = stats.ttest_rel(y, x)
        r = stats.pearsonr(x, y).statistic
        delta = np.round(y - x, 12)
        found += [test.confidence_interval(), r, stats.wilcoxon(delta, correction=True, method="asymptotic")]
        found += [_noncentral(test.statistic, test.df), _bonett(x, y), _walsh(delta)]
        p.append(test.pvalue)
    found.append(stats.false_discovery_control(p[1:]))
    for name in ("gender", "school", "field"):
        group = data.people[name]
        x, y = (first[group == level].dropna().to_numpy() for level in GROUPS[name])
        test = stats.ttest_ind(x, y, equal_var=False)
        found += [test.confidence_interval(), stats.levene(x, y), _noncentral(test.statistic, x.size + y.size - 2)]
        found.append(stats.ttest_ind(x + MARGIN, y, equal_var=False, alternative="greater"))
        found.append(stats.ttest_ind(x - MARGIN, y, equal_var=False, alternative="less"))
        for sample in (x, y):
            found.append(stats.t.interval(0.95, sample.size - 1, sample.mean(), stats.sem(sample)))
    known = first.notna()
    found.append(stats.linregress(data.people["age"][known], first[known]))
    for wave in (data.before, data.after):
        whole = wave.dropna()
        found.append(stats.friedmanchisquare(*(whole[name] for name in ITEMS)))
    return found


def _noncentral(t: float, df: float) -> list[float]:
    return [
        optimize.brentq(lambda nc, level=level: stats.nct.cdf(t, df, nc) - level, t - 5, t + 5)
        for level in (0.975, 0.025)
    ]


def _bonett(x: Any, y: Any) -> float:
    (v1, c), (_, v2) = np.cov(x, y)
    mean, n = (v1 + v2) / 2, x.size
    d = (y.mean() - x.mean()) / np.sqrt(mean)
    variance = d**2 * (v1**2 + v2**2 + 2 * c**2) / (8 * (n - 1) * mean**2) + (v1 + v2 - 2 * c) / ((n - 1) * mean)
    return float(d - stats.norm.ppf(0.975) * np.sqrt(variance))


def _walsh(delta: Any) -> list[float]:
    averages = np.sort((np.add.outer(delta, delta) / 2)[np.triu_indices(delta.size)])
    n = delta.size
    k = int(n * (n + 1) / 4 - stats.norm.ppf(0.975) * np.sqrt(n * (n + 1) * (2 * n + 1) / 24))
    return [float(np.median(averages)), float(averages[k - 1]), float(averages[-k])]


def seconds(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def memory(kind: str) -> int:
    """What this process holds now (VmRSS) or has held at most (VmHWM), in bytes, as Linux counts it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(kind))


def many(n: int, times: int = 5) -> dict[str, float]:
    """Seconds of reading the survey with pandas and of all analyses, medians; memory held, over the answers' own.

    The survey is one file with a name, the characteristics and both waves of each person.
    """
    everything(drawn(500))  # what is loaded at the first call is not measured
    reading, own, held = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "survey.csv"
        made = drawn(n)
        waves = [made.people, made.before, made.after.add_suffix("_after")]
        pd.concat(waves, axis=1).rename(index="P{:07d}".format).to_csv(path, index_label="participant")
        del made, waves
        for _ in range(times):
            reading.append(seconds(lambda: pd.read_csv(path)))
            file = pd.read_csv(path)
            after = file[[f"{name}_after" for name in ITEMS]].set_axis(ITEMS, axis=1)
            data = Survey(file[ITEMS], after, file[[*GROUPS, "age"]])
            del file, after
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
            before = memory("VmRSS")
            own.append(seconds(lambda data=data: everything(data)))  # type: ignore[misc]
            held.append((memory("VmHWM") - before + data.size) / data.size)
            del data
    return {"reading": statistics.median(reading), "own": statistics.median(own), "memory": statistics.median(held)}


def few(n: int) -> dict[str, float]:
    """Seconds of our functions and of plain SciPy, the best of several."""
    data = drawn(n)
    own, by_hand = (min(seconds(lambda act=act: act(data)) for _ in range(9)) for act in (braided, plain))  # type: ignore[misc]
    return {"own": own, "plain": by_hand}


if __name__ == "__main__":
    print(json.dumps((many if sys.argv[1] == "many" else few)(int(sys.argv[2]))))
