"""Samples as arrays: what is missing, which persons are pairs, and whether anything varies."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats: TypeAlias = npt.NDArray[np.float64]
Values: TypeAlias = "pd.Series[Any] | npt.NDArray[Any] | Sequence[float | None]"

# Sums of a few dozen answers carry a relative error near 1e-15; real steps of a score are above 1e-6.
NOISE = 1e-12


@dataclass(frozen=True)
class Estimate:
    """One number with its interval.

    estimate, low, high: None where not estimable; then `note` says why.
    n: people (or rows) behind it. confidence: level of the interval. method: the procedure in words.
    """

    estimate: float | None
    low: float | None
    high: float | None
    n: int
    confidence: float
    method: str
    note: str = ""


def finite(value: object) -> float | None:
    """A float, or None where the value is missing, infinite or not a number."""
    if value is None:
        return None
    number = float(value)  # type: ignore[arg-type]
    return number if math.isfinite(number) else None


def as_floats(values: Values) -> Floats:
    """One-dimensional floats, shape (n,), with NaN as missing; nullable and object columns are accepted.

    Raises ValueError where a value is infinite or no number, or the shape is not one-dimensional.
    """
    if isinstance(values, pd.Series) and values.dtype == np.float64:
        array = values.to_numpy()
    elif isinstance(values, pd.Series):
        array = pd.to_numeric(values).to_numpy(dtype=float, na_value=np.nan)
    else:
        array = np.asarray(values, dtype=float)
    if array.ndim != 1:
        raise ValueError(f"expected one column of numbers, got shape {array.shape}")
    if np.isinf(array).any():
        raise ValueError("a value is infinite")
    return array


def observed(values: Values) -> Floats:
    """The values that are there, in their order; not to be written to."""
    array = as_floats(values)
    gaps = np.isnan(array)
    return array[~gaps] if gaps.any() else array


def align(first: Values, second: Values) -> tuple[Any, Any]:
    """Bring two variables of the same people into the same order.

    Two Series are joined by their index (everybody in either of them stays, with NaN where absent); anything
    else is taken by position. Raises ValueError on a repeated index entry or on unequal lengths, because
    pairing strangers gives a number that looks right.
    """
    if isinstance(first, pd.Series) and isinstance(second, pd.Series):
        for series in (first, second):
            if not series.index.is_unique:
                repeated = series.index[series.index.duplicated()].unique()[:3].tolist()
                raise ValueError(f"the index must name each person once; repeated: {repeated}")
        left, right = first.align(second, join="outer")
        return left, right
    if len(first) != len(second):
        raise ValueError(f"arrays of {len(first)} and {len(second)} values cannot be paired by position")
    return first, second


def complete_pairs(first: Values, second: Values) -> tuple[Floats, Floats]:
    """The pairs where both values are there, as two arrays of one length; see `align` for who is a pair."""
    left, right = align(first, second)
    a, b = as_floats(left), as_floats(right)
    both = ~(np.isnan(a) | np.isnan(b))
    return a[both], b[both]


def varies(values: Floats, scale: float | None = None) -> bool:
    """Whether the values differ by more than the rounding of floating-point sums.

    scale: the size of the numbers the values were computed from (for differences: of the scores).
    """
    if values.size < 2:
        return False
    low, high = float(values.min()), float(values.max())
    size = max(-low, high) if scale is None else scale
    return high - low > NOISE * size


def memberships(labels: pd.Series[Any], levels: Sequence[Hashable]) -> npt.NDArray[Any]:
    """The place of each person's level among `levels`, -1 where it is missing or another: shape (n,)."""
    if isinstance(labels.dtype, pd.CategoricalDtype) and list(labels.cat.categories) == list(levels):
        return np.array(labels.cat.codes)
    order: pd.Index[Any] = pd.Index(np.array(list(levels), dtype=object))
    return np.asarray(order.get_indexer(pd.Index(labels.to_numpy(dtype=object))))


def mean(values: Floats) -> float | None:
    """The arithmetic mean; None for nobody."""
    return float(np.mean(values)) if values.size else None


def sd(values: Floats) -> float | None:
    """The standard deviation with n - 1; exactly 0 where nothing varies; None below two values."""
    if values.size < 2:
        return None
    return float(np.std(values, ddof=1)) if varies(values) else 0.0


def as_matrix(items: pd.DataFrame) -> Floats:
    """A frame of answers, persons x items, as floats of shape (n, k) with NaN as missing; not to be written to.

    Column beside column in memory, as pandas keeps them: nothing is copied where they are floats already. Raises
    ValueError naming the column that holds anything but finite numbers.
    """
    if not items.columns.is_unique:
        raise ValueError(f"a column stands there more than once: {list(items.columns)}")
    if items.shape[1] and (items.dtypes == np.float64).all():
        matrix = items.to_numpy()
        if not np.isinf(matrix).any():
            return matrix
    columns = []
    for name in items.columns:
        try:
            columns.append(as_floats(items[name]))
        except (ValueError, TypeError) as error:
            raise ValueError(f"column {name!r}: {error}") from error
    if not columns:
        return np.empty((len(items), 0))
    return np.array(columns).T


def check_confidence(confidence: float) -> None:
    """Raises ValueError unless 0 < confidence < 1 (so 95 is caught)."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is a share between 0 and 1, got {confidence}")
