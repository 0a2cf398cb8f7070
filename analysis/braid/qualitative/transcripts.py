"""Transcripts as speaker turns with their offsets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

LINE = re.compile(r"[^\r\n]+")
SPEAKER = re.compile(r"\s*([^\s:][^:]{0,79}):[ \t]*")


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


def all_turns(transcripts: Mapping[str, str]) -> list[Turn]:
    """The turns of every source, sources by name."""
    return [turn for source in sorted(transcripts) for turn in turns(source, transcripts[source])]
