"""The prose of a report: numbers typed by hand, and words that the last run's results do not support."""

from __future__ import annotations

from braid.checking.finding import Finding, errors_of
from braid.errors import Mistakes
from braid.prose import read_prose, typed_numbers, unsupported_claims, unsupported_sentences
from braid.prose.sentences import Sentence
from braid.records import Record, as_variables, read_records
from braid.study import Cohort

LOOK = "this sentence may say more than the result does"


def prose_look(cohort: Cohort) -> list[Finding]:
    """Errors for notes that have no place and claims that stop a run; warnings for what a person should look at.

    Claims are held against the results of the cohort's last run; before the first there is nothing to hold them
    against, and only numbers are looked for.
    """
    mistakes = Mistakes()
    found: list[Finding] = []
    with mistakes.gathered(), cohort.speaking():
        found = _found(cohort, read_prose(cohort))
    return found + [finding for error in mistakes.errors for finding in errors_of(error)]


def _found(cohort: Cohort, prose: list[Sentence]) -> list[Finding]:
    records = _last_results(cohort)
    found = [finding for error in unsupported_claims(prose, records, cohort.study) for finding in errors_of(error)]
    for error in unsupported_sentences(prose, records, cohort.study):
        for finding in errors_of(error):
            found.append(Finding("warning", LOOK, finding.file, key=finding.key, value=finding.value))
    variables = as_variables(records.values())
    for number in typed_numbers(prose, variables):
        file, _, line = number.place.rpartition(": ")
        by_name = "{{< var " + number.result + " >}}" if number.result else "the name of the result, {{< var ... >}}"
        found.append(
            Finding(
                "warning",
                "this number was typed by hand and stays when the data change",
                file,
                key=line,
                value=number.text,
                todo=f"write {by_name}; where no result gives it, [{number.text}]{{.given}}",
            )
        )
    return found


def _last_results(cohort: Cohort) -> dict[str, Record]:
    folder = cohort.project.results(cohort.name)
    return {record.id: record for path in sorted(folder.glob("*.json")) for record in read_records(path)}
