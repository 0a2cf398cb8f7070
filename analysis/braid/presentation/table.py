"""Tables as one frozen object that gives markdown for the report, HTML for JupyterLab, and plain text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from braid.language import N_, tr
from braid.presentation import grid, inline, numbers
from braid.presentation.alignment import align_numbers
from braid.presentation.inline import Cell, Markdown
from braid.presentation.layout import Placed, as_text, widths

if TYPE_CHECKING:
    import pandas as pd

Align = Literal["left", "right", "center", "number"]

NOTHING = N_("Nothing to show.")
_INDENT = "\u2003"  # em space


@dataclass(frozen=True)
class Column:
    """A column of a table.

    label: its header.
    align: `number` sets to the right and pads with figure spaces, so that points and brackets stand in line.
    under: the label of a spanner; neighbouring columns under the same label share one header cell above them.
    merge: equal neighbouring cells of the body become one cell over several rows.
    """

    label: Cell
    align: Align = "left"
    under: Cell | None = None
    merge: bool = False


@dataclass(frozen=True)
class Row:
    """A row of ready cells, one for each column. `indent` steps in the first cell; `strong` sets it in bold."""

    cells: tuple[Cell, ...]
    indent: int = 0
    strong: bool = False


@dataclass(frozen=True)
class Group:
    """A label over the whole width; the rows after it are indented by one step."""

    label: Cell


@dataclass(frozen=True)
class Table:
    """A table that is ready to be published.

    columns: the columns, or their labels.
    rows: `Row`, `Group`, or a plain sequence of cells. A `str` is text from data and is escaped, once;
        `Markdown` is ready and stays as it is.
    notes: sentences below the table; the first is introduced by *Note.*
    caption: a generated caption; without one the option `tbl-cap` of the notebook's cell holds.
    Raises ValueError where a row has more or fewer cells than there are columns.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row | Group, ...]
    notes: tuple[Cell, ...] = ()
    caption: Cell | None = None

    def __init__(
        self,
        columns: Iterable[Column | Cell],
        rows: Iterable[Row | Group | Sequence[Cell]],
        *,
        notes: Iterable[Cell] = (),
        caption: Cell | None = None,
    ) -> None:
        ready = tuple(one if isinstance(one, Column) else Column(one) for one in columns)
        if not ready:
            raise ValueError("a table has at least one column")
        body: list[Row | Group] = []
        grouped = False
        for place, row in enumerate(rows):
            if isinstance(row, Group):
                grouped = True
                body.append(row)
                continue
            whole = row if isinstance(row, Row) else Row(tuple(row), indent=int(grouped))
            if len(whole.cells) != len(ready):
                raise ValueError(f"row {place} of the table has {len(whole.cells)} cells for {len(ready)} columns")
            body.append(whole)
        object.__setattr__(self, "columns", ready)
        object.__setattr__(self, "rows", tuple(body))
        object.__setattr__(self, "notes", tuple(notes))
        object.__setattr__(self, "caption", caption)

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        *,
        labels: Mapping[str, Cell] | None = None,
        digits: int = 2,
        notes: Iterable[Cell] = (),
        caption: Cell | None = None,
    ) -> Table:
        """A DataFrame as it is: one column each, in order; the index is not shown.

        labels: headers by column name; the name itself where there is none.
        digits: decimals of floating-point columns; whole numbers stay whole, missing values become a dash.
        """
        columns, texts = [], []
        for place, name in enumerate(frame.columns):
            values = frame.iloc[:, place].tolist()
            kinds = {type(value) for value in values if not _is_missing(value)}
            numeric = bool(kinds) and kinds <= {int, float}
            label = (labels or {}).get(str(name), str(name))
            columns.append(Column(label, "number" if numeric else "left"))
            texts.append([_text_of(value, digits) for value in values])
        return cls(columns, list(zip(*texts, strict=True)), notes=notes, caption=caption)

    def markdown(self) -> str:
        """The table as a pandoc grid table, with the notes as a paragraph after it."""
        cells = self._placed()
        head = self._head_rows()
        # A number column keeps together what belongs together; only where space runs out may it break.
        visible, broken = widths(cells, len(self.columns), [column.align == "number" for column in self.columns])
        texts = []
        for cell in cells:
            source = inline.source(cell.content)
            if cell.number:
                source = keep_together(source, breaks=cell.column in broken)
            texts.append(_INDENT * cell.indent + source if source else source)
        aligns = ["right" if column.align == "number" else column.align for column in self.columns]
        table = grid.draw(cells, texts, visible, aligns, head)
        return f"{table}\n\n{self._note()}" if self.notes else table

    def html(self) -> str:
        """The table as HTML for JupyterLab, with its own small style and nothing from elsewhere."""
        line, cells, head = "1px solid currentColor", self._placed(), self._head_rows()
        last = max(cell.row + cell.rowspan for cell in cells)
        out = [
            '<div class="tex2jax_ignore mathjax_ignore" style="overflow-x:auto">',
            f'<table style="border-collapse:collapse;border-top:{line};border-bottom:{line}">',
        ]
        if self.caption is not None:
            caption = inline.as_html(self.caption)
            out.append(f'<caption style="text-align:left;font-style:italic">{caption}</caption>')
        for row in range(last):
            if row in (0, head):
                out.append("<thead>" if row < head else "</thead><tbody>")
            out.append('<tr style="background:none">')
            for cell in (cell for cell in cells if cell.row == row):
                out.append(_html_cell(cell, self.columns[cell.column].align, head, line))
            out.append("</tr>")
        out.append("</tbody></table>")
        if self.notes:
            notes = " ".join(inline.as_html(note) for note in self.notes)
            out.append(f'<p style="max-width:60em"><em>{tr("Note.")}</em> {notes}</p>')
        return "\n".join([*out, "</div>"])

    def text(self) -> str:
        """The table as plain text for a terminal."""
        aligns = ["right" if column.align == "number" else column.align for column in self.columns]
        parts = [as_text(self._placed(), aligns, self._head_rows(), _INDENT)]
        if self.caption is not None:
            parts.insert(0, inline.shown(self.caption))
        if self.notes:
            parts.append(" ".join([tr("Note."), *(inline.shown(note) for note in self.notes)]))
        return "\n".join(parts)

    def __str__(self) -> str:
        return self.text()

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        data = {"text/markdown": self.markdown(), "text/html": self.html(), "text/plain": self.text()}
        if self.caption is None:
            return data, {}
        return data, {"braid": {"caption": inline.source(self.caption)}}

    def _note(self) -> str:
        return " ".join([f"*{tr('Note.')}*", *(inline.source(note) for note in self.notes)])

    def _head_rows(self) -> int:
        return 2 if any(column.under is not None for column in self.columns) else 1

    def _placed(self) -> list[Placed]:
        """Every cell with its place and span, in reading order."""
        cells: list[Placed] = []
        head = self._head_rows()
        place = 0
        while place < len(self.columns):
            column = self.columns[place]
            if column.under is None:
                cells.append(Placed(0, place, column.label, rowspan=head, head=True))
                place += 1
                continue
            end = place
            while end < len(self.columns) and self.columns[end].under == column.under:
                cells.append(Placed(1, end, self.columns[end].label, head=True))
                end += 1
            cells.append(Placed(0, place, column.under, colspan=end - place, head=True))
            place = end
        cells.extend(self._placed_body(head))
        return sorted(cells, key=lambda cell: (cell.row, cell.column))

    def _placed_body(self, first: int) -> Iterable[Placed]:
        if not self.rows:
            yield Placed(first, 0, inline.italic(tr(NOTHING)), colspan=len(self.columns))
            return
        for place, row in enumerate(self.rows, first):
            if isinstance(row, Group):
                yield Placed(place, 0, inline.strong(row.label), colspan=len(self.columns))
        for number, column in enumerate(self.columns):
            ready = [row.cells[number] if isinstance(row, Row) else None for row in self.rows]
            if column.align == "number":
                ready = align_numbers(ready)
            place = 0
            while place < len(ready):
                row, content, end = self.rows[place], ready[place], place + 1
                if isinstance(row, Row) and content is not None:
                    while column.merge and end < len(ready) and content not in ("", None) and ready[end] == content:
                        end += 1
                    yield Placed(
                        first + place,
                        number,
                        inline.strong(content) if row.strong else content,
                        rowspan=end - place,
                        indent=row.indent if number == 0 else 0,
                        number=column.align == "number",
                    )
                place = end


