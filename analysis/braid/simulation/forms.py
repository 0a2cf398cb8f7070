"""Answers to the evaluation form: counts that fit the printed figures, dealt to persons of one mind."""

from __future__ import annotations

import numpy as np
import pandas as pd

from braid.errors import UserError
from braid.simulation.counts import count_vectors, smoothest
from braid.simulation.targets import ResponseTarget, Targets
from braid.study import Study

FALLS_TO = 0.27
"""Where nothing was printed, each lower response is given by this share of those who gave the one above."""
LIKE_MINDED = 0.65
"""Correlation of each answer's rank with a person's general liking of the session."""


def draw_form(targets: Targets, study: Study, index: pd.Index[str], rng: np.random.Generator) -> pd.DataFrame:
    """Answers to every item of the evaluation form, one row per person."""
    assert study.satisfaction is not None
    form = study.satisfaction
    levels = sorted(form.responses)
    liking = rng.standard_normal(targets.n)
    frame = pd.DataFrame(index=index)
    for place, item in enumerate(form.items):
        target = targets.satisfaction.get(item, ResponseTarget())
        counts = _counts(item, target, targets.n, levels, place)
        answers = np.repeat(levels, counts)
        mood = LIKE_MINDED * liking + np.sqrt(1 - LIKE_MINDED**2) * rng.standard_normal(targets.n)
        frame[item] = answers[np.argsort(np.argsort(mood))]
    return frame


def _counts(item: str, target: ResponseTarget, n: int, levels: list[int], place: int) -> tuple[int, ...]:
    if target.mean or target.sd:
        counts = smoothest(count_vectors(n, levels, mean=target.mean, sd=target.sd, top=target.top))
        if counts is None:
            raise UserError(f"no counts of {n} answers give what targets.yml prints for {item}", place="targets.yml")
        return counts
    # A few shares that differ from item to item, so that a chart of them is worth looking at.
    top = target.top if target.top is not None else round(n * (0.70 - 0.06 * (place % 4)))
    weights = np.array([FALLS_TO**step for step in range(len(levels) - 1)][::-1])
    edges = np.rint(np.concatenate([[0.0], np.cumsum(weights / weights.sum())]) * (n - top)).astype(int)
    return (*(int(count) for count in np.diff(edges)), top)
