"""Renders a staged project without Quarto: pandoc reads and writes, typst sets the PDF.

The sources, the settings of `_quarto.yml` and the files of `styles/` are those that Quarto uses. Headings,
numbers, tables, figures and references come out the same; what is not supported stops with file and line.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import typst

from braid.errors import RunError, UserError
from braid.rendering import crossref, floats
from braid.rendering.conditions import visible
from braid.rendering.document import Document, read
from braid.rendering.markdown_lines import suggestion
from braid.rendering.pandoc import FIXED_EPOCH, Node, change, raw, run, visit
from braid.rendering.pictures import placed
from braid.rendering.source import Source, load

WRITERS = {"html": "html", "pdf": "typst", "docx": "docx"}
_PAGE_BREAKS = {
    "html": '<div class="page-break"></div>',
    "typst": "#pagebreak(weak: true)",
    "docx": '<w:p><w:r><w:br w:type="page"/></w:r></w:p>',
}
_KNOWN_SETTINGS = (
    *("toc", "toc-depth", "toc-title", "number-sections", "lang", "bibliography", "link-citations", "citeproc", "csl"),
    *("embed-resources", "minimal", "theme", "template", "css", "html-math-method"),
    *("papersize", "section-numbering", "template-partials", "reference-doc"),
)
_BIBTEX_KEY = re.compile(r"^\s*@(?!comment|string|preamble)\w+\s*\{\s*([^,\s]+)\s*,", re.IGNORECASE | re.MULTILINE)


def render_standalone(staged: Path, formats: Iterable[str], output: Path) -> Iterable[tuple[str, Path]]:
    """Yields each format (html, pdf, docx) with its file in `output`, as soon as it is made.

    Raises UserError for a source that is not supported, RunError when pandoc or typst stop.
    """
    source = load(staged)
    keys = _bibliography_keys(source)
    with tempfile.TemporaryDirectory(prefix="braid-render-") as folder:
        work = Path(folder)
        document = read(source, work)
        for name in formats:
            writer = WRITERS[name]
            options = _options(source, writer)
            tree = document.tree(_blocks(document, writer, keys, work), _meta(document, options))
            path = output / f"report.{name}"
            if writer == "typst":
                _write_pdf(tree, options, source, work, path)
            else:
                arguments = _arguments(writer, options, source, work)
                run([*arguments, f"--output={path}"], text=_json(tree), directory=work)
            yield name, path


def typst_source(staged: Path, work: Path) -> str:
    """The typst text that the PDF is set from; `work` takes the pictures it names."""
    source = load(staged)
    options = _options(source, "typst")
    document = read(source, work)
    tree = document.tree(_blocks(document, "typst", _bibliography_keys(source), work), _meta(document, options))
    return run(_arguments("typst", options, source, work), text=_json(tree), directory=work).decode("utf-8")


def _blocks(document: Document, writer: str, keys: set[str], work: Path) -> list[Node]:
    """The document's blocks as one writer takes them."""
    source = document.source
    blocks = visible(document.blocks, writer, source.metadata, source)
    blocks = floats.gathered(blocks, source)
    blocks = crossref.without_title_numbers(blocks)
    known = crossref.targets(blocks, source)
    blocks = crossref.resolved(blocks, known, keys, source)
    blocks = placed(blocks, writer, source, work)
    _check_links(blocks, source)

    def finish(node: Node) -> list[Node] | None:
        item = floats.found(node)
        if item is not None:
            return floats.set_for(writer, item, int(known[item.label].number))
        if node["t"] == "RawBlock" and node["c"][0] == "braid-break":
            return [raw("openxml" if writer == "docx" else writer, _PAGE_BREAKS[writer])]
        if node["t"] in ("RawBlock", "RawInline") and str(node["c"][1]).lstrip().startswith("<!--"):
            return []
        return None

    result = change(blocks, finish)
    assert isinstance(result, list)
    numbers = bool(source.metadata.get("number-sections"))
    return crossref.with_heading_numbers(result) if writer == "docx" and numbers else result


def _options(source: Source, writer: str) -> dict[str, Any]:
    """The settings of one format: those of the project, with the format's own over them."""
    formats = source.settings.get("format") or {}
    if writer not in formats:
        raise UserError(f"no settings for {writer}", place="_quarto.yml: format", expected=suggestion(writer, formats))
    own = formats[writer] if isinstance(formats[writer], Mapping) else {}
    for key in own:
        if key not in _KNOWN_SETTINGS:
            raise UserError(
                f"the setting {key} is not supported without Quarto",
                place=f"_quarto.yml: format.{writer}",
                expected=suggestion(key, _KNOWN_SETTINGS),
            )
    shared = {key: source.metadata[key] for key in _KNOWN_SETTINGS if key in source.metadata}
    return shared | dict(own)


