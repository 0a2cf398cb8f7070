"""Stages a cohort's report: a Quarto project of its own that holds only what may be published.

Quarto allows no variable in the path of an embed, executes shortcodes wherever it finds them and reads whole
notebooks; so each cohort gets a directory with constant relative paths, in which no unpublished cell exists.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from braid.errors import UserError, UserErrors
from braid.language import ENGLISH, N_, current, tr, written_date
from braid.language.blocks import translated
from braid.language.page import page_words, quarto_words
from braid.prose.lines import Line, code_flags, numbered, shortcodes, suggestion
from braid.rendering.cells import PublishedCell, published_cells, staged_notebook
from braid.rendering.conditions import resolve
from braid.rendering.finish_page import MADE
from braid.rendering.reference_docx import write_reference
from braid.study.reading import Loader

INDEX = "index.qmd"
NOTEBOOKS = "notebooks"
SYNTHETIC = N_(
    "Synthetic data. Every person, answer and quotation in this report was made up to show the method; "
    "none of them describes a real programme."
)


_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # the one written in C, where it is there: five times as fast


@dataclass(frozen=True)
class StagedReport:
    """A staged project: where it is, the text files it reads, and the labels it embeds in reading order."""

    directory: Path
    cohort: str
    sources: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class _Embed:
    """An embed as written: `notebooks/04_change.ipynb` and one label, at a line."""

    path: str
    label: str
    line: Line


def stage(
    root: Path,
    cohort: str,
    *,
    notebooks: Path,
    variables: Mapping[str, Any],
    has: Mapping[str, bool],
    meta: Mapping[str, Any],
    target: Path,
    elsewhere: Mapping[str, Path] | None = None,
) -> StagedReport:
    """Makes the staged project of a cohort in `target`, replacing what is there in one step.

    root: the repository, with `_quarto.yml` and `reports/`; notebooks: the executed notebooks.
    variables: what `{{< var ... >}}` may name, nested; has: the facts behind `when-meta="has.x"`.
    elsewhere: texts that come from elsewhere than `reports/`, by the name under which they are included
    (`notes/context.md`, or `index.qmd` itself).
    meta: title, subtitle, authors, date, abstract, keywords, synthetic ... of this cohort. `authors` are
    names or mappings with `name` and `affiliation`; `synthetic: true` puts a banner on the first page.
    Raises UserError (or UserErrors) for a missing file, an unknown condition, a section that embeds what no
    notebook publishes, and for notebooks whose published cells cannot be shown. Nothing is written then.
    """
    reports = root / "reports"
    texts = _reachable_texts(reports, has, elsewhere or {})
    embeds = [embed for lines in texts.values() for embed in _embeds(lines)]
    kept = _embedded_cells(embeds, notebooks)
    settings = _settings(root / "_quarto.yml", meta, has)
    _refuse_live_values(variables)

    target.parent.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        fresh = workshop / "fresh"
        fresh.mkdir()
        _write_yaml(fresh / "_quarto.yml", settings)
        _write_yaml(fresh / "_variables.yml", variables)
        for name, lines in texts.items():
            _write(fresh / name, "\n".join(line.text for line in lines) + "\n")
        for name, cells in kept.items():
            _write(fresh / NOTEBOOKS / name, staged_notebook(cells) + "\n")
        _write(fresh / MADE, json.dumps(_made(kept), ensure_ascii=False, indent=1) + "\n")
        _copy_resources(reports, fresh)
        write_reference(fresh / "styles" / "reference.docx")
        if target.exists():
            target.rename(workshop / "old")
        fresh.rename(target)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return StagedReport(target, cohort, tuple(texts), tuple(embed.label for embed in embeds))


def _reachable_texts(reports: Path, has: Mapping[str, bool], elsewhere: Mapping[str, Path]) -> dict[str, list[Line]]:
    """index.qmd and every text it includes, conditions resolved; a section that is left out is not copied."""
    texts: dict[str, list[Line]] = {}
    waiting: list[tuple[str, Line | None]] = [(INDEX, None)]
    while waiting:
        name, cause = waiting.pop(0)
        if name in texts:
            continue
        path = elsewhere.get(name, reports / name)
        if not path.is_file():
            known = [*elsewhere, *(str(other.relative_to(reports)) for other in reports.rglob("*.qmd"))]
            raise UserError(
                f"{name} does not exist", place=cause.place if cause else None, expected=suggestion(name, known)
            )
        place = path.relative_to(reports.parent).as_posix()
        lines = resolve(numbered(path.read_text(encoding="utf-8-sig"), place), has)
        if name == INDEX or name not in elsewhere:  # what a cohort says of itself is never translated
            lines = _spoken(lines)
        texts[name] = lines
        for line, is_code in zip(lines, code_flags(lines), strict=True):
            if is_code:
                continue
            for call in shortcodes(line):
                if call.name == "include" and call.arguments:
                    # As in Quarto, paths count from index.qmd, also in a section that includes another.
                    waiting.append((str(PurePosixPath(call.arguments[0])), line))
    return texts


def _spoken(lines: list[Line]) -> list[Line]:
    """The lines in the language in force, as far as the catalogue knows them."""
    if current() == ENGLISH:
        return lines
    told = [lines[number].with_text(text) for number, text in translated([line.text for line in lines])]
    front = bool(told) and told[0].text.rstrip() == "---"  # what it says goes before the settings of the project
    lang = f"lang: {current()}"
    return [line.with_text(lang) if front and line.text.rstrip() == "lang: en" else line for line in told]


def _embeds(lines: Sequence[Line]) -> list[_Embed]:
    found: list[_Embed] = []
    for line, is_code in zip(lines, code_flags(lines), strict=True):
        if is_code:
            continue
        for call in shortcodes(line):
            if call.name != "embed":
                continue
            path, hash_sign, labels = (call.arguments or ("",))[0].partition("#")
            if not hash_sign or not labels:
                raise UserError(
                    "an embed must name a notebook and a label",
                    place=line.place,
                    expected="{{< embed notebooks/04_change.ipynb#tbl-change >}}",
                )
            found.extend(_Embed(path, label, line) for label in labels.split(","))
    return found


def _embedded_cells(embeds: Sequence[_Embed], notebooks: Path) -> dict[str, list[PublishedCell]]:
    """The embedded cells of each notebook, in the notebook's order. All mistakes are told at once."""
    available = {path.name: path for path in sorted(notebooks.glob("*.ipynb"))}
    # Every notebook is judged, also one that this cohort's sections do not name: its cells are published.
    published = {name: {cell.label: cell for cell in published_cells(path)} for name, path in available.items()}
    homes = {label: name for name, cells in published.items() for label in cells}
    mistakes: list[UserError] = []
    wanted: dict[str, set[str]] = {}
    places: dict[str, Line] = {}
    for embed in embeds:
        folder, _, name = embed.path.rpartition("/")
        if folder != NOTEBOOKS or name not in published:
            paths = [f"{NOTEBOOKS}/{known}" for known in published]
            mistakes.append(
                UserError(
                    f"no executed notebook {embed.path}",
                    place=embed.line.place,
                    expected=suggestion(embed.path, paths),
                )
            )
        elif embed.label not in published[name]:
            home = homes.get(embed.label)
            hint = f"it stands in {NOTEBOOKS}/{home}" if home else suggestion(embed.label, published[name])
            mistakes.append(
                UserError(f"{embed.path} publishes no {embed.label}", place=embed.line.place, expected=hint)
            )
        elif embed.label in places:
            mistakes.append(
                UserError(
                    f"{embed.label} is embedded twice",
                    place=embed.line.place,
                    found=f"first in {places[embed.label].place}",
                    todo=f"refer to it with @{embed.label} instead",
                )
            )
        else:
            wanted.setdefault(name, set()).add(embed.label)
            places[embed.label] = embed.line
    if mistakes:
        raise mistakes[0] if len(mistakes) == 1 else UserErrors(mistakes)
    return {
        name: [cell for label, cell in published[name].items() if label in labels]
        for name, labels in sorted(wanted.items())
    }


