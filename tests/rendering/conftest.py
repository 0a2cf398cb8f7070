"""A small repository to stage and render: two executed notebooks, three sections, every construct once."""

from __future__ import annotations

import base64
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from braid.rendering import StagedReport, render, stage

REPOSITORY = Path(__file__).resolve().parents[2]

BASELINE = """\
+-----------+-----------------------+---------+
| Group     | Confidence            | n       |
|           +-----------+-----------+         |
|           | Before    | After     |         |
+:==========+==========:+==========:+========:+
| Women     | 3.41      | 4.03      | 121     |
+-----------+-----------+-----------+---------+
| Men       | 3.38      | 3.99      | 83      |
|           +-----------+-----------+---------+
|           | 3.35      | 3.97      | 80      |
+-----------+-----------+-----------+---------+
| Not estimable (n < 5)             | 2       |
+-----------+-----------+-----------+---------+

*Note.* Means on a scale from 1 to 5."""

# What presentation makes of {{< env HOME >}}, <script>alert(1)</script>, $x$, @ref, [^1] and *stars*.
DANGEROUS = r"\{\{< env HOME >}} \<script\>alert(1)\</script\> \$x\$ \@ref \[\^1\] \*stars\*"
LITERAL = "{{< env HOME >}} <script>alert(1)</script> $x$ @ref [^1] *stars*"

WIDE_COLUMNS = ["Item", "n", "Before M", "Before SD", "After M", "After SD", "Difference", "95% CI", "p"]

INDEX = """\
---
lang: en
---

# In short {#sec-short}

{{< var participants.n >}} residents took part; confidence rose by **{{< var change.scq.text >}}**.
See @tbl-baseline, [-@tbl-wide], [@tbl-baseline; @fig-change] and @sec-strand, and Tutor [@malik2025].
Written for {{< meta audience >}}. A literal {{{< var x >}}} stays.[^why]

[^why]: A footnote with **bold** words.

::: {.callout-note title="How to read this" collapse="true"}
Higher is better.
:::

::: {.callout-warning}
## With a *heading*

- one
- two
:::

{{< include sections/_numbers.qmd >}}

{{< pagebreak >}}

::: {.content-visible when-meta="has.interviews"}
{{< include sections/_words.qmd >}}
:::

::: {.content-hidden when-meta="has.interviews"}
There were no interviews.
:::

::: {.content-visible when-meta="has.satisfaction"}
{{< include sections/_satisfaction.qmd >}}
:::

::: {.content-visible unless-meta="has.satisfaction"}
This cohort has no satisfaction form.
:::

# References {.unnumbered}

::: {#refs}
:::
"""

NUMBERS = """\
# Numbers

## Baseline

{{< embed notebooks/02_baseline.ipynb#tbl-baseline >}}

::: {.content-visible when-format="html"}
Only on the page.
:::

::: {.content-hidden when-format="html"}
Only on paper.
:::

## Change

{{< embed notebooks/02_baseline.ipynb#fig-change,tbl-wide >}}

Inline mathematics like $d = 0.5$ stays.

| Wave   | Answers |
|:-------|--------:|
| Before | 204     |
| After  | 199     |

: Answers by wave {#tbl-waves}
"""

WORDS = """\
# Words

## The strand {#sec-strand}

{{< embed notebooks/05_qualitative.ipynb#txt-quotes >}}

{{< embed notebooks/05_qualitative.ipynb#tbl-quotes >}}

@tbl-quotes follows @tbl-waves.
"""

REFERENCES = """\
@article{malik2025,
  author = {Malik, Ayesha and Tutor, Sam},
  title = {Learning to teach},
  journal = {Journal of Made-up Studies},
  year = {2025},
  doi = {10.0000/example}
}
"""


def png(width: int = 700, height: int = 300, per_inch: int = 100) -> bytes:
    """A picture of grey stripes with its resolution written into it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\x00" + bytes((60 + 40 * (x // 100 % 4)) for x in range(width))
    per_metre = round(per_inch / 0.0254)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1))
        + chunk(b"IDAT", zlib.compress(row * height))
        + chunk(b"IEND", b"")
    )


def grid_table(columns: list[str], rows: list[list[str]]) -> str:
    """A pandoc grid table without spans."""
    widths = [max(len(row[i]) for row in [columns, *rows]) + 2 for i in range(len(columns))]

    def line(mark: str) -> str:
        return "+" + "+".join(mark * width for width in widths) + "+"

    def cells(row: list[str]) -> str:
        return "|" + "|".join(f" {text}".ljust(width) for text, width in zip(row, widths, strict=True)) + "|"

    body = [part for row in rows for part in (cells(row), line("-"))]
    return "\n".join([line("-"), cells(columns), line("="), *body])


def wide_table(rows: int = 30) -> str:
    """Nine columns, more rows than a page holds."""
    body = [
        [f"Item {i:02d} of the questionnaire", "204", "3.41", "0.54", "4.03", "0.61", "0.62", "[0.51, 0.73]", "< .001"]
        for i in range(1, rows + 1)
    ]
    return grid_table(WIDE_COLUMNS, body)


def cell(label: str, data: Mapping[str, Any], *, options: str = "", metadata: Mapping[str, Any] | None = None) -> Any:
    """An executed cell that shows one output."""
    return {
        "cell_type": "code",
        "id": label,
        "metadata": {"papermill": {"duration": 1.5}},
        "execution_count": 3,
        "source": f"#| label: {label}\n{options}show()",
        "outputs": [{"output_type": "display_data", "metadata": dict(metadata or {}), "data": dict(data)}],
    }


def hidden_cell() -> Any:
    """A cell that is not published: raw rows that nobody may see."""
    return {
        "cell_type": "code",
        "id": "raw",
        "metadata": {},
        "execution_count": 1,
        "source": "frame.head()",
        "outputs": [
            {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<b>SECRET ROW</b>"}},
            {"output_type": "stream", "name": "stdout", "text": "/home/somebody/SECRET"},
        ],
    }


def write_notebook(path: Path, cells: list[Any]) -> None:
    """Writes a notebook file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    notebook = {"cells": cells, "metadata": {"papermill": {"input": "/secret"}}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook), encoding="utf-8")