def _arguments(writer: str, options: Mapping[str, Any], source: Source, work: Path) -> list[str | Path]:
    staged = source.directory.resolve()
    arguments: list[str | Path] = [
        "--from=json",
        f"--to={writer}",
        "--standalone",
        "--wrap=none",
        f"--resource-path={work}:{staged}",
        f"--data-dir={work}",
    ]
    if options.get("bibliography"):
        arguments.append("--citeproc")
    arguments += [f"--lua-filter={staged / path}" for path in _filters(source)]
    if options.get("toc"):
        arguments += ["--toc", f"--toc-depth={options.get('toc-depth', 3)}"]
        arguments.append(f"--metadata=toc-title={options.get('toc-title', 'Contents')}")
    if options.get("number-sections") and writer == "html":
        arguments.append("--number-sections")
    if writer == "html":
        arguments += [
            f"--template={staged / str(options['template'])}",
            "--section-divs",
            "--mathml",
            "--embed-resources",
        ]
        arguments += [f"--css={staged / str(path)}" for path in _as_list(options.get("css"))]
    elif writer == "typst":
        arguments.append(f"--template={_typst_template(options, staged, work)}")
        arguments += [
            f"--variable={key}={options[key]}" for key in ("papersize", "section-numbering") if key in options
        ]
    else:
        arguments.append(f"--reference-doc={staged / str(options['reference-doc'])}")
    return arguments


def _filters(source: Source) -> list[str]:
    """The Lua filters of the project; those that Quarto runs before its own work and after it are both last here."""
    return [
        str(entry["path"] if isinstance(entry, Mapping) else entry)
        for entry in _as_list(source.settings.get("filters"))
    ]


def _typst_template(options: Mapping[str, Any], staged: Path, work: Path) -> Path:
    """A template around the partials that Quarto is given too, with what Quarto itself would put before them."""
    for partial in _as_list(options.get("template-partials")):
        path = staged / str(partial)
        (work / path.name).write_bytes(path.read_bytes())
    path = work / "report.typ"
    path.write_text(
        "#let horizontalrule = line(length: 100%, stroke: 0.5pt)\n"
        "$typst-template.typ()$\n\n$typst-show.typ()$\n\n$body$\n",
        encoding="utf-8",
    )
    return path


def _write_pdf(tree: Node, options: Mapping[str, Any], source: Source, work: Path, path: Path) -> None:
    text = run(_arguments("typst", options, source, work), text=_json(tree), directory=work)
    main = work / "main.typ"
    main.write_bytes(text)
    try:
        typst.compile(str(main), output=str(path), root=str(work), timestamp=int(FIXED_EPOCH))
    except typst.TypstError as error:
        raise RunError(f"typst stopped: {error}") from error


def _meta(document: Document, options: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata as the templates ask for it, under the names that Quarto uses."""
    kept = ("title", "subtitle", "date", "abstract", "keywords", "lang", "banner", "author-note", "nocite", "csl")
    meta = {key: value for key, value in document.meta.items() if key in kept and value.get("c")}
    authors = _as_list(document.source.metadata.get("author"))
    people = [author if isinstance(author, Mapping) else {"name": author} for author in authors]
    if people:
        meta["author"] = _meta_value([str(person["name"]) for person in people])
        meta["by-author"] = _meta_value(
            [
                {
                    "name": {"literal": str(person["name"])},
                    "affiliations": [
                        {"name": str(place["name"] if isinstance(place, Mapping) else place)}
                        for place in _as_list(person.get("affiliations") or person.get("affiliation"))
                    ],
                }
                for person in people
            ]
        )
    meta["labels"] = _meta_value({"abstract": "Abstract"})
    meta["abstract-title"] = _meta_value("Abstract")
    meta["link-citations"] = {"t": "MetaBool", "c": bool(options.get("link-citations", True))}
    files = [str((document.source.directory / str(name)).resolve()) for name in _as_list(options.get("bibliography"))]
    if files:
        meta["bibliography"] = _meta_value(files)
    return meta


def _meta_value(value: Any) -> Node:
    if isinstance(value, Mapping):
        return {"t": "MetaMap", "c": {key: _meta_value(inner) for key, inner in value.items()}}
    if isinstance(value, list):
        return {"t": "MetaList", "c": [_meta_value(inner) for inner in value]}
    return {"t": "MetaString", "c": str(value)}


def _bibliography_keys(source: Source) -> set[str]:
    keys: set[str] = set()
    for name in _as_list(source.metadata.get("bibliography")):
        path = source.directory / str(name)
        if not path.is_file():
            raise UserError(f"the bibliography {name} does not exist", place="_quarto.yml: bibliography")
        keys.update(_BIBTEX_KEY.findall(path.read_text(encoding="utf-8")))
    return keys


def _check_links(blocks: list[Node], source: Source) -> None:
    """A link that could run a script is refused, whoever wrote it."""

    def look(node: Node) -> None:
        if node["t"] == "Link":
            target = str(node["c"][2][0])
            scheme = re.match(r"\s*([a-zA-Z][\w+.-]*):", target)
            if scheme and scheme[1].lower() not in ("http", "https", "mailto"):
                raise UserError(f"a link with {scheme[1]}: is not supported", place=source.place_of(re.escape(target)))

    visit(blocks, look)


def _as_list(value: Any) -> list[Any]:
    if value in (None, ""):
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _json(tree: Node) -> bytes:
    return json.dumps(tree, ensure_ascii=False).encode("utf-8")
