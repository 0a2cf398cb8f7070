"""From a staged report to its files: HTML, PDF and Word, by Quarto or by pandoc and typst alone."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from braid.errors import UserError
from braid.rendering.finish_docx import finish
from braid.rendering.quarto import find_quarto, quarto_version, render_quarto
from braid.rendering.staging import StagedReport, stage
from braid.rendering.standalone import WRITERS, render_standalone

__all__ = ["StagedReport", "find_quarto", "quarto_version", "render", "stage"]

FORMATS = ("html", "pdf", "docx")


def _silent(_format: str, _seconds: float) -> None:
    """Tells nobody."""


def render(
    staged: Path,
    output: Path,
    formats: Sequence[str] = FORMATS,
    *,
    quarto: Path | None = None,
    progress: Callable[[str, float], None] = _silent,
) -> list[Path]:
    """Renders a staged project to report.html, report.pdf and report.docx in `output`.

    quarto: the program to use, or None for the built-in renderer; progress is told each format and its seconds.
    The files appear together when all are made: after any error the old ones are still there. The same staged
    project gives the same bytes. Raises UserError for a source that cannot be rendered, RunError when a program
    stops.
    """
    unknown = [name for name in formats if name not in WRITERS]
    if unknown:
        raise UserError(f"unknown format {unknown[0]}", expected=", ".join(WRITERS))
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".report-", dir=output) as folder:
        fresh = Path(folder)
        if quarto is None:
            made = render_standalone(staged, formats, fresh)
        else:
            made = render_quarto(quarto, staged, formats, fresh)
        started = time.perf_counter()
        paths: list[Path] = []
        for name, path in made:
            if name == "docx":
                finish(path)
            paths.append(path)
            progress(name, time.perf_counter() - started)
            started = time.perf_counter()
        for path in paths:
            path.replace(output / path.name)
    return [output / path.name for path in paths]
