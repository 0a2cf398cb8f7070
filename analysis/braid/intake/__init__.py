"""One reader per kind of file; every reader returns the same thing: a RawTable of text."""

from braid.intake.delimited import read_table
from braid.intake.personal import personal_columns
from braid.intake.reading import Recognised, is_codebook, read_file, recognise
from braid.intake.table import RawTable, missing_column

__all__ = [
    "RawTable",
    "Recognised",
    "is_codebook",
    "missing_column",
    "personal_columns",
    "read_file",
    "read_table",
    "recognise",
]
