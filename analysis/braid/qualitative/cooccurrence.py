"""Which themes are spoken of in the same breath."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from braid.qualitative.codes import check_segments, passages, settle
from braid.study import Coding


@dataclass(frozen=True)
class Cooccurrence:
    """Two themes: passages with both, with the first, with the second, and jaccard = both/(first + second - both)."""

    first: str
    second: str
    both: int
    n_first: int
    n_second: int
    jaccard: float


def cooccurrence(
    segments: pd.DataFrame, *, coding: Coding | None = None, consensus: pd.DataFrame | None = None
) -> list[Cooccurrence]:
    """Every pair of applied themes that meet in a passage, the closest pair first.

    A passage is what overlapping segments of one participant make up (see codes.passages), counted once
    whoever coded it. Themes are taken as applied; a parent does not meet its own sub-themes by inheritance.
    """
    rows = settle(check_segments(segments, coding), consensus)
    found: dict[str, set[int]] = {}
    for number, theme in zip(passages(rows).tolist(), rows["theme"], strict=True):
        found.setdefault(str(theme), set()).add(number)
    pairs = []
    for first, second in combinations(sorted(found), 2):
        both, either = found[first] & found[second], found[first] | found[second]
        if both:
            pairs.append(
                Cooccurrence(first, second, len(both), len(found[first]), len(found[second]), len(both) / len(either))
            )
    return sorted(pairs, key=lambda pair: (-pair.jaccard, -pair.both, pair.first, pair.second))
