"""`braid verify`: the report's files against the manifest, and the notebooks run again."""

from __future__ import annotations

from braid.comparing import comparison_content
from braid.errors import RunError, UserError
from braid.publishing import differs_from_record
from braid.report import cohort_content
from braid.study import (
    COMPARED,
    Comparison,
    Project,
    check_name,
    digest_inputs,
    find_root,
    open_cohort,
    open_comparison,
)
from braid.verification import check_manifest, compared_cohorts, rerun_notebooks


def verify_cohort(name: str) -> None:
    """Print what agrees; raises RunError where something does not, UserError where there is nothing to verify.

    name: of a cohort, or of the folder of a comparison.
    """
    several = check_name(name).lower().startswith(COMPARED)
    subject = _comparison(name) if several else open_cohort(name)
    folder = subject.project.report(name)
    notebooks = folder / "notebooks"
    if not any(notebooks.glob("*.ipynb")):
        raise UserError(
            "there are no executed notebooks", place=f"reports/{name}/notebooks", todo=f"run: {subject.command}"
        )
    problems: list[str] = []
    made = None
    if (folder / "manifest.json").is_file():
        made, changed = check_manifest(subject)
        problems += [f"reports/{name}/{item.file} is {item.state} since the report was made" for item in changed]
        if made.data != digest_inputs(subject):
            problems.append("study or cohort files have changed since the report was made")
        if not problems:
            print("files: every file is what the manifest says, and made from the data that is here")
    else:
        print("files: no report has been rendered here yet; only the notebooks are verified")
    rerun = rerun_notebooks(notebooks, subject.project.root)
    print(f"notebooks: {rerun.cells} cells gave the recorded outputs again")
    problems += [
        f"{failed}: run again it gives another output than the record, or an error" for failed in rerun.failures
    ]
    if made is not None and not rerun.failures:
        content = (
            comparison_content(subject, made) if isinstance(subject, Comparison) else cohort_content(subject, made)
        )
        other = differs_from_record(subject, content, made)
        problems += [f"reports/{name}/{file} is not what notebooks and sections give" for file in other]
        if not other:
            print("report: rendered again, the page is the same to the last byte")
    if problems:
        lines = "\n".join(f"  {problem}" for problem in problems)
        raise RunError(
            f"The report of {name} does not verify:\n{lines}\n  what to do: run {subject.command} again, "
            "or find out who changed what (git log)"
        )
    print(f"The report of {name} verifies.")


def _comparison(name: str) -> Comparison:
    """The comparison whose report stands in a folder, by what its manifest says."""
    project = Project(find_root())
    cohorts = compared_cohorts(project, name)
    if cohorts is None:
        raise UserError(
            "there is no report of this comparison",
            place=f"reports/{name}/manifest.json",
            todo="run: braid compare A B",
        )
    return open_comparison(cohorts, project.root)
