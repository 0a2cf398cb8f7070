"""Piece of stage `clean`: the instruments, how files became clean data, and what a study does not have, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.presentation.escaping import markdown
from braid.presentation.inline import Markdown
from braid.presentation.prose import Prose, counted, enumeration
from braid.study import Cohort, Scale, Study

if TYPE_CHECKING:
    from braid.stages.participants import Participants


def instruments(stage: Participants) -> Prose:
    """The instruments in words."""
    study = stage.cohort.study
    paragraphs = [_scale_in_words(scale) for scale in study.scales.values()] if stage.has_survey else []
    if study.satisfaction is not None and stage.data.satisfaction is not None:
        form = study.satisfaction
        paragraphs.append(
            f"**{markdown(form.label)}.** {counted(len(form.items), 'statement')}, answered from {form.minimum} "
            f"({markdown(form.responses[form.minimum])}) to {form.maximum} "
            f"({markdown(form.responses[form.maximum])})."
        )
    held = stage.cohort.spec.attendance
    if held is not None:
        paragraphs.append(f"**Attendance.** The number of sessions that each participant attended, of {held.of}.")
    if study.coding is not None and stage.interviewees is not None:
        paragraphs.append(f"**{markdown(study.coding.collected)}.** {markdown(study.coding.description)}")
    return Prose(*(Markdown(p) for p in paragraphs))


def _scale_in_words(scale: Scale) -> str:
    low, high = scale.minimum, scale.maximum
    turned = ""
    if scale.reverse:
        turned = f" {counted(len(scale.reverse), 'item')} {'is' if len(scale.reverse) == 1 else 'are'} reversed."
    return (
        f"**{markdown(scale.label)}.** {counted(len(scale.items), 'item')}, answered from {low} "
        f"({markdown(scale.responses[low])}) to {high} ({markdown(scale.responses[high])}). The score is the "
        f"{scale.score} of the items; a higher score is {scale.higher_is}.{turned}"
    )


def description(stage: Participants) -> Prose:
    """How the files became clean data, in words."""
    several = len(stage.data.waves) > 1
    parts = ["Answers were joined over the waves by the participants' key."] if several else []
    if stage.cohort.spec.pairing == "none":
        parts = ["Nothing in the files tells who is who over the waves, so nobody was paired."]
    if not stage.has_survey:
        parts = ["The coded interviews were read as exported; every code was found in the codebook."]
    parts += [_cleaned(stage)] if stage.has_people else []
    parts += [_rules(stage.cohort)] if stage.has_survey else []
    return Prose(Markdown(" ".join(part for part in parts if part)))


def _cleaned(stage: Participants) -> str:
    log = stage.data.log
    if not len(log):
        what = "cell" if stage.has_survey else "cell of the list of participants"
        return f"Every {what} could be used as it was."
    lost = int(log.loc[log["became"] == "missing", "n"].sum())
    left_out = int(log.loc[log["became"] == "row left out", "n"].sum())
    return (
        f"Cleaning applied {counted(len(log), 'rule')}: {counted(lost, 'cell')} became missing (codes for "
        f"missing answers and values outside of their scale), {counted(left_out, 'row')} were left out, and "
        "the others only changed how a value is written. Each rule is listed in @tbl-log."
    )


def _rules(cohort: Cohort) -> str:
    rules = {scale.rule for scale in cohort.study.scales.values()}
    words = {
        "half": "A score was given where at least half of a scale's items were answered.",
        "complete": "A score was given only where all of a scale's items were answered.",
    }
    return " ".join(words[rule] for rule in sorted(rules)) if len(rules) == 1 else ""


def not_planned(study: Study) -> str:
    """Which strands the study does not have, and what the report therefore leaves out, in a sentence; or nothing."""
    parts = {
        ("no questionnaire", "change"): study.scales,
        ("no evaluation form", "satisfaction"): study.satisfaction,
        ("no interviews", "what participants said"): study.coding,
    }
    lacking = [names for names, there in parts.items() if not there]
    if not lacking:
        return ""
    without, sections = zip(*lacking, strict=True)
    left_out = enumeration(sections, "or")
    return f"The study has {enumeration(without)}; the report therefore has no section on {left_out}."
