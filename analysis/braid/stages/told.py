"""Piece of stage `triangulation`: what only the team can tell, the programme by TIDieR, and the checklists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.integration.checklists import FilledChecklist
from braid.language import N_, lowered, tr
from braid.presentation.escaping import markdown
from braid.presentation.inline import Cell, Markdown
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Column, Group, Row, Table
from braid.records import Record
from braid.stages.opening import fact, needs
from braid.study import Cohort

if TYPE_CHECKING:
    from braid.stages.triangulation import Triangulation

PROGRAMME = {
    "why": N_("Why"),
    "materials": N_("Materials"),
    "procedures": N_("Procedures"),
    "provider": N_("Provider"),
    "mode": N_("Mode"),
    "place": N_("Place"),
    "when_and_how_much": N_("When and how much"),
    "tailoring": N_("Tailoring"),
    "modifications": N_("Modifications"),
    "fidelity_planned": N_("Fidelity, planned"),
    "fidelity_actual": N_("Fidelity, actual"),
}
CONDUCT = {
    "paradigm": N_("Approach"),
    "sampling": N_("Sampling"),
    "collection": N_("Data collection"),
    "instruments": N_("Guides and devices"),
    "trustworthiness": N_("Trustworthiness"),
    "ethics": N_("Ethics"),
}
INVOLVEMENT = ("aim", "methods", "results", "influence", "reflection")
DECLARED = {"funding": N_("Funding"), "conflicts": N_("Conflicts of interest")}
NOTHING = N_("The study file does not tell this.")


@needs(lambda stage: _background(stage.cohort), NOTHING)
def background(stage: Triangulation) -> Prose:
    """What is at issue, and why numbers and words are both needed."""
    return Prose(*_background(stage.cohort))


def _background(cohort: Cohort) -> list[str]:
    told = cohort.reporting
    return [text for text in (told.problem, told.rationale) if text]


def describes_programme(stage: Triangulation) -> bool:
    """Whether more is told of the programme than its name and what it was."""
    return any(getattr(stage.cohort.programme, key) for key in PROGRAMME)


@needs(describes_programme, NOTHING)
def programme_table(stage: Triangulation) -> Table:
    """The programme by the items of TIDieR, as far as they are told."""
    told = stage.cohort.programme
    rows: list[list[Cell]] = [[tr("Name"), told.name], [tr("Participants"), told.participants]]
    rows += [[tr(label), text] for key, label in PROGRAMME.items() if (text := getattr(told, key))]
    silent = [lowered(tr(label)) for key, label in PROGRAMME.items() if not getattr(told, key)]
    note = tr("Items of TIDieR [@hoffmann2014].")
    if silent:
        note = tr("Items of TIDieR [@hoffmann2014]; not told: {items}.", items=enumeration(silent))
    return Table([Column(tr("Item", context="guideline")), Column(tr("Description"))], rows, notes=[Markdown(note)])


@needs(lambda stage: _conduct(stage.cohort), NOTHING)
def conduct(stage: Triangulation) -> Prose:
    """How the study was done, a paragraph for each thing told."""
    return Prose(*_conduct(stage.cohort))


def _conduct(cohort: Cohort) -> list[Markdown]:
    told = cohort.reporting
    found = [_headed(tr(label), getattr(told, key)) for key, label in CONDUCT.items() if getattr(told, key)]
    parts = [text for name in INVOLVEMENT if (text := getattr(told.involvement, name))]
    return [*found, _headed(tr("Involvement of patients and the public"), " ".join(parts))] if parts else found


def _headed(label: str, text: str) -> Markdown:
    return Markdown(f"**{label}.** {markdown(text)}")


@needs(lambda stage: stage.cohort.reporting.mixing, NOTHING)
def mixing(stage: Triangulation) -> Prose:
    """Purpose, priority and sequence of the strands."""
    return Prose(stage.cohort.reporting.mixing)


@needs(lambda stage: _declared(stage.cohort), NOTHING)
def declarations(stage: Triangulation) -> Prose:
    """Funding and conflicts of interest."""
    return Prose(*_declared(stage.cohort))


def _declared(cohort: Cohort) -> list[Markdown]:
    told = cohort.reporting
    return [_headed(tr(label), getattr(told, key)) for key, label in DECLARED.items() if getattr(told, key)]


def checklists_description(stage: Triangulation) -> Prose:
    """How many items of each guideline the report meets, in words."""
    said = [
        tr(
            "{n} of {of} items of {guideline} [{source}]",
            n=str(_met(one)),
            of=str(len(one.items)),
            guideline=one.checklist.name,
            source=one.checklist.source,
        )
        for one in stage.checklists
    ]
    text = tr(
        "The report meets {counts}. @tbl-checklists says where each item stands. It is filled from what the study "
        "files hold; whether what stands there is enough, a reader judges.",
        counts=enumeration(said),
    )
    return Prose(Markdown(text))


def _met(one: FilledChecklist) -> int:
    return len(one.items) - len(one.missing)


def checklists_table(stage: Triangulation) -> Table:
    """Each item of the reporting guidelines, and where it stands in this report, or that it is missing."""
    body: list[Row | Group] = []
    for one in stage.checklists:
        body.append(Group(f"{one.checklist.name}: {tr(one.checklist.title)}"))
        for number, item in enumerate(one.items, 1):
            where = Markdown(", ".join(map(_place, item.where))) if item.where else Markdown(tr("*missing*"))
            body.append(Row((f"{number}. {tr(item.name)}", tr(item.asks), where), indent=1))
    return Table([Column(tr("Item", context="guideline")), Column(tr("What it asks")), Column(tr("Where"))], body)


def _place(name: str) -> str:
    """A place as a reference; words as they are, with a capital."""
    if name.startswith(("sec-", "tbl-", "fig-")):
        return f"@{name}"
    place = tr(name)
    return f"{place[:1].upper()}{place[1:]}"


def records(stage: Triangulation) -> list[Record]:
    """What is told, and how many items of each guideline are met."""
    cohort = stage.cohort
    facts = {
        "background": _background(cohort),
        "programme": describes_programme(stage),
        "conduct": _conduct(cohort),
        "mixing": cohort.reporting.mixing,
        "declarations": _declared(cohort),
        "checklists": stage.checklists,
    }
    found = [fact(name, bool(holds), "triangulation") for name, holds in facts.items()]
    return found + [
        Record(
            f"checklist.{one.checklist.name.lower()}",
            tr("{k} of {n}", k=str(_met(one)), n=str(len(one.items))),
            _met(one),
            n=len(one.items),
            unit="items",
            cell="tbl-checklists",
        )
        for one in stage.checklists
    ]
