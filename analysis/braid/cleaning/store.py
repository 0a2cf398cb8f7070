"""Clean data on disk: `data_processed/<cohort>/clean`, written whole or not at all, and read back as it was."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd

from braid.cleaning.cohort import CleanCohort, clean
from braid.study import Cohort, digest_inputs, digest_library

TABLES = ("satisfaction", "segments", "interviewees", "quotes", "consensus", "log")
WHOLE = ("start", "end")


def save_clean(cohort: Cohort, data: CleanCohort) -> Path:
    """Write clean data as CSV files beside the fingerprint of what they were made from; returns the folder."""
    folder = cohort.project.processed(cohort.name) / "clean"
    draft = folder.with_name(".clean.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    data.people.to_csv(draft / "people.csv")
    for wave, frame in data.waves.items():
        frame.to_csv(draft / f"wave-{wave}.csv")
    for name in TABLES:
        frame = getattr(data, name)
        if frame is not None:
            frame.to_csv(draft / f"{name}.csv", index=name == "satisfaction")
    if data.transcripts:
        (draft / "transcripts.json").write_text(
            json.dumps(data.transcripts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    stamp = {"fingerprint": _fingerprint(cohort), "reading": data.reading}
    (draft / "stamp.json").write_text(json.dumps(stamp, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
    return folder


def open_clean(cohort: Cohort) -> CleanCohort:
    """The clean data of a cohort: read where they are there and fresh, else made anew in memory.

    Any notebook can therefore be run alone, in any order. Raises UserErrors as `clean` does.
    """
    folder = cohort.project.processed(cohort.name) / "clean"
    try:
        stamp = json.loads((folder / "stamp.json").read_text(encoding="utf-8"))
        fresh = stamp["fingerprint"] == _fingerprint(cohort)
    except (OSError, ValueError, KeyError):
        fresh = False
    if not fresh:
        return clean(cohort)
    return CleanCohort(
        people=_people(folder, cohort),
        waves={
            wave: _persons(folder / f"wave-{wave}.csv")
            for wave in cohort.study.waves
            if (folder / f"wave-{wave}.csv").is_file()
        },
        reading=stamp["reading"],
        transcripts=_transcripts(folder / "transcripts.json"),
        satisfaction=_table(folder, "satisfaction"),
        segments=_table(folder, "segments"),
        interviewees=_table(folder, "interviewees"),
        quotes=_table(folder, "quotes"),
        consensus=_table(folder, "consensus"),
        log=_log(folder),
    )


def _fingerprint(cohort: Cohort) -> str:
    return f"{digest_inputs(cohort)} {digest_library()}"


def _persons(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype={"participant": "str"}, keep_default_na=False, na_values=[""])
    return frame.set_index("participant").astype(float)


def _people(folder: Path, cohort: Cohort) -> pd.DataFrame:
    kinds = {n: "str" if c.type == "group" else "float" for n, c in cohort.study.characteristics.items()}
    frame = pd.read_csv(
        folder / "people.csv", dtype={"participant": "str", **kinds}, keep_default_na=False, na_values=[""]
    )
    return frame.set_index("participant")


def _transcripts(path: Path) -> dict[str, str]:
    texts: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return texts


def _table(folder: Path, name: str) -> pd.DataFrame | None:
    path = folder / f"{name}.csv"
    if not path.is_file():
        return None
    if name == "satisfaction":
        return pd.read_csv(path, index_col=0, dtype={0: "str"}).astype(float)
    frame = pd.read_csv(path, dtype="str", keep_default_na=False)
    for column in set(WHOLE).intersection(frame.columns):
        frame[column] = pd.to_numeric(frame[column], errors="coerce").astype("Int64")
    if "approved" in frame:
        frame["approved"] = frame["approved"] == "True"
    return frame


def _log(folder: Path) -> pd.DataFrame:
    frame = pd.read_csv(folder / "log.csv", dtype="str", keep_default_na=False)
    return frame.astype({"n": int})
