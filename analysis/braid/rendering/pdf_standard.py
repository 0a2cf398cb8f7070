"""PDF/UA and its like: asked for in `_quarto.yml` as `pdf-standard`, checked by typst, given up where they must be."""

from __future__ import annotations

import re
from pathlib import Path

BEYOND_STANDARD = re.compile(r"PDF/(UA|A|X)-\d\w? error")
"""What typst says of a document that cannot keep to a standard, as of a letter that no font on the machine has."""


def given_up(error: Exception) -> str:
    """What is told of a PDF that is set without the standard: typst's own reason, and where help is."""
    found = re.search(r"(?P<standard>PDF/(?:UA|A|X)-\d\w?) error:?\s*(?P<why>.*)", str(error))
    assert found is not None
    why = found["why"].strip() or "typst does not say why"
    return f"  report.pdf does not keep to {found['standard']}: {why} (braid doctor says which fonts are missing)"


def without_standard(settings: Path) -> None:
    """Takes `pdf-standard` out of the `_quarto.yml` of a copied project."""
    text = settings.read_text(encoding="utf-8")
    settings.write_text(re.sub(r"(?m)^\s*pdf-standard:.*\n", "", text), encoding="utf-8")
