"""The whole way for one cohort: notebooks, staged project, rendered report, manifest."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from braid.errors import RunError, UserErrors
from braid.pipeline import STAGES, Progress, executed, results_file, run_stages
from braid.pipeline.cache import Cache, fingerprints
from braid.presentation import numbers
from braid.presentation.prose import counted
from braid.prose import NOTES, note_files, read_prose, unsupported_claims
from braid.records import Record, as_variables, read_records
from braid.study import Cohort, module_files
from braid.verification import Origin, origin, write_manifest

FORMATS = ("html", "pdf", "docx")
APPENDIX = (
    "checklists",
    "robust", "item-tests", "answers", "group-sizes", "satisfaction", "attrition", "log",
    "theme-differences", "meeting", "agreement", "saturation",
)  # fmt: skip
"""What stands in the appendix, as far as a cohort has it."""
HASH_SHOWN = 16


@dataclass(frozen=True)
class Report:
    """A finished report. stages: those that were run; rendered: whether it was rendered anew; headline: its answer."""

    files: tuple[Path, ...]
    headline: str
    stages: tuple[str, ...]
    rendered: bool
    renderer: str


def make_report(
    cohort: Cohort,
    *,
    formats: tuple[str, ...] = FORMATS,
    force: bool = False,
    use_quarto: bool = True,
    workers: int = 2,
    on_stage: Progress = lambda name, state, seconds: None,
    on_format: Callable[[str, float], None] = lambda name, seconds: None,
    on_note: Callable[[str], None] = lambda text: None,
) -> Report:
    """Bring a cohort's report up to date: only what has changed is run and rendered.

    The files in `reports/<cohort>` change only when everything has succeeded. Raises StageFailed, UserError
    (a section names what no notebook publishes) or RunError (a renderer failed).
    """
    from braid.rendering.quarto import find_quarto, quarto_version

    ran = run_stages(cohort, on_stage, workers=workers, force=force)
    records = collect_records(cohort)
    made = origin(cohort)
    quarto = find_quarto() if use_quarto else None
    renderer = f"Quarto {'.'.join(map(str, quarto_version(quarto)))}" if quarto else "pandoc and typst"
    folder = cohort.project.report(cohort.name)
    files = tuple(folder / f"report.{name}" for name in formats)
    cache = Cache(cohort.project.processed(cohort.name))
    made_of = {**rendering_ingredients(cohort, made), "renderer": renderer}
    missing = tuple(name for name in formats if cache.stale(name, made_of, _rendered(cohort, name)))
    if missing or force:
        from braid.rendering import render, stage

        _stop_unsupported_claims(cohort, records)
        staged = stage(
            cohort.project.root,
            cohort.name,
            notebooks=executed(cohort),
            variables=as_variables([*records.values(), *origin_records(made), *trust_records(records)]),
            has=facts(cohort, records),
            meta=metadata(cohort),
            target=cohort.project.processed(cohort.name) / "report",
            notes=notes(cohort),
        )
        if quarto is None and use_quarto:
            on_note("  Quarto is not installed: rendering with pandoc and typst (braid doctor says more)")
        wanted = missing or formats
        kept = pictures(cohort)
        render(
            staged.directory,
            folder,
            formats=wanted,
            quarto=quarto,
            workers=workers,
            pictures=kept,
            progress=on_format,
        )
        for name in wanted:
            cache.keep(name, made_of, _rendered(cohort, name))
    notebooks = publish_notebooks(cohort)
    rendered = [path for name in FORMATS if (path := folder / f"report.{name}").is_file()]
    write_manifest(cohort, replace(made, renderer=renderer), [*rendered, *notebooks])
    headline = records["report.headline"].text if "report.headline" in records else ""
    return Report(files, headline, tuple(ran), bool(missing) or force, renderer)


def differs_from_record(cohort: Cohort, made: Origin) -> list[str]:
    """Files of the report that are not what the published notebooks, the records and the sections give now.

    Rendered anew in a folder that is thrown away; the PDF is left out, as Quarto writes the time into it.
    """
    from braid.rendering import find_quarto, render, stage

    records = collect_records(cohort)
    folder = cohort.project.report(cohort.name)
    formats = [name for name in ("html", "docx") if (folder / f"report.{name}").is_file()]
    with tempfile.TemporaryDirectory() as work:
        staged = stage(
            cohort.project.root,
            cohort.name,
            notebooks=folder / "notebooks",
            variables=as_variables([*records.values(), *origin_records(made), *trust_records(records)]),
            has=facts(cohort, records),
            meta=metadata(cohort),
            target=Path(work) / "report",
            notes=notes(cohort),
        )
        quarto = find_quarto() if made.renderer.startswith("Quarto") else None
        fresh = render(staged.directory, Path(work) / "out", formats=formats, quarto=quarto, pictures=pictures(cohort))
        return [path.name for path in fresh if path.read_bytes() != (folder / path.name).read_bytes()]


def pictures(cohort: Cohort) -> Path:
    """The folder that remembers the pictures drawn for Word."""
    return cohort.project.processed(cohort.name) / "pictures"


def collect_records(cohort: Cohort) -> dict[str, Record]:
    """Every record of every stage by its id. Raises RunError where two stages claim the same id."""
    records: dict[str, Record] = {}
    for stage in STAGES:
        for record in read_records(results_file(cohort, stage.name)):
            if record.id in records:
                raise RunError(f"the stages {records[record.id].stage} and {stage.name} both write {record.id}")
            records[record.id] = record
    return records


def facts(cohort: Cohort, records: Mapping[str, Record]) -> dict[str, bool]:
    """What the sections may ask with `when-meta="has.x"`: which strands and pieces this cohort has.

    A stage states them as records named `has.x` whose text is `yes` or `no`.
    """
    stated = {
        name.removeprefix("has."): record.text == "yes" for name, record in records.items() if name.startswith("has.")
    }
    there = note_files(cohort)
    stated |= {f"note-{name}": name in there for name in NOTES}
    return {**stated, "appendix": any(stated.get(part, False) for part in APPENDIX)}


def bundled(cohort: Cohort) -> Path:
    """Write the bundle of a cohort's finished report; returns its folder."""
    from braid.bundle import write_bundle

    staged = cohort.project.processed(cohort.name) / "report"
    return write_bundle(cohort, staged, collect_records(cohort).values(), origin(cohort), pictures(cohort))


