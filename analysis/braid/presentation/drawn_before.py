"""Figures that were drawn before from the same data by the same code, so that a small edit draws few of them anew.

A run names the folder for one notebook's figures and a mark of the code that draws (`FOLDER` and `MARK` in the
environment); where they are not named, as in JupyterLab or while notebooks are verified, every figure is drawn.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from braid.language import current
from braid.presentation import inline
from braid.presentation.figure import Figure
from braid.presentation.inline import Markdown

FOLDER = "BRAID_DRAWN_FOLDER"
MARK = "BRAID_DRAWN_MARK"
_asked: Counter[str] = Counter()
"""How often each function was asked in this process: one file for each of its figures, written over by the next run."""


def remembered(draw: Callable[[], Figure], function: str, given: object) -> Figure:
    """The figure that `draw` makes of what was given, from its file where that holds the figure of the same data.

    function: the name of the function that draws. Something that cannot be told by its bytes is drawn.
    """
    folder = os.environ.get(FOLDER, "")
    if not folder:
        return draw()
    try:
        data = pickle.dumps((function, current(), given), protocol=5)
    except (pickle.PicklingError, TypeError, AttributeError):
        return draw()
    mark = hashlib.sha256(os.environ.get(MARK, "").encode() + data).hexdigest()
    _asked[function] += 1
    path = Path(folder) / f"{function}-{_asked[function]}.json"
    found = _read(path, mark)
    if found is None:
        found = draw()
        _write(path, mark, found)
    return found


def _read(path: Path, mark: str) -> Figure | None:
    """The figure of a file that carries this mark; whatever else stands there is no figure of ours."""
    try:
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if kept["mark"] != mark:
            return None
        caption = kept["caption"]
        return Figure(kept["svg"], kept["alt"], Markdown(caption) if kept["ready"] else caption)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(path: Path, mark: str, figure: Figure) -> None:
    ready = isinstance(figure.caption, Markdown)
    caption = inline.source(figure.caption) if isinstance(figure.caption, Markdown) else figure.caption
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.draft")
    kept = {"mark": mark, "svg": figure.svg, "alt": figure.alt, "caption": caption, "ready": ready}
    draft.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    draft.replace(path)
