"""The analyst's own prose: the sections of the report and a cohort's notes, read to be held against the results."""

from braid.prose.claims import unsupported_claims, unsupported_sentences
from braid.prose.notes import NOTES, note_files, read_prose
from braid.prose.sentences import Sentence, sentences
from braid.prose.typed_numbers import TypedNumber, typed_numbers

__all__ = [
    "NOTES",
    "Sentence",
    "TypedNumber",
    "note_files",
    "read_prose",
    "sentences",
    "typed_numbers",
    "unsupported_claims",
    "unsupported_sentences",
]
