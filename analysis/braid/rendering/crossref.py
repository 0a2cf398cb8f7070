"""Cross-references: numbers in order of appearance, and `@tbl-x`, `@fig-x`, `@sec-x` as links to them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from braid.errors import UserError
from braid.language import tr
from braid.prose.lines import suggestion
from braid.rendering import floats
from braid.rendering.pandoc import ATTRIBUTED, Node, attribute_list, attributes, change, visit, words
from braid.rendering.source import Source

_REFERENCE = re.compile(r"(tbl|fig|sec)-.+")


@dataclass(frozen=True)
class Target:
    """Something that can be referred to: `tbl`, `fig` or `sec`, and its number (`3`, or `4.1` for a section)."""

    kind: str
    number: str


def targets(blocks: list[Node], source: Source) -> dict[str, Target]:
    """The numbered tables, figures and sections of gathered blocks, by label, in reading order.

    Sections count like headings do with `number-sections`: one without number (`.unnumbered`) is skipped.
    Raises UserError for an identifier that appears twice.
    """
    known: dict[str, Target] = {}
    seen: set[str] = set()
    counts = {"tbl": 0, "fig": 0}
    section: list[int] = []

    def look(node: Node) -> None:
        name, classes, _ = attributes(node)
        if name:
            if name in seen:
                raise UserError(
                    f"the identifier {name} appears twice",
                    place=source.place_of(re.escape("#" + name)),
                    todo="rename one; a heading whose words make the same name needs {#sec-...}",
                )
            seen.add(name)
        item = floats.found(node)
        if item is not None:
            counts[item.kind] += 1
            known[item.label] = Target(item.kind, str(counts[item.kind]))
        elif node["t"] == "Header" and "unnumbered" not in classes:
            level = int(node["c"][0])
            section[:] = (section + [0] * level)[:level]
            section[-1] += 1
            if name.startswith("sec-"):
                known[name] = Target("sec", ".".join(map(str, section)))
        elif node["t"] == "Header" and name.startswith("sec-"):
            known[name] = Target("sec", "")

    visit(blocks, look, ATTRIBUTED)
    return known


def with_heading_numbers(blocks: list[Node]) -> list[Node]:
    """The blocks with numbers written into their headings as Quarto does for Word: "1. Title", "1.1 Title"."""
    section: list[int] = []

    def number(node: Node) -> list[Node] | None:
        level, own, title = node["c"]
        if "unnumbered" in own[1]:
            return None
        section[:] = (section + [0] * level)[:level]
        section[-1] += 1
        text = ".".join(map(str, section)) + ("." if level == 1 else "")
        return [{"t": "Header", "c": [level, own, [{"t": "Str", "c": text}, {"t": "Space"}, *title]]}]

    result = change(blocks, number, ("Header",))
    assert isinstance(result, list)
    return result


def without_title_numbers(blocks: list[Node]) -> list[Node]:
    """The blocks with a first heading inside a callout unnumbered: it is the callout's title, not a section."""

    def mark(node: Node) -> list[Node] | None:
        _, classes, _ = attributes(node)
        if not any(name.startswith("callout-") for name in classes):
            return None
        first, *rest = node["c"][1] or [None]
        if first is None or first["t"] != "Header":
            return None
        level, (name, names, pairs), text = first["c"]
        title = {"t": "Header", "c": [level, [name, [*names, "unnumbered"], pairs], text]}
        return [{"t": "Div", "c": [node["c"][0], [title, *rest]]}]

    result = change(blocks, mark, ("Div",))
    assert isinstance(result, list)
    return result


def resolved(blocks: list[Node], known: Mapping[str, Target], keys: set[str], source: Source) -> list[Node]:
    """The blocks with every reference as a link, and citations checked against the keys of the bibliography.

    `@tbl-x` gives "Table 3", `[-@tbl-x]` the bare number, `[@fig-a; @fig-b]` both, parted by a comma.
    """

    def resolve(node: Node) -> list[Node] | None:
        citations = node["c"][0]
        references = [_REFERENCE.fullmatch(_label(citation)) is not None for citation in citations]
        if not any(references):
            for citation in citations:
                _check_key(citation["citationId"], keys, source)
            return None
        if not all(references):
            names = r"[^\]]*@".join(re.escape(citation["citationId"]) for citation in citations)
            place = source.place_of("@" + names)
            raise UserError("a citation and a cross-reference share brackets", place=place)
        links: list[Node] = []
        for citation in citations:
            if links:
                links.extend([{"t": "Str", "c": ","}, {"t": "Space"}])
            links.append(_link(citation, known, source))
        return links

    result = change(blocks, resolve, ("Cite",))
    assert isinstance(result, list)
    return result


def _label(citation: Mapping[str, Any]) -> str:
    name = str(citation["citationId"])
    return name[:1].lower() + name[1:]


def _link(citation: Mapping[str, Any], known: Mapping[str, Target], source: Source) -> Node:
    label = _label(citation)
    target = known.get(label)
    if target is None:
        raise UserError(
            f"nothing is labelled {label}",
            place=source.place_of("@" + re.escape(citation["citationId"]) + r"(?![\w-])"),
            expected=suggestion(label, known),
        )
    if not target.number:
        _stop(f"the section {label} has no number", citation["citationId"], source)
    if citation["citationSuffix"]:
        _stop("words after a cross-reference inside brackets are lost in Quarto", citation["citationId"], source)
    bare = citation["citationMode"]["t"] == "SuppressAuthor"
    prefix = citation["citationPrefix"] or ([] if bare else words(tr(floats.NAMES[target.kind])))
    text = [*prefix, {"t": "Str", "c": ("\u00a0" if prefix else "") + target.number}]
    return {"t": "Link", "c": [attribute_list(classes=("quarto-xref",)), text, ["#" + label, ""]]}


def _check_key(key: str, keys: set[str], source: Source) -> None:
    if key not in keys:
        raise UserError(
            f"the bibliography has no {key}",
            place=source.place_of("@" + re.escape(key) + r"(?![\w-])"),
            expected=suggestion(key, keys),
            todo="write \\@ where no citation is meant",
        )


def _stop(message: str, name: str, source: Source) -> None:
    raise UserError(message, place=source.place_of("@" + re.escape(name)))
