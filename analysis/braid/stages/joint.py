"""Piece of stage `triangulation`: the joint display, statistics by themes, and what is decided on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from braid.integration import (
    AGAIN,
    NO_PROPOSAL,
    UNDECIDED,
    JointDisplayRow,
    JointTheme,
    count_text,
    in_words,
    label_alone,
    label_within,
    pairs_of,
    strength_of,
)
from braid.language import N_, lowered, ntr, tr
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.figure import Figure
from braid.presentation.inline import Cell, Markdown, italic, lines, strong
from braid.presentation.joint import Meeting, statistics_by_themes
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Group, Row, Table
from braid.records import Record
from braid.stages.opening import fact, needs
from braid.stages.participant_groups import AT_LEAST
from braid.study import Cohort
from braid.study.joining import ON_OTHER_RESULTS, Convergence

if TYPE_CHECKING:
    from braid.stages.triangulation import Triangulation

NO_JOINT = N_("This cohort has one strand only, so there is nothing to join.")
TO_WRITE = N_("To be written for this cohort.")
ATTENDED = 3
"""The parts of the id of a record of attendance: `attendance.<group>.<how many>`."""
READ = {
    "change": N_("Change with its 95% interval."),
    "satisfaction": N_("Statements of the evaluation form as mean ± SD."),
    "attendance": N_("Attendance: of those who started."),
}
"""How the statistics of each strand are to be read."""
WITH_N = ("baseline", "change", "satisfaction")
"""The strands whose statistics do not themselves say of how many people they speak."""
STRANDS = {"baseline": N_("{scale}, baseline"), "change": N_("{scale}, change")}
"""What a score is called that a row of the joint display names."""
ORDER: tuple[Convergence, ...] = ("agreement", "partial agreement", "silence", "dissonance")


def convergence(stage: Triangulation) -> str:
    """How often the strands agreed, in a sentence (ready markdown); empty without a joint display.

    Only what was decided on the numbers of this cohort as they are counts as a finding; a proposal is named as one.
    """
    rows, decided = stage.rows, stage.decided
    again = [row for row in rows if row.changed]
    if not rows:
        return ""
    if not decided and not again:
        proposed = _counts(row.proposed for row in rows)
        if not proposed:
            return tr("How the strands converge has not yet been decided.")
        return tr(
            "How the strands converge has not yet been decided; the rule proposes {labels}.",
            labels=enumeration(proposed),
        )
    if not decided:
        return tr("How the strands converge has to be decided again, since the results have changed.")
    if len(rows) == 1:
        label = label_within(strength_of(decided[0]))
        return tr("On the one question of the joint display, there was {label}.", label=label)
    found = enumeration(_counts(row.convergence for row in decided))
    fields = {"n": numbers.whole(len(rows)), "labels": found}
    left = len(rows) - len(decided) - len(again)
    rest = [ntr("{n} is not yet decided", "{n} are not yet decided", left, n=numbers.whole(left))] if left else []
    if again:
        n = len(again)
        rest.append(ntr("{n} has to be decided again", "{n} have to be decided again", n, n=numbers.whole(n)))
    if not rest:
        return tr("Of the {n} questions of the joint display, there was {labels}.", **fields)
    if len(rest) == 1:
        return tr("Of the {n} questions of the joint display, there was {labels}, and {rest}.", rest=rest[0], **fields)
    return tr(
        "Of the {n} questions of the joint display, there was {labels}, {rest}, and {again}.",
        rest=rest[0],
        again=rest[1],
        **fields,
    )


@needs(lambda stage: stage.rows, NO_JOINT)
def description(stage: Triangulation) -> Prose:
    """The joint display in words, where rule and decision differ, and what has to be decided again."""
    said = [convergence(stage)]
    if judged(stage):
        said.append(tr("@tbl-joint sets the strands side by side; @fig-joint shows which statistic meets which theme."))
    else:
        said.append(tr("@tbl-joint sets the strands side by side."))
    differing = [row for row in stage.decided if row.differs]
    if differing:
        said += map(_differing, differing)
    elif stage.decided and any(row.changed for row in stage.rows):
        if any(row.proposed for row in stage.decided):
            said.append(tr("Where a decision still holds and the rule proposes a label, it proposes the same."))
    elif stage.decided and all(row.proposed for row in stage.decided):
        said.append(tr("The rule proposes the same labels as the team decided."))
    elif any(row.proposed for row in stage.decided):
        said.append(tr("Where the rule proposes a label, the team decided the same."))
    again = [f"**{tr('To decide again.')}** {asked(row)}" for row in stage.rows if row.changed]
    return Prose(Markdown(" ".join(said)), *map(Markdown, again))


def _differing(row: JointDisplayRow) -> str:
    """That the team decided otherwise than the rule, and why (ready markdown)."""
    fields = {
        "question": markdown(row.question),
        "proposed": label_within(row.proposed or NO_PROPOSAL),
        "decided": label_within(strength_of(row)),
    }
    if not row.explanation:
        return tr("On “{question}” the rule proposes {proposed}, and the team decided {decided}.", **fields)
    return tr(
        "On “{question}” the rule proposes {proposed}, and the team decided {decided}: {explanation}",
        explanation=markdown(row.explanation),
        **fields,
    )


def asked(row: JointDisplayRow) -> str:
    """What has changed since a row was decided on, and what a person is asked to do (ready markdown)."""
    assert row.changed is not None and row.convergence is not None
    fields = {
        "question": markdown(row.question),
        "decided": label_within(row.convergence),
        "name": markdown(row.decided_by),
        "date": str(row.decided_on),
        "before": in_words(row.changed),
        "now": row.because,
    }
    if row.proposed is None:
        return tr(
            "“{question}” was decided as {decided} by {name} on {date}, when the results were: {before}. They have "
            "changed since: {now}. The decision no longer counts, and a person has to decide again.",
            **fields,
        )
    return tr(
        "“{question}” was decided as {decided} by {name} on {date}, when the results were: {before}. They have changed "
        "since: {now}; the rule now proposes {proposed}. The decision no longer counts, and a person has to decide "
        "again.",
        proposed=label_within(row.proposed),
        **fields,
    )


@needs(lambda stage: stage.rows, NO_JOINT)
def table(stage: Triangulation) -> Table:
    """The joint display: below each question its numbers, its themes with a quotation, and what they mean together."""
    body: list[Row | Group] = []
    for row in stage.rows:
        statistics: list[Cell] = [_statistic(stage, found.id, found.text) for found in row.statistics]
        spoken: list[Cell] = [lines(strong(found.label), found.text, *_by_group(found)) for found in row.themes]
        if row.quote is not None:
            quote, who = markdown(row.quote.text), markdown(row.quote.participant)
            spoken.append(Markdown(tr("“{quote}” ({who})", quote=quote, who=who)))
        cells = (_stack(statistics, tr("Not asked")), _stack(spoken, tr("No theme")), _together(stage, row))
        body += [Group(row.question), Row(cells)]
    by = sorted({f"{row.decided_by} ({row.decided_on})" for row in stage.decided})
    strands = {found.id.partition(".")[0] for row in stage.rows for found in row.statistics if found.record}
    notes = [tr("Convergence (bold) and fit (italic) as decided by {names}.", names=enumeration(by))] if by else []
    notes.append(tr("Themes: participants who voiced them."))
    notes += [tr(said) for strand, said in READ.items() if strand in strands]
    return Table([tr("Numbers"), tr("Words"), tr("Together")], body, notes=[" ".join(notes)])


def _by_group(found: JointTheme) -> list[str]:
    """How many of each group voiced a theme: `surgical 3 of 10, non-surgical 2 of 12`; nothing where it is hidden."""
    groups = found.prevalence.by_group if found.prevalence is not None else ()
    if len(groups) < 2 or any(group.k is None for group in groups):
        return []
    return [", ".join(f"{lowered(one.label)} {tr('{k} of {n}', k=str(one.k), n=str(one.n))}" for one in groups)]


def _together(stage: Triangulation, row: JointDisplayRow) -> Cell:
    """Convergence and fit, the rule's proposal where it is another, the meta-inference, and what is recommended."""
    label = strong(label_alone(strength_of(row)))
    if row.decided and row.fit is not None:
        label = Markdown(f"{label}. {italic(label_alone(row.fit))}.")
    parts: list[Cell] = [label]
    if row.changed and row.convergence is not None:
        fields = {"decided": label_within(row.convergence), "date": str(row.decided_on)}
        before = in_words(row.changed)
        parts.append(tr("Decided as {decided} on {date}, when it was: {before}.", before=before, **fields))
        parts.append(tr("Now: {now}.", now=row.because))
    if row.proposed is not None and (not row.decided or row.proposed != row.convergence):
        parts.append(tr("(proposed: {proposed})", proposed=label_within(row.proposed)))
    if row.decided:
        parts += ["", row.meta_inference]
    elif not row.changed:
        parts.append(tr(TO_WRITE))
    parts += _recommended(stage, row)
    return lines(*parts, row.gaps) if row.gaps else lines(*parts)


