"""What need not be run again: a stage is fresh when nothing that it was made of has changed.

A stage is made of its notebook, its parameters, the library modules it runs, the lock, the Python version and the
content of its inputs. Later stages are made of the *content* of earlier results, so a change that leaves a result
as it was stops there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from braid.study import digest_file
from braid.study.fingerprint import LIBRARY

ABSENT = "absent"
"""What stands for the fingerprint of a file that is not there."""

Ingredients = Mapping[str, str]
"""What something is made of: the fingerprint of each ingredient by its name."""


def fingerprints(files: Iterable[Path], root: Path) -> dict[str, str]:
    """The fingerprint of each file by its name relative to root; the library's own by their names in the repository.

    A copy of the project at another place has the same names then, wherever the library stands.
    """
    repository = LIBRARY.parents[1]
    return {_name(path, repository if path.is_relative_to(LIBRARY) else root): digest_file(path) for path in files}


@cache
def _name(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()


class Cache:
    """Ingredients and outputs of the stages of one cohort, in `data_processed/<cohort>/cache.json`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "cache.json"
        self.entries: dict[str, dict[str, dict[str, str]]] = _read(self.path)

    def stale(self, name: str, made_of: Ingredients, outputs: Ingredients) -> list[str]:
        """Why a stage must be run (`survey.csv changed`); empty where it is fresh."""
        entry = self.entries.get(name)
        if entry is None:
            return ["never run"]
        lacking = [f"{output} is missing" for output, found in outputs.items() if found == ABSENT]
        if lacking:
            return lacking
        reasons = _differences(entry["made_of"], made_of)
        return reasons or [f"{reason} after the run" for reason in _differences(entry["outputs"], outputs)]

    def keep(self, name: str, made_of: Ingredients, outputs: Ingredients) -> None:
        """Remember that a stage was made; written at once, so that a killed run goes on from here.

        The file is the same whichever stage was finished first.
        """
        self.entries[name] = {"made_of": dict(made_of), "outputs": dict(outputs)}
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(".cache.draft")
        draft.write_text(json.dumps(self.entries, indent=1, sort_keys=True), encoding="utf-8")
        draft.replace(self.path)


def _read(path: Path) -> dict[str, dict[str, dict[str, str]]]:
    """The entries of a cache file; those that are not ours are left out, which costs a run and nothing else."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    entries = content.items() if isinstance(content, dict) else ()
    return {name: entry for name, entry in entries if _is_entry(entry)}


def _is_entry(entry: object) -> bool:
    return isinstance(entry, dict) and all(isinstance(entry.get(part), dict) for part in ("made_of", "outputs"))


def _differences(before: Ingredients, now: Ingredients) -> list[str]:
    """What differs, in words, by name."""
    found = []
    for name in sorted({*before, *now}):
        old, new = before.get(name, ABSENT), now.get(name, ABSENT)
        if old != new:
            found.append(f"{name} {'is new' if old == ABSENT else 'is gone' if new == ABSENT else 'changed'}")
    return found
