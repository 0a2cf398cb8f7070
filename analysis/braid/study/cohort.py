"""cohort.yml as frozen models: the files a cohort came as, how their columns are named, and what was decided on it."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from braid.study.model import Decision, Name, Recommendation, Strict, Text

FileName = Annotated[str, StringConstraints(pattern=r"^[^/\\]+$", max_length=200)]
"""A file in the cohort's own folder: a name without a folder."""

Cell = str | int | float
"""What may stand in a cell of a survey file, as YAML reads it."""


Format = Literal[
    "delimited", "excel", "spss", "stata", "parquet", "qualtrics", "redcap", "google-forms", "limesurvey", "kobo"
]
"""What a file is: a plain table by its kind, or the export of a survey platform by the platform's name."""


class FileReading(Strict):
    """How one file is read, where the file alone does not say it. Everything may be left out.

    format: what wrote it. sheet: the worksheet. header_rows: how many rows at the top name the columns (they are
    joined). dictionary: the codebook file that goes with it (a REDCap data dictionary, a Kobo form).
    delimiter, encoding, decimal: of a text file. unfinished: whether responses that were not finished are kept.
    dates: the order of day and month in timestamps.
    """

    format: Format | None = None
    sheet: str | None = None
    header_rows: int | None = Field(default=None, ge=1, le=5)
    dictionary: FileName | None = None
    delimiter: str | None = None
    encoding: str | None = None
    decimal: Literal[".", ","] | None = None
    unfinished: Literal["keep", "leave out"] = "keep"
    dates: Literal["day first", "month first", "year first"] | None = None


class CharacteristicColumn(Strict):
    """Where a characteristic stands, and what its cells mean where they are not the level's own name or label."""

    column: Text
    values: dict[Cell, Name] = Field(default_factory=dict)


class PersonTable(Strict):
    """A file whose rows belong to persons.

    sheet: the worksheet, of a workbook that holds several of the cohort's tables; else `files` may name it.
    key: the column that says whose row it is, or several that do so together (`[site, number]`), or `#row` for a file
    in which each row is a person and holds all waves. rows: which rows count, by the cells of a column
    (`{wave: post}`, `{site: [A, B]}`); all where it is left out. repeated: what to do where a person stands in these
    rows twice (`refuse` stops the run).
    """

    file: FileName
    sheet: Text | None = None
    key: Text | Annotated[list[Text], Field(min_length=1)]
    rows: dict[Text, Cell | list[Cell]] = Field(default_factory=dict)
    repeated: Literal["refuse", "first", "last"] = "refuse"

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns of the key; none where the file does not say who answered."""
        return (self.key,) * bool(self.key) if isinstance(self.key, str) else tuple(self.key)


class People(PersonTable):
    """The file with one row per person: the key and what is known about each."""

    characteristics: dict[Name, CharacteristicColumn | Text] = Field(default_factory=dict)


class WaveFile(PersonTable):
    """One wave of the questionnaire.

    key may be left out where nobody can tell who answered; the cohort then says `pairing: none`.
    columns: the pattern of the item columns: `{item}` is the item's name, `{number}` the number it ends with (`3` for
    scq03), `{digits}` the same as it is written (`03`). rename: columns that follow no pattern, by item.
    answers: what cells mean that are neither the scale's numbers nor its labels, by scale: words of another language,
    or numbers stored otherwise than they are scored (`{pss: {1: 0, 2: 1}}`).
    """

    key: str | Annotated[list[Text], Field(min_length=1)] = ""
    columns: Annotated[str, StringConstraints(pattern=r"\{(item|number|digits)\}")] = "{item}"
    rename: dict[Name, Text] = Field(default_factory=dict)
    answers: dict[Name, dict[Cell, int]] = Field(default_factory=dict)

    def column(self, item: str) -> str:
        """The name of an item's column in the file."""
        if item in self.rename:
            return self.rename[item]
        digits = item[len(item.rstrip("0123456789")) :]
        number = digits.lstrip("0") or digits[-1:]
        return self.columns.replace("{item}", item).replace("{number}", number).replace("{digits}", digits)