def keep_together(source: str, *, breaks: bool = False) -> str:
    """The markdown of a number with spaces that do not break; `breaks` leaves those before a bracket."""
    together = source.replace(" ", "\u00a0")
    return together.replace("\u00a0(", " (").replace("\u00a0&#91;", " &#91;") if breaks else together


def _html_cell(cell: Placed, align: Align, head: int, line: str) -> str:
    tag = "th" if cell.head else "td"
    side = "right" if align == "number" else align
    if cell.head and cell.colspan > 1:
        side = "center"
    elif cell.colspan > 1:
        side = "left"
    style = f"text-align:{side};padding:.2em .6em;vertical-align:{'bottom' if cell.head else 'top'}"
    if cell.head and (cell.row + cell.rowspan == head or cell.colspan > 1):
        style += f";border-bottom:{line}"
    if cell.indent:
        style += f";padding-left:{0.6 + cell.indent * 1.2:g}em"
    if cell.number:
        style += ";white-space:nowrap;font-variant-numeric:tabular-nums"
    spans = "".join(
        f' {name}="{count}"' for name, count in (("rowspan", cell.rowspan), ("colspan", cell.colspan)) if count > 1
    )
    return f'<{tag}{spans} style="{style}">{inline.as_html(cell.content)}</{tag}>'


def _is_missing(value: object) -> bool:
    return (
        value is None or (isinstance(value, float) and value != value) or type(value).__name__ in ("NAType", "NaTType")
    )


def _text_of(value: object, digits: int) -> Cell:
    if isinstance(value, Markdown):
        return value
    if _is_missing(value):
        return numbers.MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return numbers.whole(value)
    return numbers.fixed(value, digits) if isinstance(value, float) else str(value)
