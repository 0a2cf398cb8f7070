"""A finished picture with its alternative text and caption, as notebooks and the report take it."""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass
from typing import Any

from braid.presentation import escaping, inline
from braid.presentation.inline import Cell

_SCREEN = 96  # CSS pixels in an inch
_DPI = 200


@dataclass(frozen=True)
class Figure:
    """A picture that is ready to be published.

    png: the picture, 200 dots per inch, so that 1260 dots are 16 cm.
    alt: what it shows, in words and numbers, as plain text; no shortcode can stand in it.
    caption: a generated caption; without one the option `fig-cap` of the notebook's cell holds.
    """

    png: bytes
    alt: str
    caption: Cell | None = None

    def __post_init__(self) -> None:
        if not self.png.startswith(b"\x89PNG\r\n\x1a\n"):
            raise ValueError("a figure holds a PNG picture")
        if not self.alt.strip():
            raise ValueError("a figure has an alternative text")
        object.__setattr__(self, "alt", escaping.attribute(self.alt))

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height in dots."""
        width, height = struct.unpack(">II", self.png[16:24])
        return int(width), int(height)

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        width, height = (round(dots * _SCREEN / _DPI) for dots in self.pixels)
        braid = {"alt": self.alt}
        if self.caption is not None:
            braid["caption"] = inline.source(self.caption)
        data = {"image/png": base64.b64encode(self.png).decode("ascii"), "text/plain": self.alt}
        return data, {"image/png": {"width": width, "height": height}, "braid": braid}
