"""Small interviews for the tests: transcripts as turns, and segments found in them by their words."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from braid.study import Coding

CODING = Coding.model_validate(
    {
        "groups": {"north": "North ward", "south": "South ward"},
        "themes": {
            "barriers": {
                "label": "Barriers",
                "kind": "barrier",
                "themes": {
                    "time": {"label": "Lack of time", "kind": "barrier"},
                    "noise": {"label": "Noise", "kind": "barrier"},
                },
            },
            "helps": {
                "label": "What helps",
                "kind": "facilitator",
                "themes": {"peers": {"label": "Peers", "kind": "facilitator"}},
            },
        },
    }
)

TALK = {
    "G_1": [
        ("Moderator", "What keeps you from listening?"),
        ("G_1_Speaker_1", "There is never a quiet minute. The phones ring all day."),
        ("G_1_Speaker_2", "My colleagues cover for me when it gets hard."),
        ("G_1_Speaker_3", "I agree with the others."),
    ],
    "G_2": [
        ("G_2_Speaker_1", "Nights are short and the list is long — é, 😀."),
        ("G_2_Speaker_2", "We talk it over at breakfast."),
    ],
}
TRANSCRIPTS = {source: "\n".join(f"{who}: {words}" for who, words in lines) + "\n" for source, lines in TALK.items()}

INTERVIEWEES = pd.DataFrame(
    {
        "participant": ["G_1_Speaker_1", "G_1_Speaker_2", "G_1_Speaker_3", "G_2_Speaker_1", "G_2_Speaker_2"],
        "group": ["north", "north", "north", "south", "south"],
    }
)

CODED = [
    ("G_1", "There is never a quiet minute.", "barriers.time", "AB"),
    ("G_1", "The phones ring all day.", "barriers.noise", "A"),
    ("G_1", "My colleagues cover for me when it gets hard.", "helps.peers", "AB"),
    ("G_2", "Nights are short and the list is long — é, 😀.", "barriers.time", "B"),
    ("G_2", "We talk it over at breakfast.", "helps.peers", "AB"),
]


def segments(coded: Sequence[tuple[str, str, str, str]] = CODED) -> pd.DataFrame:
    """One row per (words, theme, coder); each letter of the last entry is a coder."""
    rows = []
    for source, words, theme, coders in coded:
        who = next(who for who, said in TALK[source] if words in said)
        start = TRANSCRIPTS[source].index(words)
        group = dict(zip(INTERVIEWEES["participant"], INTERVIEWEES["group"], strict=True))[who]
        rows += [(source, who, group, coder, theme, start, start + len(words), words, "") for coder in coders]
    columns = ["source", "participant", "group", "coder", "theme", "start", "end", "quote", "memo"]
    return pd.DataFrame(rows, columns=columns).astype({"start": "Int64", "end": "Int64"})


def place(words: str, source: str) -> tuple[int, int]:
    start = TRANSCRIPTS[source].index(words)
    return start, start + len(words)