def _recommended(stage: Triangulation, row: JointDisplayRow) -> list[Cell]:
    """The recommendations that follow from a row; none of those that rest on a decision that no longer counts."""
    found: list[Cell] = []
    for number, one in enumerate(stage.recommendations, 1):
        here = any(source.kind == "row" and source.name == row.name for source in one.sources)
        if here and all(source.strength != AGAIN for source in one.sources):
            said = tr("**Recommendation {n}.** {text}", n=str(number), text=markdown(one.text))
            found += ["", Markdown(said)]
    return found


def _statistic(stage: Triangulation, name: str, text: str) -> Cell:
    record = stage.before.get(name)
    label = label_of(stage.cohort, name)
    if record is None:
        return lines(strong(label), text)
    extra = record.parts.get("effect", "") if name.endswith(".overall") else ""
    agree = tr("agree: {count}", count=record.parts["agree"]) if "agree" in record.parts else ""
    n = f"n = {numbers.whole(record.n)}" if record.n and name.partition(".")[0] in WITH_N else ""
    parts = (strong(label), Markdown(record.text), Markdown(extra or agree), Markdown(n))
    return lines(*(part for part in parts if part.source))


def judged(stage: Triangulation) -> bool:
    """Whether the rule says anything of a statistic and a theme that stand in one row."""
    return any(pair.convergence is not None for pair in pairs_of(stage.cohort.study, stage.rows))


