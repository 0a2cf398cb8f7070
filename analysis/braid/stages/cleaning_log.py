"""Piece of stage `clean`: every rule that cleaning applied, in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from braid.cleaning import rules
from braid.language import tr
from braid.presentation import numbers
from braid.presentation.inline import Markdown
from braid.presentation.prose import Prose
from braid.presentation.table import Column, Table

if TYPE_CHECKING:
    from braid.stages.participants import Participants

LONG_LOG = 40
"""Rules of cleaning above which a table of them would fill pages; like ones then stand in one row."""


def description() -> Prose:
    """What the table of rules is."""
    return Prose(
        Markdown(
            tr(
                "@tbl-log lists every rule that cleaning applied to the cohort's files, and to how many cells or rows. "
                "The files themselves are never written to."
            )
        )
    )


def table(stage: Participants) -> Table:
    """Every rule that cleaning applied."""
    log, notes = stage.data.log, []
    if len(log) > LONG_LOG:
        log = _columns_together(log)
        notes.append(tr("Where one rule changed the same cell in several columns of a file, they stand in one row."))
    rows = []
    for change in log.to_dict("records"):
        said = rules.in_words({str(name): cell for name, cell in change.items()})
        said["file"] = said["file"].split("/")[-1]
        rows.append([*said.values(), numbers.whole(change["n"])])
    columns = [
        Column(tr("File")),
        Column(tr("Column")),
        Column(tr("Found")),
        Column(tr("Became")),
        Column(tr("Rule")),
        Column(tr("Cells or rows"), "number"),
    ]
    return Table(columns, rows, notes=notes)


def _columns_together(log: pd.DataFrame) -> pd.DataFrame:
    """The log with one row for what was done alike in several columns of a file: `15 columns: scq01 to scq15`."""
    alike = log.groupby(["file", "found", "became", "rule"], sort=False)
    together = alike.agg(column=("column", _several), n=("n", "sum"))
    return together.reset_index()


def _several(columns: pd.Series) -> str:
    names = list(dict.fromkeys(columns))
    if len(names) == 1:
        return str(names[0])
    return tr("{n} columns: {first} to {last}", n=str(len(names)), first=names[0], last=names[-1])
