"""One reader per kind of file; every reader returns the same thing: a RawTable of text."""

from braid.intake.table import RawTable, missing_column, read_table

__all__ = ["RawTable", "missing_column", "read_table"]
