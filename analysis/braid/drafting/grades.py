"""The order of response words: known sets of several languages, and English words by how much they say.

Where the order is not known for certain it is not made up: a wrong order gives wrong numbers that look right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from braid.drafting.columns import folded
from braid.drafting.words import response_sets

# How much a word says, from none to all. A word that is not here has no grade.
AMOUNTS = {
    0.0: "not at all|at all|none|never|nothing|no|not|not a bit",
    0.5: "hardly|almost never|little or no|very little|very rarely|poor|very mild",
    1.0: "rarely|slightly|a little|little|a bit|seldom|a few|minimally|poorly|mild",
    1.5: "occasionally|once in a while|some|sometimes|several",
    2.0: "somewhat|neutral|about half|half|partly|fair|neither|average|undecided|unsure|a moderate amount",
    2.5: "moderately|fairly|good|adequately|reasonably|acceptable|moderate",
    3.0: "often|mostly|most|usually|quite|frequently|quite a bit|a lot|well|more than half|largely|fairly often",
    3.5: "very|severe|much|very good|very well|very often|almost always|highly|nearly every"
    "|a great deal|very much|nearly all",
    4.0: "always|very severe|all|extremely|completely|fully|extensive|excellent|totally|entirely|every"
    "|absolutely|exceptionally|perfectly",
}
NEGATIVE = (
    "disagree|dissatisfied|unsatisfied|unlikely|unimportant|worse|less|decreased|unhappy|unfavourable|ineffective"
)
POSITIVE = "agree|satisfied|likely|important|better|more|increased|happy|favourable|effective|difficult|slow"
OTHER_SIDE = "easy|fast"
MIDDLE = "neither|neutral|undecided|unsure|no change|just right|the same|same|about right|unchanged|no difference|mixed"
STRENGTH = {
    3.0: "strongly|very|extremely|completely|totally|much|highly|too|a lot|entirely|definitely|far",
    2.0: "moderately|mostly|quite",
    1.0: "slightly|somewhat|a little|rather|fairly|tend to|a bit|mildly|partly|probably",
}
PLAIN_STRENGTH = 2.5
PLAIN_AMOUNT = 3.0


def in_order(words: Sequence[str]) -> list[str] | None:
    """The words from least to most, or None where their order is not known or two of them say the same."""
    if len({folded(word) for word in words}) < 2:
        return None
    for grades in (_by_set(words), _by_sides(words), _by_amount(words)):
        if grades is not None and len(set(grades)) == len(words):
            return [word for _, word in sorted(zip(grades, words, strict=True))]
    return None


def _by_set(words: Sequence[str]) -> list[float] | None:
    for known in response_sets():
        if all(folded(word) in known for word in words):
            return [float(known[folded(word)]) for word in words]
    return None


def _by_sides(words: Sequence[str]) -> list[float] | None:
    """Grades of words with two sides, such as agree and disagree; None where one has no side."""
    grades = []
    for word in words:
        text = folded(word)
        if _first(MIDDLE, text):
            grades.append(0.0)
            continue
        against, side, other = (_first(part, text) for part in (NEGATIVE, POSITIVE, OTHER_SIDE))
        if not (against or side or other):
            return None
        strength = next((grade for grade, marks in STRENGTH.items() if _first(marks, text)), PLAIN_STRENGTH)
        denied = -1 if re.search(r"\b(do not|don't|not)\b", text) else 1
        grades.append(denied * (-strength if against or (other and not side) else strength))
    return grades if min(grades) < 0 < max(grades) else None


def _by_amount(words: Sequence[str]) -> list[float] | None:
    """Grades of words that say how much, such as never to always; None where one does not."""
    grades = []
    for word in words:
        text = folded(word)
        marks = [(mark, grade) for grade, line in AMOUNTS.items() for mark in line.split("|") if _first(mark, text)]
        if not marks and all(text in folded(other) for other in words):
            grades.append(PLAIN_AMOUNT)
            continue
        if not marks:
            return None
        # The longest mark says it: "a little" is no "little", "not at all able" no "all".
        grades.append(max(marks, key=lambda found: len(found[0]))[1])
    return grades


def _first(marks: str, text: str) -> bool:
    """Whether one of the marks stands in the text as whole words."""
    return re.search(rf"(?<!\w)(?:{marks})(?!\w)", text) is not None
