"""Stage `triangulation`: the joint display, groups side by side, recommendations, and the report's answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from braid.integration import (
    UNDECIDED,
    JointDisplayRow,
    TracedRecommendation,
    data_source_triangulation,
    joint_display,
    recommendations,
)
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.figure import Figure
from braid.presentation.inline import Cell, Markdown, italic, lines, strong
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Column, Row, Table
from braid.records import Record
from braid.stages import baseline, change, interviews, satisfaction
from braid.stages.opening import fact, keep_records, needs, records_of
from braid.study import Cohort, open_cohort
from braid.study.model import Convergence

STAGE = "triangulation"
NO_JOINT = "This cohort has one strand only, so there is nothing to join."
NOTHING = "There is nothing to report."
TO_WRITE = "To be written for this cohort."
FEW = 2
NAMED = 4
ORDER: tuple[Convergence, ...] = ("agreement", "partial agreement", "silence", "dissonance")


@dataclass(frozen=True)
class Triangulation:
    """Both strands of a cohort and what they say together.

    before: the records of all earlier stages, by id.
    """

    cohort: Cohort
    before: dict[str, Record]
    change: change.Change
    interviews: interviews.Interviews
    satisfaction: satisfaction.Satisfaction
    baseline: baseline.Baseline

    @cached_property
    def rows(self) -> list[JointDisplayRow]:
        """The joint display; empty where a strand is missing altogether."""
        if not self.both_strands:
            return []
        absent = [
            name
            for name, there in (
                ("satisfaction", bool(self.satisfaction.statements)),
                ("change", not self.change.left_out),
            )
            if not there
        ]
        quotes = self.interviews.quotes.quotes if self.interviews.quotes else ()
        return joint_display(
            self.cohort.study,
            self.before,
            self.interviews.themes,
            quotes,
            decisions=self.cohort.spec.decisions,
            absent=absent,
            study_file=self.cohort.study_file.relative_to(self.cohort.project.root).as_posix(),
        )

    @property
    def both_strands(self) -> bool:
        return bool(self.cohort.study.joint_display) and self.interviews.there and self.baseline.first is not None

    @cached_property
    def recommendations(self) -> list[TracedRecommendation]:
        if not self.rows:
            return []
        return recommendations(
            self.cohort.study,
            self.rows,
            self.interviews.themes,
            of_cohort=self.cohort.spec.recommendations,
            cohort_file=f"data_raw/{self.cohort.name}/cohort.yml",
        )

    @property
    def decided(self) -> list[JointDisplayRow]:
        """The rows that a person has decided on for this cohort."""
        return [row for row in self.rows if row.decided]

    def convergence(self) -> str:
        """How often the strands agreed, in a sentence (ready markdown); empty without a joint display.

        Only what was decided for this cohort counts as a finding; a proposal is named as one.
        """
        if not self.rows:
            return ""
        if not self.decided:
            proposed = _counts(row.proposed for row in self.rows)
            said = f"; the rule proposes {enumeration(proposed)}" if proposed else ""
            return f"How the strands converge has not yet been decided{said}."
        if len(self.rows) == 1:
            return f"On the one question of the joint display, there was {self.decided[0].convergence}."
        found = enumeration(_counts(row.convergence for row in self.rows))
        text = f"Of the {len(self.rows)} questions of the joint display, there was {found}"
        left = len(self.rows) - len(self.decided)
        return f"{text}, and {left} {'is' if left == 1 else 'are'} not yet decided." if left else f"{text}."

    @needs(lambda self: self.rows, NO_JOINT)
    def description(self) -> Prose:
        """The joint display in words, and where rule and decision differ."""
        text = f"{self.convergence()} @tbl-joint sets the strands side by side."
        differing = [row for row in self.rows if row.differs]
        if differing:
            said = [
                f"On “{markdown(row.question)}” the rule proposes {row.proposed}, and the team decided "
                f"{row.convergence}{f': {markdown(row.explanation)}' if row.explanation else '.'}"
                for row in differing
            ]
            text = " ".join([text, *said])
        elif any(row.proposed for row in self.decided):
            text += " The rule proposes the same labels as the team decided."
        return Prose(Markdown(text))

    @needs(lambda self: self.rows, NO_JOINT)
    def joint_table(self) -> Table:
        """The joint display: numbers, themes with a quotation, convergence and fit, and the meta-inference."""
        columns = [Column(name) for name in ("Question", "Numbers", "Words", "Together", "Meta-inference")]
        body: list[Row] = []
        for row in self.rows:
            statistics: list[Cell] = [self._statistic(found.id, found.text) for found in row.statistics]
            spoken: list[Cell] = [lines(strong(found.label), found.text) for found in row.themes]
            if row.quote is not None:
                spoken.append(Markdown(f"“{markdown(row.quote.text)}” ({markdown(row.quote.participant)})"))
            together = lines(strong((row.convergence or UNDECIDED).capitalize()))
            if row.fit is not None:
                together = lines(together, italic(row.fit.capitalize()))
            if row.proposed is not None and row.proposed != row.convergence:
                together = lines(together, f"(proposed: {row.proposed})")
            meaning: Cell = row.meta_inference if row.decided else TO_WRITE
            meaning = lines(meaning, row.gaps) if row.gaps else meaning
            cells = (row.question, _stack(statistics, "Not asked"), _stack(spoken, "No theme"), together, meaning)
            body.append(Row(cells))
        by = sorted({row.decided_by for row in self.decided})
        note = (
            "Themes: participants who voiced them. Change with its 95% interval; statements of the evaluation form "
            "as mean ± SD."
        )
        if by:
            note = f"Convergence (bold) and fit (italic) as decided by {enumeration(by)}. {note}"
        return Table(columns, body, notes=[note])

    def _statistic(self, name: str, text: str) -> Cell:
        record = self.before.get(name)
        label = _label(self.cohort, name)
        if record is None:
            return lines(strong(label), text)
        extra = record.parts.get("effect", "") if name.endswith(".overall") else ""
        agree = f"agree: {record.parts['agree']}" if "agree" in record.parts else ""
        parts = (strong(label), Markdown(record.text), Markdown(extra or agree))
        return lines(*(part for part in parts if part.source))

    @property
    def discordant(self) -> list[JointDisplayRow]:
        """Rows with an explanation that the description does not give already."""
        return [row for row in self.rows if row.explanation and not row.differs]

    @needs(lambda self: self.discordant, "No row of the joint display needs an explanation.")
    def discordance(self) -> Prose:
        """Why the strands differ, in the team's words."""
        return Prose(
            *(Markdown(f"**{markdown(row.question)}** {markdown(row.explanation)}") for row in self.discordant)
        )

    @needs(lambda self: self.interviews.has_groups, "The participants were not in groups.")
    def sources(self) -> Prose:
        """Groups side by side, in words."""
        found = data_source_triangulation(self.cohort.study, self.interviews.themes, self.before)
        only = [(theme.label, theme.only_in) for theme in found.themes if theme.only_in]
        text = "@fig-sources shows which sub-themes were voiced in which group."
        if len(only) > NAMED:
            text += f" {len(only)} of {len(found.themes)} themes were voiced in one group alone."
        elif only:
            said = [
                f"{markdown(label).lower()} only by {markdown(where).lower()} participants" for label, where in only
            ]
            text += f" Voiced {enumeration(said)}."
        else:
            text += " No theme was voiced in one group alone."
        changes = [
            f"{markdown(group.label).lower()} {record.text}" for group in found.groups for record in group.change
        ]
        if changes:
            text += f" Change in the survey, for the same groups: {enumeration(changes)}."
        text += " Silence in a group is not disagreement: a theme may not have come up."
        return Prose(Markdown(text))

    def sources_figure(self) -> Figure | Prose:
        """Sub-themes by group."""
        return self.interviews.groups_figure()

    @needs(lambda self: self.recommendations, "No recommendations have been written for this cohort.")
    def recommendations_table(self) -> Table:
        """Recommendations, who can act, and the findings they follow from."""
        columns = [Column("Recommendation"), Column("Who can act"), Column("Follows from")]
        rows: list[list[Cell]] = []
        for item in self.recommendations:
            sources = [Markdown(f"{markdown(source.label)} ({markdown(source.strength)})") for source in item.sources]
            rows.append([item.text, item.who, lines(*sources)])
        return Table(columns, rows, notes=["In brackets: how the strands converged on the finding."])

    def limitations(self) -> Prose:
        """What the design and the data do not allow, as far as the data show it."""
        parts = []
        if self.baseline.first is not None:
            parts.append(
                "The answers are people's own ratings. Without a comparison group, change cannot be put down to the "
                "programme alone: practice with the questionnaire, other events and regression to the mean remain "
                "possible."
            )
        lost = baseline.losses_summary(self.baseline)
        if lost:
            parts.append(f"{lost[0].upper()}{lost[1:]}.")
        ceilings = [row.scale.short for row in self.baseline.scales if row.ends.ceiling]
        if ceilings:
            named = enumeration([markdown(name).lower() for name in ceilings])
            parts.append(f"Many were at the highest score of {named} already at the first wave.")
        if self.interviews.there and self.interviews.saturation is not None:
            parts.append(
                "Who speaks in a group is shaped by the others in it; a theme that was not voiced is not absent."
            )
        if self.cohort.synthetic:
            parts.append("The data are synthetic: they show the method and say nothing about any real programme.")
        return Prose(Markdown(" ".join(parts)))

    def key_table(self) -> Table:
        """The report's key figures with their uncertainty."""
        rows: list[list[Cell]] = []
        for row in self.change.scales:
            record = self.before.get(f"change.{row.name.lower()}.overall")
            if record is not None and record.estimate is not None:
                shift = Markdown(f"{record.text}; {record.parts['effect']}")
                means = f"{record.parts['before']} → {record.parts['after']} (n = {record.parts['n']})"
                label = f"{row.scale.short}, change"
                rows.append([label, shift if len(self.change.scales) > FEW else lines(shift, means)])
        if not rows:
            for scale in self.baseline.scales:
                mean = numbers.mean_sd(scale.score.mean, scale.score.sd)
                rows.append([scale.scale.short, f"{mean} (n = {scale.score.n})"])
        best = sorted(self.satisfaction.statements, key=lambda s: -(s.agree.share or 0))[:1]
        rows += [
            [
                f"“{s.label}”",
                f"{numbers.count_percent(s.agree.k, s.agree.n)} agree; {numbers.mean_sd(s.score.mean, s.score.sd)}",
            ]
            for s in best
        ]
        rows += [[f"Theme: {t.label}", f"voiced by {t.k} of {t.n} participants"] for t in self.interviews.top if t.k]
        return Table([Column("Key figure"), Column("Result")], rows)

    def answer(self) -> str:
        """The answer in a few sentences (ready markdown)."""
        return " ".join(self.answers())

    def answers(self) -> list[str]:
        """One sentence for each strand, numbers first (ready markdown)."""
        sentences = [] if self.change.left_out else [self.change.summary()]
        if not sentences and self.baseline.scales:
            found = [
                f"{markdown(r.scale.short)} was {numbers.mean_sd(r.score.mean, r.score.sd)}"
                for r in self.baseline.scales
            ]
            sentences = [f"{enumeration(found)}."]
        if self.interviews.there:
            sentences.append(self.interviews.answer())
        return sentences

    def conclusion(self) -> str:
        """What it means: the first meta-inference, and how the strands converged (ready markdown)."""
        if not self.rows:
            return self.answers()[0] if self.answers() else NOTHING
        if not self.decided:
            return self.convergence()
        return f"{markdown(self.decided[0].meta_inference)} {self.convergence()}"

    def records(self) -> list[Record]:
        """The report's answer, convergence, and facts."""
        results = self.answer()
        agreed = [s for s in self.satisfaction.statements if s.agree.share is not None]
        if agreed:
            best = max(agreed, key=lambda s: s.agree.share or 0)
            agreed_by = numbers.count_percent(best.agree.k, best.agree.n)
            results += f" On the evaluation form, {agreed_by} agreed with “{markdown(best.label)}”."
        headline = Markdown(self.answers()[0]).plain() if self.answers() else NOTHING
        records = [
            fact("joint", bool(self.rows), STAGE),
            fact("joint-notes", bool(self.discordant), STAGE),
            fact("recommendations", bool(self.recommendations), STAGE),
            Record("report.answer", self.answer()),
            Record("report.headline", headline),
            Record("report.results", results),
            Record("report.conclusion", self.conclusion()),
            Record("report.convergence", self.convergence() or NO_JOINT),
        ]
        records += [
            Record(
                f"joint.{row.name.lower()}",
                row.convergence or UNDECIDED,
                method="decided by a named person" if row.decided else "not yet decided by a person",
                cell="tbl-joint",
                parts={"fit": row.fit or UNDECIDED, "proposed": row.proposed or "no proposal"},
            )
            for row in self.rows
        ]
        return records if self.rows else [*records, Record("left-out.joint", NO_JOINT)]

    def save(self) -> None:
        """Write the records."""
        keep_records(self.cohort, STAGE, self.records())


