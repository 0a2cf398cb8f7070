"""Cohorts made from the dirty demonstration cohort, to be compared with it: fewer people, themes or strands."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
import yaml

from tests.project_copy import REPOSITORY

SOURCE = REPOSITORY / "data_raw" / "demo-next"


def cohort_like(root: Path, name: str) -> Path:
    """A copy of demo-next under another name; returns its folder."""
    return Path(shutil.copytree(SOURCE, root / "data_raw" / name))


def change_spec(folder: Path, **changes: object) -> None:
    """Set keys of a cohort.yml, or take them out (None)."""
    path = folder / "cohort.yml"
    spec = yaml.safe_load(path.read_text(encoding="utf-8")) | changes
    kept = {key: value for key, value in spec.items() if value is not None}
    path.write_text(yaml.safe_dump(kept, allow_unicode=True, sort_keys=False), encoding="utf-8")


def without_themes(folder: Path, *codes: str) -> None:
    """Take the passages of some codes out of every file of the interviews."""
    segments = pd.read_csv(folder / "segments.csv", dtype=str, keep_default_na=False)
    gone = segments["code_path"].isin(codes)
    places = set(zip(segments.loc[gone, "start"], segments.loc[gone, "end"], strict=True))
    for file in ("segments.csv", "quotes.csv", "consensus.csv"):
        table = pd.read_csv(folder / file, dtype=str, keep_default_na=False)
        here = [place in places for place in zip(table["start"], table["end"], strict=True)]
        table[~pd.Series(here, index=table.index)].to_csv(folder / file, index=False)


def with_people(folder: Path, keep: int) -> None:
    """Keep the rows of the first persons of the survey, by the number in their key."""
    for file in ("participants.csv", "survey_before.csv", "survey_after.csv"):
        path = folder / file
        lines = path.read_bytes().splitlines(keepends=True)
        kept = [lines[0]]
        for line in lines[1:]:
            number = re.search(rb"[pP]\s?0*(\d+)", line)
            if number is None or int(number[1]) <= keep:
                kept.append(line)
        path.write_bytes(b"".join(kept))


def survey_only(folder: Path) -> None:
    """Take form and interviews out of a cohort, and what was decided on them."""
    change_spec(folder, satisfaction=None, interviews=None, decisions=None, recommendations=None)


def words_only(folder: Path) -> None:
    """Take the survey out of a cohort."""
    change_spec(folder, waves=None, people=None, satisfaction=None, decisions=None, recommendations=None, exclude=None)
