"""The fonts of this machine, which typst would look for at each text."""

from __future__ import annotations

from functools import cache

import typst


@cache
def fonts() -> typst.Fonts:
    """All fonts there are, found once in a process."""
    return typst.Fonts()
