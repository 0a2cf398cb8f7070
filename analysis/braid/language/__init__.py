"""The language of a report: its words from a catalogue (a gettext .po file), its numbers and dates from Babel.

English is the language of the source: nothing is looked up, and neither a catalogue nor Babel is loaded.
"""

from braid.language.speech import (
    ENGLISH,
    N_,
    catalogue_files,
    current,
    known_languages,
    labels_are_lowered,
    lowered,
    ntr,
    speak,
    speaking,
    tr,
)
from braid.language.writing import Writing, writing, written_date

__all__ = [
    "ENGLISH",
    "N_",
    "Writing",
    "catalogue_files",
    "current",
    "known_languages",
    "labels_are_lowered",
    "lowered",
    "ntr",
    "speak",
    "speaking",
    "tr",
    "writing",
    "written_date",
]
