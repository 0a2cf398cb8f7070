"""Piece of stage `clean`: the instruments, how files became clean data, and what a study does not have, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from braid.cleaning import rules
from braid.language import N_, ntr, tr
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.inline import Markdown
from braid.presentation.prose import Prose, counted, enumeration
from braid.study import Cohort, Scale, Study

if TYPE_CHECKING:
    from braid.stages.participants import Participants

RULES = {
    "half": N_("A score was given where at least half of a scale's items were answered."),
    "complete": N_("A score was given only where all of a scale's items were answered."),
}


def instruments(stage: Participants) -> Prose:
    """The instruments in words."""
    study = stage.cohort.study
    paragraphs = [_scale_in_words(scale) for scale in study.scales.values()] if stage.has_survey else []
    if study.satisfaction is not None and stage.data.satisfaction is not None:
        form = study.satisfaction
        statements = counted(len(form.items), "statement")
        paragraphs.append(_answered(form.label, statements, form.minimum, form.maximum, form.responses))
    held = stage.cohort.spec.attendance
    if held is not None:
        paragraphs.append(
            tr("**Attendance.** The number of sessions that each participant attended, of {of}.", of=str(held.of))
        )
    if study.coding is not None and stage.interviewees is not None:
        collected, described = markdown(study.coding.collected), markdown(study.coding.description)
        paragraphs.append(tr("**{label}.** {description}", label=collected, description=described))
    return Prose(*(Markdown(p) for p in paragraphs))


def _answered(label: str, items: str, low: int, high: int, responses: Mapping[int, str]) -> str:
    """What an instrument is called, how many items it has, and from what to what they are answered."""
    return tr(
        "**{label}.** {items}, answered from {low} ({lowest}) to {high} ({highest}).",
        label=markdown(label),
        items=items,
        low=str(low),
        lowest=markdown(responses[low]),
        high=str(high),
        highest=markdown(responses[high]),
    )


def _scale_in_words(scale: Scale) -> str:
    said = [
        _answered(scale.label, counted(len(scale.items), "item"), scale.minimum, scale.maximum, scale.responses),
        _score_in_words(scale),
    ]
    if scale.reverse:
        n = len(scale.reverse)
        said.append(ntr("{n} item is reversed.", "{n} items are reversed.", n, n=numbers.whole(n)))
    return " ".join(said)


def _score_in_words(scale: Scale) -> str:
    if scale.score == "sum" and scale.higher_is == "better":
        return tr("The score is the sum of the items; a higher score is better.")
    if scale.score == "sum":
        return tr("The score is the sum of the items; a higher score is worse.")
    if scale.higher_is == "better":
        return tr("The score is the mean of the items; a higher score is better.")
    return tr("The score is the mean of the items; a higher score is worse.")


def description(stage: Participants) -> Prose:
    """How the files became clean data, in words."""
    several = len(stage.data.waves) > 1
    parts = [tr("Answers were joined over the waves by the participants' key.")] if several else []
    if stage.cohort.spec.pairing == "none":
        parts = [tr("Nothing in the files tells who is who over the waves, so nobody was paired.")]
    if not stage.has_survey:
        parts = [tr("The coded interviews were read as exported; every code was found in the codebook.")]
    parts += [_cleaned(stage)] if stage.has_people else []
    parts += [_rules(stage.cohort)] if stage.has_survey else []
    return Prose(Markdown(" ".join(part for part in parts if part)))


def _cleaned(stage: Participants) -> str:
    log = stage.data.log
    if not len(log):
        if stage.has_survey:
            return tr("Every cell could be used as it was.")
        return tr("Every cell of the list of participants could be used as it was.")
    lost = int(log.loc[log["became"] == rules.MISSING, "n"].sum())
    left_out = int(log.loc[log["became"] == rules.LEFT_OUT, "n"].sum())
    return tr(
        "Cleaning applied {rules}, which made {cells} missing (codes for missing answers and values outside of their "
        "scale), left out {rows}, and otherwise only changed how a value is written. Each rule is listed in @tbl-log.",
        rules=counted(len(log), "rule"),
        cells=counted(lost, "cell"),
        rows=counted(left_out, "row"),
    )


def _rules(cohort: Cohort) -> str:
    found = {scale.rule for scale in cohort.study.scales.values()}
    return tr(RULES[found.pop()]) if len(found) == 1 else ""


def not_planned(study: Study) -> str:
    """Which strands the study does not have, and what the report therefore leaves out, in a sentence; or nothing."""
    without, sections = [], []
    if not study.scales:
        without.append(tr("no questionnaire"))
        sections.append(tr("change", context="section"))
    if not study.satisfaction:
        without.append(tr("no evaluation form"))
        sections.append(tr("satisfaction", context="section"))
    if not study.coding:
        without.append(tr("no interviews"))
        sections.append(tr("what participants said", context="section"))
    if not without:
        return ""
    return tr(
        "The study has {without}; the report therefore has no section on {sections}.",
        without=enumeration(without),
        sections=enumeration(sections, "or"),
    )
