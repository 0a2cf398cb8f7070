"""The clean survey on disk: `data_processed/<cohort>/clean`, written whole or not at all, and read back as it was."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from braid.cleaning.survey import CleanSurvey, clean_survey
from braid.study import Cohort, digest_files, module_files, survey_files


def save_survey(cohort: Cohort, data: CleanSurvey) -> Path:
    """Write the clean survey as CSV files beside the fingerprint of what it was made from; returns the folder.

    Files are replaced one by one, each whole, and the fingerprint last: whoever reads at the same time finds every
    file, and equal data stay equal files.
    """
    folder = cohort.project.processed(cohort.name) / "clean"
    folder.mkdir(parents=True, exist_ok=True)
    frames = {"people.csv": data.people, **{f"wave-{wave}.csv": frame for wave, frame in data.waves.items()}}
    if data.then is not None:
        frames[f"wave-{cohort.study.change.then}.csv"] = data.then
    if data.satisfaction is not None:
        frames["satisfaction.csv"] = data.satisfaction
    if data.attendance is not None:
        frames["attendance.csv"] = data.attendance.to_frame()
    for name, frame in frames.items():
        with _replaced(folder / name) as draft:
            _write(draft, frame)
    with _replaced(folder / "log.csv") as draft:
        data.log.to_csv(draft, index=False, lineterminator="\n")
    stamp = {"fingerprint": _fingerprint(cohort), "reading": data.reading}
    with _replaced(folder / "stamp.json") as draft:
        draft.write_text(json.dumps(stamp, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    made = {*frames, "log.csv", "stamp.json"}
    for left in folder.glob("*.*"):
        if left.name not in made and not left.name.startswith("."):
            left.unlink(missing_ok=True)
    return folder


@contextmanager
def _replaced(path: Path) -> Iterator[Path]:
    """A file to write beside the path, which takes its place once it is whole."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    yield draft
    draft.replace(path)


def _write(path: Path, frame: pd.DataFrame) -> None:
    """Write a frame as pandas does, in a fraction of its time: each distinct number is put into words once."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([frame.index.name or "", *frame.columns])
        writer.writerows(zip(frame.index.tolist(), *(_texts(column) for _, column in frame.items()), strict=True))


def _texts(column: pd.Series[Any]) -> npt.NDArray[np.object_]:
    """The cells of a column as they stand in the file; what is missing is empty."""
    if column.dtype.kind != "f":
        return column.to_numpy(dtype=object, na_value="")
    places, distinct = pd.factorize(column.to_numpy())
    # a missing number has the place -1: the last of the texts
    return np.array([*map(repr, distinct.tolist()), ""], dtype=object)[places]


def open_survey(cohort: Cohort) -> CleanSurvey:
    """The clean survey of a cohort: read where it is there and fresh, else made anew in memory.

    Any notebook can therefore be run alone, in any order. The last survey that was opened is kept, for the stages that
    open one another. Raises UserErrors as `clean_survey` does.
    """
    fingerprint = _fingerprint(cohort)
    if not _last or _last[0].cohort != cohort or _last[0].fingerprint != fingerprint:
        _last[:] = [_Opened(cohort, fingerprint, _saved(cohort, fingerprint) or clean_survey(cohort))]
    return _own(_last[0].survey)


@dataclass(frozen=True)
class _Opened:
    """A survey as it was opened, and from what."""

    cohort: Cohort
    fingerprint: str
    survey: CleanSurvey


_last: list[_Opened] = []


def _own(survey: CleanSurvey) -> CleanSurvey:
    """The survey with frames of its own: who adds a column to one adds it to no other (pandas copies on writing)."""
    form = survey.satisfaction
    return replace(
        survey,
        people=survey.people.copy(deep=False),
        waves={wave: frame.copy(deep=False) for wave, frame in survey.waves.items()},
        satisfaction=None if form is None else form.copy(deep=False),
        then=None if survey.then is None else survey.then.copy(deep=False),
    )


def _saved(cohort: Cohort, fingerprint: str) -> CleanSurvey | None:
    """The clean survey on disk; None where there is none that was made from these files."""
    folder = cohort.project.processed(cohort.name) / "clean"
    try:
        stamp = json.loads((folder / "stamp.json").read_text(encoding="utf-8"))
        fresh = stamp["fingerprint"] == fingerprint
    except (OSError, ValueError, KeyError):
        fresh = False
    if not fresh:
        return None
    waves = {wave: folder / f"wave-{wave}.csv" for wave in cohort.study.times}
    then = folder / f"wave-{cohort.study.change.then}.csv"
    form, sessions = folder / "satisfaction.csv", folder / "attendance.csv"
    return CleanSurvey(
        people=_people(folder, cohort),
        waves={wave: _persons(path) for wave, path in waves.items() if path.is_file()},
        satisfaction=pd.read_csv(form, index_col=0, dtype={0: "str"}).astype(float) if form.is_file() else None,
        attendance=_persons(sessions)["sessions"] if sessions.is_file() else None,
        log=_log(folder),
        reading=stamp["reading"],
        then=_persons(then) if then.is_file() else None,
    )


def _fingerprint(cohort: Cohort) -> str:
    files = [*survey_files(cohort), *module_files("braid.cleaning.survey")]
    return digest_files(files, cohort.project.root)


def _persons(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype={"participant": "str"}, keep_default_na=False, na_values=[""])
    return frame.set_index("participant").astype(float)


def _people(folder: Path, cohort: Cohort) -> pd.DataFrame:
    kinds = {n: "str" if c.type == "group" else "float" for n, c in cohort.study.characteristics.items()}
    frame = pd.read_csv(
        folder / "people.csv", dtype={"participant": "str", **kinds}, keep_default_na=False, na_values=[""]
    )
    return frame.set_index("participant")


def _log(folder: Path) -> pd.DataFrame:
    frame = pd.read_csv(folder / "log.csv", dtype="str", keep_default_na=False)
    return frame.astype({"n": int})
