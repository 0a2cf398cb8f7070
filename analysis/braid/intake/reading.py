"""One entry for every kind of file: which reader it needs is declared, or known by its name and by what is in it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, cast

from braid.errors import UserError
from braid.intake.delimited import read_table
from braid.intake.export import head
from braid.intake.google_forms import is_google_forms, read_google_forms
from braid.intake.kobo import is_kobo, read_kobo
from braid.intake.leaving_out import listed, noted
from braid.intake.limesurvey import is_limesurvey, read_limesurvey
from braid.intake.qualtrics import import_ids, is_qualtrics, read_qualtrics, second_header
from braid.intake.redcap import is_redcap, read_redcap
from braid.intake.table import RawTable
from braid.intake.xlsform import Form, read_form
from braid.study import FileReading
from braid.study.cohort import Format

Kind = Literal["delimited", "excel", "spss", "stata", "parquet"]
Sure = Literal["certain", "likely", "a guess"]

SUFFIXES: dict[str, Kind] = {
    ".csv": "delimited",
    ".tsv": "delimited",
    ".tab": "delimited",
    ".txt": "delimited",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".xlsb": "excel",
    ".xls": "excel",
    ".ods": "excel",
    ".sav": "spss",
    ".zsav": "spss",
    ".por": "spss",
    ".dta": "stata",
    ".parquet": "parquet",
    ".pq": "parquet",
}
STARTS: dict[bytes, Kind] = {
    b"PAR1": "parquet",
    b"$FL2": "spss",
    b"$FL3": "spss",
    b"<stata_dta>": "stata",
    b"\xd0\xcf\x11\xe0": "excel",
}
PLATFORMS = ("qualtrics", "redcap", "google-forms", "limesurvey", "kobo")


@dataclass(frozen=True)
class Recognised:
    """What wrote a file. why: what shows it, in words. sure: how far that may be relied on."""

    format: Format
    why: str
    sure: Sure


def read_file(
    path: Path, name: str, how: FileReading | None = None, *, companions: Callable[[str], Path] | None = None
) -> RawTable:
    """Read a file of a cohort, whatever wrote it.

    how: what cohort.yml says of the file. companions: where a file named there (a dictionary) is; beside this one
    where left out. Without a declared format the file's ending decides, and a platform's export is read as such
    where it shows itself for certain; `reading` says which. Raises UserError where the file cannot be read.
    """
    how = how or FileReading()
    _is_a_table(path, name)
    kind = _kind(path, how)
    found = None
    if how.format is None and kind == "delimited":
        found = _by_content(head(path, how))
        if found is None or found.sure != "certain":
            return _read(kind, path, name, how)
    elif how.format not in PLATFORMS:
        table = _read(kind, path, name, how)
        found = _by_content([list(map(str, table.frame.columns)), *_first_rows(table)]) if how.format is None else None
        if kind != "excel" or found is None or found.sure != "certain":
            return table
    platform = found.format if found is not None else cast(Format, how.format)
    table = _as_export(kind, path, name, how)
    table = _by_platform(platform, table, how, _Companion(path, name, how, companions))
    others = [sheet for sheet in _sheets(path) if sheet != how.sheet] if kind == "excel" and how.sheet else []
    table = noted(table, f"other sheets, such as repeat groups, were not read: {listed(others)}" if others else "")
    return noted(table, f"read as an export of {platform}: {found.why}" if found is not None else "")


def recognise(path: Path) -> Recognised:
    """What wrote a file, by its ending and what is in it, for a proposal of its `format`.

    Raises UserError where there is no such file or it is an archive.
    """
    _is_a_table(path, path.name)
    kind = _kind(path, FileReading())
    if kind == "delimited":
        rows = head(path, FileReading())
        if found := _by_content(rows):
            return found
        if not rows:
            return Recognised("delimited", "its ending only: no text was found in it", "a guess")
        return Recognised("delimited", "text without the columns of a survey platform", "likely")
    sheets = _sheets(path) if kind == "excel" else []
    how = FileReading(sheet=sheets[0] if len(sheets) > 1 else None)
    table = _as_export(kind, path, path.name, how)
    found = _by_content([list(map(str, table.frame.columns)), *_first_rows(table)])
    if found is not None and kind in ("excel", "spss", "stata"):
        return replace(found, why=f"{found.why} (sheet {how.sheet!r})") if how.sheet else found
    return Recognised(kind, f"a file of the kind {path.suffix.lower() or kind}", "certain")


def is_codebook(path: Path) -> str:
    """Whether a file is no data but a codebook: `REDCap data dictionary`, `XLSForm`, or nothing."""
    kind = _kind(path, FileReading())
    if kind == "delimited":
        folded = {re.sub(r"\W|_", "", cell).casefold() for cell in (head(path, FileReading(), 1) or [[]])[0]}
        names = {"variablefieldname", "fieldname"} & folded
        return "REDCap data dictionary" if names and {"fieldtype", "fieldlabel", "formname"} <= folded else ""
    return "XLSForm" if kind == "excel" and {"survey", "choices"} <= set(_sheets(path)) else ""


@dataclass(frozen=True)
class _Companion:
    """The dictionary that goes with a file, read when a platform's reader asks for it."""

    path: Path
    name: str
    how: FileReading
    where: Callable[[str], Path] | None

    def _place(self) -> tuple[Path, str]:
        file = self.how.dictionary or ""
        folder = self.name.rsplit("/", 1)[0] + "/" if "/" in self.name else ""
        return (self.where(file) if self.where else self.path.parent / file), folder + file

    def dictionary(self) -> RawTable | None:
        """The declared dictionary as a table, or None."""
        if self.how.dictionary is None:
            return None
        path, name = self._place()
        _is_a_table(path, name)
        return _as_export(_kind(path, FileReading()), path, name, FileReading())

    def form(self) -> Form | None:
        """The declared XLSForm, or None."""
        if self.how.dictionary is None:
            return None
        path, name = self._place()
        _is_a_table(path, name)
        if _kind(path, FileReading()) != "excel":
            raise UserError(
                "an XLSForm is an Excel file",
                place=name,
                expected="an .xlsx file with the sheets survey and choices",
                todo="download the form as XLS in KoboToolbox, and name that file as `dictionary`",
            )
        sheets = [sheet for sheet in ("survey", "choices") if sheet in _sheets(path)] or ["survey"]
        tables = [_read("excel", path, name, FileReading(sheet=sheet, header_rows=1)) for sheet in sheets]
        return read_form(name, tables[0], tables[1] if len(tables) > 1 else None)


