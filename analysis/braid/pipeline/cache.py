"""What need not be run again: a stage is fresh when nothing that it reads has changed.

The key of a stage is the fingerprint of its notebook, its parameters, the library, the lock, the Python version
and the content of its inputs. Keys of later stages hold the *content* of earlier results, so a change that
leaves a result as it was stops there.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from pathlib import Path

from braid.study import digest_files, digest_library


def environment_key(root: Path) -> str:
    """The fingerprint of what every stage depends on: library, lock, Python."""
    lock = digest_files([root / "requirements.lock"], root)
    return _hash([digest_library(), lock, platform.python_version()])


def stage_key(environment: str, notebook: Path, parameters: Mapping[str, str], inputs: str) -> str:
    """The key of one stage. inputs: the fingerprint of the files it reads."""
    return _hash([environment, hashlib.sha256(notebook.read_bytes()).hexdigest(), json.dumps(parameters), inputs])


class Cache:
    """Keys and outputs of the stages of one cohort, in `data_processed/<cohort>/cache.json`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "cache.json"
        try:
            self.entries: dict[str, dict[str, str]] = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self.entries = {}

    def fresh(self, name: str, key: str, outputs: Iterable[Path]) -> bool:
        """Whether a stage was made with this key and its outputs are still what it wrote."""
        entry = self.entries.get(name, {})
        return entry.get("key") == key and entry.get("outputs") == self._digest(outputs)

    def keep(self, name: str, key: str, outputs: Iterable[Path]) -> None:
        """Remember that a stage was made; written at once, so that a killed run goes on from here."""
        self.entries[name] = {"key": key, "outputs": self._digest(outputs)}
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(".cache.draft")
        draft.write_text(json.dumps(self.entries, indent=1), encoding="utf-8")
        draft.replace(self.path)

    def _digest(self, outputs: Iterable[Path]) -> str:
        files = list(outputs)
        if not all(path.is_file() for path in files):
            return "missing"
        return _hash([hashlib.sha256(path.read_bytes()).hexdigest() for path in files])


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
