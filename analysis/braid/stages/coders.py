"""Piece of stage `qualitative`: how far two coders agreed before consensus, and how their differences were settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from braid.integration.triangulation import researcher_triangulation
from braid.language import N_, lowered, ntr, tr
from braid.presentation import numbers
from braid.presentation.coders import MEASURES, CodeRow, coder_agreement
from braid.presentation.escaping import markdown
from braid.presentation.figure import Figure
from braid.presentation.inline import Markdown
from braid.presentation.prose import Prose, counted, enumeration
from braid.presentation.table import Column, Row, Table
from braid.qualitative import AgreementTable, ConsensusSummary, mask_key, mask_text, scan
from braid.qualitative.codes import decided_to_apply, name_of
from braid.records import Record
from braid.stages.opening import needs

if TYPE_CHECKING:
    from braid.stages.interviews import Interviews

NONE = N_("Agreement between coders is not reported.")
UNITS = {"speaker turn": N_("speaker turn"), "segment": N_("segment")}
CODED_BY = {"speaker turn": N_("Speaker turns coded by"), "segment": N_("Segments coded by")}


@needs(lambda stage: stage.compares_coders, NONE)
def description(stage: Interviews) -> Prose:
    """Agreement in words, with what became of the differences."""
    found, consensus = _table_of(stage), stage.data.consensus
    pooled = found.pooled
    assert pooled is not None
    units = counted(found.n, "speaker turn") if found.unit == "speaker turn" else counted(found.n, "segment")
    said = [
        tr(
            "Two people coded {units} apart. Over all codes they agreed on {share} of decisions (kappa = {kappa}, "
            "AC1 = {ac1}; @fig-agreement, @tbl-agreement).",
            units=units,
            share=numbers.percent(pooled.both + pooled.neither, pooled.n),
            kappa=numbers.fixed(pooled.kappa),
            ac1=numbers.fixed(pooled.ac1),
        )
    ]
    told = researcher_triangulation(found)
    if told.lowest is not None and told.highest is not None and told.lowest != told.highest:
        low, high = told.lowest, told.highest
        said.append(
            tr(
                "Code by code, kappa ran from {low} ({first}) to {high} ({last}).",
                low=numbers.fixed(low.result.kappa),
                first=lowered(markdown(low.label)),
                high=numbers.fixed(high.result.kappa),
                last=lowered(markdown(high.label)),
            )
        )
    if out := told.n_codes - told.n_estimable:
        said.append(
            ntr(
                "For {n} code it is not estimable, as nobody or everybody was given it.",
                "For {n} codes it is not estimable, as nobody or everybody was given it.",
                out,
                n=out,
            )
        )
    if found.consensus is not None and found.consensus.disagreements:
        said.append(_settled(found.consensus, consensus))
        said.append(tr("@tbl-consensus lists each decision with its reason."))
    if alone := len(found.left_out):
        said.append(
            ntr(
                "{n} source that one person coded alone is left out.",
                "{n} sources that one person coded alone are left out.",
                alone,
                n=alone,
            )
        )
    return Prose(Markdown(" ".join(said)))


def _table_of(stage: Interviews) -> AgreementTable:
    assert stage.agreement is not None
    return stage.agreement


def _settled(record: ConsensusSummary, consensus: pd.DataFrame | None) -> str:
    """How many differences were settled, how, and by whom."""
    differences = counted(record.disagreements, "disagreement")
    decisions = _decisions(record, consensus)
    if not record.open:
        return ntr(
            "Of {differences}, all {n} was settled by consensus: {decisions}.",
            "Of {differences}, all {n} were settled by consensus: {decisions}.",
            record.settled,
            n=record.settled,
            differences=differences,
            decisions=decisions,
        )
    return tr(
        "Of {differences}, {settled} and {open}: {decisions}.",
        differences=differences,
        settled=ntr("{n} was settled by consensus", "{n} were settled by consensus", record.settled, n=record.settled),
        open=ntr("{n} stands open", "{n} stand open", record.open, n=record.open),
        decisions=decisions,
    )


def _decisions(record: ConsensusSummary, consensus: pd.DataFrame | None) -> str:
    fields = {"kept": str(record.applied), "dropped": str(record.not_applied)}
    named = consensus["adjudicator"] if consensus is not None and "adjudicator" in consensus.columns else ()
    who = Counter(filter(None, map(name_of, named)))
    if not who:
        return tr("the code was kept in {kept} and dropped in {dropped}", **fields)
    if len(who) == 1:
        one = markdown(next(iter(who)))
        return tr("the code was kept in {kept} and dropped in {dropped}, each time by {person}", **fields, person=one)
    people = enumeration(f"{markdown(name)} ({n})" for name, n in who.most_common())
    return tr("the code was kept in {kept} and dropped in {dropped}, by {people}", **fields, people=people)


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
    under = tr(CODED_BY[found.unit])
    coded = (tr("Both"), tr("A only"), tr("B only"), tr("None", context="coders"))
    columns = [Column(tr("Code")), *(Column(name, "number", under=under) for name in coded)]
    columns += [Column(tr(name, context="coders"), "number") for name in MEASURES]
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
        tr(
            "A and B are the two coders; unit: {unit}, before consensus. Alpha is Krippendorff's. All four measures "
            "are given because they part where a code is rare.",
            unit=tr(UNITS[found.unit]),
        )
    ]
    if any(code.result.kappa is None for code in found.codes):
        notes.append(
            tr("A dash stands where a coefficient is not estimable, as nobody or everybody was given the code.")
        )
    return Table(columns, rows, notes=notes)


@needs(lambda stage: stage.has_consensus, N_("There is no record of how coders settled their differences."))
def consensus_table(stage: Interviews) -> Table:
    """Each decision on a difference: code, who had applied it, what was decided, why, by whom and when.

    The words that were coded are not shown: only approved quotations are. A reason in which the patterns for
    quotations find something is withheld.
    """
    consensus = stage.data.consensus
    assert consensus is not None
    labels = {path: theme.label for path, theme in stage.coding.paths().items()}
    key = mask_key(stage.data.interviewees["participant"], stage.cohort.name)
    names = (
        tr("Code"),
        tr("Applied by"),
        tr("Decision"),
        tr("Reason", context="consensus"),
        tr("Decided by"),
        tr("Date"),
    )
    kept, dropped, withheld = (
        tr("kept", context="consensus"),
        tr("dropped", context="consensus"),
        tr("not shown: it may identify somebody"),
    )
    rows = []
    for row in consensus.to_dict("records"):
        cells = {str(name): name_of(cell).strip() for name, cell in row.items()}
        reason = mask_text(cells.get("reason", ""), key)
        rows.append(
            (
                labels.get(cells["theme"], cells["theme"]),
                _applied_by(cells),
                kept if decided_to_apply(cells["decision"]) else dropped,
                withheld if scan(reason, stage.deny) else reason,
                cells.get("adjudicator", ""),
                cells.get("date", ""),
            )
        )
    note = tr("A and B are the two coders. The passages are not shown, as only approved quotations are.")
    return Table([Column(name) for name in names], rows, notes=[note])


def _applied_by(cells: Mapping[str, str]) -> str:
    told = [
        coder for coder, name in (("A", "coder_a"), ("B", "coder_b")) if cells.get(name, "").casefold() in ("yes", "1")
    ]
    return enumeration(told) or numbers.MISSING


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