def _by_platform(platform: Format, table: RawTable, how: FileReading, companion: _Companion) -> RawTable:
    if platform == "qualtrics":
        return read_qualtrics(table, how)
    if platform == "redcap":
        return read_redcap(table, how, companion.dictionary())
    if platform == "google-forms":
        return read_google_forms(table, how)
    if platform == "limesurvey":
        return read_limesurvey(table, how)
    return read_kobo(table, companion.form())


def _by_content(rows: list[list[str]]) -> Recognised | None:
    """The platform whose export begins with these rows, the header first; None for a plain table."""
    if not rows:
        return None
    columns, below = rows[0], rows[1:]
    if any(import_ids(row) for row in below[:2]):
        return Recognised("qualtrics", 'a header row holds {"ImportId": ...}', "certain")
    if second_header(columns, below):
        return Recognised("qualtrics", "a second header row above response ids such as R_1a2b", "certain")
    if is_qualtrics(columns):
        return Recognised("qualtrics", "columns such as ResponseId and Status", "likely")
    if why := is_redcap(columns):
        return Recognised("redcap", why, "certain" if any(c.startswith("redcap_") for c in columns) else "likely")
    if is_kobo(columns):
        return Recognised("kobo", f"columns {listed(c for c in columns if c in OWN_OF_KOBO)}", "certain")
    if is_limesurvey(columns):
        return Recognised("limesurvey", "columns on the date of submission, the last page and the language", "certain")
    if why := is_google_forms(columns, below):
        return Recognised("google-forms", why, "likely")
    return None


OWN_OF_KOBO = ("_id", "_uuid", "_submission_time", "_index", "_parent_index", "SubmissionDate", "KEY")


def _as_export(kind: Kind, path: Path, name: str, how: FileReading) -> RawTable:
    """The table with its first row as the header, whatever stands in it."""
    # the comma between ticked answers (1,3) is no decimal comma
    return _read(kind, path, name, how.model_copy(update={"header_rows": 1, "decimal": how.decimal or "."}))


def _read(kind: Kind, path: Path, name: str, how: FileReading) -> RawTable:
    if kind == "excel":
        from braid.intake.excel import read_excel

        return read_excel(path, name, how)
    if kind == "spss":
        from braid.intake.statistical import read_spss

        return read_spss(path, name, how)
    if kind == "stata":
        from braid.intake.statistical import read_stata

        return read_stata(path, name, how)
    if kind == "parquet":
        from braid.intake.parquet import read_parquet

        return read_parquet(path, name, how)
    return read_table(path, name, how)


def _kind(path: Path, how: FileReading) -> Kind:
    """How the file is stored: as declared, by its ending, or by its first bytes."""
    if how.format is not None and how.format not in PLATFORMS:
        return cast(Kind, how.format)
    suffix = path.suffix.lower()
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    with path.open("rb") as file:
        start = file.read(16)
    for mark, kind in STARTS.items():
        if start.startswith(mark):
            return kind
    return "excel" if _is_workbook(_inside(path)) else "delimited"


def _is_a_table(path: Path, name: str) -> None:
    """Raise UserError where there is no such file, or it is an archive."""
    if not path.is_file():
        raise UserError("this file does not exist", place=name, todo="copy it there, or mend its name in cohort.yml")
    if SUFFIXES.get(path.suffix.lower()) == "excel":
        return
    inside = _inside(path)
    if inside and not _is_workbook(inside):
        raise UserError(
            "this is an archive, not a table",
            place=name,
            found=listed(inside),
            todo="unzip it, copy the file inside to the cohort's folder, and name that file in cohort.yml",
        )


def _inside(path: Path) -> list[str]:
    """The files inside an archive; none where it is no archive."""
    if not zipfile.is_zipfile(path):
        return []
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def _is_workbook(inside: list[str]) -> bool:
    return any(file.startswith(("xl/", "content.xml")) for file in inside)


def _sheets(path: Path) -> list[str]:
    """The sheets of a workbook by name; none where it is no workbook."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return CalamineWorkbook.from_path(str(path)).sheet_names
    except (CalamineError, OSError):
        return []


def _first_rows(table: RawTable) -> list[list[str]]:
    return [[str(cell) for cell in row] for row in table.frame.head(2).to_numpy().tolist()]
