"""What is missing in a cohort drawn from the study alone: lost people, forms not handed in, skipped answers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from braid.simulation.compare import Frames

LOST = 0.06
NO_FORM = 0.08
SKIPPED = 0.015


def with_gaps(frames: Frames, rng: np.random.Generator) -> Frames:
    """The same cohort with a few people lost after the first wave, forms not handed in and answers skipped.

    At least three people stay in every file.
    """
    waves = {}
    for number, (wave, answers) in enumerate(frames.waves.items()):
        stay = answers if number == 0 else _thinned(answers, LOST, rng)
        waves[wave] = stay.astype(float).mask(rng.random(stay.shape) < SKIPPED)
    form = frames.satisfaction
    if form is not None:
        form = _thinned(form, NO_FORM, rng)
        form = form.astype(float).mask(rng.random(form.shape) < SKIPPED)
    return Frames(frames.people, waves, form)


def _thinned(frame: pd.DataFrame, share: float, rng: np.random.Generator) -> pd.DataFrame:
    lost = min(round(share * len(frame)), max(len(frame) - 3, 0))
    return frame.drop(index=frame.index[rng.choice(len(frame), size=lost, replace=False)])