def _made(kept: Mapping[str, Sequence[PublishedCell]]) -> dict[str, dict[str, str]]:
    """The notebook and the code behind each table and figure, by label: the page tells them."""
    return {
        cell.label: {"notebook": name, "code": cell.source}
        for name, cells in kept.items()
        for cell in cells
        if cell.kind != "txt"
    }


def _settings(path: Path, meta: Mapping[str, Any], has: Mapping[str, bool]) -> dict[str, Any]:
    """The repository's settings with the cohort's metadata; document front matter would win over both."""
    try:
        settings = yaml.load(path.read_text(encoding="utf-8"), Loader)
    except FileNotFoundError:
        raise UserError("_quarto.yml does not exist", place=str(path.parent)) from None
    except yaml.YAMLError as error:
        raise UserError("the settings cannot be read", place="_quarto.yml", found=str(error)) from None
    if not isinstance(settings, dict):
        raise UserError("the settings must be a mapping", place="_quarto.yml")
    for key, value in meta.items():
        if key == "authors":
            settings["author"] = [_author(author) for author in value]
        elif key == "synthetic":
            if value:
                settings["banner"] = tr(SYNTHETIC)
        elif isinstance(value, date) and current() != ENGLISH:
            settings[key] = written_date(value)
        elif value not in (None, "", [], ()):
            settings[key] = list(value) if isinstance(value, tuple) else value
    settings["has"] = dict(has)
    if current() != ENGLISH:
        settings |= {"lang": current(), "toc-title": tr("Contents"), "language": quarto_words()}
    return settings


def _author(author: object) -> dict[str, Any]:
    if isinstance(author, Mapping):
        entry: dict[str, Any] = {"name": str(author["name"])}
        if author.get("affiliation"):
            entry["affiliations"] = [{"name": str(author["affiliation"])}]
        return entry
    return {"name": str(author)}


def _refuse_live_values(variables: Mapping[str, Any], prefix: str = "") -> None:
    """A variable that holds a shortcode would be executed wherever it is named."""
    for key, value in variables.items():
        if isinstance(value, Mapping):
            _refuse_live_values(value, f"{prefix}{key}.")
        elif "{{<" in str(value):
            raise UserError("a variable holds an unescaped shortcode {{<", place=f"{prefix}{key}")


def _copy_resources(reports: Path, fresh: Path) -> None:
    """The bibliography, the styles, and the pictures that sections may name; never another text."""
    for path in sorted(reports.glob("*.bib")):
        shutil.copyfile(path, fresh / path.name)
    for folder in ("styles", "sections"):
        for path in sorted((reports / folder).rglob("*")):
            if path.is_file() and path.suffix not in (".qmd", ".ipynb"):
                copy = fresh / path.relative_to(reports)
                copy.parent.mkdir(parents=True, exist_ok=True)
                if current() != ENGLISH and path.suffix in (".html", ".typ"):
                    _write(copy, page_words(path.name, path.read_text(encoding="utf-8")))
                else:
                    shutil.copyfile(path, copy)


def _write_yaml(path: Path, content: Mapping[str, Any]) -> None:
    text = yaml.dump(_plain(content), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    _write(path, text)


def _plain(value: Any) -> Any:
    """Mappings and sequences of any make as the dicts and lists that YAML knows."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
