"""From a staged report to its files: HTML, PDF and Word, by Quarto or by pandoc and typst alone."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from braid.errors import RunError, UserError
from braid.rendering.finish_docx import finish
from braid.rendering.finish_page import finish_page
from braid.rendering.quarto import by_quarto, find_quarto, quarto_version
from braid.rendering.staging import StagedReport, stage
from braid.rendering.standalone import WRITERS, by_pandoc, forget_pages

__all__ = ["StagedReport", "find_quarto", "forget_pages", "quarto_version", "render", "stage"]

FORMATS = ("html", "pdf", "docx")
_LONGEST_FIRST = ("pdf", "html", "docx")


def _silent(*_told: object) -> None:
    """Tells nobody."""


def render(
    staged: Path,
    output: Path,
    formats: Sequence[str] = FORMATS,
    *,
    quarto: Path | None = None,
    workers: int = 2,
    pictures: Path | None = None,
    progress: Callable[[str, float], None] = _silent,
    note: Callable[[str], None] = _silent,
) -> list[Path]:
    """Renders a staged project to report.html, report.pdf and report.docx in `output`.

    quarto: the program to use, one format after the other, or None for the built-in renderer, which makes as many
    at a time as there are workers. pictures: the folder that remembers the pictures drawn for Word, and the
    tables and citations as pandoc made them. progress is told each format, in the order asked for, and the seconds it
    took; note what a person should know, as of a PDF that cannot keep to its standard.
    The files appear together when all are made: after any error the old ones are still there. The same staged
    project gives the same bytes. Raises UserError for a source that cannot be rendered, RunError naming the format
    when a program stops.
    """
    unknown = [name for name in formats if name not in WRITERS]
    if unknown:
        raise UserError(f"unknown format {unknown[0]}", expected=", ".join(WRITERS))
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".report-", dir=output) as folder:
        fresh = Path(folder)
        kept = pictures or fresh / "pictures"
        renderer = by_quarto(quarto, staged, fresh, kept, note) if quarto else by_pandoc(staged, fresh, kept, note)
        paths: list[Path] = []
        with renderer as make:
            for name, path, seconds in _made(make, staged, formats, workers if quarto is None else 1):
                paths.append(path)
                progress(name, seconds)
        for path in paths:
            path.replace(output / path.name)
    return [output / path.name for path in paths]


def _made(
    make: Callable[[str], Path], staged: Path, formats: Sequence[str], workers: int
) -> Iterator[tuple[str, Path, float]]:
    """Yields each format with its file and its seconds. After an error the formats that still wait are not begun.

    Threads are enough: nearly all the time is spent in pandoc, a program of its own, and in typst, which runs beside
    Python.
    """

    def one(name: str) -> tuple[Path, float]:
        began = time.perf_counter()
        try:
            path = make(name)
            if name == "docx":
                finish(path)
            elif name == "html":
                finish_page(path, staged)
        except RunError as error:
            raise RunError(f"report.{name} was not made: {error}") from error
        return path, time.perf_counter() - began

    with ThreadPoolExecutor(max(1, workers)) as pool:
        waiting = {name: pool.submit(one, name) for name in sorted(formats, key=_LONGEST_FIRST.index)}
        try:
            for name in formats:
                path, seconds = waiting[name].result()
                yield name, path, seconds
        finally:
            pool.shutdown(cancel_futures=True)
