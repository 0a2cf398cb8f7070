"""Response shift: did people judge their start by another standard after the programme than when it was the present?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from braid.statistics.change import PairedChange, paired_change
from braid.statistics.samples import as_floats


@dataclass(frozen=True)
class ResponseShift:
    """A then-test over the people who have all three scores.

    conventional: after - before. against_then: after - then. shift: before - then, which is the second less the first,
    and above 0 where people scored their start lower in hindsight. Unit of the score; see `PairedChange` for what is
    not estimable.
    """

    n: int
    conventional: PairedChange
    against_then: PairedChange
    shift: PairedChange
    method: str = "then-test: paired t-tests over the people with all three scores"


def response_shift(
    before: pd.Series[Any],
    then: pd.Series[Any],
    after: pd.Series[Any],
    *,
    alpha: float = 0.05,
    confidence: float = 0.95,
    higher_is_better: bool = True,
) -> ResponseShift:
    """The change against the start as it was judged at the start, and as it is judged in hindsight (Howard 1980).

    before, then, after: scores, index = person, NaN as missing; `then` is the start as people judge it afterwards.
    Raises ValueError on a repeated person.
    """
    scores = {"before": before, "then": then, "after": after}
    if not all(one.index.is_unique for one in scores.values()):
        raise ValueError("the index must name each person once")
    whole = pd.DataFrame({name: as_floats(one.reindex(before.index)) for name, one in scores.items()}).dropna()

    def change(first: str, last: str) -> PairedChange:
        return paired_change(
            whole[first], whole[last], alpha=alpha, confidence=confidence, higher_is_better=higher_is_better
        )

    return ResponseShift(len(whole), change("before", "after"), change("then", "after"), change("then", "before"))
