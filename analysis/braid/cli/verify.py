"""`braid verify`: the report's files against the manifest, and the notebooks run again."""

from __future__ import annotations

from braid.errors import RunError, UserError
from braid.report import differs_from_record
from braid.study import check_name, digest_inputs, open_cohort
from braid.verification import check_manifest, rerun_notebooks


def verify_cohort(name: str) -> None:
    """Print what agrees; raises RunError where something does not, UserError where there is nothing to verify."""
    cohort = open_cohort(check_name(name))
    folder = cohort.project.report(name)
    notebooks = folder / "notebooks"
    if not any(notebooks.glob("*.ipynb")):
        raise UserError(
            "there are no executed notebooks", place=f"reports/{name}/notebooks", todo=f"run: braid run {name}"
        )
    problems: list[str] = []
    made = None
    if (folder / "manifest.json").is_file():
        made, changed = check_manifest(cohort)
        problems += [f"reports/{name}/{item.file} is {item.state} since the report was made" for item in changed]
        if made.data != digest_inputs(cohort):
            problems.append("study or cohort files have changed since the report was made")
        if not problems:
            print("files: every file is what the manifest says, and made from the data that is here")
    else:
        print("files: no report has been rendered here yet; only the notebooks are verified")
    rerun = rerun_notebooks(notebooks, cohort.project.root)
    print(f"notebooks: {rerun.cells} cells gave the recorded outputs again")
    problems += [
        f"{failed}: run again it gives another output than the record, or an error" for failed in rerun.failures
    ]
    if made is not None and not rerun.failures:
        other = differs_from_record(cohort, made)
        problems += [f"reports/{name}/{file} is not what notebooks and sections give" for file in other]
        if not other:
            print("report: rendered again, the page is the same to the last byte")
    if problems:
        lines = "\n".join(f"  {problem}" for problem in problems)
        raise RunError(
            f"The report of {name} does not verify:\n{lines}\n  what to do: run braid run {name} again, "
            "or find out who changed what (git log)"
        )
    print(f"The report of {name} verifies.")
