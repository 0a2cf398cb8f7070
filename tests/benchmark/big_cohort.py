"""A synthetic cohort of the demo's study with any number of people, to see what a large cohort costs.

Answers come from one trait a person, so that items hang together and waves correlate. Dirt is what real files
have: empty cells and missing codes, people who lack a wave, values outside the scale, words for numbers, keys in
small letters, rows that stand twice, people who are in no people file. The interviews are the demo's, as they are.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import yaml

DEMO = Path(__file__).resolve().parents[2] / "data_raw" / "demo"
ITEMS = [f"scq{number:02d}" for number in range(1, 16)]
FORM = [
    "interesting",
    "relevant",
    "interactive",
    "time_management",
    "hands_on",
    "reading",
    "facilitators",
    "applicable",
    "recommend",
]
LEVELS = {
    "gender": ["female", "male"],
    "language": ["urdu", "other"],
    "city": ["karachi", "elsewhere"],
    "school": ["government", "private"],
    "field": ["nonsurgical", "surgical"],
    "specialty": [
        "medicine",
        "paediatrics",
        "surgery",
        "obstetrics",
        "anaesthesia",
        "radiology",
        "emergency",
        "family",
        "psychiatry",
    ],
}
MISSING = "-999"
WORD_FOR_FIVE = "Very competent"
BLOCK = 100_000

Texts = npt.NDArray[np.object_]


def write_big_cohort(folder: Path, people: int, seed: int = 20260401) -> None:
    """Write a cohort of `people` persons into `folder` (`data_raw/<cohort>`): the same bytes from the same seed.

    About 1 in 12 people lack the second wave, 1 in 100 the first; 2% of the answers are missing.
    """
    draw = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("segments.csv", "focus_groups.csv", "quotes.csv", "consensus.csv"):
        shutil.copyfile(DEMO / name, folder / name)
    shutil.copytree(DEMO / "transcripts", folder / "transcripts", dirs_exist_ok=True)
    _write_cohort_file(folder / "cohort.yml", people)
    keys = np.char.add("P", np.char.zfill(np.arange(1, people + 1).astype(str), len(str(people)))).astype(object)
    trait = draw.normal(0, 1, people).astype(np.float32)
    _write(folder / "participants.csv", _characteristics(keys[: people - people // 2000], draw))
    share = {"before": 0.99, "after": 0.92}
    for wave, (centre, spread) in {"before": (4.03, 0.55), "after": (4.50, 0.45)}.items():
        here = np.flatnonzero(draw.random(people) < share[wave])
        draw.shuffle(here)
        answers = _answers(draw, trait[here], centre, spread, len(ITEMS))
        _write(folder / f"survey_{wave}.csv", _survey(keys[here], answers, ITEMS, draw))
    here = np.flatnonzero(draw.random(people) < 0.9)
    _write(folder / "evaluation.csv", _survey(keys[here], _answers(draw, trait[here], 4.4, 0.4, len(FORM)), FORM, draw))


def _write_cohort_file(path: Path, people: int) -> None:
    """The demo's cohort.yml, its decisions too, with this cohort's size, missing codes and rule for repeated rows."""
    spec = yaml.safe_load((DEMO / "cohort.yml").read_text(encoding="utf-8"))
    spec |= {
        "title": f"A synthetic cohort of {people:,} people",
        "invited": people,
        "missing": ["", "NA", int(MISSING)],
    }
    for wave in spec["waves"].values():
        wave["repeated"] = "first"
    spec["satisfaction"]["repeated"] = "first"
    spec["exclude"] = [{"participant": "TEST", "reason": "A trial entry"}]
    path.write_text(yaml.safe_dump(spec, sort_keys=False, allow_unicode=True), encoding="utf-8")


def _characteristics(keys: Texts, draw: np.random.Generator) -> pd.DataFrame:
    columns: dict[str, Texts] = {"participant": keys}
    age = np.clip(np.round(draw.normal(26.6, 2.2, keys.size)), 20, 60).astype(int).astype(str).astype(object)
    age[draw.random(keys.size) < 0.01] = ""
    age[draw.random(keys.size) < 0.0001] = "262"
    columns["age"] = age
    for name, levels in LEVELS.items():
        cells = np.array(levels, dtype=object)[draw.integers(0, len(levels), keys.size)]
        cells[draw.random(keys.size) < 0.01] = ""
        columns[name] = cells
    return pd.DataFrame(columns)


def _answers(
    draw: np.random.Generator, trait: npt.NDArray[np.float32], centre: float, spread: float, items: int
) -> Texts:
    """Answers from 1 to 5 as text, persons x items, with gaps, codes, words and values that no scale has."""
    harder = np.linspace(-0.25, 0.25, items, dtype=np.float32)
    cells = np.empty((trait.size, items), dtype=object)
    texts = np.array(["1", "2", "3", "4", "5"], dtype=object)
    for start in range(0, trait.size, BLOCK):
        some = trait[start : start + BLOCK, None]
        noise = draw.normal(0, 0.6, (some.size, items)).astype(np.float32)
        level = np.clip(np.rint(centre + spread * 0.9 * some + harder + noise), 1, 5).astype(int) - 1
        block = texts[level]
        dirt = draw.random(block.shape, dtype=np.float32)
        block[dirt < 0.015] = ""
        block[(dirt >= 0.015) & (dirt < 0.02)] = MISSING
        block[(dirt >= 0.02) & (dirt < 0.0201)] = "9"
        if items == len(ITEMS):
            block[(dirt >= 0.0201) & (dirt < 0.0206) & (level == 4)] = WORD_FOR_FIVE
        cells[start : start + BLOCK] = block
    return cells


def _survey(keys: Texts, answers: Texts, items: list[str], draw: np.random.Generator) -> pd.DataFrame:
    """A wave as its file: some keys in small letters, some rows without an answer, some twice, one trial entry."""
    keys = keys.copy()
    small = draw.random(keys.size) < 0.002
    keys[small] = np.char.lower(keys[small].astype(str))
    answers[draw.random(keys.size) < 0.001] = ""
    frame = pd.DataFrame(answers, columns=items)
    frame.insert(0, "participant", keys)
    again = frame.iloc[: len(frame) // 5000]
    trial = frame.iloc[[0]].assign(participant="TEST")
    return pd.concat([frame, again, trial], ignore_index=True)


def _write(path: Path, frame: pd.DataFrame) -> None:
    frame.to_csv(path, index=False, lineterminator="\n")
