"""Renders a staged project without Quarto: pandoc reads and writes, typst sets the PDF.

The sources, the settings of `_quarto.yml` and the files of `styles/` are those that Quarto uses. Headings,
numbers, tables, figures and references come out the same; what is not supported stops with file and line.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import typst
import yaml

from braid.errors import RunError, UserError
from braid.language import tr
from braid.prose.lines import suggestion
from braid.rendering import crossref, floats
from braid.rendering.citations import cited
from braid.rendering.conditions import visible
from braid.rendering.document import Document, read
from braid.rendering.fonts import fonts
from braid.rendering.pandoc import FIXED_EPOCH, Node, change, raw, run, visit
from braid.rendering.pdf_standard import BEYOND_STANDARD, given_up
from braid.rendering.pictures import page_image, placed, typst_image, with_pictures, word_image
from braid.rendering.set_tables import put_back, with_tables_set
from braid.rendering.source import Source, load
from braid.rendering.word_pictures import draw_all

WRITERS = {"html": "html", "pdf": "typst", "docx": "docx"}
_PAGE_BREAKS = {
    "html": '<div class="page-break"></div>',
    "typst": "#pagebreak(weak: true)",
    "docx": '<w:p><w:r><w:br w:type="page"/></w:r></w:p>',
}
_PICTURE = {"html": page_image, "typst": typst_image, "docx": word_image}
_KNOWN_SETTINGS = (
    *("toc", "toc-depth", "toc-title", "number-sections", "lang", "bibliography", "link-citations", "citeproc", "csl"),
    *("embed-resources", "minimal", "theme", "template", "css", "html-math-method", "include-after-body"),
    *("papersize", "section-numbering", "template-partials", "reference-doc", "pdf-standard"),
)
_FROM_JSON = ("--from=json", "--wrap=none")
_TABLES = {"html": (*_FROM_JSON, "--to=html", "--mathml"), "typst": (*_FROM_JSON, "--to=typst-citations")}
"""How pandoc is asked for a table alone."""
_KEPT_BY_TYPST = 10
_BIBTEX_KEY = re.compile(r"^\s*@(?!comment|string|preamble)\w+\s*\{\s*([^,\s]+)\s*,", re.IGNORECASE | re.MULTILINE)


@contextmanager
def by_pandoc(
    staged: Path, output: Path, pictures: Path, note: Callable[[str], None]
) -> Iterator[Callable[[str], Path]]:
    """Reads a staged project once and gives what makes its files: called with a format (html, pdf, docx), in any
    thread, it writes the file to `output` and returns its path. `pictures` remembers those drawn for Word,
    and what pandoc made of tables and citations; note is told of a PDF that cannot keep to its standard.

    Raises UserError for a source that is not supported, RunError when pandoc or typst stop.
    """
    source = load(staged)
    with tempfile.TemporaryDirectory(prefix="braid-render-") as folder:
        work = Path(folder)
        tree_for = _trees(source, work, pictures)
        _teach_words(str(source.metadata.get("lang", "en")), work)

        def make(name: str) -> Path:
            writer, path = WRITERS[name], output.resolve() / f"report.{name}"
            tree = tree_for(writer)
            if writer == "typst":
                standards = _as_list(_options(source, writer).get("pdf-standard"))
                looking = Thread(target=fonts)  # while pandoc writes
                looking.start()
                text = written(tree, writer, source, work)
                looking.join()
                _write_pdf(text, work, path, standards, note)
            elif writer == "html":
                page = written(tree, writer, source, work).decode("utf-8")
                path.write_text(with_pictures(page, work), encoding="utf-8")
            else:
                draw_all(work, pictures)
                written(tree, writer, source, work, f"--output={path}")
            return path

        yield make


def _teach_words(language: str, data: Path) -> None:
    """Pandoc's own words from the catalogue: it knows some fifty languages, and warns of any other."""
    words = {"Abstract": tr("Abstract"), "Contents": tr("Contents"), "Figure": tr("Figure"), "Table": tr("Table")}
    path = data / "translations" / f"{language}.yaml"
    path.parent.mkdir()
    path.write_text(yaml.safe_dump(words, allow_unicode=True), encoding="utf-8")


