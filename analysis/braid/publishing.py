"""From executed notebooks to a published report: rendered where it is stale, with its record beside it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from braid.language import tr
from braid.pipeline.cache import Cache, fingerprints
from braid.records import Record, as_variables
from braid.study import Cohort, Comparison, module_files
from braid.verification import Origin, write_manifest

FORMATS = ("html", "pdf", "docx")
HASH_SHOWN = 16


@dataclass(frozen=True)
class Order:
    """How a report is asked for.

    formats: those that are wanted; force: run and render also what is fresh; use_quarto: where it is installed.
    workers: how much is done side by side; on_format is told each format and its seconds, on_note what a person
    should know.
    """

    formats: tuple[str, ...] = FORMATS
    force: bool = False
    use_quarto: bool = True
    workers: int = 2
    on_format: Callable[[str, float], None] = lambda name, seconds: None
    on_note: Callable[[str], None] = lambda text: None


@dataclass(frozen=True)
class Report:
    """A finished report. stages: those that were run; rendered: whether it was rendered anew; headline: its answer."""

    files: tuple[Path, ...]
    headline: str
    stages: tuple[str, ...]
    rendered: bool
    renderer: str


@dataclass(frozen=True)
class Content:
    """What a report shows.

    subtitle: what follows the study's title; notebooks: as they were executed, all in one folder.
    records: what sections may name; has: what they may ask with `when-meta="has.x"`.
    elsewhere: the texts that do not come from `reports`, by the names under which they are included.
    sources: every file it is made of, but for what all reports have in common.
    """

    subtitle: str
    notebooks: Sequence[Path]
    records: Sequence[Record]
    has: Mapping[str, bool]
    elsewhere: Mapping[str, Path]
    sources: Sequence[Path]


def publish(
    subject: Cohort | Comparison,
    content: Content,
    made: Origin,
    stages: Sequence[str],
    order: Order,
    before: Callable[[], None] = lambda: None,
) -> Report:
    """Render the formats that are stale, copy the notebooks beside them, and write the manifest.

    made: what the content was made from; stages: those that were run for it. before: called where something is to be
    rendered; what it raises stops that. The files in `reports` change only when everything has succeeded.
    """
    from braid.rendering.quarto import find_quarto, quarto_version

    quarto = find_quarto() if order.use_quarto else None
    renderer = f"Quarto {'.'.join(map(str, quarto_version(quarto)))}" if quarto else "pandoc and typst"
    folder, work = subject.project.report(subject.name), subject.project.processed(subject.name)
    cache = Cache(work)
    made_of = {**ingredients(subject, content.sources, made), "renderer": renderer}
    missing = tuple(name for name in order.formats if cache.stale(name, made_of, rendered(subject, name)))
    if missing or order.force:
        from braid.rendering import render

        wanted = missing or order.formats
        with subject.speaking():
            before()
            staged = _stage(subject, content, content.notebooks[0].parent, work / "report")
            if quarto is None and order.use_quarto:
                order.on_note("  Quarto is not installed: rendering with pandoc and typst (braid doctor says more)")
            render(
                staged,
                folder,
                formats=wanted,
                quarto=quarto,
                workers=order.workers,
                pictures=pictures(subject),
                progress=order.on_format,
                note=order.on_note,
            )
        for name in wanted:
            cache.keep(name, made_of, rendered(subject, name))
    notebooks = _published(content.notebooks, folder / "notebooks")
    there = [path for name in FORMATS if (path := folder / f"report.{name}").is_file()]
    write_manifest(subject, replace(made, renderer=renderer), [*there, *notebooks])
    headline = next((record.text for record in content.records if record.id == "report.headline"), "")
    files = tuple(folder / f"report.{name}" for name in order.formats)
    return Report(files, headline, tuple(stages), bool(missing) or order.force, renderer)


def differs_from_record(subject: Cohort | Comparison, content: Content, made: Origin) -> list[str]:
    """Files of the report that are not what the published notebooks, the records and the sections give now.

    Rendered anew in a folder that is thrown away; the PDF is left out, as Quarto writes the time into it.
    """
    from braid.rendering import find_quarto, render

    folder = subject.project.report(subject.name)
    formats = [name for name in ("html", "docx") if (folder / f"report.{name}").is_file()]
    with tempfile.TemporaryDirectory() as work, subject.speaking():
        staged = _stage(subject, content, folder / "notebooks", Path(work) / "report")
        quarto = find_quarto() if made.renderer.startswith("Quarto") else None
        fresh = render(staged, Path(work) / "out", formats=formats, quarto=quarto, pictures=pictures(subject))
        return [path.name for path in fresh if path.read_bytes() != (folder / path.name).read_bytes()]


def stale_formats(subject: Cohort | Comparison, sources: Iterable[Path], made: Origin) -> list[str]:
    """Why the report would be rendered anew by the renderer that it was made with; empty where it would not."""
    cache = Cache(subject.project.processed(subject.name))
    made_of = ingredients(subject, sources, made)
    reasons: list[str] = []
    for name in FORMATS:
        kept = cache.entries.get(name, {}).get("made_of", {}).get("renderer", "")
        reasons += cache.stale(name, {**made_of, "renderer": kept}, rendered(subject, name))
    return list(dict.fromkeys(reasons))


def ingredients(subject: Cohort | Comparison, sources: Iterable[Path], made: Origin) -> dict[str, str]:
    """What a rendered report is made of: its own sources, sections, styles, and its statement of origin."""
    root = subject.project.root
    reports = root / "reports"
    files = [root / "_quarto.yml", reports / "references.bib", *sources, Path(__file__)]
    files += [path for folder in ("sections", "styles") for path in (reports / folder).rglob("*") if path.is_file()]
    origin_of = {f"its origin ({name})": str(value) for name, value in asdict(made).items()}
    return fingerprints([*files, *subject.catalogues, *module_files("braid.rendering")], root) | origin_of


def rendered(subject: Cohort | Comparison, name: str) -> dict[str, str]:
    """The fingerprint of one format of the report."""
    return fingerprints([subject.project.report(subject.name) / f"report.{name}"], subject.project.root)


def pictures(subject: Cohort | Comparison) -> Path:
    """The folder that remembers the pictures drawn for Word."""
    return subject.project.processed(subject.name) / "pictures"


def stated(records: Iterable[Record]) -> dict[str, bool]:
    """What sections may ask with `when-meta="has.x"`: a stage states it as a record `has.x` that says `yes` or `no`."""
    return {one.id.removeprefix("has."): one.text == "yes" for one in records if one.id.startswith("has.")}


def origin_records(made: Origin) -> list[Record]:
    """What the report was made from, for the reproducibility statement."""
    versions = ", ".join(f"{name} {number}" for name, number in made.versions.items())
    texts = {
        "cohort": made.cohort,
        "data": made.data[:HASH_SHOWN],
        "commit": made.commit_in_words,
        "lock": made.lock[:HASH_SHOWN],
        "versions": versions,
        "seed": str(made.seed) if made.seed is not None else tr("Nothing was simulated or drawn at random"),
    }
    return [Record(id=f"run.{name}", text=text, method="origin of the report") for name, text in texts.items()]


def _stage(subject: Cohort | Comparison, content: Content, notebooks: Path, target: Path) -> Path:
    """The staged project of a report, its notebooks taken from a folder."""
    from braid.rendering import stage

    study = subject.study
    staged = stage(
        subject.project.root,
        subject.name,
        notebooks=notebooks,
        variables=as_variables(content.records),
        has=content.has,
        meta={
            "title": study.title,
            "subtitle": content.subtitle,
            "authors": [author.model_dump() for author in study.authors],
            "keywords": study.keywords,
            "synthetic": subject.synthetic,
        },
        target=target,
        elsewhere=content.elsewhere,
    )
    return staged.directory


def _published(notebooks: Iterable[Path], folder: Path) -> list[Path]:
    """Copy the executed notebooks beside the report, as its record; returns the copies."""
    folder.mkdir(parents=True, exist_ok=True)
    copies = []
    for source in notebooks:
        target = folder / source.name
        if not target.is_file() or target.read_bytes() != source.read_bytes():
            draft = target.with_name(f".{target.name}.draft")
            shutil.copyfile(source, draft)
            draft.replace(target)
        copies.append(target)
    return copies
