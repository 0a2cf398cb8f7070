"""`braid check`: everything that is wrong with a cohort's files at once, and what cleaning would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from braid.errors import Mistakes
from braid.study import Cohort, check_name, open_cohort

if TYPE_CHECKING:
    from braid.cleaning import CleanSurvey, CodedInterviews

SHOWN = ("column", "found", "became", "rule", "n", "rows")


def read_all(cohort: Cohort) -> tuple[CleanSurvey, CodedInterviews | None]:
    """Read everything a cohort came with. Raises UserErrors with all that is wrong, survey and interviews together."""
    from braid.cleaning import clean_survey, read_interviews

    mistakes = Mistakes()
    with mistakes.gathered():
        survey = clean_survey(cohort)
    with mistakes.gathered():
        interviews = read_interviews(cohort)
    mistakes.stop_if_any()
    return survey, interviews


def check_cohort(name: str) -> None:
    """Read and clean a cohort in memory; print what was read and changed. Raises UserError(s)."""
    cohort = open_cohort(check_name(name))
    data, interviews = read_all(cohort)
    from braid.stages import triangulation

    together = triangulation.open(name)
    _ = together.rows, together.interviews.quotes, together.interviews.agreement
    console = Console(highlight=False)
    console.print(f"{cohort.spec.title} ({name}): the files can be used", style="bold", markup=False)
    for file, reading in data.reading.items():
        console.print(f"  {file}: {reading}", markup=False)
    for wave, frame in data.waves.items():
        console.print(f"  {cohort.study.waves[wave]}: {len(frame)} persons answered", markup=False)
    if len(data.waves) == 2:
        first, last = data.waves.values()
        console.print(f"  answered both times: {len(first.index.intersection(last.index))}", markup=False)
    if data.satisfaction is not None:
        console.print(f"  evaluation forms: {len(data.satisfaction)}", markup=False)
    if interviews is not None:
        console.print(
            f"  interviews: {len(interviews.interviewees)} participants, {len(interviews.segments)} coded segments"
        )
    if len(data.log):
        console.print("What cleaning changes", style="bold")
    for name_of_file, changes in data.log.groupby("file", sort=False):
        table = Table(
            title=str(name_of_file), title_justify="left", title_style="", box=None, header_style="dim", pad_edge=False
        )
        for column in SHOWN:
            table.add_column(column, justify="right" if column == "n" else "left", overflow="fold")
        for change in changes[list(SHOWN)].itertuples(index=False):
            table.add_row(*(escape(str(cell)) for cell in change))
        console.print(table)
