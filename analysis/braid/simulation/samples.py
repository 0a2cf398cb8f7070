"""Interviews for a cohort drawn from the study alone: sentences that say plainly that they are samples."""

from __future__ import annotations

import numpy as np

from braid.simulation.script import Script, Source, Turn
from braid.study import Study

SPEAKERS = 6
OPENINGS = (
    "This is synthetic sample text",
    "A sample sentence, spoken by nobody,",
    "Here an invented participant",
    "This made-up sentence",
    "In place of a real statement, this one",
)
ENDINGS = (
    "stands for a remark about",
    "marks where someone would speak about",
    "holds the place of an experience with",
    "shows how the report treats",
)


def sample_script(study: Study, rng: np.random.Generator) -> Script:
    """Two coders (one where the approach is reflexive), one source per group, every sub-theme in every group.

    No two segments have the same words; about one in eight was coded by one coder only.
    """
    coding = study.coding
    assert coding is not None
    paths = coding.paths()
    leaves = [path for path in paths if not any(other.startswith(f"{path}.") for other in paths)]
    coders = ["Coder A", "Coder B"] if coding.approach == "codebook" else ["Coder A"]
    sources: dict[str, Source] = {}
    count, approved = 0, dict.fromkeys(leaves, 0)
    for number, group in enumerate(coding.groups or {"": ""}, start=1):
        turns: list[Turn] = [("M", "Thank you for coming. This conversation is synthetic sample text.")]
        quoted = dict.fromkeys(range(1, SPEAKERS + 1), 0)
        for turn, path in enumerate([*leaves, *leaves]):
            speaker = (turn + turn // len(leaves)) % SPEAKERS + 1
            count += 1
            opening, ending = OPENINGS[int(rng.integers(len(OPENINGS)))], ENDINGS[int(rng.integers(len(ENDINGS)))]
            one_only = len(coders) == 2 and rng.random() < 0.125
            mark = path + (f"/{'AB'[int(rng.integers(2))]}" if one_only else "")
            if quoted[speaker] < 2 and approved[path] < 2:
                quoted[speaker] += 1
                approved[path] += 1
                mark += " +"
            label = paths[path].label.lower()
            words = f"Well. ⟦{mark}: {opening} {ending} {label} (statement {count}).⟧"
            turns.append((speaker, words, "The sample coders agreed after reading the turn again."))
        sources[f"FGD_{number}"] = Source(group=group, turns=turns)
    return Script(coders=coders, date="2026-01-01", sources=sources)
