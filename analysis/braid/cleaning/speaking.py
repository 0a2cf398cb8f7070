"""Who says a segment: its case, the speaker whose turn it stands in, or its source; and where its words stand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from braid.errors import UserError
from braid.intake import RawTable
from braid.intake.coded import CodedProject, Speakers
from braid.intake.leaving_out import counted, listed
from braid.study import Interviews


class Speaking:
    """The participants of a cohort's interviews, found in all that is known of them. notes: what was guessed."""

    def __init__(
        self, spec: Interviews, projects: Sequence[CodedProject], texts: Mapping[str, str], table: RawTable | None
    ) -> None:
        self.spec, self.projects, self.texts = spec, projects, texts
        self.listed = listed_participants(table, spec) if table is not None else []
        # where cases are known, a speaker is one of them or nobody: two names of one person would count her twice
        cases = [name for project in projects for name in project.participants["participant"]]
        self.cases = [] if spec.participant == "speaker" else cases
        known = frozenset(self.listed or self.cases)
        self.speakers = {source: Speakers(source, text, known) for source, text in texts.items()}
        self.by_source = spec.participant == "source"
        single = [name for speakers in self.speakers.values() for name in speakers.single]
        self.notes = [f"begin one line only, and count as no speakers: {listed(single)}"] if single else []

    def segments(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
        """The segments with participants, and offsets where their words stand once in a text; and what is lost."""
        frame = frame.copy()
        lost: list[str] = []
        if self.spec.project is not None:
            frame, lost = self._located(frame)
        told = frame["participant"].tolist()
        found = [
            self._whose(participant, source, start, end)
            for participant, source, start, end in zip(
                told, frame["source"], frame["start"].tolist(), frame["end"].tolist(), strict=True
            )
        ]
        if self.spec.project is not None and self.spec.participant is None and not any(found):
            sources = [source if source in self.listed or not self.listed else "" for source in frame["source"]]
            self.by_source = not self.listed and any(sources)
            if self.by_source:
                self.notes.append(
                    "nothing says who speaks, so that each source counts as one participant: if that is wrong, name "
                    "them by cases, by turns (`Speaker: words`), or in a table of participants"
                )
            found = sources
        frame["participant"] = pd.Series(found, index=frame.index, dtype="str")
        nobody = int((frame["participant"] == "").sum())
        if nobody and self.spec.project is not None:
            lost.append(f"{counted(nobody, 'segment')} without a known participant count as mentions only")
        return frame, lost

    def participants(self, segments: pd.DataFrame) -> list[str]:
        """All who took part: as the table lists them, else cases, speakers, and whoever said a segment."""
        if self.listed:
            return self.listed
        coded = [name for name in dict.fromkeys(segments["participant"]) if name]
        if self.by_source:
            sources = [source for project in self.projects for source in project.sources["source"]]
            return list(dict.fromkeys([*sources, *self.texts, *coded]))
        talking = [] if self.spec.participant == "case" or self.cases else self._talking()
        return list(dict.fromkeys([*self.cases, *talking, *coded]))

    def _talking(self) -> list[str]:
        return [name for speakers in self.speakers.values() for name in speakers.participants]

    def _whose(self, participant: str, source: str, start: object, end: object) -> str:
        rule = self.spec.participant
        if rule == "source":
            return source
        if participant and rule != "speaker":
            return participant
        if rule != "case" and source in self.speakers and isinstance(start, int) and isinstance(end, int):
            return self.speakers[source].of(start, end)
        return participant if rule == "speaker" else ""

    def _located(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
        """Segments that have words and no offsets get those of the only place where the words stand."""
        starts, ends, quotes = frame["start"].tolist(), frame["end"].tolist(), frame["quote"].tolist()
        several: list[str] = []
        nowhere: list[str] = []
        unknown: list[str] = []
        for row, (source, quote) in enumerate(zip(frame["source"], quotes, strict=True)):
            if not pd.isna(starts[row]) or not quote:
                continue
            if source not in self.texts:
                unknown.append(source)
                continue
            places = _places(self.texts[source], quote)
            if len(places) == 1:
                starts[row], ends[row] = places[0]
                quotes[row] = self.texts[source][slice(*places[0])]
            else:
                (several if places else nowhere).append(source)
        frame = frame.assign(
            start=pd.array(starts, dtype="Int64"),
            end=pd.array(ends, dtype="Int64"),
            quote=pd.array(quotes, dtype="str"),
        )
        notes = [
            f"the words of {counted(len(rows), 'segment')} stand {how} in the transcripts of "
            f"{listed(dict.fromkeys(rows))}: they have no offsets, and agreement by speaker turns leaves it out"
            for rows, how in ((several, "more than once"), (nowhere, "nowhere"))
            if rows
        ]
        if unknown and self.spec.transcripts is not None:
            notes.append(
                f"no transcript is called like the source of {counted(len(unknown), 'segment')}, so that they have no "
                f"offsets: {listed(dict.fromkeys(unknown))}"
            )
        return frame, notes


def listed_participants(table: RawTable, spec: Interviews) -> list[str]:
    """Who took part, by the table that says so. Raises UserError where somebody stands there twice."""
    people = table.column("participant")
    if spec.segments is not None and spec.group is None:
        table.column("group")
    repeated = people[people.duplicated()]
    if len(repeated):
        raise UserError("a participant stands twice", place=table.name, found=str(repeated.iloc[0]))
    return list(people)


def _places(text: str, words: str) -> list[tuple[int, int]]:
    """Where words stand in a text, whatever white space is between them."""
    pattern = r"\s*".join(map(re.escape, words.split()))
    return [found.span() for found in re.finditer(pattern, text)] if pattern else []
