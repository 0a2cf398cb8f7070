"""Everything that a cohort came with, read and judged in memory; nothing is written and no notebook is run."""

from __future__ import annotations

from dataclasses import dataclass

from braid.checking.answers import answers_look
from braid.checking.files import files_look
from braid.checking.finding import Finding, errors_of
from braid.checking.joint import decisions_look, joint_display_looks, literature_looks
from braid.checking.people import people_look
from braid.checking.prose import prose_look
from braid.checking.words import words_look
from braid.cleaning import CleanSurvey, CodedInterviews, RawTables, clean_survey, read_interviews
from braid.errors import UserError
from braid.study import Cohort


@dataclass(frozen=True)
class Checked:
    """A cohort that was looked at.

    errors: what stops a run. warnings: what does not, and should be looked at. survey, interviews: what was read,
    None where it could not be used or is not there. reading: how each file was read, by its name.
    """

    cohort: Cohort
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    survey: CleanSurvey | None
    interviews: CodedInterviews | None
    reading: dict[str, str]


def check(cohort: Cohort) -> Checked:
    """Read and clean a cohort in memory, and gather all that is wrong or strange in its files."""
    tables = RawTables(cohort, all_of_them=True)
    errors: list[Finding] = []
    survey = interviews = None
    try:
        survey = clean_survey(cohort, tables)
    except UserError as error:
        errors += errors_of(error)
    try:
        interviews = read_interviews(cohort)
    except UserError as error:
        errors += errors_of(error)
    words: list[Finding] = []
    if interviews is not None:
        wrong, words = words_look(cohort, interviews)
        errors += [finding for error in wrong for finding in errors_of(error)]
    errors += [*joint_display_looks(cohort), *literature_looks(cohort)]
    warnings = [*files_look(cohort, tables), *decisions_look(cohort)]
    for finding in prose_look(cohort):
        (errors if finding.level == "error" else warnings).append(finding)
    reading = dict(tables.reading)
    if interviews is not None:
        warnings += [Finding("warning", note, file) for file, notes in interviews.notes.items() for note in notes]
        warnings += words
        reading |= interviews.reading
    if survey is not None:
        warnings += [*people_look(cohort, tables, survey), *answers_look(cohort, survey)]
    return Checked(cohort, tuple(errors), tuple(warnings), survey, interviews, reading)
