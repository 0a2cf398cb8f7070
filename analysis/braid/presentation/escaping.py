"""Text from data made safe: the one place where it happens, once for each form of output.

A label in study.yml, a quote from an interview or a level of a survey can hold anything: `{{< env HOME >}}`,
`<script>`, `@key`, `$x$`. Quarto runs shortcodes wherever they stand, pandoc reads citations, typst stops
at an unknown key. Each function here turns any text into one that shows literally.
"""

from __future__ import annotations

import html as _html
import re
import unicodedata

# Pandoc's markdown takes a backslash before any ASCII punctuation. Where an extension may give the backslash
# itself a meaning (`\[` and `\\(` for formulas, `\alpha` for TeX), or the grid of a table may be misread
# (`|` and `+`), a character reference leaves no doubt.
_REFERENCES = {"\\": "&#92;", "[": "&#91;", "|": "&#124;", "+": "&#43;"}
_BACKSLASH = frozenset("`*_{}]<>#~^$@&\"'=:)")

# Bidirectional embeddings, overrides and isolates reorder the text around them; zero-width spaces and the
# byte order mark show nothing. Joiners stay: Urdu, Persian and emoji are spelled with them.
_INVISIBLE = re.compile("[\u200b\u2060-\u2064\ufeff\u00ad\u202a-\u202e\u2066-\u206f\ufff9-\ufffb]")
# pandoc and every browser take these for a plain space or break the line at them.
_SPACE = re.compile("[ \t\n\r\v\f\x1c-\x1f\x85\u2028\u2029]+")


def plain(text: str) -> str:
    """What a reader is to see of a text: one line, without control and invisible characters.

    Runs of white space become one space; a lone surrogate becomes the replacement character; text is not
    otherwise changed. `markdown` and `html` show exactly this.
    """
    if text.isascii() and text.isprintable() and "  " not in text and text == text.strip():
        return text  # nearly always
    text = _INVISIBLE.sub("", _SPACE.sub(" ", text))
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if category == "Cs":
            kept.append("\ufffd")
        elif category != "Cc" and not _is_noncharacter(character):
            kept.append(character)
    return re.sub(" +", " ", "".join(kept)).strip(" ")


def _is_noncharacter(character: str) -> bool:
    code = ord(character)
    return 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE


def markdown(text: str) -> str:
    """Any text as pandoc markdown that shows it literally, in prose, captions and cells of grid tables.

    `{{< env HOME >}}` becomes `\\{\\{\\< env HOME \\>\\}\\}`, which Quarto does not run.
    The result is one line; it must not be escaped again, nor be put inside code or a link's address.
    """
    text = plain(text)
    out = []
    last = len(text) - 1
    for place, character in enumerate(text):
        before = text[place - 1] if place else " "
        after = text[place + 1] if place < last else " "
        if character in _REFERENCES:
            out.append(_REFERENCES[character])
        elif character in _BACKSLASH or _begins_something(character, before, after, place):
            out.append("\\" + character)
        elif character == "\u00a0":
            out.append("&#160;")
        else:
            out.append(character)
    return "".join(out)


def _begins_something(character: str, before: str, after: str, place: int) -> bool:
    """Whether a point, hyphen or percent sign could start a list, a dash, an ellipsis, a rule or a title."""
    if character == ".":  # 1. a list; ... an ellipsis; e.g. a space that does not break
        return not after.isalnum()
    if character == "-":
        return not (before.isalnum() and after.isalnum())
    return character == "%" and place == 0


_HTML_MORE = str.maketrans({"{": "&#123;", "}": "&#125;", "`": "&#96;", "$": "&#36;", "\\": "&#92;"})


def html(text: str) -> str:
    """Any text as HTML, for elements and quoted attributes: `{{<` becomes `&#123;&#123;&lt;`."""
    return html_of_ready(plain(text))


def html_of_ready(text: str) -> str:
    """HTML of a piece of text whose spaces and control characters are already in order."""
    return _html.escape(text, quote=True).translate(_HTML_MORE)


def attribute(text: str) -> str:
    """Any text as a plain attribute (the alternative text of a picture): no shortcode can stand in it.

    Attributes are not markdown, so nothing can be escaped there: a word joiner parts the two braces.
    """
    return re.sub(r"(?<=\{)(?=\{)", "\u2060", plain(text))
