"""Piece of stage `triangulation`: the report's answer in a few sentences, its key figures, and its limitations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.language import N_, lowered, ntr, tr
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.inline import Cell, Markdown, lines
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Column, Table
from braid.records import Record
from braid.stages import arms, attrition, joint

if TYPE_CHECKING:
    from braid.stages.triangulation import Triangulation

NOTHING = N_("There is nothing to report.")
FEW = 2


def limitations(stage: Triangulation) -> Prose:
    """What the design and the data do not allow, as far as the data show it, and what the team adds."""
    parts = []
    if stage.baseline.first is not None:
        parts.append(tr("The answers are people's own ratings."))
        if not arms.there(stage.change):
            parts.append(
                tr(
                    "Without a comparison group, change cannot be put down to the programme alone: practice with the "
                    "questionnaire, other events and regression to the mean remain possible."
                )
            )
    lost = attrition.summary(stage.baseline)
    if lost:
        parts.append(f"{lost[0].upper()}{lost[1:]}.")
    ceilings = [row.scale.short for row in stage.baseline.scales if row.at_best]
    if ceilings:
        named = enumeration([lowered(markdown(name)) for name in ceilings])
        parts.append(tr("Many had the best possible score of {scales} already at the first wave.", scales=named))
    if stage.interviews.there and stage.interviews.saturation is not None:
        parts.append(_heard(stage))
    if stage.cohort.synthetic:
        parts.append(tr("The data are synthetic: they show the method and say nothing about any real programme."))
    told = stage.cohort.reporting
    return Prose(Markdown(" ".join(parts)), told.limitations, told.limits, told.transferability)


def _heard(stage: Triangulation) -> str:
    """What hearing people together, or one by one, does not allow."""
    coded = stage.interviews.data.segments
    if (coded.groupby("source")["participant"].nunique() > 1).any():
        return tr("Who speaks in a group is shaped by the others in it; a theme that was not voiced is not absent.")
    return tr("A theme that was not voiced is not absent.")


def key_table(stage: Triangulation) -> Table:
    """The report's key figures with their uncertainty."""
    rows: list[list[Cell]] = []
    for row in stage.change.scales:
        record = stage.before.get(f"change.{row.name.lower()}.overall")
        if record is not None and record.estimate is not None:
            shift = Markdown(f"{record.text}; {record.parts['effect']}")
            means = f"{record.parts['before']} → {record.parts['after']} (n = {record.parts['n']})"
            label = tr("{scale}, change", scale=row.scale.short)
            rows.append([label, shift if len(stage.change.scales) > FEW else lines(shift, means)])
    if not rows:
        for scale in stage.baseline.scales:
            mean = numbers.mean_sd(scale.score.mean, scale.score.sd)
            rows.append([scale.scale.short, f"{mean} (n = {scale.score.n})"])
    if not rows:
        attended = [record for name, record in stage.before.items() if name.startswith("attendance.")]
        rows += [[Markdown(r.parts["label"]), r.text] for r in attended if r.id.endswith(".all")]
    best = sorted(stage.satisfaction.statements, key=lambda s: -(s.agree.share or 0))[:1]
    rows += [
        [
            tr("“{quote}”", quote=s.label),
            tr(
                "{count} agree; {average}",
                count=numbers.count_percent(s.agree.k, s.agree.n),
                average=numbers.mean_sd(s.score.mean, s.score.sd),
            ),
        ]
        for s in best
    ]
    rows += [
        [
            tr("Theme: {theme}", theme=t.label),
            ntr("voiced by {k} of {n} participant", "voiced by {k} of {n} participants", t.n, k=str(t.k), n=str(t.n)),
        ]
        for t in stage.interviews.top
        if t.k
    ]
    return Table([Column(tr("Key figure")), Column(tr("Result"))], rows)


def answer(stage: Triangulation) -> str:
    """The answer in a few sentences (ready markdown)."""
    return " ".join(answers(stage))


def answers(stage: Triangulation) -> list[str]:
    """One sentence for each strand, numbers first (ready markdown)."""
    sentences = [] if stage.change.left_out else [stage.change.summary()]
    if not sentences and stage.baseline.scales:
        found = [
            tr(
                "{scale} was {average}",
                scale=markdown(r.scale.short),
                average=numbers.mean_sd(r.score.mean, r.score.sd),
            )
            for r in stage.baseline.scales
        ]
        sentences = [f"{enumeration(found)}."]
    if not sentences and (attended := stage.before.get("attendance.summary")):
        sentences = [attended.text]
    if stage.interviews.there:
        sentences.append(stage.interviews.answer())
    return sentences


def conclusion(stage: Triangulation) -> str:
    """What it means: the first meta-inference, and how the strands converged (ready markdown)."""
    if not stage.rows:
        return _of_one_strand(stage)
    if not stage.decided:
        return joint.convergence(stage)
    return f"{markdown(stage.decided[0].meta_inference)} {joint.convergence(stage)}"


def _of_one_strand(stage: Triangulation) -> str:
    """What follows where there is nothing to join: the first answer, or of words alone what came up most widely."""
    if not stage.interviews.there or not stage.change.left_out or stage.baseline.scales:
        return answers(stage)[0] if answers(stage) else tr(NOTHING)
    follow = len(stage.recommendations)
    said = [stage.interviews.most_voiced()]
    if follow:
        said.append(
            ntr(
                "{n} recommendation follows from what was said.",
                "{n} recommendations follow from what was said.",
                follow,
                n=numbers.whole(follow),
            )
        )
    return " ".join(part for part in said if part)


def records(stage: Triangulation) -> list[Record]:
    """The report's answer, its results in the abstract, and what it means."""
    results = [answer(stage)]
    agreed = [s for s in stage.satisfaction.statements if s.agree.share is not None]
    if agreed:
        best = max(agreed, key=lambda s: s.agree.share or 0)
        agreed_by = numbers.count_percent(best.agree.k, best.agree.n)
        results.append(
            tr("On the evaluation form, {count} agreed with “{item}”.", count=agreed_by, item=markdown(best.label))
        )
    headline = Markdown(answers(stage)[0]).plain() if answers(stage) else tr(NOTHING)
    return [
        Record("report.answer", answer(stage)),
        Record("report.headline", headline),
        Record("report.results", " ".join(results)),
        Record("report.conclusion", conclusion(stage)),
    ]
