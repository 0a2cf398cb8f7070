"""What cleaning says of its changes: the log holds the English words, a report says them in its own language."""

from __future__ import annotations

import re
from collections.abc import Mapping

from braid.language import N_, tr, writing

MISSING = N_("missing", context="cleaning")
LEFT_OUT = N_("row left out", context="cleaning")
ONE_SPELLING = N_("one spelling", context="cleaning")
NOT_IN_WAVE = N_("not in this wave", context="cleaning")
KEPT = N_("kept, nothing known about them", context="cleaning")

SPELLINGS = N_("small letters or white space inside", context="cleaning")
NO_KEY = N_("no key", context="cleaning")
EXCLUDED = N_("excluded person", context="cleaning")
REPEATED = N_("repeated person", context="cleaning")
SILENT = N_("no item answered", context="cleaning")
STRANGER = N_("person without a row in the people file", context="cleaning")
WAVES = N_("waves", context="cleaning")
KEY = N_("key", context="cleaning")

PERSON_KEY = N_("person key", context="cleaning")
NOBODY = N_("rows without a person", context="cleaning")
TOOK_PART = N_("took part: one item or more", context="cleaning")
JOINED = N_("joined by key", context="cleaning")
COUNTS = {
    "first": N_("the first row counts", context="cleaning"),
    "last": N_("the last row counts", context="cleaning"),
}
NOT_APPLICABLE = N_("does not apply", context="cleaning")
CODE = N_("declared missing code", context="cleaning")
CODE_OF_FILE = N_("declared missing in the file", context="cleaning")
ANSWER = N_("answer given in cohort.yml", context="cleaning")
RESPONSE = N_("response label", context="cleaning")
FILE_LABEL = N_("label of the file", context="cleaning")
VALUE = N_("value given in cohort.yml", context="cleaning")
LEVEL = N_("level label", context="cleaning")

OUTSIDE = N_("outside of {low} to {high}", context="cleaning")
OTHERS = N_("{n} other cells", context="cleaning")
VALUES = N_("{n} values", context="cleaning")

_OF_ROWS = {SPELLINGS, NO_KEY, EXCLUDED, REPEATED, SILENT, STRANGER}
_BECAME = {MISSING, LEFT_OUT, ONE_SPELLING, NOT_IN_WAVE, KEPT}
_ROW_RULES = {PERSON_KEY, NOBODY, TOOK_PART, JOINED, *COUNTS.values()}
_CELL_RULES = {NOT_APPLICABLE, CODE, CODE_OF_FILE, ANSWER, RESPONSE, FILE_LABEL, VALUE, LEVEL}


def in_words(change: Mapping[str, object]) -> dict[str, str]:
    """A row of the log in the language in force: file, column, found, became, rule.

    What the data, the files or a person said stays as it is: names, cells, and why somebody was left out.
    """
    said = {name: str(change[name]) for name in ("file", "column", "found", "became", "rule")}
    found, rule = said["found"], said["rule"]
    of_rows = found == EXCLUDED or rule in _ROW_RULES
    if found == STRANGER and of_rows:
        said |= {"file": tr(WAVES, context="cleaning"), "column": tr(KEY, context="cleaning")}
    said["found"] = _told(found, _OF_ROWS if of_rows else set(), OTHERS)
    said["became"] = _told(said["became"], _BECAME, VALUES)
    said["rule"] = rule if found == EXCLUDED else _told(rule, _ROW_RULES | _CELL_RULES, OUTSIDE)
    return said


def _told(text: str, whole: set[str], with_numbers: str) -> str:
    if text in whole:
        return tr(text, context="cleaning")
    filled = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[-\\w.+]+)", with_numbers), text)
    if filled is None:
        return text
    fields = {name: number.replace(".", writing().decimal) for name, number in filled.groupdict().items()}
    return tr(with_numbers, context="cleaning", **fields)