class SatisfactionFile(WaveFile):
    """The evaluation form; without a key it is anonymous and stays apart from the persons."""


class Attendance(PersonTable):
    """Where it stands how many sessions each person attended. of: how many were held."""

    column: Text
    of: int = Field(ge=1)


class Lost(Strict):
    """People who left, for one reason, before they answered in a wave."""

    before: Name
    reason: Text
    n: int = Field(ge=1)


class Flow(Strict):
    """What no file says about the way of the participants: how many were enrolled, began, and why some left."""

    enrolled: int | None = Field(default=None, ge=0)
    started: int | None = Field(default=None, ge=0)
    lost: list[Lost] = Field(default_factory=list)


class Interviews(Strict):
    """The coded interviews: segments, who took part, which quotes a named person has approved.

    consensus: how coders settled their differences; transcripts: the folder of one text file per source.
    """

    segments: FileName
    participants: FileName
    quotes: FileName | None = None
    consensus: FileName | None = None
    transcripts: FileName | None = None


class Exclusion(Strict):
    participant: Cell
    reason: Text


class CohortSpec(Strict):
    """The whole of cohort.yml.

    missing: cells that mean no answer. not_applicable: cells by which a person says that an item does not apply;
    they count as missing in every number, and are counted apart in the log of cleaning.
    files: how files are read that do not explain themselves, by file name.
    pairing: `by key` compares each person with herself; `none` compares the waves as independent groups, because
    nothing tells who is who.
    decisions: what was decided on each row of the study's joint display, by the row's name.
    """

    title: Text
    synthetic: bool = False
    setting: str = ""
    invited: int | None = Field(default=None, ge=0)
    seed: int | None = None
    missing: tuple[Cell, ...] = ("", "NA", "N/A")
    not_applicable: tuple[Cell, ...] = ()
    pairing: Literal["by key", "none"] = "by key"
    flow: Flow = Flow()
    attendance: Attendance | None = None
    files: dict[FileName, FileReading] = Field(default_factory=dict)
    people: People | None = None
    waves: dict[Name, WaveFile] = Field(default_factory=dict)
    satisfaction: SatisfactionFile | None = None
    interviews: Interviews | None = None
    exclude: list[Exclusion] = Field(default_factory=list)
    decisions: dict[Name, Decision] = Field(default_factory=dict)
    recommendations: list[Recommendation] = Field(default_factory=list)

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if not self.waves and self.interviews is None:
            raise ValueError("a cohort needs survey waves, interviews, or both")
        return self

    @model_validator(mode="after")
    def _rows_pair_inside_one_file_only(self) -> Self:
        tables = [part for part in (self.people, *self.waves.values(), self.satisfaction) if part is not None]
        by_row = [part for part in tables if part.keys == ("#row",)]
        if self.pairing == "by key" and len({(part.file, part.sheet, str(part.rows)) for part in by_row}) > 1:
            raise ValueError(
                "the key #row stands for several files or choices of rows; a row can pair waves only where it holds "
                "them all: give a key that is in each file, or say `pairing: none`"
            )
        return self

    @model_validator(mode="after")
    def _says_how_people_are_paired(self) -> Self:
        unknown = [name for name, wave in self.waves.items() if not wave.keys]
        if unknown and len(self.waves) > 1 and self.pairing == "by key":
            raise ValueError(
                f"wave {unknown[0]} names no key, so nobody can be found again in another wave: give its `key`, or say "
                "`pairing: none`, and the waves are compared as independent groups"
            )
        return self

    def tables(self) -> list[str]:
        """Every table the cohort names, each once, in order (transcripts are a folder and stand apart)."""
        names: list[str] = []
        for part in (self.people, *self.waves.values(), self.satisfaction, self.attendance):
            if part is not None:
                names.append(part.file)
        names += [how.dictionary for how in self.files.values() if how.dictionary]
        if self.interviews is not None:
            names += [self.interviews.segments, self.interviews.participants]
            names += [name for name in (self.interviews.quotes, self.interviews.consensus) if name]
        return list(dict.fromkeys(names))
