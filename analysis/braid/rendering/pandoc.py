"""The pandoc program that comes with pypandoc_binary, and its document tree as plain JSON values.

A tree node is a mapping with its type in `t` and its content in `c`
(https://hackage.haskell.org/package/pandoc-types); attributes are `[id, [classes], [[key, value], ...]]`.
"""

from __future__ import annotations

import functools
import subprocess
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from braid.errors import RunError

Node = dict[str, Any]
Attributes = tuple[str, list[str], dict[str, str]]
Change = Callable[[Node], list[Node] | None]

ATTRIBUTED = frozenset({"Div", "Span", "Header", "Code", "CodeBlock", "Link", "Image", "Table", "Figure"})
FIXED_EPOCH = "946684800"  # 2000-01-01 UTC: files that carry a time carry this one, whenever they are made


class PandocError(RunError):
    """Pandoc stopped or warned; the message carries its last lines."""


@functools.cache
def program() -> str:
    """The path of the pandoc program."""
    import pypandoc

    return str(pypandoc.get_pandoc_path())


def version() -> bytes:
    """What tells this pandoc program from another."""
    found = Path(program()).stat()
    return f"{found.st_size} {found.st_mtime_ns}".encode("ascii")


def run(arguments: Sequence[str | Path], *, text: bytes = b"", directory: Path | None = None) -> bytes:
    """Runs pandoc with these arguments and gives what it wrote to its standard output.

    Any warning counts as a failure: a report with an unresolved citation or a lost picture is not published.
    """
    done = subprocess.run(
        [program(), "--fail-if-warnings=true", *map(str, arguments)],
        input=text,
        capture_output=True,
        cwd=directory,
        env={"SOURCE_DATE_EPOCH": FIXED_EPOCH, "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8"},
        check=False,
    )
    if done.returncode < 0:
        raise PandocError(f"pandoc was ended from outside by the signal {-done.returncode}; was there memory enough?")
    if done.returncode != 0:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise PandocError("pandoc stopped:\n  " + "\n  ".join(lines[-12:]))
    return done.stdout


def read_markdown(text: bytes, *more: str) -> bytes:
    """The tree of a markdown text, as JSON."""
    return run(["--from=markdown", "--to=json", *more], text=text)


def change(value: Any, rule: Change, kinds: Collection[str]) -> Any:
    """A tree changed from the leaves up: `rule` gives the nodes that replace one of `kinds`, or None to keep it.

    What stays as it was is shared with the old tree, so neither may be written to. A node that stands alone (not in
    a list) can only be replaced by one node.
    """
    if isinstance(value, list):
        return _change_list(value, rule, kinds)
    if not isinstance(value, dict):
        return value
    changed = _change_inside(value, rule, kinds)
    replaced = rule(changed) if changed.get("t") in kinds else None
    return changed if replaced is None else replaced[0]


def _change_list(items: list[Any], rule: Change, kinds: Collection[str]) -> list[Any]:
    fresh: list[Any] | None = None
    for position, item in enumerate(items):
        changed: Any = item
        replaced = None
        if isinstance(item, dict):
            is_word = isinstance(item.get("c", ""), str)  # or a space: most nodes are
            if not (is_word and "t" in item):
                changed = _change_inside(item, rule, kinds)
            if changed.get("t") in kinds:
                replaced = rule(changed)
        elif isinstance(item, list):
            changed = _change_list(item, rule, kinds)
        if fresh is None and (replaced is not None or changed is not item):
            fresh = items[:position]
        if fresh is not None:
            fresh.extend([changed] if replaced is None else replaced)
    return items if fresh is None else fresh


def _change_inside(node: Node, rule: Change, kinds: Collection[str]) -> Node:
    if "t" in node:
        content = node.get("c")
        if not isinstance(content, list | dict):
            return node
        changed = change(content, rule, kinds)
        return node if changed is content else {**node, "c": changed}
    fresh = {key: change(inner, rule, kinds) for key, inner in node.items()}
    return fresh if any(fresh[key] is not node[key] for key in node) else node


def visit(value: Any, look: Callable[[Node], None], kinds: Collection[str]) -> None:
    """Shows every node of some kinds to `look`, in reading order, a parent before its children."""
    if isinstance(value, list):
        for item in value:
            if isinstance(item, dict) and isinstance(item.get("c"), str):
                if item.get("t") in kinds:
                    look(item)
            elif isinstance(item, list | dict):
                visit(item, look, kinds)
    elif isinstance(value, dict):
        if "t" not in value:
            for inner in value.values():
                visit(inner, look, kinds)
            return
        if value["t"] in kinds:
            look(value)
        content = value.get("c")
        if isinstance(content, list | dict):
            visit(content, look, kinds)


def attributes(node: Node) -> Attributes:
    """Id, classes and key-value pairs of a node that has them; empty ones for every other node."""
    content = node.get("c")
    where = 1 if node["t"] == "Header" else 0
    if node["t"] not in ATTRIBUTED:
        return "", [], {}
    assert isinstance(content, list)
    name, classes, pairs = content[where]
    return name, list(classes), dict(pairs)


def attribute_list(name: str = "", classes: Sequence[str] = (), pairs: Mapping[str, str] | None = None) -> list[Any]:
    """Attributes in pandoc's own form."""
    return [name, list(classes), [[key, value] for key, value in (pairs or {}).items()]]


def div(blocks: list[Node], name: str = "", classes: Sequence[str] = (), **pairs: str) -> Node:
    """A Div; keyword `custom_style` becomes the attribute `custom-style`."""
    named = {key.replace("_", "-"): value for key, value in pairs.items()}
    return {"t": "Div", "c": [attribute_list(name, classes, named), blocks]}


def raw(kind: str, text: str) -> Node:
    """A RawBlock for one output format."""
    return {"t": "RawBlock", "c": [kind, text]}


def words(text: str) -> list[Node]:
    """Inlines of a plain text: words and the spaces between them."""
    parts: list[Node] = []
    for position, word in enumerate(text.split(" ")):
        if position:
            parts.append({"t": "Space"})
        if word:
            parts.append({"t": "Str", "c": word})
    return parts


def plain_text(value: Any) -> str:
    """What a reader sees of inlines or blocks, without markup."""
    parts: list[str] = []

    def look(node: Node) -> None:
        if node["t"] in ("Str", "MetaString"):
            parts.append(str(node["c"]))
        elif node["t"] in ("Code", "Math"):
            parts.append(str(node["c"][1]))
        elif node["t"] in ("Space", "SoftBreak", "LineBreak"):
            parts.append(" ")

    visit(value, look, ("Str", "MetaString", "Code", "Math", "Space", "SoftBreak", "LineBreak"))
    return "".join(parts)
