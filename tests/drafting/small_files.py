"""Small made-up survey files, and what `braid new` proposes for them, read back and cleaned."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from braid.cleaning import CleanSurvey, clean_survey
from braid.drafting import Proposal, propose
from braid.study import Cohort, CohortSpec, Study, open_cohort, read_model

REPOSITORY = Path(__file__).resolve().parents[2]
STUDY = REPOSITORY / "analysis" / "study.yml"
N = 40


def answers(items: int, *, seed: int = 1, n: int = N, low: int = 1, high: int = 5, later: float = 0.0) -> pd.DataFrame:
    """Answers of n persons to items. The same seed gives the same persons; later: how much time has moved them."""
    persons = np.random.default_rng(seed)
    noise = np.random.default_rng(seed + 1000 + int(later * 100))
    level = persons.normal(0, 1, (n, 1)) + persons.normal(0, 1, (n, items)) + later + noise.normal(0, 0.4, (n, items))
    middle, spread = (low + high) / 2, (high - low) / 4
    return pd.DataFrame(np.clip(np.rint(middle + spread * level), low, high).astype(int))


def named(frame: pd.DataFrame, pattern: str, **before: object) -> pd.DataFrame:
    """The columns named by a pattern, `{n}` the number and `{n:02}` with a zero; other columns come before them."""
    frame = frame.set_axis([pattern.format(n=number) for number in range(1, frame.shape[1] + 1)], axis=1)
    for place, (name, cells) in enumerate(before.items()):
        frame.insert(place, name, cells)
    return frame


def codes(n: int = N, *, seed: int = 5) -> list[str]:
    """Codes that persons made for themselves, each another one."""
    rng = np.random.default_rng(seed)
    return [f"{a}{b}{number:02}" for number, (a, b) in enumerate(rng.choice(list("ABCDEFGHKLMN"), (n, 2)), start=1)]


@dataclass(frozen=True)
class Made:
    """What was proposed, as it is read back from the files that were written."""

    proposal: Proposal
    cohort: Cohort

    @property
    def spec(self) -> CohortSpec:
        return self.cohort.spec

    @property
    def study(self) -> Study:
        return self.cohort.study

    def cleaned(self) -> CleanSurvey:
        return clean_survey(self.cohort)

    def says(self, words: str) -> bool:
        """Whether a comment of the cohort.yml says this, on one line or several."""
        return words in re.sub(r"\n\s*# *", " ", self.proposal.cohort)

    def asked(self, *words: str) -> bool:
        """Whether one of the decisions holds all these words."""
        return any(all(word in decision for word in words) for decision in self.proposal.decisions)


def write(folder: Path, **tables: pd.DataFrame) -> dict[str, Path]:
    """Write tables as CSV files, by the name without its ending."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    return {f"{name}.csv": folder / f"{name}.csv" for name in tables}


def made(tmp_path: Path, paths: dict[str, Path], study: Path | None = None) -> Made:
    """Propose a cohort from files, write it down, and open it as every command does. study: None drafts one."""
    known = read_model(study, "study.yml", Study) if study is not None else None
    proposal = propose("new", paths, known)
    assert proposal is not None
    root = tmp_path / "project"
    folder = root / "data_raw" / "new"
    folder.mkdir(parents=True)
    (root / "analysis").mkdir()
    (root / "_quarto.yml").touch()
    for name, path in paths.items():
        shutil.copyfile(path, folder / name)
    (folder / "cohort.yml").write_text(proposal.cohort, encoding="utf-8")
    if proposal.study is not None:
        (folder / "study.yml").write_text(proposal.study, encoding="utf-8")
    elif study is not None:
        shutil.copyfile(study, folder / "study.yml")
    return Made(proposal, open_cohort("new", root))


def proposed(tmp_path: Path, study: Path | None = None, **tables: pd.DataFrame) -> Made:
    """What is proposed for tables that are written as CSV files."""
    return made(tmp_path, write(tmp_path / "given", **tables), study)
