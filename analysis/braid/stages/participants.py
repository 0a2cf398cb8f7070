"""Stage `clean`: cleaning, who took part, and what is known about them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from braid.cleaning import CleanSurvey, clean_survey, save_survey
from braid.cleaning.interviews import read_interviewees
from braid.presentation import numbers
from braid.presentation.counts import bars
from braid.presentation.escaping import markdown
from braid.presentation.figure import Figure
from braid.presentation.flow import flow
from braid.presentation.inline import Markdown
from braid.presentation.prose import Prose, counted, enumeration
from braid.presentation.table import Column, Group, Row, Table
from braid.records import Record
from braid.stages import participant_groups, preparation
from braid.stages.opening import fact, keep_records, needs
from braid.stages.participant_flow import flow_steps
from braid.statistics.descriptive import describe, frequencies
from braid.study import Cohort, open_cohort

STAGE = "clean"
BREAKDOWN_LEVELS = 6
LONG_LOG = 40
"""Rules of cleaning above which a table of them would fill pages; like ones then stand in one row."""


@dataclass(frozen=True)
class Participants:
    """A cleaned survey and what it says about who took part.

    interviewees: who took part in interviews; None where there were none.
    """

    cohort: Cohort
    data: CleanSurvey
    interviewees: pd.DataFrame | None

    @property
    def has_survey(self) -> bool:
        return bool(self.data.waves)

    @property
    def has_people(self) -> bool:
        """Whether anything is known of single persons: by a questionnaire, or by a file that lists them."""
        return self.has_survey or len(self.data.people) > 0

    @cached_property
    def paired(self) -> pd.Index:
        """Persons who answered in the first and in the last wave; nobody where people cannot be paired."""
        study = self.cohort.study
        pair = [self.data.waves.get(wave) for wave in (study.first_wave, study.last_wave)] if study.waves else []
        if len(self.data.waves) < 2 or self.cohort.spec.pairing == "none" or pair[0] is None or pair[1] is None:
            return pd.Index([])
        return pair[0].index.intersection(pair[1].index)

    @cached_property
    def answered(self) -> pd.DataFrame:
        """What is known about the persons who answered in at least one wave; in the largest, where nobody is paired.

        Of everybody listed, where there is no questionnaire.
        """
        if not self.has_survey:
            return self.data.people
        index: pd.Index[str] = pd.Index([], dtype="str")
        waves = sorted(self.data.waves.values(), key=len, reverse=True)
        for frame in waves if self.cohort.spec.pairing == "by key" else waves[:1]:
            index = index.union(frame.index.astype("str"))
        return self.data.people.reindex(index)

    @property
    def known(self) -> list[str]:
        """Characteristics that the cohort's files have, in the study's order."""
        return [name for name in self.cohort.study.characteristics if name in self.data.people.columns]

    @property
    def breakdown(self) -> str | None:
        """The first characteristic with so many levels that a picture reads better than a table."""
        groups = self.cohort.study.characteristics
        return next((name for name in self.known if len(groups[name].levels) >= BREAKDOWN_LEVELS), None)

    def summary(self) -> str:
        """Who took part (ready markdown)."""
        return " ".join(self.sentences())

    def sentences(self) -> list[str]:
        """Who took part: the survey first, then the interviews (ready markdown)."""
        parts = []
        invited = self.cohort.spec.invited
        n = len(self.answered) if self.has_survey else 0
        if self.has_survey:
            share = (
                f" of {numbers.whole(invited)} invited ({numbers.percent(n, invited)})"
                if invited and invited >= n
                else ""
            )
            least = "At least " if len(self.data.waves) > 1 and self.cohort.spec.pairing == "none" else ""
            parts.append(f"{least}{counted(n, 'person', 'people')}{share} took part in the survey.")
            waves = self.cohort.study.waves
            if len(self.data.waves) > 1:
                counts = [
                    f"{numbers.whole(len(f))} answered {markdown(waves[w]).lower()}" for w, f in self.data.waves.items()
                ]
                parts.append(f"{enumeration(counts)}{self._again()}.")
            if self.data.attendance is not None:
                found, of = describe(self.data.attendance), self.cohort.spec.attendance
                assert of is not None
                sessions = numbers.mean_sd(found.mean, found.sd)
                parts.append(f"They attended {sessions} of {of.of} sessions (n = {numbers.whole(found.n)}).")
        elif self.has_people:
            parts.append(self._enrolled())
        if self.interviewees is not None and self.cohort.study.coding is not None:
            groups = self.interviewees["group"].replace("", pd.NA).dropna()
            labels = self.cohort.study.coding.groups
            by = [f"{(groups == g).sum()} {markdown(labels[g]).lower()}" for g in labels if (groups == g).any()]
            where = f" ({enumeration(by)})" if len(by) > 1 else ""
            what = markdown(self.cohort.study.coding.collected).lower()
            people = counted(len(self.interviewees), "person", "people")
            parts.append(f"{people} spoke in {what}{where}.")
        return parts

    def _enrolled(self) -> str:
        """How many were enrolled and began, group by group, where there is no questionnaire."""
        groups = [
            f"{numbers.whole(len(part.people))} {markdown(part.label).lower()}"
            for part in participant_groups.parts(self)
        ]
        n = len(self.answered)
        text = f"{counted(n, 'person', 'people')} {'was' if n == 1 else 'were'} enrolled"
        text += f" ({enumeration(groups)})" if groups else ""
        begun = sum(len(part.people) for part in participant_groups.started(self))
        return f"{text}{f', and {numbers.whole(begun)} started' if begun else ''}."

    def _again(self) -> str:
        """How many answered more than once, as a clause."""
        if self.cohort.spec.pairing == "none":
            return "; nothing tells who answered more than once"
        if len(self.data.waves) == 2:
            return f"; {numbers.whole(len(self.paired))} answered both times"
        study = self.cohort.study
        first, last = study.waves[study.first_wave], study.waves[study.last_wave]
        return f"; {numbers.whole(len(self.paired))} answered {markdown(first).lower()} and {markdown(last).lower()}"

    def description(self) -> Prose:
        """Who took part, with references to figure and tables."""
        sentences = self.sentences()
        if self.has_people:
            sentences[0] = f"{sentences[0].removesuffix('.')} (@fig-flow)."
        if self.has_people and self.described:
            who = "those of the survey" if self.has_survey else "those who were enrolled"
            sentences.append(f"@tbl-participants describes {who}.")
        if self.has_people and self.breakdown:
            label = markdown(self.cohort.study.characteristics[self.breakdown].label).lower()
            sentences.append(f"@fig-breakdown shows them by {label}.")
        return Prose(Markdown(" ".join(sentences)))

    @property
    def described(self) -> list[str]:
        """Characteristics that the table of participants has rows for."""
        return [name for name in self.known if name != self.cohort.study.participants_by]

    @needs(lambda self: self.has_people and self.described, "Nothing is known about the people of this cohort.")
    def table(self) -> Table:
        """Characteristics of the persons who answered: mean ± SD or n (%), missing apart; by group where they are."""
        if participant_groups.parts(self):
            return participant_groups.table(self)
        people, study = self.answered, self.cohort.study
        rows: list[Row | Group] = []
        for name in self.known:
            spec = study.characteristics[name]
            if spec.type == "number":
                rows += participant_groups.number_rows(spec, [describe(people[name])])
                continue
            counted_levels = frequencies(people[name], list(spec.levels))
            rows.append(Row((f"{spec.label}, n (%)", "")))
            for level in counted_levels.levels:
                label = spec.levels[str(level.level)]
                rows.append(Row((label, numbers.count_percent(level.count, counted_levels.n)), indent=1))
            if counted_levels.missing:
                rows.append(Row(("Missing", numbers.count_percent(counted_levels.missing, len(people))), indent=1))
        missing = any(isinstance(row, Row) and row.cells[0] == "Missing" for row in rows)
        notes = [participant_groups.OF_KNOWN] if missing else []
        notes += participant_groups.quartiles_named(rows)
        return Table(["Characteristic", Column(f"n = {numbers.whole(len(people))}", "number")], rows, notes=notes)

    @needs(lambda self: self.has_people, "This cohort has no survey.")
    def flow(self) -> Figure:
        """Participant flow: invited, enrolled, answered each time, analysed; who left, and why."""
        groups = participant_groups.parts(self)
        return flow(flow_steps(self.cohort, self.data, groups, self.interviewees))

    @needs(lambda self: self.has_people and self.breakdown, "No characteristic has many levels.")
    def breakdown_figure(self) -> Figure:
        """People by the characteristic with many levels."""
        assert self.breakdown is not None
        spec = self.cohort.study.characteristics[self.breakdown]
        found = frequencies(self.answered[self.breakdown], list(spec.levels))
        counts = [(spec.levels[str(level.level)], level.count) for level in found.levels if level.count]
        counts.sort(key=lambda pair: (-pair[1], pair[0]))
        return bars(
            [label for label, _ in counts],
            [count for _, count in counts],
            total=found.n,
            caption=f"Participants by {spec.label.lower()} (n = {numbers.whole(found.n)})",
        )

    @needs(lambda self: len(self.data.log), "Cleaning changed nothing.")
    def log_description(self) -> Prose:
        """What the table of rules is."""
        return Prose(
            Markdown(
                "@tbl-log lists every rule that cleaning applied to the cohort's files, and to how many cells or rows. "
                "The files themselves are never written to."
            )
        )

    @needs(lambda self: len(self.data.log), "Cleaning changed nothing.")
    def log_table(self) -> Table:
        """Every rule that cleaning applied."""
        names = {"file": "File", "column": "Column", "found": "Found", "became": "Became", "rule": "Rule"}
        log = self.data.log
        notes = []
        if len(log) > LONG_LOG:
            log = _columns_together(log)
            notes.append("Where one rule changed the same cell in several columns of a file, they stand in one row.")
        rows = [
            [
                *(str(change[key]).split("/")[-1] if key == "file" else str(change[key]) for key in names),
                numbers.whole(change["n"]),
            ]
            for change in log.to_dict("records")
        ]
        return Table([*names.values(), Column("Cells or rows", "number")], rows, notes=notes)

    def records(self) -> list[Record]:
        """The stage's records: numbers of participants, characteristics, study texts, facts."""
        study, spec = self.cohort.study, self.cohort.spec
        programme = study.programme
        setting = f"The cohort: {markdown(spec.title)}"
        setting += f", {markdown(spec.setting)}." if spec.setting else "."
        setting = f"{setting} {preparation.not_planned(study)}".rstrip()
        background = f"{markdown(programme.name)} was offered to {markdown(programme.participants)}."
        texts = {
            "question": markdown(study.question),
            "design": markdown(study.design),
            "background": background,
            "programme": f"{background} {markdown(programme.description)}",
            "setting": setting,
        }
        records = [Record(id=f"study.{name}", text=text) for name, text in texts.items()]
        n = len(self.answered) if self.has_people else len(self.interviewees if self.interviewees is not None else [])
        records.append(Record("participants.n", numbers.whole(n), n, n=n, unit="people", cell="txt-participants"))
        records.append(Record("participants.summary", self.summary(), cell="txt-participants"))
        if spec.invited:
            records.append(
                Record("participants.invited", numbers.whole(spec.invited), spec.invited, n=spec.invited, unit="people")
            )
        for wave, frame in self.data.waves.items():
            size = len(frame)
            records.append(Record(f"participants.{wave.lower()}", numbers.whole(size), size, n=size, unit="people"))
        if len(self.data.waves) > 1 and self.cohort.spec.pairing == "by key":
            size = len(self.paired)
            records.append(Record("participants.paired", numbers.whole(size), size, n=size, unit="people"))
        if self.data.attendance is not None:
            held = describe(self.data.attendance)
            text = numbers.mean_sd(held.mean, held.sd)
            records.append(Record("participants.attendance", text, held.mean, n=held.n, unit="sessions"))
        rules = counted(len(self.data.log), "rule") if len(self.data.log) else "none were needed"
        records.append(Record("cleaning.rules", rules, len(self.data.log), unit="rules", cell="tbl-log"))
        records += self._characteristic_records()
        attended = participant_groups.records(self)
        records += attended
        records.append(participant_groups.not_shown(self))
        records += [
            fact("survey", self.has_survey, STAGE),
            fact("scales", bool(study.scales), STAGE),
            fact("form", study.satisfaction is not None, STAGE),
            fact("coding", study.coding is not None, STAGE),
            fact("questions", bool(study.joint_display), STAGE),
            fact("flow", self.has_people, STAGE),
            fact("attendance", bool(attended), STAGE),
            fact("characteristics", self.has_people and bool(self.described), STAGE),
            fact("breakdown", self.has_people and self.breakdown is not None, STAGE),
            fact("synthetic", self.cohort.synthetic, STAGE),
            fact("log", bool(len(self.data.log)), STAGE),
        ]
        return records

    def _characteristic_records(self) -> list[Record]:
        records = []
        for name in self.known if self.has_people else []:
            spec = self.cohort.study.characteristics[name]
            values = self.answered[name]
            stem = f"participants.{name.lower()}"
            if spec.type == "number":
                found = describe(values)
                text = numbers.mean_sd(found.mean, found.sd)
                records.append(Record(stem, text, found.mean, n=found.n, unit=spec.unit, cell="tbl-participants"))
                continue
            counts = frequencies(values, list(spec.levels))
            for level in counts.levels:
                text = numbers.count_percent(level.count, counts.n)
                where = f"{stem}.{str(level.level).lower()}"
                records.append(Record(where, text, level.count, n=counts.n, unit="people", cell="tbl-participants"))
        return records

    def save(self) -> None:
        """Write the clean data and the records."""
        save_survey(self.cohort, self.data)
        keep_records(self.cohort, STAGE, self.records())


def open(cohort: str) -> Participants:
    """Clean a cohort. Raises UserErrors with everything that is wrong in its files; writes nothing."""
    opened = open_cohort(cohort)
    interviewees = read_interviewees(opened) if opened.spec.interviews is not None else None
    return Participants(opened, clean_survey(opened), interviewees)


def _columns_together(log: pd.DataFrame) -> pd.DataFrame:
    """The log with one row for what was done alike in several columns of a file: `15 columns: scq01 to scq15`."""
    alike = log.groupby(["file", "found", "became", "rule"], sort=False)
    together = alike.agg(column=("column", _several), n=("n", "sum"))
    return together.reset_index()


def _several(columns: pd.Series) -> str:
    names = list(dict.fromkeys(columns))
    return names[0] if len(names) == 1 else f"{len(names)} columns: {names[0]} to {names[-1]}"
