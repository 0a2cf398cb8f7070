"""Piece of a comparison: what was decided on the joint display in each cohort, kept or changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from braid.integration import JointDisplayRow, label_alone, label_within
from braid.language import N_, tr
from braid.presentation.escaping import markdown
from braid.presentation.inline import Cell, Markdown, italic, lines, strong
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Column, Group, Row, Table
from braid.records import Record
from braid.stages.opening import fact, needs

if TYPE_CHECKING:
    from braid.comparison.compared import Compared

NOTHING = N_("There are no joint displays to compare.")
Outcome = Literal["kept", "changed", "not decided everywhere"]
OUTCOMES: dict[Outcome, str] = {
    "kept": N_("kept", context="judgement"),
    "changed": N_("changed", context="judgement"),
    "not decided everywhere": N_("not decided everywhere", context="judgement"),
}


@dataclass(frozen=True)
class Judged:
    """One question in each cohort that has a joint display (in order), and whether the judgement was kept."""

    name: str
    question: str
    rows: tuple[JointDisplayRow | None, ...]

    @property
    def outcome(self) -> Outcome:
        decided = [row.convergence for row in self.rows if row is not None and row.decided]
        if len(decided) < len(self.rows):
            return "not decided everywhere"
        return "kept" if len(set(decided)) == 1 else "changed"


def judged(stage: Compared) -> list[Judged]:
    """The questions of the joint displays, those of the first cohort first; none where fewer than two have one."""
    sides = stage.with_("rows")
    if len(sides) < 2:
        return []
    by_cohort = [{row.name: row for row in side.strands.rows} for side in sides]
    questions = {name: row.question for rows in reversed(by_cohort) for name, row in rows.items()}
    order = [*by_cohort[0], *(name for name in questions if name not in by_cohort[0])]
    return [Judged(name, questions[name], tuple(rows.get(name) for rows in by_cohort)) for name in order]


@needs(judged, NOTHING)
def description(stage: Compared) -> Prose:
    """On how many questions the judgement was kept, in words."""
    parts = (summary(stage), stage.lacking("rows"), tr("@tbl-joint gives them all."))
    return Prose(Markdown(" ".join(filter(None, parts))))


def summary(stage: Compared) -> str:
    """On how many questions numbers and words were judged alike in the cohorts (ready markdown); empty without any."""
    found = judged(stage)
    if not found:
        return ""
    counts = {outcome: [row for row in found if row.outcome == outcome] for outcome in OUTCOMES}
    said = []
    if kept := counts["kept"]:
        n = str(len(kept))
        both = len(found[0].rows) == 2
        said.append(
            tr("judged alike in both cohorts on {n}", n=n) if both else tr("judged alike in all cohorts on {n}", n=n)
        )
    if changed := counts["changed"]:
        said.append(tr("judged differently on {n}", n=str(len(changed))))
    if left := counts["not decided everywhere"]:
        said.append(tr("not yet decided in every cohort on {n}", n=str(len(left))))
    return tr(
        "Of {n} questions, how numbers and words converge was {judged}.", n=str(len(found)), judged=enumeration(said)
    )


@needs(judged, NOTHING)
def table(stage: Compared) -> Table:
    """Each question: what was decided in each cohort, and whether it was kept."""
    sides = stage.with_("rows")
    body: list[Row | Group] = []
    for row in judged(stage):
        body += [Group(row.question), Row((*(_cell(one) for one in row.rows), _outcome(row)))]
    columns = [*(Column(side.name) for side in sides), Column(tr("Together"))]
    note = tr("Convergence in bold, fit in italics, both as a named person decided on each cohort.")
    return Table(columns, body, notes=[note])


def _cell(row: JointDisplayRow | None) -> Cell:
    if row is None:
        return tr("Not asked in this cohort's study.")
    if row.changed is not None:
        return lines(strong(label_alone("to decide again")), tr("The results have changed since it was decided."))
    if not row.decided or row.convergence is None:
        if row.proposed:
            proposed = tr("The rule proposes {label}.", label=label_within(row.proposed))
        else:
            proposed = tr("The rule proposes nothing.")
        return lines(strong(tr("Not decided")), proposed)
    label = strong(label_alone(row.convergence))
    if row.fit is not None:
        label = Markdown(f"{label}. {italic(label_alone(row.fit))}.")
    return lines(label, "", row.meta_inference)


def _outcome(judged: Judged) -> Cell:
    """Whether the judgement was kept; where it changed, from what to what."""
    labels = [
        label_within(row.convergence) for row in judged.rows if row is not None and row.decided and row.convergence
    ]
    if judged.outcome == "kept" and len(labels) == 2:
        return tr("Kept: {label} in both cohorts.", label=labels[0])
    if judged.outcome == "kept":
        return tr("Kept: {label} in all cohorts.", label=labels[0])
    if judged.outcome == "changed":
        return tr("Changed: {labels}.", labels=tr(", then ", context="list").join(labels))
    return tr("Not decided in every cohort, so not compared.")


def records(stage: Compared) -> list[Record]:
    """Whether the judgement on each question was kept."""
    found = [fact("joint", bool(judged(stage)), "comparison")]
    if not judged(stage):
        return [*found, Record("left-out.joint", stage.left_out("rows"))]
    return [
        *found,
        *(
            Record(
                f"compare.joint.{row.name.lower()}",
                tr(OUTCOMES[row.outcome], context="judgement"),
                n=len(row.rows),
                unit="cohorts",
                method="decisions of named persons",
                cell="tbl-joint",
                parts={"question": markdown(row.question)},
            )
            for row in judged(stage)
        ),
    ]
