"""What pandoc made before, remembered until what it is made of changes: an edit of the prose leaves most as it was."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path


def remembered(kept: Path | None, name: str, made_of: Iterable[bytes], make: Callable[[], bytes]) -> bytes:
    """What `make` gives, or what it gave the last time if that was made of the same.

    kept: the folder that holds one file for each name, or None to remember nothing; made_of: everything that the
    result depends on.
    """
    if kept is None:
        return make()
    digest = hashlib.sha256()
    for part in made_of:
        digest.update(b"%d:" % len(part) + part)
    sign = digest.hexdigest().encode("ascii")
    path = kept / name
    if path.is_file():
        known, _, made = path.read_bytes().partition(b"\n")
        if known == sign:
            return made
    made = make()
    kept.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.draft")
    draft.write_bytes(sign + b"\n" + made)
    draft.replace(path)
    return made
