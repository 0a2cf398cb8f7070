"""Pictures for Word, which shows no outlines: each SVG drawn once as a fine PNG, and kept by what it holds."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import typst

from braid.errors import RunError
from braid.rendering.fonts import fonts

PER_INCH = 300
_PAGE = '#set page(width: auto, height: auto, margin: 0pt)\n#image("picture.svg")\n'


def as_png(svg: bytes, kept: Path) -> bytes:
    """An SVG as a PNG of 300 dots an inch, drawn by typst; `kept` is the folder that remembers those drawn before.

    Raises RunError for a picture that cannot be drawn.
    """
    remembered = kept / _name(svg)
    if remembered.is_file():
        return remembered.read_bytes()
    with tempfile.TemporaryDirectory(prefix="braid-picture-") as folder:
        (Path(folder) / "picture.svg").write_bytes(svg)
        page = Path(folder) / "page.typ"
        page.write_text(_PAGE, encoding="utf-8")
        try:
            data = typst.compile(str(page), root=folder, font_paths=fonts(), format="png", ppi=PER_INCH)
        except typst.TypstError as error:
            raise RunError(f"a picture cannot be drawn: {error}") from error
    assert isinstance(data, bytes)
    kept.mkdir(parents=True, exist_ok=True)
    draft = remembered.with_suffix(".draft")
    draft.write_bytes(data)
    draft.replace(remembered)
    return data


def draw_all(work: Path, kept: Path) -> None:
    """Puts a PNG beside each SVG of a folder, under the same name; what `kept` remembers of other pictures goes."""
    used: set[str] = set()
    for path in sorted(work.rglob("*.svg")):
        svg = path.read_bytes()
        path.with_suffix(".png").write_bytes(as_png(svg, kept))
        used.add(_name(svg))
    for path in kept.glob("*.png"):
        if path.name not in used:
            path.unlink(missing_ok=True)


def _name(svg: bytes) -> str:
    return f"{hashlib.sha256(svg).hexdigest()[:32]}.png"
