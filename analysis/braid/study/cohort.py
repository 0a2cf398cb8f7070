"""cohort.yml as frozen models: the files a cohort came as, how their columns are named, and what was decided on it."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from braid.study.harms import AdverseEvents
from braid.study.joining import Decision, Recommendation
from braid.study.reporting import Delivery, Reporting
from braid.study.strict import Name, Strict, Text

FileName = Annotated[str, StringConstraints(pattern=r"^[^/\\]+$", max_length=200)]
"""A file in the cohort's own folder: a name without a folder."""

START = "start"
"""What stands for the beginning of the programme where a wave could be named."""

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
    """Where it stands how many sessions each person attended; who attended none did not start.

    of: how many were held. at_least: the numbers of sessions by which attendance is told, besides all of them; half
    and three quarters of them where it is left out.
    """

    column: Text
    of: int = Field(ge=1)
    at_least: list[Annotated[int, Field(ge=1)]] = Field(default_factory=list)

    @property
    def steps(self) -> list[int]:
        """The numbers of sessions by which attendance is told, all of them last."""
        told = self.at_least or [-(-self.of // 2), -(-3 * self.of // 4)]
        return sorted({step for step in told if step < self.of} | {self.of})


class Lost(Strict):
    """People who left, for one reason, before they answered in a wave, or before the programme began (`start`).

    among: the level of the study's `participants_by` that they belong to, where the flow is shown by it.
    """

    before: Name
    reason: Text
    n: int = Field(ge=1)
    among: Name | None = None


class Flow(Strict):
    """What no file says about the way of the participants: how many were enrolled, began, and why some left."""

    enrolled: int | None = Field(default=None, ge=0)
    started: int | None = Field(default=None, ge=0)
    lost: list[Lost] = Field(default_factory=list)


SegmentColumn = Literal[
    "source", "participant", "group", "site", "occasion", "coder", "code_path", "start", "end", "quote", "memo"
]


class CodedFile(Strict):
    """One file of a coding program, and who worked in it, where the program keeps no coders (Taguette)."""

    file: FileName
    coder: Text | None = None


class Interviews(Strict):
    """The coded interviews: what was coded, who took part, which quotes a named person has approved.

    segments: a table in the canonical columns. project: in its place, what a coding program wrote (REFI-QDA .qdpx and
    .qdc, Taguette, QualCoder, or a table of coded segments), or several files, one for each coder.
    columns: of a table of coded segments, which column is which (`{source: Name, code_path: [Kategorie, Code]}`).
    participants: a table of who took part; with a project it may be left out. participant: how the participant of a
    segment is known, where not by the first of these that tells: its case, the speaker whose turn it stands in, its
    source. group, site, occasion: the column or variable, of participants or sources, that says so; where it is left
    out, the one of that name. ids: what names of participants or sources are made of (`{site}_{occasion}_{person}`).
    coder_names: whether coders keep the names the program knows them by; else they are `Coder A`, `Coder B`.
    consensus: how coders settled their differences. transcripts: the folder of one text file per source.
    """

    segments: FileName | None = None
    project: FileName | Annotated[list[CodedFile | FileName], Field(min_length=1)] | None = None
    columns: dict[SegmentColumn, Text | Annotated[list[Text], Field(min_length=1)]] = Field(default_factory=dict)
    participants: FileName | None = None
    participant: Literal["case", "speaker", "source"] | None = None
    group: CharacteristicColumn | Text | None = None
    site: Text | None = None
    occasion: Text | None = None
    ids: Annotated[str, StringConstraints(pattern=r"\{(group|site|occasion)\}")] | None = None
    coder_names: bool = False
    quotes: FileName | None = None
    consensus: FileName | None = None
    transcripts: FileName | None = None

    @model_validator(mode="after")
    def _one_way_of_coding(self) -> Self:
        if (self.segments is None) == (self.project is None):
            raise ValueError("name either `segments`, a table, or `project`, what a coding program wrote")
        if self.segments is not None and self.participants is None:
            raise ValueError("`participants` is missing: the table of who took part, in the columns participant, group")
        return self

    @property
    def coded_files(self) -> tuple[CodedFile, ...]:
        """The files that were coded, in the order given."""
        named = self.project if self.project is not None else self.segments
        files = named if isinstance(named, list) else [named]
        return tuple(f if isinstance(f, CodedFile) else CodedFile(file=f) for f in files if f is not None)

    @property
    def tables(self) -> list[str]:
        """Every file but the transcripts, each once."""
        other = (self.participants, self.quotes, self.consensus)
        return list(dict.fromkeys([*(coded.file for coded in self.coded_files), *(name for name in other if name)]))


class SmallCountsShown(Strict):
    """Why counts of few people are shown in this cohort's report although they are below the study's limit."""

    reason: Text
    decided_by: Text


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
    adverse_events: what the team counted of them; left out, the report says that they were not recorded.
    small_counts_shown: the reason and the person, where counts below the study's `disclosure.smallest` may be shown;
    a synthetic cohort shows them without.
    decisions: what was decided on each row of the study's joint display, by the row's name.
    programme, reporting: what was otherwise in this cohort than study.yml says.
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
    adverse_events: AdverseEvents | None = None
    small_counts_shown: SmallCountsShown | None = None
    exclude: list[Exclusion] = Field(default_factory=list)
    decisions: dict[Name, Decision] = Field(default_factory=dict)
    recommendations: list[Recommendation] = Field(default_factory=list)
    programme: Delivery = Delivery()
    reporting: Reporting = Reporting()

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

    @property
    def measured(self) -> bool:
        """Whether there are numbers to set beside words: a wave of the survey, a form, or who attended."""
        return bool(self.waves) or self.satisfaction is not None or self.attendance is not None

    def tables(self) -> list[str]:
        """Every table the cohort names, each once, in order (transcripts are a folder and stand apart)."""
        names: list[str] = []
        for part in (self.people, *self.waves.values(), self.satisfaction, self.attendance):
            if part is not None:
                names.append(part.file)
        names += [how.dictionary for how in self.files.values() if how.dictionary]
        if self.interviews is not None:
            names += self.interviews.tables
        return list(dict.fromkeys(names))
