"""`braid compare`: the cohorts' stages where they are not fresh, then the comparison, then where its report is."""

from __future__ import annotations

from braid.cli.journal import NOTEBOOKS, Journal
from braid.cli.run import WORKERS, parse_formats
from braid.cohorts import one_at_a_time
from braid.comparing import NOTEBOOK, STAGE, make_comparison
from braid.publishing import Order
from braid.study import open_comparison


def compare_cohorts(names: list[str], *, formats: str, force: bool, without_quarto: bool, quiet: bool) -> None:
    """Compare cohorts and print the outcome. Raises UserError, RunError, OSError."""
    wanted = parse_formats(formats)
    comparison = open_comparison(names)
    with one_at_a_time(comparison):
        journal = Journal(comparison, ", ".join(comparison.names), quiet, width=36)

        def begin(name: str) -> None:
            journal.whose = name

        def tell(name: str, state: str, seconds: float) -> None:
            if name == STAGE:
                journal.step(NOTEBOOK, state, seconds)
            elif state == "run":
                journal.step(f"{journal.whose}: {NOTEBOOKS[name]}", state, seconds)

        with journal.failures():
            report = make_comparison(
                comparison,
                Order(wanted, force, not without_quarto, WORKERS, journal.format, journal.line),
                on_begin=begin,
                on_stage=tell,
            )
    journal.end(report)
