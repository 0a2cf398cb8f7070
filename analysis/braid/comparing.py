"""The whole way of a comparison: the stages of each cohort, the comparing notebook, the report, its manifest."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from braid.cohorts import one_at_a_time
from braid.errors import UserError
from braid.language import tr
from braid.pipeline import Progress, StageFailed, run_stages, worker_processes
from braid.pipeline.cache import Cache, fingerprints
from braid.pipeline.execute import execute, parameters_cell
from braid.presentation.prose import enumeration
from braid.publishing import Content, Order, Report, origin_records, publish, stated
from braid.records import read_records
from braid.study import Comparison, input_files, module_files
from braid.verification import Origin, compared_cohorts, origin

NOTEBOOK = "compare.ipynb"
STAGE = "comparison"
INDEX = "compare.qmd"


def make_comparison(
    comparison: Comparison,
    order: Order,
    *,
    on_begin: Callable[[str], None] = lambda name: None,
    on_stage: Progress = lambda name, state, seconds: None,
) -> Report:
    """Bring the report of a comparison up to date: the cohorts' stages first, then what has changed of its own.

    on_begin is told the name of each cohort, and last that of the comparison, before its notebooks are looked at.
    The files in `reports/compare-...` change only when everything has succeeded. Raises UserError where the folder
    holds the comparison of other cohorts, StageFailed with the first notebook that stopped, or RunError.
    """
    _refuse_another(comparison)
    with ExitStack() as locks:
        for cohort in sorted(comparison.cohorts, key=lambda one: one.name):  # one order: two calls never wait crosswise
            locks.enter_context(one_at_a_time(cohort))
        for cohort in comparison.cohorts:
            on_begin(cohort.name)
            run_stages(cohort, on_stage, workers=order.workers)
        on_begin(comparison.name)
        ran = _run_notebook(comparison, order.force, on_stage)
    made = origin(comparison)
    return publish(comparison, comparison_content(comparison, made), made, (STAGE,) if ran else (), order)


def comparison_content(comparison: Comparison, made: Origin) -> Content:
    """What the report of a comparison shows: `compare.qmd` takes the place of `index.qmd`."""
    index = comparison.project.root / "reports" / INDEX
    records = read_records(_results(comparison))
    files = [index, _executed(comparison), _results(comparison), Path(__file__)]
    with comparison.speaking():
        subtitle = tr("Comparison of the cohorts {names}", names=enumeration(comparison.names))
        own = origin_records(made)
    return Content(
        subtitle=subtitle,
        notebooks=[_executed(comparison)],
        records=[*records, *own],
        has=stated(records),
        elsewhere={"index.qmd": index},
        sources=[*files, *(file for one in comparison.cohorts for file in (one.study_file, one.raw("cohort.yml")))],
    )


def _refuse_another(comparison: Comparison) -> None:
    """Stop where the folder is that of other cohorts, as `a-b` with `c` and `a` with `b-c` have one name."""
    there = compared_cohorts(comparison.project, comparison.name)
    if there is not None and there != list(comparison.names):
        raise UserError(
            "this folder holds the comparison of other cohorts",
            place=f"reports/{comparison.name}",
            found=", ".join(there),
            expected=", ".join(comparison.names),
            todo="rename that folder, or name the cohorts in another order",
        )


def _run_notebook(comparison: Comparison, force: bool, on_stage: Progress) -> bool:
    """Run the comparing notebook where it is stale; returns whether it was run. Raises StageFailed."""
    project = comparison.project
    source, target = project.analysis / NOTEBOOK, _executed(comparison)
    cache = Cache(project.processed(comparison.name))
    made_of = _ingredients(comparison, source)
    if not force and not cache.stale(STAGE, made_of, _outputs(comparison)):
        on_stage(STAGE, "fresh", 0.0)
        return False
    began = time.monotonic()
    with worker_processes(1) as pool:
        failure = pool.submit(execute, source, target, list(comparison.names)).result()
    if failure is not None:
        raise StageFailed(STAGE, failure)
    cache.keep(STAGE, made_of, _outputs(comparison))
    on_stage(STAGE, "run", time.monotonic() - began)
    return True


def _executed(comparison: Comparison) -> Path:
    return comparison.project.processed(comparison.name) / "notebooks" / NOTEBOOK


def _results(comparison: Comparison) -> Path:
    return comparison.project.results(comparison.name) / f"{STAGE}.json"


def _ingredients(comparison: Comparison, source: Path) -> dict[str, str]:
    """What the comparing notebook is made of: itself, the library, the lock, Python, and the cohorts' own files."""
    root = comparison.project.root
    files = [source, root / "requirements.lock", *module_files("braid.comparison.compared"), *input_files(comparison)]
    files += comparison.catalogues
    parameters = {f"parameter {key}": str(value) for key, value in parameters_cell(comparison.names).items()}
    return {**fingerprints(files, root), **parameters, "Python": platform.python_version()}


def _outputs(comparison: Comparison) -> dict[str, str]:
    return fingerprints([_executed(comparison), _results(comparison)], comparison.project.root)
