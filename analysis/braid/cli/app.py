"""The commands and their options. What they do is loaded only when one is called."""

from __future__ import annotations

import sys
import traceback
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from braid.errors import RunError, UserError

INTERRUPTED = 130
"""The exit code that typer makes of Ctrl-C."""

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Reproducible mixed-methods reports: from a cohort's files to a publishable, checkable report.",
)
CohortName = Annotated[str, typer.Argument(help="The cohort's folder in data_raw.", metavar="COHORT")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only where the report is, and errors.")]


@app.command()
def run(
    cohort: CohortName = "demo",
    everything: Annotated[bool, typer.Option("--all", help="Run every cohort of data_raw.")] = False,
    to: Annotated[str, typer.Option(help="Formats, parted by commas.", metavar="FORMATS")] = "html,pdf,docx",
    force: Annotated[bool, typer.Option("--force", help="Run every stage again, changed or not.")] = False,
    without_quarto: Annotated[
        bool, typer.Option("--without-quarto", help="Render with pandoc and typst even where Quarto is installed.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option(help="How many notebooks run side by side; with --all, how many cohorts.", min=1)
    ] = None,
    bundle: Annotated[
        bool, typer.Option("--bundle", help="Also write the figures, tables and results as files, for a journal.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Run a cohort's notebooks and make its report."""
    from braid.cli.run import parse_formats, run_cohort

    if everything and bundle:
        raise UserError("a bundle is made of one cohort", place="--bundle", todo="name the cohort, and leave --all out")
    if everything:
        from braid.cli.run_all import run_every_cohort

        run_every_cohort(
            formats=parse_formats(to), force=force, without_quarto=without_quarto, quiet=quiet, workers=workers
        )
        return
    run_cohort(
        cohort,
        formats=to,
        force=force,
        without_quarto=without_quarto,
        quiet=quiet,
        workers=workers,
        bundle=bundle,
    )


@app.command()
def compare(
    cohorts: Annotated[
        list[str], typer.Argument(help="Two cohorts of one study or more.", metavar="COHORT COHORT ...")
    ],
    to: Annotated[str, typer.Option(help="Formats, parted by commas.", metavar="FORMATS")] = "html,pdf,docx",
    force: Annotated[bool, typer.Option("--force", help="Compare and render again, changed or not.")] = False,
    without_quarto: Annotated[
        bool, typer.Option("--without-quarto", help="Render with pandoc and typst even where Quarto is installed.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Compare cohorts of one study: a report of its own, with what they say together and how they differ."""
    from braid.cli.compare import compare_cohorts

    compare_cohorts(cohorts, formats=to, force=force, without_quarto=without_quarto, quiet=quiet)


@app.command()
def check(
    cohort: CohortName = "demo",
    as_json: Annotated[bool, typer.Option("--json", help="Print errors and warnings as JSON.")] = False,
) -> None:
    """Check a cohort's files without running anything: errors, warnings, and what cleaning would change."""
    from braid.cli.check import check_cohort

    check_cohort(cohort, as_json)


@app.command()
def status(cohort: CohortName = "demo") -> None:
    """Say for each notebook and the report whether it is fresh or stale, and why."""
    from braid.cli.status import show_status

    show_status(cohort)


@app.command()
def new(
    cohort: CohortName,
    files: Annotated[list[Path], typer.Option("--from", help="A file of the cohort; repeat for more.", metavar="FILE")],
    like: Annotated[
        str | None,
        typer.Option(
            help="A cohort, or a folder with a cohort.yml, whose columns are called the same.", metavar="COHORT"
        ),
    ] = None,
    draft_study: Annotated[
        bool, typer.Option("--draft-study", help="Begin a study of its own: draft a study.yml from the files too.")
    ] = False,
) -> None:
    """Make a folder for a new cohort: its files, untouched, and a proposal of its cohort.yml for you to check."""
    from braid.cli.new import new_cohort

    new_cohort(cohort, files, like, draft_study)


@app.command()
def quotes(
    cohort: CohortName = "demo",
    theme: Annotated[str | None, typer.Option(help="Show only themes whose name holds these words.")] = None,
    approve: Annotated[
        str | None, typer.Option(help="Numbers of passages that may be quoted, parted by commas.", metavar="NUMBERS")
    ] = None,
    refuse: Annotated[
        str | None, typer.Option(help="Numbers of passages that must not be quoted.", metavar="NUMBERS")
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="Who decides; alone, you are asked about each open passage.", metavar="NAME")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; needed to refuse, and where a passage may identify somebody.")] = "",
    edit: Annotated[
        str, typer.Option(help="The words of one approved passage, every change in [square brackets].", metavar="WORDS")
    ] = "",
    deviant: Annotated[
        bool, typer.Option("--deviant", help="What is approved speaks against what most said on its theme.")
    ] = False,
) -> None:
    """Show which passages could be quoted, theme by theme, and take a named person's decisions on them."""
    from braid.cli.quotes import show_quotes

    show_quotes(cohort, theme=theme, approve=approve, refuse=refuse, by=by, reason=reason, edit=edit, deviant=deviant)


@app.command()
def simulate(
    cohort: CohortName,
    people: Annotated[int | None, typer.Option(help="How many persons.", min=1)] = None,
    seed: Annotated[int | None, typer.Option(help="The seed; by default the one in cohort.yml, or 1.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite files that are there.")] = False,
) -> None:
    """Make a synthetic cohort of the study, to try the report before the survey is out."""
    from braid.cli.simulate import simulate_cohort

    simulate_cohort(cohort, people, seed, replace)


@app.command()
def preview(
    cohort: CohortName = "demo",
    port: Annotated[int | None, typer.Option(help="The port to serve at; a free one by default.")] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
) -> None:
    """Show a cohort's page in the browser, and make it anew whenever you save a text, a note or a file of it."""
    from braid.cli.preview import preview_cohort

    preview_cohort(cohort, port, browser)


@app.command()
def verify(
    cohort: Annotated[
        str, typer.Argument(help="The cohort, or the folder of a comparison.", metavar="COHORT")
    ] = "demo",
) -> None:
    """Check a finished report: its files against the manifest, its notebooks by running them again."""
    from braid.cli.verify import verify_cohort

    verify_cohort(cohort)


@app.command()
def doctor() -> None:
    """Say what is installed, what is used, and what to do about what is missing."""
    from braid.cli.doctor import show_diagnosis

    show_diagnosis()


@app.command()
def lab() -> None:
    """Open the notebooks in JupyterLab."""
    from braid.cli.lab import open_lab

    open_lab()


def run_app() -> None:
    """Call the command line and turn errors into messages and exit codes."""
    try:
        app(prog_name="braid")
    except UserError as error:
        print(error.render(), file=sys.stderr)
        sys.exit(2)
    except RunError as error:
        print(str(error), file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        where = f"{Path(error.filename).name}: " if error.filename else ""
        print(f"{where}this file or folder cannot be used ({error.strerror or error})", file=sys.stderr)
        print(
            "  what to do: check that it is of the right kind, that you may write there, and the disk's space (braid "
            "doctor)",
            file=sys.stderr,
        )
        sys.exit(2)
    except SystemExit as end:
        if end.code == INTERRUPTED:
            print("stopped; the last report is as it was, and the next run goes on from here", file=sys.stderr)
        raise
    except Exception:
        print(f"This is a fault of braid, not of your files.\n{traceback.format_exc()}", file=sys.stderr)
        print(f"Please report it with the lines above ({datetime.now():%Y-%m-%d %H:%M}).", file=sys.stderr)
        sys.exit(1)
