"""A notebook that is begun early: its process and its kernel start while the results that it needs are being made."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

_GO, _LEAVE = "go", "leave"
_LOOK = 0.005  # seconds between two looks


class Refused(Exception):
    """The notebook is not needed after all."""


@dataclass(frozen=True)
class Gate:
    """A file that one process waits for and another writes, whichever way they were started."""

    path: Path

    def close(self) -> None:
        """Let nobody through yet."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.unlink(missing_ok=True)

    def open(self) -> None:
        """Let the notebook go on."""
        self._write(_GO)

    def refuse(self) -> None:
        """Send the notebook away."""
        self._write(_LEAVE)

    def wait(self) -> None:
        """Wait until it is open. Raises Refused."""
        while not self.path.exists():
            time.sleep(_LOOK)
        if self.path.read_text(encoding="utf-8") != _GO:
            raise Refused

    def _write(self, word: str) -> None:
        draft = self.path.with_suffix(".draft")
        draft.write_text(word, encoding="utf-8")
        draft.replace(self.path)
