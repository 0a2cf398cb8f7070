"""Piece of stage `qualitative`: how far two coders agreed before consensus, and how their differences were settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from braid.integration.triangulation import researcher_triangulation
from braid.presentation import numbers
from braid.presentation.coders import CodeRow, coder_agreement
from braid.presentation.escaping import markdown
from braid.presentation.figure import Figure
from braid.presentation.inline import Markdown
from braid.presentation.prose import Prose, counted, enumeration
from braid.presentation.table import Column, Row, Table
from braid.qualitative import AgreementTable, mask_key, mask_text, scan
from braid.qualitative.codes import decided_to_apply, name_of
from braid.records import Record
from braid.stages.opening import needs

if TYPE_CHECKING:
    from braid.stages.interviews import Interviews

NONE = "Agreement between coders is not reported."
WITHHELD = "not shown: it may identify somebody"


@needs(lambda stage: stage.compares_coders, NONE)
def description(stage: Interviews) -> Prose:
    """Agreement in words, with what became of the differences."""
    found, consensus = _table_of(stage), stage.data.consensus
    pooled = found.pooled
    assert pooled is not None
    text = (
        f"Two people coded {counted(found.n, found.unit)} apart. Over all codes they agreed on "
        f"{numbers.percent(pooled.both + pooled.neither, pooled.n)} of decisions "
        f"(kappa = {numbers.fixed(pooled.kappa)}, AC1 = {numbers.fixed(pooled.ac1)}; @fig-agreement, @tbl-agreement)."
    )
    told = researcher_triangulation(found)
    if told.lowest is not None and told.highest is not None and told.lowest != told.highest:
        low, high = told.lowest, told.highest
        text += (
            f" Code by code, kappa ran from {numbers.fixed(low.result.kappa)} ({markdown(low.label).lower()}) to "
            f"{numbers.fixed(high.result.kappa)} ({markdown(high.label).lower()})."
        )
    if told.n_estimable < told.n_codes:
        out = told.n_codes - told.n_estimable
        text += f" For {counted(out, 'code')} it is not estimable, as nobody or everybody was given it."
    record = found.consensus
    if record is not None and record.disagreements:
        settled = f"{'all ' if not record.open else ''}{record.settled}"
        text += (
            f" Of {counted(record.disagreements, 'disagreement')}, {settled} "
            f"{'was' if record.settled == 1 else 'were'} settled by consensus"
        )
        text += f" and {record.open} {'stands' if record.open == 1 else 'stand'} open" if record.open else ""
        text += f": the code was kept {record.applied} and dropped {record.not_applied} times{_by_whom(consensus)}."
        text += " @tbl-consensus lists each decision with its reason."
    if found.left_out:
        text += f" {counted(len(found.left_out), 'source')} that one person coded alone {_is(found.left_out)} left out."
    return Prose(Markdown(text))


def _table_of(stage: Interviews) -> AgreementTable:
    assert stage.agreement is not None
    return stage.agreement


def _is(things: tuple[str, ...]) -> str:
    return "is" if len(things) == 1 else "are"


def _by_whom(consensus: pd.DataFrame | None) -> str:
    if consensus is None or "adjudicator" not in consensus.columns:
        return ""
    who = Counter(filter(None, map(name_of, consensus["adjudicator"])))
    if len(who) == 1:
        return f", each time by {markdown(next(iter(who)))}"
    return f", by {enumeration([f'{markdown(name)} ({n})' for name, n in who.most_common()])}" if who else ""


@needs(lambda stage: stage.compares_coders, NONE)
def figure(stage: Interviews) -> Figure:
    """The four measures of each code."""
    found = _table_of(stage)
    rows = [
        CodeRow(code.label, code.theme.count("."), r.percent, r.kappa, r.alpha, r.ac1)
        for code in found.codes
        for r in (code.result,)
    ]
    return coder_agreement(rows)


@needs(lambda stage: stage.compares_coders, NONE)
def table(stage: Interviews) -> Table:
    """The 2 x 2 counts and the four measures for each code."""
    found = _table_of(stage)
    under = f"{found.unit.capitalize()}s coded by"
    columns = [Column("Code"), *(Column(name, "number", under=under) for name in ("Both", "A only", "B only", "None"))]
    columns += [Column(name, "number") for name in ("Agreement", "Kappa", "Alpha", "AC1")]
    rows = []
    for code in found.codes:
        c = code.result
        rows.append(
            Row(
                (
                    code.label,
                    *(str(count) for count in (c.both, c.only_first, c.only_second, c.neither)),
                    numbers.percent(c.both + c.neither, c.n) if c.n else numbers.MISSING,
                    *(numbers.fixed(value) for value in (c.kappa, c.alpha, c.ac1)),
                ),
                indent=code.theme.count("."),
                strong="." not in code.theme,
            )
        )
    notes = [
        f"A and B are the two coders; unit: {found.unit}, before consensus. Alpha is Krippendorff's. All four measures "
        "are given because they part where a code is rare."
    ]
    if any(code.result.kappa is None for code in found.codes):
        notes.append("A dash stands where a coefficient is not estimable, as nobody or everybody was given the code.")
    return Table(columns, rows, notes=notes)


@needs(lambda stage: stage.has_consensus, "There is no record of how coders settled their differences.")
def consensus_table(stage: Interviews) -> Table:
    """Each decision on a difference: code, who had applied it, what was decided, why, by whom and when.

    The words that were coded are not shown: only approved quotations are. A reason in which the patterns for
    quotations find something is withheld.
    """
    consensus = stage.data.consensus
    assert consensus is not None
    labels = {path: theme.label for path, theme in stage.coding.paths().items()}
    key = mask_key(stage.data.interviewees["participant"], stage.cohort.name)
    columns = [Column(name) for name in ("Code", "Applied by", "Decision", "Reason", "Decided by", "Date")]
    rows = []
    for row in consensus.to_dict("records"):
        cells = {str(name): name_of(cell).strip() for name, cell in row.items()}
        reason = mask_text(cells.get("reason", ""), key)
        rows.append(
            (
                labels.get(cells["theme"], cells["theme"]),
                _applied_by(cells),
                "kept" if decided_to_apply(cells["decision"]) else "dropped",
                WITHHELD if scan(reason, stage.deny) else reason,
                cells.get("adjudicator", ""),
                cells.get("date", ""),
            )
        )
    note = "A and B are the two coders. The passages are not shown, as only approved quotations are."
    return Table(columns, rows, notes=[note])


def _applied_by(cells: Mapping[str, str]) -> str:
    told = [
        coder for coder, name in (("A", "coder_a"), ("B", "coder_b")) if cells.get(name, "").casefold() in ("yes", "1")
    ]
    return " and ".join(told) or numbers.MISSING


def records(found: AgreementTable) -> list[Record]:
    """Kappa of each code and over all, with the other measures as parts."""
    named = [(f"agreement.{code.theme.lower()}", code.result) for code in found.codes]
    named += [("agreement.pooled", found.pooled)] if found.pooled is not None else []
    return [
        Record(
            name,
            numbers.fixed(c.kappa),
            c.kappa,
            n=c.n,
            unit="kappa",
            method="Cohen's kappa",
            cell="tbl-agreement",
            parts={
                "percent": numbers.percent(c.both + c.neither, c.n),
                "alpha": numbers.fixed(c.alpha),
                "ac1": numbers.fixed(c.ac1),
            },
            note=c.reason,
        )
        for name, c in named
    ]
