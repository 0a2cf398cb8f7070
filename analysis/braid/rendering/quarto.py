"""Renders a staged project with Quarto where it is installed."""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from braid.errors import RunError, UserError
from braid.rendering.cells import PNG, SVG, published_cells, staged_notebook
from braid.rendering.pandoc import FIXED_EPOCH
from braid.rendering.pdf_standard import BEYOND_STANDARD, given_up, without_standard
from braid.rendering.word_pictures import as_png

OLDEST = (1, 4)
FORMATS = {"html": "html", "pdf": "typst", "docx": "docx"}


def find_quarto() -> Path | None:
    """The `quarto` program on the PATH or beside the running Python; None where there is none that starts."""
    beside = str(Path(sys.executable).parent)
    for candidate in (shutil.which("quarto"), shutil.which("quarto", path=beside)):
        if candidate:
            try:
                quarto_version(Path(candidate))
            except RunError:
                continue
            return Path(candidate)
    return None


def quarto_version(quarto: Path) -> tuple[int, ...]:
    """The version of a Quarto program. Raises RunError when it does not start or tells none."""
    try:
        done = subprocess.run([quarto, "--version"], capture_output=True, text=True, timeout=120, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RunError(f"{quarto} does not start: {error}") from error
    match = re.search(r"^\D*(\d+(?:\.\d+)+)", done.stdout.strip())
    if done.returncode != 0 or match is None:
        raise RunError(f"{quarto} tells no version: {(done.stderr or done.stdout).strip()[-300:]}")
    return tuple(int(part) for part in match[1].split("."))


@contextmanager
def by_quarto(
    quarto: Path, staged: Path, output: Path, pictures: Path, note: Callable[[str], None]
) -> Iterator[Callable[[str], Path]]:
    """Gives what makes a report's files: called with a format (html, pdf, docx), one after the other, it has Quarto
    write the file to `output` and returns its path. `pictures` remembers those drawn for Word;
    note is told of a PDF that cannot keep to its standard.

    Quarto works on a copy of the staged project, so that what it leaves behind never reaches the next run.
    Raises UserError for a version before 1.4, RunError with Quarto's last lines when it stops.
    """
    version = quarto_version(quarto)
    if version < OLDEST:
        raise UserError(
            "this Quarto is too old",
            place=str(quarto),
            found=".".join(map(str, version)),
            expected=f"{OLDEST[0]}.{OLDEST[1]} or later",
            todo="update Quarto, or render without it",
        )
    with tempfile.TemporaryDirectory(prefix="braid-quarto-") as folder:

        def make(name: str) -> Path:
            project = Path(folder) / ("word" if name == "docx" else "report")
            if not project.exists():
                shutil.copytree(staged, project, ignore=shutil.ignore_patterns(".quarto", "_output"))
                if name == "docx":
                    _draw_pictures(project, pictures)
            try:
                made = _render_one(quarto, project, FORMATS[name], name)
            except RunError as error:
                if not BEYOND_STANDARD.search(str(error)):
                    raise
                note(given_up(error))
                without_standard(project / "_quarto.yml")
                made = _render_one(quarto, project, FORMATS[name], name)
            path = output / f"report.{name}"
            shutil.copyfile(made, path)
            return path

        yield make


def _draw_pictures(project: Path, kept: Path) -> None:
    """Puts PNG in the place of SVG in a staged project's notebooks: Quarto would ask for another program to do it."""
    for path in sorted((project / "notebooks").glob("*.ipynb")):
        cells = published_cells(path, staged=True)
        drawn = [
            replace(cell, mime=PNG, data=base64.b64encode(as_png(cell.data.encode("utf-8"), kept)).decode("ascii"))
            if cell.mime == SVG
            else cell
            for cell in cells
        ]
        path.write_text(staged_notebook(drawn) + "\n", encoding="utf-8")


def _render_one(quarto: Path, project: Path, target: str, suffix: str) -> Path:
    command = [str(quarto), "render", str(project), "--to", target, "--output-dir", "_output", "--no-clean"]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": FIXED_EPOCH, "NO_COLOR": "1"}
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=project, env=environment, timeout=900, check=False
    )
    made = project / "_output" / f"index.{suffix}"
    said = [line for line in (done.stdout + "\n" + done.stderr).splitlines() if line.strip()]
    if done.returncode != 0 or not made.is_file():
        raise RunError(f"quarto render --to {target} stopped:\n  " + "\n  ".join(said[-15:]))
    unresolved = [line for line in said if "Unable to resolve crossref" in line or "not found" in line]
    if unresolved:
        raise RunError(f"quarto render --to {target} left references open:\n  " + "\n  ".join(unresolved[-15:]))
    return made
