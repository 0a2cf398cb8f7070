"""Stage `clean`: cleaning, who took part, and what is known about them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from braid.cleaning import CleanSurvey, clean_survey, save_survey
from braid.cleaning.interviews import read_interviewees
from braid.language import N_, lowered, ntr, tr
from braid.presentation import numbers
from braid.presentation.counts import bars
from braid.presentation.escaping import markdown
from braid.presentation.figure import Figure
from braid.presentation.flow import flow
from braid.presentation.inline import Markdown
from braid.presentation.prose import Prose, counted, enumeration
from braid.presentation.table import Column, Group, Row, Table
from braid.records import Record
from braid.stages import cleaning_log, participant_groups, preparation
from braid.stages.opening import fact, keep_records, needs, open_speaking
from braid.stages.participant_flow import flow_steps
from braid.statistics.descriptive import describe, frequencies
from braid.study import Cohort

STAGE = "clean"
BREAKDOWN_LEVELS = 6
NOTHING_CHANGED = N_("Cleaning changed nothing.")


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

    def sentences(self, where: str = "") -> list[str]:
        """Who took part: the survey first, then the interviews (ready markdown). where: a reference for the first."""
        parts = []
        if self.has_survey:
            parts.append(self._took_part(where))
            waves = self.cohort.study.waves
            if len(self.data.waves) > 1:
                counts = [
                    tr("{n} answered {wave}", n=numbers.whole(len(frame)), wave=lowered(markdown(waves[wave])))
                    for wave, frame in self.data.waves.items()
                ]
                parts.append(self._again(enumeration(counts)))
            if self.data.attendance is not None:
                found, of = describe(self.data.attendance), self.cohort.spec.attendance
                assert of is not None
                parts.append(
                    tr(
                        "They attended {sessions} of {of} sessions (n = {n}).",
                        sessions=numbers.mean_sd(found.mean, found.sd),
                        of=str(of.of),
                        n=numbers.whole(found.n),
                    )
                )
        elif self.has_people:
            parts.append(self._enrolled(where))
        if self.interviewees is not None and self.cohort.study.coding is not None:
            groups = self.interviewees["group"].replace("", pd.NA).dropna()
            labels = self.cohort.study.coding.groups
            by = [f"{(groups == g).sum()} {lowered(markdown(labels[g]))}" for g in labels if (groups == g).any()]
            what = lowered(markdown(self.cohort.study.coding.collected))
            people = counted(len(self.interviewees), "person", "people")
            if len(by) > 1:
                spoke = tr("{people} spoke in {what} ({groups}).", people=people, what=what, groups=enumeration(by))
            else:
                spoke = tr("{people} spoke in {what}.", people=people, what=what)
            parts.append(spoke)
        return parts

    def _took_part(self, where: str) -> str:
        """How many took part in the survey, of how many invited."""
        n, invited = len(self.answered), self.cohort.spec.invited
        at_least = len(self.data.waves) > 1 and self.cohort.spec.pairing == "none"
        fields = {"people": counted(n, "person", "people"), "where": where}
        if not invited or invited < n:
            if at_least:
                return tr("At least {people} took part in the survey{where}.", **fields)
            return tr("{people} took part in the survey{where}.", **fields)
        fields |= {"invited": numbers.whole(invited), "share": numbers.percent(n, invited)}
        if at_least:
            return tr("At least {people} of {invited} invited ({share}) took part in the survey{where}.", **fields)
        return tr("{people} of {invited} invited ({share}) took part in the survey{where}.", **fields)

    def _enrolled(self, where: str) -> str:
        """How many were enrolled and began, group by group, where there is no questionnaire."""
        groups = [
            f"{numbers.whole(len(part.people))} {lowered(markdown(part.label))}"
            for part in participant_groups.parts(self)
        ]
        n, begun = len(self.answered), sum(len(part.people) for part in participant_groups.started(self))
        fields = {"n": numbers.whole(n), "groups": enumeration(groups), "begun": numbers.whole(begun), "where": where}
        if groups and begun:
            return ntr(
                "{n} person was enrolled ({groups}), and {begun} started{where}.",
                "{n} people were enrolled ({groups}), and {begun} started{where}.",
                n,
                **fields,
            )
        if groups:
            return ntr(
                "{n} person was enrolled ({groups}){where}.", "{n} people were enrolled ({groups}){where}.", n, **fields
            )
        if begun:
            return ntr(
                "{n} person was enrolled, and {begun} started{where}.",
                "{n} people were enrolled, and {begun} started{where}.",
                n,
                **fields,
            )
        return ntr("{n} person was enrolled{where}.", "{n} people were enrolled{where}.", n, **fields)

    def _again(self, counts: str) -> str:
        """How many answered each wave, and more than once."""
        if self.cohort.spec.pairing == "none":
            return tr("{counts}; nothing tells who answered more than once.", counts=counts)
        n = numbers.whole(len(self.paired))
        if len(self.data.waves) == 2:
            return tr("{counts}; {n} answered both times.", counts=counts, n=n)
        study = self.cohort.study
        first, last = (lowered(markdown(study.waves[wave])) for wave in (study.first_wave, study.last_wave))
        return tr("{counts}; {n} answered {first} and {last}.", counts=counts, n=n, first=first, last=last)

    def description(self) -> Prose:
        """Who took part, with references to figure and tables."""
        sentences = self.sentences(" (@fig-flow)" if self.has_people else "")
        if self.has_people and self.described:
            if self.has_survey:
                sentences.append(tr("@tbl-participants describes those of the survey."))
            else:
                sentences.append(tr("@tbl-participants describes those who were enrolled."))
        if self.has_people and self.breakdown:
            label = lowered(markdown(self.cohort.study.characteristics[self.breakdown].label))
            sentences.append(tr("@fig-breakdown shows them by {label}.", label=label))
        return Prose(Markdown(" ".join(sentences)))

    @property
    def described(self) -> list[str]:
        """Characteristics that the table of participants has rows for."""
        return [name for name in self.known if name != self.cohort.study.participants_by]

    @needs(lambda self: self.has_people and self.described, N_("Nothing is known about the people of this cohort."))
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
                gone = numbers.count_percent(counted_levels.missing, len(people))
                rows.append(Row((tr(participant_groups.UNKNOWN, context="characteristics"), gone), indent=1))
        columns = [Column(tr("Characteristic")), Column(f"n = {numbers.whole(len(people))}", "number")]
        quartiles = any(study.characteristics[name].type == "number" for name in self.known)
        gaps = bool(people[self.known].isna().any(axis=None))
        return Table(columns, rows, notes=participant_groups.notes(gaps=gaps, quartiles=quartiles))

    @needs(lambda self: self.has_people, N_("This cohort has no survey."))
    def flow(self) -> Figure:
        """Participant flow: invited, enrolled, answered each time, analysed; who left, and why."""
        groups = participant_groups.parts(self)
        return flow(flow_steps(self.cohort, self.data, groups, self.interviewees))

    @needs(lambda self: self.has_people and self.breakdown, N_("No characteristic has many levels."))
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
            caption=tr("Participants by {label} (n = {n})", label=lowered(spec.label), n=numbers.whole(found.n)),
        )

    @needs(lambda self: len(self.data.log), NOTHING_CHANGED)
    def log_description(self) -> Prose:
        """What the table of rules is."""
        return cleaning_log.description()

    @needs(lambda self: len(self.data.log), NOTHING_CHANGED)
    def log_table(self) -> Table:
        """Every rule that cleaning applied."""
        return cleaning_log.table(self)

    def records(self) -> list[Record]:
        """The stage's records: numbers of participants, characteristics, study texts, facts."""
        study, spec = self.cohort.study, self.cohort.spec
        programme = study.programme
        title = markdown(spec.title)
        if spec.setting:
            setting = tr("The cohort: {title}, {setting}.", title=title, setting=markdown(spec.setting))
        else:
            setting = tr("The cohort: {title}.", title=title)
        setting = f"{setting} {preparation.not_planned(study)}".rstrip()
        background = tr(
            "{programme} was offered to {participants}.",
            programme=markdown(programme.name),
            participants=markdown(programme.participants),
        )
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
        rules = counted(len(self.data.log), "rule") if len(self.data.log) else tr("none were needed", context="rules")
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
    opened = open_speaking(cohort)
    interviewees = read_interviewees(opened) if opened.spec.interviews is not None else None
    return Participants(opened, clean_survey(opened), interviewees)
