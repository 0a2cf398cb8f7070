"""`braid doctor`: what is installed, what is used, what to do."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from braid.doctor import diagnose
from braid.errors import RunError
from braid.study import find_root

MARKS = {"ok": "ok", "note": "note", "problem": "PROBLEM"}


def show_diagnosis() -> None:
    """Print the findings as a table; raises RunError where something keeps braid from working."""
    findings = diagnose(find_root())
    table = Table(box=None, header_style="bold")
    for column in ("", "what", "found", "what to do"):
        table.add_column(column)
    for finding in findings:
        table.add_row(MARKS[finding.state], finding.topic, finding.found, finding.todo or "")
    Console(highlight=False).print(table)
    problems = [finding.topic for finding in findings if finding.state == "problem"]
    if problems:
        raise RunError(f"braid cannot work well before this is mended: {', '.join(problems)}")
