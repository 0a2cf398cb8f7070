"""A finished picture with its alternative text and caption, as notebooks and the report take it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from braid.presentation import escaping, inline
from braid.presentation.inline import Cell

_SCREEN = 96 / 72  # CSS pixels in a point
_SIZE = re.compile(r'<svg\b[^>]*?\bwidth="([\d.]+)pt" height="([\d.]+)pt"')


@dataclass(frozen=True)
class Figure:
    """A picture that is ready to be published.

    svg: the picture as lines and letters drawn as outlines, its size in points; it names no other file.
    alt: what it shows, in words and numbers, as plain text; no shortcode can stand in it.
    caption: a generated caption; without one the option `fig-cap` of the notebook's cell holds.
    """

    svg: str
    alt: str
    caption: Cell | None = None

    def __post_init__(self) -> None:
        if not _SIZE.search(self.svg[:1000]):
            raise ValueError("a figure holds an SVG picture with its size in points")
        if not self.alt.strip():
            raise ValueError("a figure has an alternative text")
        object.__setattr__(self, "alt", escaping.attribute(self.alt))

    @property
    def points(self) -> tuple[float, float]:
        """Width and height in points."""
        found = _SIZE.search(self.svg)
        assert found is not None
        return float(found[1]), float(found[2])

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        width, height = (round(points * _SCREEN) for points in self.points)
        braid = {"alt": self.alt}
        if self.caption is not None:
            braid["caption"] = inline.source(self.caption)
        data = {"image/svg+xml": self.svg, "text/plain": self.alt}
        return data, {"image/svg+xml": {"width": width, "height": height}, "braid": braid}