def notes(cohort: Cohort) -> dict[str, Path]:
    """The cohort's own texts, by the names under which sections include them."""
    return {f"notes/{name}.md": path for name, path in note_files(cohort).items()}


def _stop_unsupported_claims(cohort: Cohort, records: Mapping[str, Record]) -> None:
    errors = unsupported_claims(read_prose(cohort), records, cohort.study)
    if errors:
        raise UserErrors(errors)


def metadata(cohort: Cohort) -> dict[str, object]:
    """Title, authors and keywords of the report."""
    study = cohort.study
    return {
        "title": study.title,
        "subtitle": f"{study.subtitle + '. ' if study.subtitle else ''}{cohort.spec.title}",
        "authors": [author.model_dump() for author in study.authors],
        "keywords": study.keywords,
        "synthetic": cohort.synthetic,
    }


def origin_records(made: Origin) -> list[Record]:
    """What the report was made from, for the reproducibility statement."""
    versions = ", ".join(f"{name} {number}" for name, number in made.versions.items())
    texts = {
        "cohort": made.cohort,
        "data": made.data[:HASH_SHOWN],
        "commit": made.commit,
        "lock": made.lock[:HASH_SHOWN],
        "versions": versions,
        "seed": str(made.seed) if made.seed is not None else "Nothing was simulated or drawn at random",
    }
    return [Record(id=f"run.{name}", text=text, method="origin of the report") for name, text in texts.items()]


