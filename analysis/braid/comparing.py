"""The whole way of a comparison: the stages of each cohort, the comparing notebook, the report, its manifest."""

from __future__ import annotations

import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path

from braid.cohorts import one_at_a_time
from braid.errors import UserError
from braid.pipeline import Progress, StageFailed, run_stages, worker_processes
from braid.pipeline.cache import Cache, fingerprints
from braid.pipeline.execute import execute, parameters_cell
from braid.presentation.prose import enumeration
from braid.records import Record, as_variables, read_records
from braid.report import FORMATS, Report, origin_records
from braid.study import Comparison, input_files, module_files
from braid.verification import Origin, compared_cohorts, origin, write_manifest

NOTEBOOK = "compare.ipynb"
STAGE = "comparison"
INDEX = "compare.qmd"


def make_comparison(
    comparison: Comparison,
    *,
    formats: tuple[str, ...] = FORMATS,
    force: bool = False,
    use_quarto: bool = True,
    workers: int = 2,
    on_begin: Callable[[str], None] = lambda name: None,
    on_stage: Progress = lambda name, state, seconds: None,
    on_format: Callable[[str, float], None] = lambda name, seconds: None,
    on_note: Callable[[str], None] = lambda text: None,
) -> Report:
    """Bring the report of a comparison up to date: the cohorts' stages first, then what has changed of its own.

    on_begin is told the name of each cohort, and last that of the comparison, before its notebooks are looked at.
    The files in `reports/compare-...` change only when everything has succeeded. Raises UserError where the folder
    holds the comparison of other cohorts, StageFailed with the first notebook that stopped, or RunError.
    """
    from braid.rendering.quarto import find_quarto, quarto_version

    project, name = comparison.project, comparison.name
    _refuse_another(comparison)
    with ExitStack() as locks:
        for cohort in sorted(comparison.cohorts, key=lambda one: one.name):  # one order: two calls never wait crosswise
            locks.enter_context(one_at_a_time(cohort))
        for cohort in comparison.cohorts:
            on_begin(cohort.name)
            run_stages(cohort, on_stage, workers=workers)
        on_begin(name)
        ran = _run_notebook(comparison, force, on_stage)
    records = _records(comparison)
    made = origin(comparison)
    quarto = find_quarto() if use_quarto else None
    renderer = f"Quarto {'.'.join(map(str, quarto_version(quarto)))}" if quarto else "pandoc and typst"
    folder = project.report(name)
    files = tuple(folder / f"report.{kind}" for kind in formats)
    cache = Cache(project.processed(name))
    made_of = {**_rendering_ingredients(comparison, made), "renderer": renderer}
    missing = tuple(kind for kind in formats if cache.stale(kind, made_of, _rendered(comparison, kind)))
    if missing or force:
        from braid.rendering import render

        staged = _stage(comparison, project.processed(name) / "notebooks", made, project.processed(name) / "report")
        if quarto is None and use_quarto:
            on_note("  Quarto is not installed: rendering with pandoc and typst (braid doctor says more)")
        wanted = missing or formats
        render(
            staged,
            folder,
            formats=wanted,
            quarto=quarto,
            workers=workers,
            pictures=project.processed(name) / "pictures",
            progress=on_format,
        )
        for kind in wanted:
            cache.keep(kind, made_of, _rendered(comparison, kind))
    notebook = _publish(comparison)
    there = [path for kind in FORMATS if (path := folder / f"report.{kind}").is_file()]
    write_manifest(comparison, replace(made, renderer=renderer), [*there, notebook])
    headline = next((record.text for record in records if record.id == "report.headline"), "")
    return Report(files, headline, (STAGE,) if ran else (), bool(missing) or force, renderer)


def comparison_differs_from_record(comparison: Comparison, made: Origin) -> list[str]:
    """Files of the report that are not what the published notebook, the records and the sections give now."""
    from braid.rendering import find_quarto, render

    folder = comparison.project.report(comparison.name)
    formats = [name for name in ("html", "docx") if (folder / f"report.{name}").is_file()]
    with tempfile.TemporaryDirectory() as work:
        staged = _stage(comparison, folder / "notebooks", made, Path(work) / "report")
        quarto = find_quarto() if made.renderer.startswith("Quarto") else None
        kept = comparison.project.processed(comparison.name) / "pictures"
        fresh = render(staged, Path(work) / "out", formats=formats, quarto=quarto, pictures=kept)
        return [path.name for path in fresh if path.read_bytes() != (folder / path.name).read_bytes()]


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


def _records(comparison: Comparison) -> list[Record]:
    return read_records(_results(comparison))


def _ingredients(comparison: Comparison, source: Path) -> dict[str, str]:
    """What the comparing notebook is made of: itself, the library, the lock, Python, and the cohorts' own files."""
    root = comparison.project.root
    files = [source, root / "requirements.lock", *module_files("braid.comparison.compared"), *input_files(comparison)]
    parameters = {f"parameter {key}": str(value) for key, value in parameters_cell(comparison.names).items()}
    return {**fingerprints(files, root), **parameters, "Python": platform.python_version()}


def _outputs(comparison: Comparison) -> dict[str, str]:
    return fingerprints([_executed(comparison), _results(comparison)], comparison.project.root)


def _stage(comparison: Comparison, notebooks: Path, made: Origin, target: Path) -> Path:
    """The staged project: `compare.qmd` takes the place of `index.qmd`."""
    from braid.rendering import stage

    project, records = comparison.project, _records(comparison)
    staged = stage(
        project.root,
        comparison.name,
        notebooks=notebooks,
        variables=as_variables([*records, *origin_records(made)]),
        has={r.id.removeprefix("has."): r.text == "yes" for r in records if r.id.startswith("has.")},
        meta=_metadata(comparison),
        target=target,
        notes={"index.qmd": project.root / "reports" / INDEX},
    )
    return staged.directory


def _metadata(comparison: Comparison) -> Mapping[str, object]:
    study = comparison.study
    return {
        "title": study.title,
        "subtitle": f"Comparison of the cohorts {enumeration(comparison.names)}",
        "authors": [author.model_dump() for author in study.authors],
        "keywords": study.keywords,
        "synthetic": comparison.synthetic,
    }


def _publish(comparison: Comparison) -> Path:
    """Copy the executed notebook beside the report, as its record."""
    source = _executed(comparison)
    target = comparison.project.report(comparison.name) / "notebooks" / NOTEBOOK
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.is_file() or target.read_bytes() != source.read_bytes():
        draft = target.with_name(f".{target.name}.draft")
        shutil.copyfile(source, draft)
        draft.replace(target)
    return target


def _rendering_ingredients(comparison: Comparison, made: Origin) -> dict[str, str]:
    """What the report is made of: sources, styles, the executed notebook, records, and its statement of origin."""
    root = comparison.project.root
    reports = root / "reports"
    sources = [root / "_quarto.yml", reports / INDEX, reports / "references.bib", _executed(comparison)]
    sources += [path for folder in ("sections", "styles") for path in (reports / folder).rglob("*") if path.is_file()]
    sources += [_results(comparison), Path(__file__), *module_files("braid.rendering")]
    for cohort in comparison.cohorts:
        sources += [cohort.study_file, cohort.raw("cohort.yml")]
    origin_of = {f"its origin ({key})": str(value) for key, value in asdict(made).items()}
    return fingerprints(sources, root) | origin_of


def _rendered(comparison: Comparison, kind: str) -> dict[str, str]:
    return fingerprints([comparison.project.report(comparison.name) / f"report.{kind}"], comparison.project.root)
