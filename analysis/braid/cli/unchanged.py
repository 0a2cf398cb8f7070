"""`braid run` where nothing has changed: answered from sizes and times of files, before anything else is loaded.

After a whole run the sizes and modification times of everything the report depends on are kept beside it. When
the next call finds them all the same, there is nothing to do; when any differs, contents are compared as usual.
Only the standard library is imported here, so that the answer comes at once.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

QUIET = ("-q", "--quiet")


def answered(arguments: list[str]) -> bool:
    """Print the last report's lines where `arguments` ask for a run that has nothing to do; else False.

    Only the plain call is answered: `run`, a cohort, `--quiet`.
    """
    words = [word for word in arguments if word not in QUIET]
    if not 1 <= len(words) <= 2 or words[0] != "run" or any(word.startswith("-") for word in words):
        return False
    cohort = words[1] if len(words) == 2 else "demo"
    root = _root(Path.cwd())
    if root is None or os.sep in cohort or cohort.startswith("."):
        return False
    try:
        kept = json.loads(_file(root, cohort).read_text(encoding="utf-8"))
        if kept["signs"] != signs(root, kept["signs"]["files"]):
            return False
    except (OSError, ValueError, KeyError, TypeError):
        return False
    quiet = len(words) < len(arguments)
    print("\n".join(kept["brief"] if quiet else kept["lines"]))
    return True


def remember(root: Path, cohort: str, files: Iterable[Path], lines: list[str], brief: list[str]) -> None:
    """Keep the signs of the files a finished report depends on, and what to say when they are still the same.

    files: files and folders; a folder's time tells that something was added to it or taken away.
    """
    names = sorted({os.path.relpath(path, root) for path in files})
    content = {"signs": signs(root, names), "lines": lines, "brief": brief}
    path = _file(root, cohort)
    draft = path.with_name(".unchanged.draft")
    draft.write_text(json.dumps(content), encoding="utf-8")
    draft.replace(path)


def signs(root: Path, files: Iterable[str]) -> dict[str, object]:
    """Size and time of each file, the Python, the Quarto that would be used, and the commit."""
    return {
        "files": {name: _stat(root / name) for name in files},
        "python": [sys.version, sys.prefix],
        "quarto": shutil.which("quarto"),
        "commit": _commit(root),
    }


def _stat(path: Path) -> list[int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return [found.st_size if path.is_file() else 0, found.st_mtime_ns]


def _commit(root: Path) -> str | None:
    """The commit that HEAD stands on, read from its files; None outside of a repository."""
    git = root / ".git"
    try:
        head = (git / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref: "):
            return head
        ref = git / head.removeprefix("ref: ")
        if ref.is_file():
            return ref.read_text(encoding="utf-8").strip()
        return f"packed {_stat(git / 'packed-refs')}"
    except OSError:
        return None


def _root(start: Path) -> Path | None:
    for folder in (start, *start.parents):
        if (folder / "_quarto.yml").is_file() and (folder / "analysis").is_dir():
            return folder
    return None


def _file(root: Path, cohort: str) -> Path:
    return root / "data_processed" / cohort / "unchanged.json"
