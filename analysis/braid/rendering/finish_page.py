"""Finishes a page, whoever wrote it: what made each table and figure, and a lock against every script but its own."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from braid.language import tr

MADE = "made.json"
"""The file of a staged project that names, for each label, the notebook and the code of the cell that made it."""
SCRIPT = Path("styles") / "script.html"

_FLOAT = re.compile(r'<(?:figure|div) id="((?:tbl|fig)-[^"]+)" class="[^"]*\bfloat\b')
_UNLOCKED = re.compile("script-src (?P<quote>'|&#39;)unsafe-inline(?P=quote)")


def finish_page(path: Path, staged: Path) -> None:
    """Rewrites a page in place.

    Below each table and figure that a notebook made stands a part that unfolds to the notebook's name and the code of
    the cell. The policy of the page then lets the script of the staged project run and no other: text from data
    could not bring one in even if it were not escaped.
    """
    page = path.read_text(encoding="utf-8")
    made = staged / MADE
    cells = json.loads(made.read_text(encoding="utf-8")) if made.is_file() else {}
    page = "".join(_with_origins(page, cells))
    # A head without words would be read out as one.
    page = re.sub(r"<th( [^>]*)?></th>", r"<td\1></td>", page)
    path.write_text(_locked(page, staged / SCRIPT), encoding="utf-8")


def _with_origins(page: str, cells: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """The parts of a page, what made a float put in before its end."""
    position = 0
    for match in _FLOAT.finditer(page):
        label = html.unescape(match[1])
        end = page.find("</figure>", match.end())
        if label not in cells or end < 0:
            continue
        yield page[position:end]
        yield _origin(label, cells[label])
        position = end
    yield page[position:]


def _origin(label: str, cell: Mapping[str, str]) -> str:
    notebook, name, code = (html.escape(text) for text in (cell["notebook"], label, cell["code"]))
    where = tr(
        "By the cell {cell} of the executed notebook {notebook}:",
        cell=f"<code>{name}</code>",
        notebook=f"<code>{notebook}</code>",
    )
    return (
        f'<div class="tools"><details class="made"><summary>{tr("How this was made")}</summary>'
        f"<p>{where}</p>"
        f"<pre><code>{code}</code></pre></details></div>\n"
    )


def _locked(page: str, script: Path) -> str:
    """The page whose policy names its script by digest; one without a policy or a script stays as it is."""
    if not script.is_file():
        return page
    inside = re.search(r"<script>(.*?)</script>", script.read_text(encoding="utf-8"), flags=re.DOTALL)
    if inside is None:
        return _UNLOCKED.sub("script-src 'none'", page, count=1)
    digest = base64.b64encode(hashlib.sha256(inside[1].encode("utf-8")).digest()).decode("ascii")
    return _UNLOCKED.sub(f"script-src 'sha256-{digest}'", page, count=1)
