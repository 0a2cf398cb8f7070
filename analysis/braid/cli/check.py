"""`braid check`: everything that is wrong or strange in a cohort's files at once, and what cleaning would change."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from braid.errors import Mistakes, UserError
from braid.study import check_name, open_cohort

if TYPE_CHECKING:
    from braid.checking import Checked
    from braid.integration.checklists import FilledChecklist

SHOWN = ("column", "found", "became", "rule", "n", "rows")


def check_cohort(name: str, as_json: bool = False) -> None:
    """Read and clean a cohort in memory; print what was read, changed and found. Raises UserErrors with all errors."""
    from braid.checking import check
    from braid.checking.finding import errors_of
    from braid.integration.checklists import filled

    try:
        checked = check(open_cohort(check_name(name)))
        errors, warnings = list(checked.errors), list(checked.warnings)
        guidelines = filled(checked.cohort)
    except UserError as error:
        if not as_json:
            raise
        checked, errors, warnings, guidelines = None, errors_of(error), [], []
    if as_json:
        found: dict[str, Any] = {"cohort": name, "errors": [*map(asdict, errors)], "warnings": [*map(asdict, warnings)]}
        found["guidelines"] = {
            one.checklist.name: {"items": len(one.items), "missing": [*map(asdict, one.missing)]} for one in guidelines
        }
        print(json.dumps(found, ensure_ascii=False, indent=1))
        if errors:
            raise SystemExit(2)
        return
    assert checked is not None
    console = Console(highlight=False)
    if not errors:
        _print_read(checked, console)
        _print_guidelines(guidelines, console)
    if warnings:
        console.print(f"\nWorth a look ({len(warnings)})", style="bold")
        for finding in warnings:
            console.print(f"  {finding.render()}".replace("\n", "\n  "), markup=False, soft_wrap=True)
    if errors:
        mistakes = Mistakes()
        mistakes.errors += [UserError(finding.render()) for finding in errors]
        mistakes.stop_if_any()


def _print_guidelines(guidelines: list[FilledChecklist], console: Console) -> None:
    """How many items of the reporting guidelines the report will lack, in a line."""
    missing = [f"{one.checklist.name} {len(one.missing)}" for one in guidelines if one.missing]
    items = sum(len(one.items) for one in guidelines)
    lacking = sum(len(one.missing) for one in guidelines)
    said = f"{lacking} are missing ({', '.join(missing)}; --json says which)" if missing else "none is missing"
    console.print(f"\nReporting guidelines: of {items} items, {said}", markup=False, soft_wrap=True)


def _print_read(checked: Checked, console: Console) -> None:
    cohort, data = checked.cohort, checked.survey
    assert data is not None
    console.print(f"{cohort.spec.title} ({cohort.name}): the files can be used", style="bold", markup=False)
    for file, reading in checked.reading.items():
        console.print(f"  {file}: {reading}", markup=False)
    for wave, frame in data.waves.items():
        console.print(f"  {cohort.study.waves[wave]}: {len(frame)} persons answered", markup=False)
    if len(data.waves) > 1 and cohort.spec.pairing == "by key":
        first, last = (data.waves.get(wave) for wave in (cohort.study.first_wave, cohort.study.last_wave))
        if first is not None and last is not None:
            console.print(f"  paired by key: {len(first.index.intersection(last.index))}", markup=False)
    elif len(data.waves) > 1:
        console.print("  nobody is paired: the waves are compared as independent groups", markup=False)
    if data.satisfaction is not None:
        console.print(f"  evaluation forms: {len(data.satisfaction)}", markup=False)
    if checked.interviews is not None:
        people, segments = len(checked.interviews.interviewees), len(checked.interviews.segments)
        console.print(f"  interviews: {people} participants, {segments} coded segments")
    if len(data.log):
        console.print("\nWhat cleaning changes", style="bold")
    for name_of_file, changes in data.log.groupby("file", sort=False):
        table = Table(
            title=str(name_of_file), title_justify="left", title_style="", box=None, header_style="dim", pad_edge=False
        )
        for column in SHOWN:
            table.add_column(column, justify="right" if column == "n" else "left", overflow="fold")
        for change in changes[list(SHOWN)].itertuples(index=False):
            table.add_row(*(escape(str(cell)) for cell in change))
        console.print(table)
