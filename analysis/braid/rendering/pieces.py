"""The numbered tables and figures of a staged report one by one, as journals ask for them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from braid.language import tr
from braid.rendering import floats, standalone
from braid.rendering.document import Document
from braid.rendering.finish_docx import finish
from braid.rendering.pandoc import Node, change, plain_text, visit
from braid.rendering.pictures import word_image
from braid.rendering.source import Source
from braid.rendering.word_pictures import draw_all


@dataclass(frozen=True)
class Piece:
    """A numbered table or figure.

    rows: the cells of a table as text, header rows first; a cell that spans others stands in the first of them.
    notes: what stands below a table. picture: the file of a figure, None for a table.
    """

    label: str
    kind: str
    number: int
    caption: str
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    picture: Path | None
    float: floats.Float

    @property
    def title(self) -> str:
        """`Table 3: ...`, as in the report."""
        return f"{tr(floats.NAMES[self.kind])} {self.number}: {self.caption}"


@dataclass(frozen=True)
class Pieces:
    """All tables and figures of a report, in order; `write_tables` sets the tables alone into a Word file."""

    all: tuple[Piece, ...]
    source: Source
    document: Document
    work: Path

    def write_tables(self, path: Path, pictures: Path) -> None:
        """Write a Word file that holds every table with its caption and notes, and nothing else."""
        blocks = [block for piece in self.all if piece.kind == "tbl" for block in _in_word(piece)]
        draw_all(self.work, pictures)
        meta = {"title": self.document.meta["title"]} if "title" in self.document.meta else {}
        # Notes cite; what they cite stands in the report.
        meta |= {**standalone.bibliography(self.document), "suppress-bibliography": {"t": "MetaBool", "c": True}}
        tree = self.document.tree(blocks, meta)
        tree = standalone.with_citations(tree, self.source)
        standalone.written(tree, "docx", self.source, self.work, f"--output={path.resolve()}")
        finish(path)


@contextmanager
def pieces(staged: Path) -> Iterator[Pieces]:
    """The tables and figures of a staged report. Raises what rendering it raises."""
    with tempfile.TemporaryDirectory(prefix="braid-pieces-") as folder:
        work = Path(folder)
        source, document, blocks, known = standalone.prepared(staged, work)
        items: list[floats.Float] = []

        def keep(node: Node) -> None:
            item = floats.found(node)
            if item is not None:
                items.append(item)

        visit(blocks, keep, ("Div",))
        yield Pieces(tuple(_piece(item, int(known[item.label].number), work) for item in items), source, document, work)


def _piece(item: floats.Float, number: int, work: Path) -> Piece:
    tables: list[Node] = []
    images: list[Node] = []
    visit(item.blocks, tables.append, ("Table",))
    visit(item.blocks, images.append, ("Image",))
    notes = [plain_text(block["c"]) for block in item.blocks if block["t"] == "Para"] if item.kind == "tbl" else []
    return Piece(
        item.label,
        item.kind,
        number,
        plain_text(item.caption),
        tuple(row for table in tables for row in table_rows(table)),
        tuple(notes),
        work / images[0]["c"][2][0] if images and item.kind == "fig" else None,
        item,
    )


def table_rows(table: Node) -> list[tuple[str, ...]]:
    """The rows of a table's head, bodies and foot, each as long as there are columns."""
    columns = len(table["c"][2])
    parts: list[list[Any]] = [table["c"][3][1]]
    for body in table["c"][4]:
        parts += [body[2], body[3]]
    parts.append(table["c"][5][1])
    return [row for part in parts for row in _rows_of(part, columns)]


def _rows_of(part: list[Any], columns: int) -> list[tuple[str, ...]]:
    """Rows of one part of a table; a cell covers no row of another part."""
    taken: dict[tuple[int, int], str] = {}
    for number, (_, cells) in enumerate(part):
        at = 0
        for _, _, height, width, blocks in cells:
            while (number, at) in taken:
                at += 1
            for down in range(height):
                for across in range(width):
                    taken[number + down, at + across] = ""
            taken[number, at] = " ".join(plain_text(blocks).split())
            at += width
    return [tuple(taken.get((number, at), "") for at in range(columns)) for number in range(len(part))]


def _in_word(piece: Piece) -> list[Node]:
    blocks = change(piece.float.blocks, lambda image: [word_image(image)], ("Image",))
    return floats.set_for("docx", floats.Float(piece.label, piece.float.caption, blocks), piece.number)