def open(cohort: str) -> Triangulation:
    """Open both strands of a cohort, with the records of earlier stages: read where fresh, else made anew.

    Raises UserErrors where a file is wrong, or the joint display names what does not exist.
    """
    opened = open_cohort(cohort)
    parts = {m.STAGE: m.open(cohort) for m in (baseline, satisfaction, change, interviews)}
    records: dict[str, Record] = {}
    for name, part in parts.items():
        records |= {record.id: record for record in records_of(opened, name, part.records)}
    return Triangulation(
        opened,
        records,
        parts["change"],
        parts["qualitative"],
        parts["satisfaction"],
        parts["baseline"],
    )


def _counts(labels: Iterable[Convergence | None]) -> list[str]:
    """`agreement on 2`, for each label that is there."""
    counts = Counter(labels)
    return [f"{name} on {counts[name]}" for name in ORDER if counts[name]]


def _stack(cells: list[Cell], empty: str) -> Cell:
    """Cells one below the other, with an empty line between them."""
    spaced = [part for cell in cells for part in ("", cell)][1:]
    return lines(*spaced) if spaced else empty


def _label(cohort: Cohort, name: str) -> str:
    """What a statistic is called, from its id."""
    parts = name.split(".")
    study = cohort.study
    if parts[0] == "satisfaction" and study.satisfaction is not None:
        return {key.lower(): label for key, label in study.satisfaction.items.items()}.get(parts[1], name)
    scale = {key.lower(): scale for key, scale in study.scales.items()}.get(parts[1]) if len(parts) > 1 else None
    if scale is None:
        return name
    if "item" in parts:
        return {key.lower(): label for key, label in scale.items.items()}.get(parts[-1], name)
    return f"{scale.short}, {parts[0]}"