def typst_source(staged: Path, work: Path) -> str:
    """The typst text that the PDF is set from; `work` takes the pictures it names."""
    source = load(staged)
    return written(_trees(source, work)("typst"), "typst", source, work).decode("utf-8")


def prepared(staged: Path, work: Path) -> tuple[Source, Document, list[Node], dict[str, crossref.Target]]:
    """A staged project as Word takes it, before it is set: its source, document, blocks, and what can be referred to.

    `work` takes the pictures. Raises UserError for a source that is not supported.
    """
    source = load(staged)
    document = read(source, work)
    shown = visible(document.blocks, "docx", source.metadata, source)
    common = _prepared(shown, source, _bibliography_keys(source), work)
    return source, document, put_back(common.blocks, document.aside), common.known


def _trees(source: Source, work: Path, kept: Path | None = None) -> Callable[[str], Node]:
    """Gives the document as a writer takes it, to one thread at a time: the first is at work while the next is made.

    What two writers show alike is prepared once, citations too.
    """
    keys = _bibliography_keys(source)
    document = read(source, work, kept)
    prepared: list[tuple[Node, tuple[Node, _Prepared]]] = []
    lock = Lock()

    def tree_for(writer: str) -> Node:
        with lock:
            meta = _meta(document, _options(source, writer))
            shown = visible(document.blocks, writer, source.metadata, source)
            plain = document.tree(shown, meta)
            found = next((made for known, made in prepared if known == plain), None)
            if found is None:
                common = _prepared(shown, source, keys, work)
                tree = with_citations(document.tree(common.blocks, meta), source, kept)
                found = tree, _Prepared(tree["blocks"], common.known)
                prepared.append((plain, found))
            tree, common = found
            tree = {**tree, "blocks": _blocks(common, writer, source)}
        filters = [source.directory.resolve() / path for path in _filters(source)]
        return with_tables_set(tree, document.aside, writer, _TABLES.get(writer, ()), filters, kept)

    return tree_for


def with_citations(tree: Node, source: Source, kept: Path | None = None) -> Node:
    """A tree with its citations and its list of references set, as the project's bibliography has them."""
    named = [*_as_list(source.metadata.get("bibliography")), *_as_list(source.metadata.get("csl"))]
    files = [path for name in named if (path := source.directory / str(name)).is_file()]
    return cited(tree, files, source.directory.resolve(), kept)


@dataclass(frozen=True)
class _Prepared:
    """Blocks with their floats gathered, references resolved and pictures in place, and what can be referred to."""

    blocks: list[Node]
    known: dict[str, crossref.Target]


def _prepared(blocks: list[Node], source: Source, keys: set[str], work: Path) -> _Prepared:
    blocks = floats.gathered(blocks, source)
    blocks = crossref.without_title_numbers(blocks)
    known = crossref.targets(blocks, source)
    blocks = crossref.resolved(blocks, known, keys, source)
    blocks = placed(blocks, source, work)
    _check_links(blocks, source)
    return _Prepared(blocks, known)


def _blocks(common: _Prepared, writer: str, source: Source) -> list[Node]:
    """Prepared blocks as one writer takes them."""

    def finish(node: Node) -> list[Node] | None:
        if node["t"] == "Image":
            return [_PICTURE[writer](node)]
        item = floats.found(node)
        if item is not None:
            return floats.set_for(writer, item, int(common.known[item.label].number))
        if node["t"] == "RawBlock" and node["c"][0] == "braid-break":
            return [raw("openxml" if writer == "docx" else writer, _PAGE_BREAKS[writer])]
        if node["t"] in ("RawBlock", "RawInline") and str(node["c"][1]).lstrip().startswith("<!--"):
            return []
        return None

    result = change(common.blocks, finish, ("Div", "Image", "RawBlock", "RawInline"))
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


