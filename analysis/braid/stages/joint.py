"""Piece of stage `triangulation`: the joint display, statistics by themes, and what is decided on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from braid.integration import UNDECIDED, JointDisplayRow, in_words, pairs_of, strength_of
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
from braid.study.joining import Convergence

if TYPE_CHECKING:
    from braid.stages.triangulation import Triangulation

NO_JOINT = "This cohort has one strand only, so there is nothing to join."
TO_WRITE = "To be written for this cohort."
ATTENDED = 3
"""The parts of the id of a record of attendance: `attendance.<group>.<how many>`."""
READ = {
    "change": "Change with its 95% interval.",
    "satisfaction": "Statements of the evaluation form as mean ± SD.",
    "attendance": "Attendance: of those who started.",
}
"""How the statistics of each strand are to be read."""
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
        said = f"; the rule proposes {enumeration(proposed)}" if proposed else ""
        return f"How the strands converge has not yet been decided{said}."
    if not decided:
        return "How the strands converge has to be decided again, since the results have changed."
    if len(rows) == 1:
        return f"On the one question of the joint display, there was {decided[0].convergence}."
    found = [f"there was {enumeration(_counts(row.convergence for row in decided))}"]
    left = len(rows) - len(decided) - len(again)
    found += [f"{left} {'is' if left == 1 else 'are'} not yet decided"] if left else []
    if again:
        found.append(f"{len(again)} {'has' if len(again) == 1 else 'have'} to be decided again")
    said = found[0] if len(found) == 1 else f"{', '.join(found[:-1])}, and {found[-1]}"
    return f"Of the {len(rows)} questions of the joint display, {said}."


@needs(lambda stage: stage.rows, NO_JOINT)
def description(stage: Triangulation) -> Prose:
    """The joint display in words, where rule and decision differ, and what has to be decided again."""
    text = f"{convergence(stage)} @tbl-joint sets the strands side by side"
    text += "; @fig-joint shows which statistic meets which theme." if judged(stage) else "."
    differing = [row for row in stage.decided if row.differs]
    if differing:
        said = [
            f"On “{markdown(row.question)}” the rule proposes {row.proposed}, and the team decided "
            f"{row.convergence}{f': {markdown(row.explanation)}' if row.explanation else '.'}"
            for row in differing
        ]
        text = " ".join([text, *said])
    elif stage.decided and all(row.proposed for row in stage.decided):
        text += " The rule proposes the same labels as the team decided."
    elif any(row.proposed for row in stage.decided):
        text += " Where the rule proposes a label, the team decided the same."
    return Prose(Markdown(text), *(Markdown(f"**To decide again.** {asked(row)}") for row in stage.rows if row.changed))


def asked(row: JointDisplayRow) -> str:
    """What has changed since a row was decided on, and what a person is asked to do (ready markdown)."""
    assert row.changed is not None
    proposed = f"; the rule now proposes {row.proposed}" if row.proposed else ""
    return (
        f"“{markdown(row.question)}” was decided as {row.convergence} by {markdown(row.decided_by)} on "
        f"{row.decided_on}, from {in_words(row.changed)}. The results have changed since: {row.because}{proposed}. The "
        "decision no longer counts, and a person has to decide again."
    )


@needs(lambda stage: stage.rows, NO_JOINT)
def table(stage: Triangulation) -> Table:
    """The joint display: below each question its numbers, its themes with a quotation, and what they mean together."""
    body: list[Row | Group] = []
    for row in stage.rows:
        statistics: list[Cell] = [_statistic(stage, found.id, found.text) for found in row.statistics]
        spoken: list[Cell] = [lines(strong(found.label), found.text) for found in row.themes]
        if row.quote is not None:
            spoken.append(Markdown(f"“{markdown(row.quote.text)}” ({markdown(row.quote.participant)})"))
        cells = (_stack(statistics, "Not asked"), _stack(spoken, "No theme"), _together(row))
        body += [Group(row.question), Row(cells)]
    by = sorted({row.decided_by for row in stage.decided})
    strands = {found.id.partition(".")[0] for row in stage.rows for found in row.statistics if found.record}
    read = [said for strand, said in READ.items() if strand in strands]
    note = " ".join(["Themes: participants who voiced them.", *read])
    if by:
        note = f"Convergence (bold) and fit (italic) as decided by {enumeration(by)}. {note}"
    return Table(["Numbers", "Words", "Together"], body, notes=[note])


def _together(row: JointDisplayRow) -> Cell:
    """Convergence and fit, the rule's proposal where it is another, and the meta-inference or what is to be done."""
    label = strong(strength_of(row).capitalize())
    if row.decided and row.fit is not None:
        label = Markdown(f"{label}. {italic(row.fit.capitalize())}.")
    parts: list[Cell] = [label]
    if row.changed:
        parts.append(f"Decided as {row.convergence} on {row.decided_on}, when it was: {in_words(row.changed)}.")
        parts.append(f"Now: {row.because}.")
    if row.proposed is not None and (not row.decided or row.proposed != row.convergence):
        parts.append(f"(proposed: {row.proposed})")
    if row.decided:
        parts += ["", row.meta_inference]
    elif not row.changed:
        parts.append(TO_WRITE)
    return lines(*parts, row.gaps) if row.gaps else lines(*parts)


