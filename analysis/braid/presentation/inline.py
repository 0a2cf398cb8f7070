"""Ready inline markdown, told apart from text of data by its type, and its two other forms.

A `str` is data and is escaped on its way out; `Markdown` is ready and is not touched again.
"""

from __future__ import annotations

import html as _html
import re
from dataclasses import dataclass

from braid.presentation import escaping


@dataclass(frozen=True)
class Markdown:
    """Inline markdown that is ready: escaped where it holds text from data.

    source: `*`italic`*`, `**`strong`**`, `~`sub`~`, `^`super`^`, backslash escapes, character references and
    hard line breaks (a backslash at the end of a line); anything else, such as a citation, shows as it is
    written in `html` and `plain`, which JupyterLab, figures and alternative texts use.
    """

    source: str

    def __str__(self) -> str:
        return self.source

    def plain(self) -> str:
        """The text without its markup, on as many lines as it has; a lowered part follows a low line: d_av."""
        out: list[str] = []
        lowered = False
        for kind, text in _tokens(self.source):
            if kind != "mark":
                out.append(text)
            elif text == "sub":
                lowered = not lowered
                out.append("_" if lowered else "")
        return "".join(out)

    def html(self) -> str:
        """The text as HTML."""
        out: list[str] = []
        open_tags: list[str] = []
        for kind, text in _tokens(self.source):
            if kind == "break":
                out.append("<br>")
            elif kind == "text":
                out.append(escaping.html_of_ready(text))
            elif text in open_tags:
                while open_tags:
                    tag = open_tags.pop()
                    out.append(f"</{tag}>")
                    if tag == text:
                        break
            else:
                open_tags.append(text)
                out.append(f"<{text}>")
        out.extend(f"</{tag}>" for tag in reversed(open_tags))
        return "".join(out)


Cell = str | Markdown

_TOKEN = re.compile(
    r"(?P<break>\\\n)|\\(?P<escaped>.)|(?P<reference>&#?\w+;)|(?P<strong>\*\*)|(?P<em>\*)|(?P<sub>~)|(?P<sup>\^)"
    r"|(?P<text>[^\\&*~^]+|.)",
    re.DOTALL,
)


def _tokens(source: str) -> list[tuple[str, str]]:
    """Pieces of markdown: ("text", shown), ("break", newline) and ("mark", name of the HTML tag)."""
    tokens: list[tuple[str, str]] = []
    for match in _TOKEN.finditer(source):
        kind, found = str(match.lastgroup), match.group(0)
        if kind in ("strong", "em", "sub", "sup"):
            tokens.append(("mark", kind))
            continue
        if kind == "break":
            tokens.append(("break", "\n"))
            continue
        shown = {"escaped": found[1:], "reference": _html.unescape(found)}.get(kind, found.replace("\n", " "))
        if tokens and tokens[-1][0] == "text":
            shown = tokens.pop()[1] + shown
        tokens.append(("text", shown))
    return tokens


def source(cell: Cell) -> str:
    """A cell as markdown: data is escaped, ready markdown stays."""
    return cell.source if isinstance(cell, Markdown) else escaping.markdown(cell)


def shown(cell: Cell) -> str:
    """A cell as plain text, for figures, alternative texts and the terminal."""
    return cell.plain() if isinstance(cell, Markdown) else escaping.plain(cell)


def as_html(cell: Cell) -> str:
    """A cell as HTML."""
    return cell.html() if isinstance(cell, Markdown) else escaping.html(cell)


def joined(*parts: Cell, between: str = "") -> Markdown:
    """Parts one after the other; `between` is ready markdown. A space at the edge of a text is kept."""
    return Markdown(between.join(_with_edges(part) for part in parts))


def _with_edges(part: Cell) -> str:
    if isinstance(part, Markdown) or not part.strip():
        return source(part) or str(part)[:1]
    return " " * part.startswith(" ") + source(part) + " " * part.endswith(" ")


def lines(*parts: Cell) -> Markdown:
    """Parts one below the other."""
    return joined(*parts, between="\\\n")


def strong(part: Cell) -> Markdown:
    """The part in bold; the empty text stays empty, as four asterisks are not markup."""
    return _marked("**", part)


def italic(part: Cell) -> Markdown:
    """The part in italics."""
    return _marked("*", part)


def sup(part: Cell) -> Markdown:
    """The part raised, as the mark of a note."""
    return _marked("^", part)


def sub(part: Cell) -> Markdown:
    """The part lowered."""
    return _marked("~", part)


def _marked(mark: str, part: Cell) -> Markdown:
    ready = source(part)
    if not ready:
        return Markdown("")
    if mark in "~^":  # pandoc ends a raised or lowered text at a plain space
        ready = ready.replace(" ", "&#160;")
    return Markdown(f"{mark}{ready}{mark}")
