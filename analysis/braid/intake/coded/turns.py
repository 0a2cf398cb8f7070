"""Transcripts as speaker turns with their offsets, and whose turn a segment stands in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

LINE = re.compile(r"[^\r\n]+")
SPEAKER = re.compile(r"\s*([^\s:][^:]{0,79}):[ \t]*")
ASKING = re.compile(
    r"(?:^|[\W_])(?:moderator|interviewer|facilitator|researcher|int|mod|q|i)(?:[\W_]*\d*)$", re.IGNORECASE
)
"""Names of those who ask: they take no part."""
NUMBER = re.compile(r"\d+")
GENERIC = re.compile(r"(?:speaker|participant|respondent|interviewee|person|resp|p|r|s|a|sp)?[\W_]*\d*", re.IGNORECASE)
"""Names that mean somebody else in each source."""


@dataclass(frozen=True)
class Turn:
    """What one speaker said in one go: code-point offsets into the source, end exclusive, without the name."""

    source: str
    speaker: str
    start: int
    end: int


def turns(source: str, text: str) -> list[Turn]:
    """The turns of a transcript whose lines read `Speaker: words`; a line without a name continues the turn."""
    found: list[Turn] = []
    for line in LINE.finditer(text):
        if not line.group().strip():
            continue
        name = SPEAKER.match(line.group())
        if name:
            found.append(Turn(source, name.group(1).strip(), line.start() + name.end(), line.end()))
        elif found:
            last = found[-1]
            found[-1] = Turn(source, last.speaker, last.start, line.end())
        else:
            found.append(Turn(source, "", line.start(), line.end()))
    return found


def is_talk(text: str) -> bool:
    """Whether a text reads as speaker turns: most lines begin with a name, and one name speaks twice."""
    lines = [line for line in text.splitlines() if line.strip()]
    names = [name.group(1) for line in lines if "\t" not in line and (name := SPEAKER.match(line))]
    return len(names) * 2 > len(lines) and len(set(names)) < len(names)


def all_turns(transcripts: Mapping[str, str]) -> list[Turn]:
    """The turns of every source, sources by name."""
    return [turn for source in sorted(transcripts) for turn in turns(source, transcripts[source])]


class Speakers:
    """Who speaks in one source. known: the participants of the study, where they are listed.

    Without a list a name counts as a speaker's where it, or its like with another number, begins two lines or more, so
    that `Note: ...` in running text is nobody; `single` are the others. And a name such as `Speaker 1` is somebody else
    in each source: she is called by source and name, or by the source alone where nobody else speaks in it but those
    who ask.
    """

    def __init__(self, source: str, text: str, known: frozenset[str] = frozenset()) -> None:
        self.turns = turns(source, text)
        self.starts = [turn.start for turn in self.turns]
        heard = dict.fromkeys(turn.speaker for turn in self.turns if turn.speaker)
        often = Counter(NUMBER.sub("0", turn.speaker) for turn in self.turns)
        others = [name for name in heard if not ASKING.search(name)]
        names = [name for name in others if known or often[NUMBER.sub("0", name)] > 1]
        self.single = [name for name in others if name not in names]
        generic = {name for name in names if GENERIC.fullmatch(name)}
        self.names: dict[str, str] = {}
        for name in names:
            own = f"{source}_{name.replace(' ', '_')}"
            if known:
                called = next((n for n in (name, own, source if len(names) == 1 else name) if n in known), "")
            else:
                called = name if name not in generic else source if len(names) == 1 else own
            if called:
                self.names[name] = called

    @property
    def participants(self) -> list[str]:
        """Those who speak, in the order of their first turn."""
        return list(dict.fromkeys(self.names.values()))

    def of(self, start: int, end: int) -> str:
        """The participant who says most of a segment; nobody where no participant says any of it."""
        said: Counter[str] = Counter()
        for turn in self.turns[max(bisect_right(self.starts, start) - 1, 0) :]:
            if turn.start >= end:
                break
            shared = min(end, turn.end) - max(start, turn.start)
            if shared > 0 and turn.speaker in self.names:
                said[self.names[turn.speaker]] += shared
        return said.most_common(1)[0][0] if said else ""
