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


class People(Strict):
    """The file with one row per person: the key and what is known about each."""

    file: FileName
    key: Text
    characteristics: dict[Name, CharacteristicColumn | Text] = Field(default_factory=dict)
    repeated: Literal["refuse", "first", "last"] = "refuse"


class WaveFile(Strict):
    """One wave of the questionnaire. columns: the pattern of the item columns, `{item}` being the item's name.

    repeated: what to do where a person stands in the file twice (`refuse` stops the run).
    """

    file: FileName
    key: Text
    columns: Annotated[str, StringConstraints(pattern=r"\{item\}")] = "{item}"
    rename: dict[Name, Text] = Field(default_factory=dict)
    repeated: Literal["refuse", "first", "last"] = "refuse"

    def column(self, item: str) -> str:
        """The name of an item's column in the file."""
        return self.rename.get(item, self.columns.replace("{item}", item))


class SatisfactionFile(WaveFile):
    """The evaluation form; without a key it is anonymous and stays apart from the persons."""

    key: str = ""


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

    files: how files are read that do not explain themselves, by file name.
    decisions: what was decided on each row of the study's joint display, by the row's name.
    """

    title: Text
    synthetic: bool = False
    setting: str = ""
    invited: int | None = Field(default=None, ge=0)
    seed: int | None = None
    missing: tuple[Cell, ...] = ("", "NA", "N/A")
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

    def tables(self) -> list[str]:
        """Every table the cohort names, each once, in order (transcripts are a folder and stand apart)."""
        names: list[str] = []
        for part in (self.people, *self.waves.values(), self.satisfaction):
            if part is not None:
                names.append(part.file)
        if self.interviews is not None:
            names += [self.interviews.segments, self.interviews.participants]
            names += [name for name in (self.interviews.quotes, self.interviews.consensus) if name]
        return list(dict.fromkeys(names))
