"""The whole way for one cohort: its notebooks, and what its report shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from braid.errors import RunError, UserErrors
from braid.language import ntr, tr
from braid.pipeline import STAGES, Progress, executed, results_file, run_stages
from braid.presentation import numbers
from braid.prose import NOTES, note_files, read_prose, unsupported_claims
from braid.publishing import Content, Order, Report, origin_records, pictures, publish, stale_formats, stated
from braid.records import Record, read_records
from braid.study import Cohort
from braid.verification import Origin, origin

APPENDIX = (
    "checklists",
    "robust", "item-tests", "answers", "group-sizes", "satisfaction", "attrition", "log",
    "theme-differences", "meeting", "agreement", "saturation",
)  # fmt: skip
"""What stands in the appendix, as far as a cohort has it."""


def make_report(cohort: Cohort, order: Order, *, on_stage: Progress = lambda name, state, seconds: None) -> Report:
    """Bring a cohort's report up to date: only what has changed is run and rendered.

    The files in `reports/<cohort>` change only when everything has succeeded. Raises StageFailed, UserError
    (a section names what no notebook publishes) or RunError (a renderer failed).
    """
    ran = run_stages(cohort, on_stage, workers=order.workers, force=order.force)
    made = origin(cohort)
    content = cohort_content(cohort, made)
    return publish(cohort, content, made, ran, order, before=lambda: _stop_unsupported_claims(cohort, content.records))


def cohort_content(cohort: Cohort, made: Origin) -> Content:
    """What a cohort's report shows, by the records of its stages."""
    records, study = collect_records(cohort), cohort.study
    with cohort.speaking():
        own = [*origin_records(made), *trust_records(records)]
    return Content(
        subtitle=f"{study.subtitle + '. ' if study.subtitle else ''}{cohort.spec.title}",
        notebooks=[executed(cohort) / stage.notebook for stage in STAGES],
        records=[*records.values(), *own],
        has=facts(cohort, records.values()),
        elsewhere={f"notes/{name}.md": path for name, path in note_files(cohort).items()},
        sources=_sources(cohort),
    )


def collect_records(cohort: Cohort) -> dict[str, Record]:
    """Every record of every stage by its id. Raises RunError where two stages claim the same id."""
    records: dict[str, Record] = {}
    for stage in STAGES:
        for record in read_records(results_file(cohort, stage.name)):
            if record.id in records:
                raise RunError(f"the stages {records[record.id].stage} and {stage.name} both write {record.id}")
            records[record.id] = record
    return records


def facts(cohort: Cohort, records: Iterable[Record]) -> dict[str, bool]:
    """What the sections may ask with `when-meta="has.x"`: which strands and pieces this cohort has."""
    there = note_files(cohort)
    found = stated(records) | {f"note-{name}": name in there for name in NOTES}
    return {**found, "appendix": any(found.get(part, False) for part in APPENDIX)}


def bundled(cohort: Cohort) -> Path:
    """Write the bundle of a cohort's finished report; returns its folder."""
    from braid.bundle import write_bundle

    staged = cohort.project.processed(cohort.name) / "report"
    with cohort.speaking():
        return write_bundle(cohort, staged, collect_records(cohort).values(), origin(cohort), pictures(cohort))


def _stop_unsupported_claims(cohort: Cohort, records: Iterable[Record]) -> None:
    errors = unsupported_claims(read_prose(cohort), {record.id: record for record in records}, cohort.study)
    if errors:
        raise UserErrors(errors)


def trust_records(records: Mapping[str, Record]) -> list[Record]:
    """What was checked before the report could be rendered, and what is not shown, for its first page."""
    results = [name for name, one in records.items() if one.estimate is not None and not name.startswith("disclosure.")]
    hidden = sum(int(record.estimate or 0) for name, record in records.items() if name.startswith("disclosure."))
    checked = ntr(
        "{n} result kept with the method; every notebook ran without an error; no word of the prose goes against the "
        "direction of its result",
        "{n} results kept with the method; every notebook ran without an error; no word of the prose goes against the "
        "direction of its result",
        len(results),
        n=numbers.whole(len(results)),
    )
    return [
        Record("run.checks", checked, len(results), unit="results"),
        Record("run.hidden", numbers.whole(hidden) if hidden else tr("No count is hidden"), hidden, unit="counts"),
    ]


def dependencies(cohort: Cohort) -> list[Path]:
    """Every file and folder that a finished report depends on or consists of."""
    project = cohort.project
    library = Path(__file__).resolve().parent
    folders = [project.analysis, project.raw(cohort.name), project.root / "reports" / "sections"]
    folders += [project.root / "reports" / "styles", project.report(cohort.name), executed(cohort)]
    folders += [project.results(cohort.name), project.processed(cohort.name) / "clean"]
    found = [path for folder in folders for path in (folder, *folder.rglob("*"))]
    found += [*library.rglob("*.py"), *library.rglob("*.po")]
    reports = project.root / "reports"
    found += [project.root / name for name in ("_quarto.yml", "requirements.lock")]
    found += [reports / "index.qmd", reports / "references.bib", cohort.study_file]
    return [path for path in found if "__pycache__" not in path.parts and not path.name.startswith(".")]


def stale_report(cohort: Cohort) -> list[str]:
    """Why the report would be rendered anew, were the notebooks fresh; empty where it would not."""
    return stale_formats(cohort, _sources(cohort), origin(cohort))


def _sources(cohort: Cohort) -> list[Path]:
    """What the report is made of beside the sections: its text, study, notebooks, records and notes."""
    files = [cohort.project.root / "reports" / "index.qmd", cohort.study_file, cohort.raw("cohort.yml"), Path(__file__)]
    files += [executed(cohort) / stage.notebook for stage in STAGES]
    files += [results_file(cohort, stage.name) for stage in STAGES]
    return [*files, *note_files(cohort).values()]