def written(tree: Node, writer: str, source: Source, work: Path, *more: str) -> bytes:
    """What pandoc writes to its standard output for a tree."""
    arguments = _arguments(writer, _options(source, writer), source, work)
    return run([*arguments, *more], text=json.dumps(tree, ensure_ascii=False).encode("utf-8"), directory=work)


def _arguments(writer: str, options: Mapping[str, Any], source: Source, work: Path) -> list[str | Path]:
    staged = source.directory.resolve()
    arguments: list[str | Path] = [
        "--from=json",
        "--to=typst-citations" if writer == "typst" else f"--to={writer}",  # they are set already
        "--standalone",
        "--wrap=none",
        f"--resource-path={work}:{staged}",
        f"--data-dir={work}",
    ]
    arguments += [f"--lua-filter={staged / path}" for path in _filters(source)]
    if options.get("toc"):
        arguments += ["--toc", f"--toc-depth={options.get('toc-depth', 3)}"]
        arguments.append(f"--metadata=toc-title={options.get('toc-title', tr('Contents'))}")
    if options.get("number-sections") and writer == "html":
        arguments.append("--number-sections")
    if writer == "html":
        arguments += [
            f"--template={staged / str(options['template'])}",
            "--section-divs",
            "--mathml",
            f"--include-in-header={_style_element(options, staged, work)}",
            *(f"--include-after-body={staged / str(name)}" for name in _as_list(options.get("include-after-body"))),
        ]
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


def _style_element(options: Mapping[str, Any], staged: Path, work: Path) -> Path:
    """The style sheets as they stand in the head of the page, which must need no other file."""
    texts: list[str] = []
    for name in _as_list(options.get("css")):
        text = (staged / str(name)).read_text(encoding="utf-8")
        if re.search(r"""@import|url\(\s*["']?(?!data:|#)""", text):
            raise UserError("a style sheet that names another file is not supported", place=str(name))
        texts.append(text)
    path = work / "style.html"
    path.write_text("<style>\n" + "".join(texts) + "</style>\n", encoding="utf-8")
    return path


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


def _write_pdf(text: bytes, work: Path, path: Path, standards: list[Any], note: Callable[[str], None]) -> None:
    """Sets the PDF by its standards, which typst checks; a text that one does not allow (a letter that no font has)
    is set without them, so that the report is there and does not claim what it is not."""
    main = work / "main.typ"
    main.write_bytes(text)
    for wanted in (standards, []):
        try:
            typst.compile(
                str(main),
                output=str(path),
                root=str(work),
                font_paths=fonts(),
                timestamp=int(FIXED_EPOCH),
                pdf_standards=wanted,
            )
            return
        except typst.TypstError as error:
            if not (wanted and BEYOND_STANDARD.search(str(error))):
                raise RunError(f"typst stopped: {error}") from error
            note(given_up(error))


def forget_pages() -> None:
    """Lets typst forget what it has set. It keeps the parts of its last ten documents, should the next be like them,
    and a process that makes many reports would grow by each; so it is given empty ones."""
    for _ in range(_KEPT_BY_TYPST + 1):
        typst.compile(b"", format="svg", ignore_system_fonts=True)


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
    meta["labels"] = _meta_value({"abstract": tr("Abstract")})
    meta["abstract-title"] = _meta_value(tr("Abstract"))
    meta["link-citations"] = {"t": "MetaBool", "c": bool(options.get("link-citations", True))}
    return meta | bibliography(document)


def bibliography(document: Document) -> dict[str, Any]:
    """The metadata that names the bibliography's files."""
    named = _as_list(document.source.metadata.get("bibliography"))
    files = [str((document.source.directory / str(name)).resolve()) for name in named]
    return {"bibliography": _meta_value(files)} if files else {}


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
        target = str(node["c"][2][0])
        scheme = re.match(r"\s*([a-zA-Z][\w+.-]*):", target)
        if scheme and scheme[1].lower() not in ("http", "https", "mailto"):
            raise UserError(f"a link with {scheme[1]}: is not supported", place=source.place_of(re.escape(target)))

    visit(blocks, look, ("Link",))


def _as_list(value: Any) -> list[Any]:
    if value in (None, ""):
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