@needs(judged, N_("The rule says nothing of any statistic and theme that stand in one row of the joint display."))
def figure(stage: Triangulation) -> Figure | Prose:
    """Statistics by themes: what the rule says of each pair that stands in one row."""
    pairs = pairs_of(stage.cohort.study, stage.rows)
    return statistics_by_themes(
        [
            Meeting(
                label_of(stage.cohort, pair.statistic.id),
                Markdown(pair.statistic.text).plain(),
                pair.theme.label,
                count_text(pair.theme.prevalence),
                pair.convergence or NO_PROPOSAL,
            )
            for pair in pairs
            if pair.theme.prevalence is not None
        ]
    )


def discordant(stage: Triangulation) -> list[JointDisplayRow]:
    """Decided rows with an explanation that the description does not give already."""
    return [row for row in stage.decided if row.explanation and not row.differs]


@needs(discordant, N_("No row of the joint display needs an explanation."))
def discordance(stage: Triangulation) -> Prose:
    """Why the strands differ, in the team's words."""
    told = [(markdown(row.question), markdown(row.explanation)) for row in discordant(stage)]
    return Prose(*(Markdown(tr("**{question}** {explanation}", question=q, explanation=why)) for q, why in told))


def records(stage: Triangulation) -> list[Record]:
    """What was decided on each row, from what, and whether it still holds."""
    found = [
        fact("joint", bool(stage.rows), "triangulation"),
        fact("joint-pairs", judged(stage), "triangulation"),
        fact("joint-notes", bool(discordant(stage)), "triangulation"),
        Record("report.convergence", convergence(stage) or tr(NO_JOINT)),
    ]
    for row in stage.rows:
        method = "decided by a named person" if row.decided else "not yet decided by a person"
        if row.changed:
            method = ON_OTHER_RESULTS
        parts = {
            "fit": label_within(row.fit if row.decided and row.fit else UNDECIDED),
            "proposed": label_within(row.proposed or NO_PROPOSAL),
            "because": row.because,
            **{name: "null" if v is None else str(v).lower() for name, v in row.basis.model_dump().items()},
        }
        found.append(
            Record(
                f"joint.{row.name.lower()}",
                label_within(strength_of(row)),
                method=method,
                cell="tbl-joint",
                parts=parts,
            )
        )
    return found if stage.rows else [*found, Record("left-out.joint", tr(NO_JOINT))]


def label_of(cohort: Cohort, name: str) -> str:
    """What a statistic is called, from its id."""
    parts = name.split(".")
    study = cohort.study
    if parts[0] == "attendance" and len(parts) == ATTENDED:
        return _attendance_label(cohort, *parts[1:])
    if parts[0] == "satisfaction" and study.satisfaction is not None:
        return {key.lower(): label for key, label in study.satisfaction.items.items()}.get(parts[1], name)
    scale = {key.lower(): scale for key, scale in study.scales.items()}.get(parts[1]) if len(parts) > 1 else None
    if scale is None:
        return name
    if "item" in parts:
        return {key.lower(): label for key, label in scale.items.items()}.get(parts[-1], name)
    return tr(STRANDS[parts[0]], scale=scale.short) if parts[0] in STRANDS else f"{scale.short}, {parts[0]}"


def _attendance_label(cohort: Cohort, group: str, what: str) -> str:
    """`Social workers: at least 5 sessions`."""
    study, spec = cohort.study, cohort.spec.attendance
    levels = study.characteristics[study.participants_by].levels if study.participants_by else {}
    who = {key.lower(): label for key, label in levels.items()}.get(group, tr("Participants"))
    if what == "all":
        return tr("{who}: every session", who=who)
    if what == "fewer":
        return tr("{who}: fewer than {n} sessions", who=who, n=str(spec.steps[0]) if spec is not None else "")
    least = what.removeprefix(AT_LEAST)
    return ntr(
        "{who}: at least {n} session", "{who}: at least {n} sessions", 1 if least == "1" else 2, who=who, n=least
    )


def _counts(labels: Iterable[Convergence | None]) -> list[str]:
    """`agreement on 2`, for each label that is there."""
    counts = Counter(labels)
    return [
        tr("{label} on {n}", label=label_within(name), n=numbers.whole(counts[name])) for name in ORDER if counts[name]
    ]


def _stack(cells: list[Cell], empty: str) -> Cell:
    """Cells one below the other, with an empty line between them."""
    spaced = [part for cell in cells for part in ("", cell)][1:]
    return lines(*spaced) if spaced else empty
