"""The clean survey on disk: `data_processed/<cohort>/clean`, written whole or not at all, and read back as it was."""

from __future__ import annotations

import json
import os
from pathlib import Path

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
    texts = {"people.csv": data.people.to_csv()}
    texts |= {f"wave-{wave}.csv": frame.to_csv() for wave, frame in data.waves.items()}
    if data.satisfaction is not None:
        texts["satisfaction.csv"] = data.satisfaction.to_csv()
    if data.attendance is not None:
        texts["attendance.csv"] = data.attendance.to_csv()
    texts["log.csv"] = data.log.to_csv(index=False)
    stamp = {"fingerprint": _fingerprint(cohort), "reading": data.reading}
    texts["stamp.json"] = json.dumps(stamp, ensure_ascii=False, indent=1) + "\n"
    for name, text in texts.items():
        draft = folder / f".{name}.{os.getpid()}.draft"
        draft.write_text(text, encoding="utf-8")
        draft.replace(folder / name)
    for left in folder.glob("*.*"):
        if left.name not in texts and not left.name.startswith("."):
            left.unlink(missing_ok=True)
    return folder


def open_survey(cohort: Cohort) -> CleanSurvey:
    """The clean survey of a cohort: read where it is there and fresh, else made anew in memory.

    Any notebook can therefore be run alone, in any order. Raises UserErrors as `clean_survey` does.
    """
    folder = cohort.project.processed(cohort.name) / "clean"
    try:
        stamp = json.loads((folder / "stamp.json").read_text(encoding="utf-8"))
        fresh = stamp["fingerprint"] == _fingerprint(cohort)
    except (OSError, ValueError, KeyError):
        fresh = False
    if not fresh:
        return clean_survey(cohort)
    waves = {wave: folder / f"wave-{wave}.csv" for wave in cohort.study.waves}
    form, sessions = folder / "satisfaction.csv", folder / "attendance.csv"
    return CleanSurvey(
        people=_people(folder, cohort),
        waves={wave: _persons(path) for wave, path in waves.items() if path.is_file()},
        satisfaction=pd.read_csv(form, index_col=0, dtype={0: "str"}).astype(float) if form.is_file() else None,
        attendance=_persons(sessions)["sessions"] if sessions.is_file() else None,
        log=_log(folder),
        reading=stamp["reading"],
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
