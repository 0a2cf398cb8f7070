"""`braid preview`: one cohort's report in the browser, made anew whenever a text, a note or a file of it is saved."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
from pathlib import Path

from livereload import Server

from braid.errors import RunError
from braid.study import Cohort, find_root, open_cohort

WATCHED = ("reports/index.qmd", "reports/references.bib", "reports/sections", "reports/styles", "_quarto.yml")
HOST = "127.0.0.1"


def preview_cohort(name: str, port: int | None, open_browser: bool) -> None:
    """Make a cohort's page, serve it to this machine alone, and make it anew after each change until Ctrl-C.

    A mistake in a text is told in the terminal, and the page stays as it was. Raises UserError, RunError.
    """
    cohort = open_cohort(name)
    page = cohort.project.report(name) / "report.html"
    if not _made(cohort) and not page.is_file():
        raise RunError("there is no page to show yet: mend what stands above, and call braid preview again")
    server = Server()
    for path in watched(cohort):
        server.watch(str(path), lambda: _made(cohort))
    server.watch(str(page))
    chosen = port or _free_port()
    print(f"http://{HOST}:{chosen}/ shows {name}; save a file to see it anew, Ctrl-C ends this", flush=True)
    logging.getLogger("livereload").setLevel(logging.WARNING)
    server.serve(
        port=chosen,
        host=HOST,
        root=str(page.parent),
        default_filename=page.name,
        open_url_delay=0.5 if open_browser else None,
    )


def watched(cohort: Cohort) -> list[Path]:
    """Files and folders whose change makes the page stale; what a run writes is not among them."""
    root = cohort.project.root
    notebooks = sorted(cohort.project.analysis.glob("*.ipynb"))
    return [*(root / name for name in WATCHED), cohort.study_file, *notebooks, cohort.project.raw(cohort.name)]


def _made(cohort: Cohort) -> bool:
    """Whether the page could be made; the run is a process of its own, as papermill and its kernels want it."""
    command = [sys.executable, "-m", "braid", "run", cohort.name, "--to", "html", "--quiet"]
    return subprocess.run(command, cwd=find_root()).returncode == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
