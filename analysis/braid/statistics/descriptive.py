"""What a variable looks like: its centre and spread, its counts, its ends."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from braid.statistics.counting import counted
from braid.statistics.samples import NOISE, Values, as_floats, finite, mean, sd


@dataclass(frozen=True)
class Description:
    """Centre and spread of one variable, in its own unit; None where not estimable."""

    n: int
    missing: int
    mean: float | None
    sd: float | None
    median: float | None
    q1: float | None
    q3: float | None
    minimum: float | None
    maximum: float | None
    method: str = "mean, standard deviation (n - 1), quartiles by linear interpolation"
    note: str = ""


def describe(values: Values) -> Description:
    """n, mean, SD, median, quartiles and range of the values that are there.

    values: shape (n,), NaN as missing. The SD is None below two values, all else None for nobody.
    Quartiles: x[j] + g (x[j+1] - x[j]) with (n - 1) p = j + g (Hyndman & Fan 1996, type 7).
    """
    array = as_floats(values)
    present = array[~np.isnan(array)]
    missing = int(array.size - present.size)
    if present.size == 0:
        return Description(0, missing, None, None, None, None, None, None, None, note="nobody answered")
    q1, median, q3 = np.quantile(present, [0.25, 0.5, 0.75])
    return Description(
        n=int(present.size),
        missing=missing,
        mean=mean(present),
        sd=sd(present),
        median=float(median),
        q1=float(q1),
        q3=float(q3),
        minimum=float(present.min()),
        maximum=float(present.max()),
        note="one value has no standard deviation" if present.size == 1 else "",
    )


@dataclass(frozen=True)
class LevelCount:
    """How many people chose a level; percent of those who answered, None where nobody did."""

    level: Hashable
    count: int
    percent: float | None


@dataclass(frozen=True)
class Frequencies:
    """Counts of the levels of a categorical variable.

    n: people who answered; missing: people who did not; percent_missing: of n + missing.
    """

    levels: tuple[LevelCount, ...]
    n: int
    missing: int
    percent_missing: float | None
    method: str = "counts; percentages of the people who answered"
    note: str = ""

    def count(self, level: Hashable) -> int:
        """The count of one level. Raises KeyError where there is no such level."""
        for row in self.levels:
            if row.level == level:
                return row.count
        raise KeyError(level)


def frequencies(values: pd.Series[Any] | Sequence[Any], levels: Iterable[Hashable] | None = None) -> Frequencies:
    """Count the levels of a categorical variable, in the order given, levels nobody chose included.

    values: shape (n,), None, NaN or NA as missing. levels: all the levels there can be; without them those
    that occur, sorted. Raises ValueError where a value is none of the levels: a count that silently leaves
    people out is wrong.
    """
    series = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype=object)
    if series.dtype == np.float64:
        numbers = counted(series)
        counts = dict(zip(numbers.values.tolist(), numbers.counts.tolist(), strict=True))
    else:
        counts = {value: count for value, count in series.value_counts().to_dict().items() if count}
    order = list(levels) if levels is not None else sorted(counts, key=_sort_key)
    unknown = [value for value in counts if value not in order]
    if unknown:
        raise ValueError(f"values that are no level: {unknown[:5]}; levels: {order}")
    n = sum(counts.values())
    missing = len(series) - n
    rows = tuple(
        LevelCount(level, int(counts.get(level, 0)), 100 * int(counts.get(level, 0)) / n if n else None)
        for level in order
    )
    return Frequencies(
        levels=rows,
        n=n,
        missing=missing,
        percent_missing=100 * missing / len(series) if len(series) else None,
        note="" if n else "nobody answered",
    )


def _sort_key(value: object) -> tuple[int, float, str]:
    """Numbers before words, each in their own order."""
    if isinstance(value, (int, float, np.number)):
        return (0, float(value), "")
    return (1, 0.0, str(value))


@dataclass(frozen=True)
class Ceiling:
    """How many people sit at the ends of a scale, where change in one direction cannot show.

    share_at_minimum, share_at_maximum: 0 to 1 of n. floor, ceiling: whether the share is above `threshold`.
    """

    n: int
    at_minimum: int
    at_maximum: int
    share_at_minimum: float | None
    share_at_maximum: float | None
    floor: bool | None
    ceiling: bool | None
    threshold: float
    method: str = "share of people at the lowest and the highest possible score"
    note: str = ""


def ceiling(values: Values, minimum: float, maximum: float, threshold: float = 0.15) -> Ceiling:
    """Ceiling and floor: the share of people at the highest and the lowest possible score.

    values: scores, shape (n,). minimum, maximum: the ends of the scale in the unit of the scores. A share
    above 15% is flagged (Terwee et al. 2007). Shares and flags are None for nobody.
    """
    array = as_floats(values)
    present = array[~np.isnan(array)]
    near = NOISE * max(abs(minimum), abs(maximum), 1.0)
    low = int(np.count_nonzero(present <= minimum + near))
    high = int(np.count_nonzero(present >= maximum - near))
    n = int(present.size)
    if n == 0:
        return Ceiling(0, 0, 0, None, None, None, None, threshold, note="nobody answered")
    return Ceiling(
        n=n,
        at_minimum=low,
        at_maximum=high,
        share_at_minimum=finite(low / n),
        share_at_maximum=finite(high / n),
        floor=low / n > threshold,
        ceiling=high / n > threshold,
        threshold=threshold,
    )
