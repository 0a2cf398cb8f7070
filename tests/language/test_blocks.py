"""Sections block by block: what the catalogue knows is put in its place, all else stays as it is."""

from __future__ import annotations

from pathlib import Path

from braid.language import speaking
from braid.language.blocks import texts, translated

from .test_speech import project

TEXT = """\
---
lang: en
---
# Methods {#sec-methods}

A paragraph on
two lines with {{< var a.b >}}.

::: {.callout-note title="Why"}
- **One.** First
  item.
- Second.
:::

{{< embed notebooks/x.ipynb#tbl-a >}}

<!-- A note
to authors. -->

| What | Which |
|:-----|:------|
| Seed | {{< var seed >}} |

: What it was made from {#tbl-made}

```
code
```
"""
WORDS = {
    "Methods": "Metoder",
    "A paragraph on two lines with {{< var a.b >}}.": "{{< var a.b >}} kom først.",
    "Why": "Hvorfor",
    "Second.": "Den anden.",
    "What": "Hvad",
    "Seed": "Et langt ord",
    "What it was made from": "Hvad den er lavet af",
}


def test_every_block_with_words_is_extracted_once() -> None:
    found = [text for _, text in texts(TEXT.splitlines())]
    assert sorted(found) == sorted([*WORDS, "**One.** First item.", "Which"])


def test_known_blocks_are_translated_in_their_place(tmp_path: Path) -> None:
    po = "\n".join(f'msgid "{english}"\nmsgstr "{told}"\n' for english, told in WORDS.items())
    with speaking("xx", project(tmp_path, po)):
        lines = translated(TEXT.splitlines())
    told = [line for _, line in lines]
    assert "# Metoder {#sec-methods}" in told
    assert "{{< var a.b >}} kom først." in told
    assert '::: {.callout-note title="Hvorfor"}' in told
    assert told[told.index("- Den anden.") - 2 :][:2] == ["- **One.** First", "  item."]
    assert "| Et langt ord | {{< var seed >}} |" in told
    assert ": Hvad den er lavet af {#tbl-made}" in told
    assert [line for line in TEXT.splitlines() if "{{< embed" in line or "<!--" in line or line == "code"] == [
        line for line in told if "{{< embed" in line or "<!--" in line or line == "code"
    ]
    assert dict(lines)  # each line knows where it stood
    assert lines[told.index("- Den anden.")][0] == TEXT.splitlines().index("- Second.")


def test_an_edited_block_stays_as_it_was_written(tmp_path: Path) -> None:
    po = 'msgid "Second."\nmsgstr "Den anden."\n'
    with speaking("xx", project(tmp_path, po)):
        assert [line for _, line in translated(["Second, changed."])] == ["Second, changed."]


def test_in_english_every_line_stays() -> None:
    assert [line for _, line in translated(TEXT.splitlines())] == TEXT.splitlines()
