"""Published cells: the labelled outputs of executed notebooks, alone and clean, as the report may show them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from braid.errors import UserError
from braid.language import tr
from braid.study.reading import Loader

LABEL_KINDS = ("tbl", "fig", "txt")
CAPTIONS = ("tbl-cap", "fig-cap", "fig-alt")
MARKDOWN, SVG, PNG = "text/markdown", "image/svg+xml", "image/png"


@dataclass(frozen=True)
class PublishedCell:
    """One labelled output.

    label: `tbl-...`, `fig-...` or `txt-...`; caption and alt: ready markdown and plain text, or empty.
    mime: `text/markdown`, SVG or PNG; data: the markdown, the text of the SVG, or the base64 text of the PNG.
    source: the code of the cell without its options.
    """

    notebook: str
    label: str
    caption: str
    alt: str
    mime: str
    data: str
    source: str = ""

    @property
    def kind(self) -> str:
        """`tbl`, `fig` or `txt`."""
        return self.label.split("-", 1)[0]


def published_cells(path: Path, *, staged: bool = False) -> list[PublishedCell]:
    """Reads the published cells of an executed notebook, or of one that `staged_notebook` wrote, in order.

    A cell is published when its source starts with a `#| label:` of a known kind. Raises UserError, naming
    notebook and label, for a label that appears twice, an error output, no or more than one display output,
    an output without markdown or picture, and an unescaped shortcode in markdown or caption.
    """
    cells: list[PublishedCell] = []
    seen: set[str] = set()
    for cell in _read(path).get("cells", []):
        options = _options(_text(cell.get("source", "")), path) if cell.get("cell_type") == "code" else {}
        label = str(options.get("label", ""))
        if label.split("-", 1)[0] not in LABEL_KINDS or "-" not in label:
            continue
        if label in seen:
            raise UserError(
                f"the label {label} appears twice", place=path.name, todo="give each published cell its own"
            )
        seen.add(label)
        if not staged:
            options |= {key: tr(str(options[key])) for key in CAPTIONS if options.get(key)}
        found = _published(cell, label, options, path)
        if staged and found.kind == "tbl":
            found = replace(found, caption=found.caption.replace("\\\\", "\\"))
        cells.append(found)
    return cells


def staged_notebook(cells: Sequence[PublishedCell]) -> str:
    """The JSON text of a notebook that holds these cells and nothing else: no code, no metadata, no path."""
    return json.dumps(
        {
            "cells": [_staged_cell(cell) for cell in cells],
            "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        },
        ensure_ascii=False,
        indent=1,
    )


def _staged_cell(cell: PublishedCell) -> dict[str, Any]:
    source = [f"#| label: {cell.label}"]
    if cell.caption:
        caption = _once_more(cell.caption) if cell.kind == "tbl" else cell.caption
        source.append(f"#| {cell.kind}-cap: {json.dumps(caption, ensure_ascii=False)}")
    if cell.alt and cell.kind == "fig":
        source.append(f"#| fig-alt: {json.dumps(cell.alt, ensure_ascii=False)}")
    source.append("#| echo: false")
    return {
        "cell_type": "code",
        "id": cell.label,
        "metadata": {},
        "execution_count": None,
        "source": "\n".join(source),
        "outputs": [{"output_type": "display_data", "metadata": {}, "data": {cell.mime: cell.data}}],
    }


def _once_more(caption: str) -> str:
    """A caption escaped for being read twice.

    Quarto reads the caption of a table first as an attribute, where a backslash escapes what follows, and then as
    markdown; escaped once it would come alive, shortcodes included. Captions of figures it reads only once.
    """
    return caption.replace("\\", "\\\\")


def _published(cell: Mapping[str, Any], label: str, options: Mapping[str, Any], path: Path) -> PublishedCell:
    place = f"{path.name}#{label}"
    outputs = cell.get("outputs", [])
    if any(output.get("output_type") == "error" for output in outputs):
        error = next(output for output in outputs if output.get("output_type") == "error")
        raise UserError(
            "this published cell ended with an error",
            place=place,
            found=f"{error.get('ename', '')}: {error.get('evalue', '')}",
            todo="mend the cell and run the notebook again",
        )
    shown = [output for output in outputs if output.get("output_type") in ("display_data", "execute_result")]
    if len(shown) != 1:
        raise UserError("a published cell must show exactly one output", place=place, found=f"{len(shown)} outputs")
    bundle = shown[0].get("data", {})
    # A table or text is its markdown even where a picture stands beside it; a figure is its picture.
    order = (SVG, PNG, MARKDOWN) if label.startswith("fig-") else (MARKDOWN, SVG, PNG)
    mime = next((name for name in order if name in bundle), None)
    if mime is None:
        raise UserError(
            "a published cell must show markdown or a picture (SVG or PNG)",
            place=place,
            found=", ".join(sorted(bundle)) or "nothing",
        )
    generated = shown[0].get("metadata", {}).get("braid", {})
    kind = label.split("-", 1)[0]
    found = PublishedCell(
        notebook=path.name,
        label=label,
        caption=str(generated.get("caption") or options.get(f"{kind}-cap") or ""),
        alt=str(generated.get("alt") or options.get(f"{kind}-alt") or ""),
        mime=mime,
        data=_text(bundle[mime]).strip("\n"),
        source=_code(_text(cell.get("source", ""))),
    )
    _refuse_live_text(found, place)
    if kind in ("tbl", "fig") and not found.caption:
        raise UserError("a published table or figure needs a caption", place=place, todo=f"add #| {kind}-cap:")
    return found


def _refuse_live_text(cell: PublishedCell, place: str) -> None:
    """A shortcode in an output would be executed by Quarto: text from data must come escaped."""
    texts = [cell.caption, cell.alt, cell.data if cell.mime == MARKDOWN else ""]
    if any("{{<" in text for text in texts):
        raise UserError(
            "an output holds an unescaped shortcode {{<",
            place=place,
            todo="let braid.presentation escape what comes from data",
        )


def _read(path: Path) -> Mapping[str, Any]:
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError("the notebook does not exist", place=path.name) from None
    except ValueError as error:
        raise UserError("this is not a notebook", place=path.name, found=str(error)) from None
    if not isinstance(notebook, dict) or "cells" not in notebook:
        raise UserError("this is not a notebook", place=path.name, found="no cells")
    return notebook


def _code(source: str) -> str:
    """The code of a cell below its `#|` lines."""
    lines = source.splitlines()
    first = next((place for place, line in enumerate(lines) if not line.startswith("#|")), len(lines))
    return "\n".join(lines[first:]).strip("\n")


def _options(source: str, path: Path) -> dict[str, Any]:
    """The `#| key: value` lines at the top of a cell, read as YAML."""
    lines = []
    for line in source.splitlines():
        if not line.startswith("#|"):
            break
        lines.append(line[2:].removeprefix(" "))
    if not lines:
        return {}
    try:
        options = yaml.load("\n".join(lines), Loader)
    except yaml.YAMLError as error:
        raise UserError("the cell options cannot be read", place=path.name, found=str(error)) from None
    return options if isinstance(options, dict) else {}


def _text(value: object) -> str:
    """Notebook files keep a text as one string or as a list of lines."""
    return "".join(value) if isinstance(value, list) else str(value)
