"""What in a text might say who is meant: patterns and a deny-list. They find much and never all.

First names, role descriptions and rare events are not found by any pattern, so a person still signs off
every quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from braid.qualitative.codes import name_of
from braid.study import Coding

SITE_LETTERS = 3
MONTHS = (
    r"(?:jan(?:uary?)?|feb(?:ruary?)?|mar(?:ch|ts)?|märz|apr(?:il)?|ma[yji]|jun[ei]?|jul[yi]?|aug(?:ust)?"
    r"|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)"
)
"""Of English, Danish and German."""
DAY = r"[0-3]?\d(?:st|nd|rd|th|\.)?"
SHORT = r"(?:Dr|Prof|Mr|Mrs|Ms|Mx|Hr|Frk)\b\.?"
TITLES = (
    r"(?:Doctor|Professor|Miss|Sir|Madam|Sister|Nurse|Matron|Herr|Fru|Frau|(?:Over)?læge|(?:Ober)?arzt"
    r"|(?:Ober)?ärztin|Doktor|Sygeplejerske|Schwester|Pfleger)\b"
)
"""Titles in full: a point behind them ends a sentence."""
CAPITAL = "[A-ZÀ-ÖØ-Þ]"

PATTERNS: dict[str, re.Pattern[str]] = {
    "email": re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"),
    "url": re.compile(r"\b(?:https?://|www\.)[^\s<>\"']+", re.IGNORECASE),
    "date": re.compile(
        r"\b\d{4}-\d{1,2}-\d{1,2}\b"
        r"|\b\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})\b"
        rf"|\b{DAY}\s+(?:of\s+)?{MONTHS}\b(?:,?\s+\d{{4}}\b)?"
        rf"|\b{MONTHS}\s+{DAY}\b(?:,?\s+\d{{4}}\b)?"
        rf"|\b{MONTHS},?\s+\d{{4}}\b",
        re.IGNORECASE,
    ),
    "phone": re.compile(r"(?<![\w.])(?:\+\d|\(\d{2,5}\)|\d)(?:[ ()/-]{0,2}\d){6,14}(?!\w)"),
    "record number": re.compile(
        r"\b(?:mrn|mr|nhs|record|file|chart|case|patient|hospital|registration|reg|id)"
        r"\s*(?:number|num|no\b\.?|nr\b\.?|id|#)?\s*[:#.]?\s*[a-z]{0,3}-?\d{3,}(?:[ -]\d+)*\b"
        r"|\b[a-z]{1,3}-?\d{5,}\b",
        re.IGNORECASE,
    ),
    "titled name": re.compile(rf"\b(?i:{SHORT}|{TITLES})\s+(?!I\b){CAPITAL}[\w'’-]*\.?(?:\s+{CAPITAL}[\w'’-]+){{0,2}}"),
}


@dataclass(frozen=True)
class Finding:
    """A part of a text that may identify somebody: its kind, the words, and their place (end exclusive)."""

    kind: str
    text: str
    start: int
    end: int


def scan(text: str, deny_list: Iterable[str] = ()) -> list[Finding]:
    """What patterns and the study's deny-list find, in order of place; an empty list is no proof of anything.

    Kinds: email, url, date, phone, record number, titled name, and deny-list (names, wards, sites: whole
    words, any case, any white space between them). A finding inside a longer one, or at
    the place of one of an earlier kind, is left out.
    """
    found = [
        Finding(kind, match.group(), match.start(), match.end())
        for kind, pattern in PATTERNS.items()
        for match in pattern.finditer(text)
    ]
    for entry in deny_list:
        words = entry.split()
        if not words:
            continue
        spaced = r"\s+".join(map(re.escape, words))
        pattern = re.compile(rf"(?<!\w){spaced}(?!\w)", re.IGNORECASE)
        found += [Finding("deny-list", match.group(), match.start(), match.end()) for match in pattern.finditer(text)]
    return sorted(
        (one for i, one in enumerate(found) if not any(_covers(other, one, j < i) for j, other in enumerate(found))),
        key=lambda one: (one.start, one.end, one.kind),
    )


def deny_list(coding: Coding, *frames: pd.DataFrame) -> list[str]:
    """What no quote may hold before a person has decided so: the study's own words, and the names of the sites.

    frames: segments or interviewees; a site whose name has fewer than three letters is left out, as `A` is a word.
    """
    sites = [name_of(cell) for frame in frames if "site" in frame.columns for cell in frame["site"].unique()]
    return list(dict.fromkeys([*coding.deny, *(site for site in sites if sum(map(str.isalpha, site)) >= SITE_LETTERS)]))


def _covers(other: Finding, one: Finding, earlier: bool) -> bool:
    """Whether `other` holds all of `one` and more; of two kinds at the same place the earlier one stays."""
    if other.start > one.start or one.end > other.end:
        return False
    return other.end - other.start > one.end - one.start or (earlier and other.end - other.start == one.end - one.start)
