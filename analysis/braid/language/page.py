"""The words of the page and of the PDF that stand in `reports/styles`: translated in the copy of a staged project."""

from __future__ import annotations

import json
from html import escape

from braid.language.speech import N_, tr

REPORT, SCRIPT = "report.html", "script.html"

IN_HTML = {REPORT: (N_("Skip to the report"), N_("Keywords"))}
"""Words between two tags."""
IN_SCRIPT = {
    SCRIPT: (
        N_("Light page"),
        N_("Dark page"),
        N_("Table"),
        N_(" (scrolls sideways)"),
        N_("Download as CSV: "),
    ),
}
"""Words in quotation marks."""
IN_TYPST = {"typst-template.typ": (N_("Abstract"), N_("Keywords:"), N_("Tables"), N_("Figures"))}
"""Words in brackets."""


def page_words(name: str, text: str) -> str:
    """A file of the styles with its words in the language in force."""
    for word in IN_HTML.get(name, ()):
        text = text.replace(f">{word}<", f">{escape(tr(word), quote=False)}<")
    for word in IN_SCRIPT.get(name, ()):
        text = text.replace(f'"{word}"', json.dumps(tr(word), ensure_ascii=False).replace("<", "\\u003c"))
    for word in IN_TYPST.get(name, ()):
        text = text.replace(f"[{word}]", f"[{_typst(tr(word))}]")
    return text


def _typst(text: str) -> str:
    return "".join(f"\\{character}" if character in "\\[]#$*_`<>@~" else character for character in text)


def quarto_words() -> dict[str, str]:
    """What Quarto writes of itself, by its own keys, so that both ways of rendering say the same."""
    return {
        "crossref-tbl-title": tr("Table"),
        "crossref-tbl-prefix": tr("Table"),
        "crossref-fig-title": tr("Figure"),
        "crossref-fig-prefix": tr("Figure"),
        "crossref-sec-prefix": tr("Section"),
        "section-title-abstract": tr("Abstract"),
        "toc-title-document": tr("Contents"),
    }