def trust_records(records: Mapping[str, Record]) -> list[Record]:
    """What was checked before the report could be rendered, and what is not shown, for its first page."""
    results = [name for name, one in records.items() if one.estimate is not None and not name.startswith("disclosure.")]
    hidden = sum(int(record.estimate or 0) for name, record in records.items() if name.startswith("disclosure."))
    checked = (
        f"{counted(len(results), 'result')} kept with the method; every notebook ran without an error; no word of "
        "the prose goes against the direction of its result"
    )
    return [
        Record("run.checks", checked, len(results), unit="results"),
        Record("run.hidden", numbers.whole(hidden) if hidden else "No count is hidden", hidden, unit="counts"),
    ]


def publish_notebooks(cohort: Cohort) -> list[Path]:
    """Copy the executed notebooks beside the report, as its record; returns them."""
    folder = cohort.project.report(cohort.name) / "notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    published = []
    for stage in STAGES:
        source, target = executed(cohort) / stage.notebook, folder / stage.notebook
        if not target.is_file() or target.read_bytes() != source.read_bytes():
            draft = target.with_name(f".{target.name}.draft")
            shutil.copyfile(source, draft)
            draft.replace(target)
        published.append(target)
    return published


def dependencies(cohort: Cohort) -> list[Path]:
    """Every file and folder that a finished report depends on or consists of."""
    project = cohort.project
    library = Path(__file__).resolve().parent
    folders = [project.analysis, project.raw(cohort.name), project.root / "reports" / "sections"]
    folders += [project.root / "reports" / "styles", project.report(cohort.name), executed(cohort)]
    folders += [project.results(cohort.name), project.processed(cohort.name) / "clean"]
    found = [path for folder in folders for path in (folder, *folder.rglob("*"))]
    found += library.rglob("*.py")
    reports = project.root / "reports"
    found += [project.root / name for name in ("_quarto.yml", "requirements.lock")]
    found += [reports / "index.qmd", reports / "references.bib", cohort.study_file]
    return [path for path in found if "__pycache__" not in path.parts and not path.name.startswith(".")]


def rendering_ingredients(cohort: Cohort, made: Origin) -> dict[str, str]:
    """What a rendered report is made of: sources, styles, notebooks, records, and its statement of origin."""
    root = cohort.project.root
    reports = root / "reports"
    sources = [root / "_quarto.yml", reports / "index.qmd", reports / "references.bib", cohort.study_file]
    sources += [path for folder in ("sections", "styles") for path in (reports / folder).rglob("*") if path.is_file()]
    sources += [executed(cohort) / stage.notebook for stage in STAGES]
    sources += [results_file(cohort, stage.name) for stage in STAGES]
    sources += [
        cohort.raw("cohort.yml"),
        *note_files(cohort).values(),
        Path(__file__),
        *module_files("braid.rendering"),
    ]
    origin_of = {f"its origin ({name})": str(value) for name, value in asdict(made).items()}
    return fingerprints(sources, root) | origin_of


def stale_report(cohort: Cohort) -> list[str]:
    """Why the report would be rendered anew, were the notebooks fresh; empty where it would not."""
    cache = Cache(cohort.project.processed(cohort.name))
    made_of = rendering_ingredients(cohort, origin(cohort))
    reasons: list[str] = []
    for name in FORMATS:
        kept = cache.entries.get(name, {}).get("made_of", {}).get("renderer", "")
        reasons += cache.stale(name, {**made_of, "renderer": kept}, _rendered(cohort, name))
    return list(dict.fromkeys(reasons))


def _rendered(cohort: Cohort, name: str) -> dict[str, str]:
    """The fingerprint of one format of the report."""
    return fingerprints([cohort.project.report(cohort.name) / f"report.{name}"], cohort.project.root)
