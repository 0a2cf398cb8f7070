"""When codes stopped being new: the cumulative curve over events, and the base-and-run ratio where it applies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from braid.errors import UserError
from braid.language import N_, ntr, tr, writing
from braid.qualitative.codes import check_segments, natural
from braid.study import Coding, did_you_mean

REFLEXIVE = N_(
    "Saturation is not reported: in a reflexive analysis codes develop with the reading, "
    "so that a count of new codes says nothing about whether enough was heard."
)


@dataclass(frozen=True)
class SaturationPoint:
    """One event (interview or focus group): its new codes, and all distinct codes so far."""

    event: str
    new: tuple[str, ...]
    cumulative: int


@dataclass(frozen=True)
class SaturationRun:
    """One run of events after the base: codes new in it, and their number as a share of the base's codes."""

    events: tuple[str, ...]
    new: int
    share: float


@dataclass(frozen=True)
class SaturationCurve:
    """points in the order of events. runs: empty where not assessable.

    reached_after: number of events heard before the first run at or under the threshold; None where it was
    not reached or cannot be assessed. caution: the sentence the report must carry, or why nothing is reported.
    """

    points: tuple[SaturationPoint, ...]
    runs: tuple[SaturationRun, ...]
    base: int
    run: int
    threshold: float
    assessable: bool
    reached_after: int | None
    caution: str


def saturation(
    segments: pd.DataFrame,
    *,
    order: Sequence[str] | None = None,
    base: int = 4,
    run: int = 2,
    threshold: float = 0.05,
    coding: Coding | None = None,
) -> SaturationCurve:
    """New codes by event, an event being one source (Guest, Namey & Chen 2020).

    A run's share is its codes that no earlier event held, divided by the distinct codes of the first `base`
    events; runs of `run` events move on by one event. Needs base + run events; with fewer only the curve is
    given. order: the sources in the order they were collected; without it by name, numbers as numbers.
    Raises UserError where `order` and the sources differ.
    """
    rows = check_segments(segments, coding)
    if coding is not None and coding.approach == "reflexive":
        return SaturationCurve((), (), base, run, threshold, False, None, tr(REFLEXIVE))
    codes: dict[str, set[str]] = {}
    for source, theme in zip(rows["source"], rows["theme"], strict=True):
        codes.setdefault(str(source), set()).add(str(theme))
    events = _ordered(list(codes), order)
    seen: set[str] = set()
    points = []
    for event in events:
        new = codes.get(event, set()) - seen
        seen |= new
        points.append(SaturationPoint(event, tuple(sorted(new)), len(seen)))
    if len(points) < base + run or not points[base - 1].cumulative:
        return SaturationCurve(tuple(points), (), base, run, threshold, False, None, _caution(len(points), base, run))
    at_base = points[base - 1].cumulative
    runs = []
    for first in range(base, len(points) - run + 1):
        window = points[first : first + run]
        new_codes = sum(len(point.new) for point in window)
        runs.append(SaturationRun(tuple(point.event for point in window), new_codes, new_codes / at_base))
    reached = next((base + i for i, window in enumerate(runs) if window.share <= threshold), None)
    caution = _verdict(base, run, threshold, reached)
    return SaturationCurve(tuple(points), tuple(runs), base, run, threshold, True, reached, caution)


def _ordered(sources: list[str], order: Sequence[str] | None) -> list[str]:
    if order is None:
        return sorted(sources, key=natural)
    for source in sources:
        if source not in order:
            raise UserError(
                "this source is missing in the order of events", found=source, todo=did_you_mean(source, list(order))
            )
    return list(dict.fromkeys(order))


def _verdict(base: int, run: int, threshold: float, reached: int | None) -> str:
    fields = {"base": str(base), "run": str(run), "share": writing().percent.format(f"{100 * threshold:.0f}")}
    if reached is None:
        return tr(
            "By the rule of a base of {base} and runs of {run} events: more than {share} new codes up to the last "
            "event.",
            **fields,
        )
    return tr(
        "By the rule of a base of {base} and runs of {run} events: at most {share} new codes after {reached} events.",
        **fields,
        reached=reached,
    )


def _caution(events: int, base: int, run: int) -> str:
    return ntr(
        "Saturation is not assessable: there is {n} event, and the rule of Guest, Namey and Chen (2020) needs at least "
        "{least}, {base} as a base and {run} to see whether new codes still appear.",
        "Saturation is not assessable: there are {n} events, and the rule of Guest, Namey and Chen (2020) needs at "
        "least {least}, {base} as a base and {run} to see whether new codes still appear.",
        events,
        n=events,
        least=base + run,
        base=base,
        run=run,
    )
