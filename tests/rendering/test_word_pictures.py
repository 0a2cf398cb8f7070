"""Pictures drawn for Word are remembered as long as a report shows them."""

from __future__ import annotations

from pathlib import Path

import pytest
from braid.rendering import word_pictures
from braid.rendering.word_pictures import draw_all

CIRCLE = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><circle cx="10" cy="10" r="{}"/></svg>'


def work(folder: Path, **radii: int) -> Path:
    folder.mkdir(exist_ok=True)
    for name, radius in radii.items():
        (folder / f"{name}.svg").write_text(CIRCLE.format(radius), encoding="utf-8")
    return folder


def test_a_picture_is_drawn_once_and_forgotten_when_no_longer_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "tables").write_text("something else that is remembered", encoding="utf-8")
    first = work(tmp_path / "first", a=4, b=8)
    draw_all(first, kept)
    assert (first / "a.png").read_bytes() != (first / "b.png").read_bytes()
    assert len(list(kept.glob("*.png"))) == 2

    monkeypatch.delattr(word_pictures, "typst")  # what is drawn from here on fails
    second = work(tmp_path / "second", c=8)
    draw_all(second, kept)
    assert (second / "c.png").read_bytes() == (first / "b.png").read_bytes()
    assert [path.read_bytes() for path in kept.glob("*.png")] == [(first / "b.png").read_bytes()]
    assert (kept / "tables").is_file()