def _statistic(stage: Triangulation, name: str, text: str) -> Cell:
    record = stage.before.get(name)
    label = label_of(stage.cohort, name)
    if record is None:
        return lines(strong(label), text)
    extra = record.parts.get("effect", "") if name.endswith(".overall") else ""
    agree = f"agree: {record.parts['agree']}" if "agree" in record.parts else ""
    parts = (strong(label), Markdown(record.text), Markdown(extra or agree))
    return lines(*(part for part in parts if part.source))


def judged(stage: Triangulation) -> bool:
    """Whether the rule says anything of a statistic and a theme that stand in one row."""
    return any(pair.convergence is not None for pair in pairs_of(stage.cohort.study, stage.rows))


@needs(judged, "The rule says nothing of any statistic and theme that stand in one row of the joint display.")
def figure(stage: Triangulation) -> Figure | Prose:
    """Statistics by themes: what the rule says of each pair that stands in one row."""
    pairs = pairs_of(stage.cohort.study, stage.rows)
    return statistics_by_themes(
        [
            Meeting(
                label_of(stage.cohort, pair.statistic.id),
                Markdown(pair.statistic.text).plain(),
                pair.theme.label,
                pair.theme.text.replace(" participants", ""),
                pair.convergence or "no proposal",
            )
            for pair in pairs
        ]
    )


def discordant(stage: Triangulation) -> list[JointDisplayRow]:
    """Decided rows with an explanation that the description does not give already."""
    return [row for row in stage.decided if row.explanation and not row.differs]


@needs(discordant, "No row of the joint display needs an explanation.")
def discordance(stage: Triangulation) -> Prose:
    """Why the strands differ, in the team's words."""
    rows = discordant(stage)
    return Prose(*(Markdown(f"**{markdown(row.question)}** {markdown(row.explanation)}") for row in rows))


def records(stage: Triangulation) -> list[Record]:
    """What was decided on each row, from what, and whether it still holds."""
    found = [
        fact("joint", bool(stage.rows), "triangulation"),
        fact("joint-pairs", judged(stage), "triangulation"),
        fact("joint-notes", bool(discordant(stage)), "triangulation"),
        Record("report.convergence", convergence(stage) or NO_JOINT),
    ]
    for row in stage.rows:
        method = "decided by a named person" if row.decided else "not yet decided by a person"
        if row.changed:
            method = "decided by a named person on other results"
        parts = {
            "fit": row.fit if row.decided and row.fit else UNDECIDED,
            "proposed": row.proposed or "no proposal",
            "because": row.because,
            **{name: str(value).lower() for name, value in row.basis.model_dump().items()},
        }
        found.append(
            Record(f"joint.{row.name.lower()}", strength_of(row), method=method, cell="tbl-joint", parts=parts)
        )
    return found if stage.rows else [*found, Record("left-out.joint", NO_JOINT)]


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
    return f"{scale.short}, {parts[0]}"


def _attendance_label(cohort: Cohort, group: str, what: str) -> str:
    """`Social workers: at least 5 sessions`."""
    study, spec = cohort.study, cohort.spec.attendance
    levels = study.characteristics[study.participants_by].levels if study.participants_by else {}
    who = {key.lower(): label for key, label in levels.items()}.get(group, "Participants")
    fewest = spec.steps[0] if spec is not None else ""
    said = {"all": "every session", "fewer": f"fewer than {fewest} sessions"}
    return f"{who}: {said.get(what, f'at least {what.removeprefix(AT_LEAST)} sessions')}"


def _counts(labels: Iterable[Convergence | None]) -> list[str]:
    """`agreement on 2`, for each label that is there."""
    counts = Counter(labels)
    return [f"{name} on {counts[name]}" for name in ORDER if counts[name]]


def _stack(cells: list[Cell], empty: str) -> Cell:
    """Cells one below the other, with an empty line between them."""
    spaced = [part for cell in cells for part in ("", cell)][1:]
    return lines(*spaced) if spaced else empty