@dataclass
class House:
    """A repository in a temporary folder, and what stage() is told."""

    root: Path
    notebooks: Path
    has: dict[str, bool] = field(default_factory=lambda: {"interviews": True, "satisfaction": False})
    variables: dict[str, Any] = field(
        default_factory=lambda: {
            "participants": {"n": 204},
            "change": {"scq": {"text": "0.62 (95% CI 0.51 to 0.73, *p* < .001)"}},
        }
    )
    meta: dict[str, Any] = field(
        default_factory=lambda: {
            "title": "Learning to teach: a mixed-methods evaluation",
            "subtitle": "Report on the demonstration cohort",
            "authors": [{"name": "Ayesha Example", "affiliation": "Teaching Hospital"}, "Sam Sample"],
            "date": "2026-11-22",
            "abstract": "Confidence rose between the waves, and interviews tell *why*.",
            "keywords": ["mixed methods", "teaching"],
            "audience": "readers",
            "synthetic": True,
        }
    )

    @property
    def target(self) -> Path:
        """Where the staged project goes."""
        return self.root / "data_processed" / "demo" / "report"

    def stage(self) -> StagedReport:
        """Stages the cohort."""
        return stage(
            self.root,
            "demo",
            notebooks=self.notebooks,
            variables=self.variables,
            has=self.has,
            meta=self.meta,
            target=self.target,
        )

    def write(self, name: str, text: str) -> None:
        """Writes a file under reports/."""
        path = self.root / "reports" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        """Changes a file under reports/, where the old text must stand."""
        path = self.root / "reports" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


def build_house(root: Path) -> House:
    """Writes the whole small repository, with the settings and styles of the real one."""
    house = House(root, root / "reports" / "demo" / "notebooks")
    root.mkdir(parents=True, exist_ok=True)
    (root / "_quarto.yml").write_bytes((REPOSITORY / "_quarto.yml").read_bytes())
    for path in (REPOSITORY / "reports" / "styles").iterdir():
        house.write(f"styles/{path.name}", path.read_text(encoding="utf-8"))
    house.write("index.qmd", INDEX)
    house.write("sections/_numbers.qmd", NUMBERS)
    house.write("sections/_words.qmd", WORDS)
    house.write("sections/_satisfaction.qmd", "{{< embed notebooks/03_satisfaction.ipynb#tbl-none >}}\n")
    house.write("references.bib", REFERENCES)
    write_notebook(
        house.notebooks / "02_baseline.ipynb",
        [
            hidden_cell(),
            cell(
                "tbl-baseline",
                {"text/markdown": BASELINE, "text/html": "<table>html only</table>", "text/plain": "plain only"},
                options='#| tbl-cap: "Written caption"\n',
                metadata={"braid": {"caption": "Confidence by group, @fig-change shows it"}},
            ),
            cell(
                "fig-change",
                {"image/png": base64.b64encode(png()).decode("ascii"), "text/plain": "<Figure>"},
                metadata={"braid": {"caption": f'Change of "confidence" & {DANGEROUS}'}},
                options='#| fig-alt: "Stripes that rise from left to right"\n',
            ),
            cell("tbl-wide", {"text/markdown": wide_table()}, options='#| tbl-cap: "All items"\n'),
            cell("txt-unused", {"text/markdown": "Nobody embeds this."}),
        ],
    )
    write_notebook(
        house.notebooks / "05_qualitative.ipynb",
        [
            cell("txt-quotes", {"text/markdown": f"One person said: {DANGEROUS} (see @tbl-quotes)."}),
            cell(
                "tbl-quotes",
                {"text/markdown": grid_table(["Theme", "Quote"], [["Time", DANGEROUS], ["وقت", "اردو متن"]])},
                options="#| tbl-cap: Quotes\n",
                metadata={"braid": {"caption": f"Quotes with {DANGEROUS}"}},
            ),
        ],
    )
    return house


@pytest.fixture
def house(tmp_path: Path) -> House:
    """The small repository."""
    return build_house(tmp_path / "repository")


@dataclass(frozen=True)
class Rendered:
    """The small report in all its formats, and the staged project it came from."""

    staged: Path
    output: Path

    @property
    def html(self) -> str:
        """The page."""
        return (self.output / "report.html").read_text(encoding="utf-8")

    def word(self, part: str = "word/document.xml") -> str:
        """A part of the Word file."""
        with zipfile.ZipFile(self.output / "report.docx") as archive:
            return archive.read(part).decode("utf-8")


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """The small report, rendered once without Quarto."""
    house = build_house(tmp_path_factory.mktemp("rendered") / "repository")
    staged = house.stage().directory
    output = house.root / "out"
    render(staged, output)
    return Rendered(staged, output)
