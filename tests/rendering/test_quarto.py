"""Quarto as the renderer: found, asked for its version, told apart from its failures, and in agreement with ours."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from braid.errors import RunError, UserError
from braid.rendering import find_quarto, quarto_version, render

from .conftest import House, Rendered
from .test_html import Reader
from .test_word import text_of


def program(folder: Path, script: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "quarto"
    path.write_text("#!/bin/sh\n" + script, encoding="utf-8")
    path.chmod(0o755)
    return path


def test_quarto_is_found_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = program(tmp_path / "bin", "echo 1.9.38\n")
    monkeypatch.setenv("PATH", str(made.parent))
    assert find_quarto() == made
    assert quarto_version(made) == (1, 9, 38)


def test_a_quarto_that_does_not_start_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = program(tmp_path / "bin", "echo no network >&2; exit 1\n")
    monkeypatch.setenv("PATH", str(made.parent))
    monkeypatch.setattr("sys.executable", str(tmp_path / "elsewhere" / "python"))
    assert find_quarto() is None


def test_an_old_quarto_is_refused(tmp_path: Path, house: House) -> None:
    made = program(tmp_path / "bin", "echo 1.3.450\n")
    with pytest.raises(UserError, match="too old"):
        render(house.stage().directory, house.root / "out", ("html",), quarto=made)


def test_a_failure_carries_the_last_lines(tmp_path: Path, house: House) -> None:
    made = program(
        tmp_path / "bin",
        'if [ "$1" = --version ]; then echo 1.9.38; else echo "ERROR: no such thing" >&2; exit 1; fi\n',
    )
    with pytest.raises(RunError, match="ERROR: no such thing"):
        render(house.stage().directory, house.root / "out", ("html",), quarto=made)
    assert list((house.root / "out").iterdir()) == []


@pytest.fixture(scope="module")
def by_quarto(rendered: Rendered, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    quarto = find_quarto()
    if quarto is None:
        pytest.skip("Quarto is not installed")
    output = tmp_path_factory.mktemp("quarto")
    render(rendered.staged, output, quarto=quarto)
    return Rendered(rendered.staged, output)


@pytest.mark.slow
def test_both_renderers_write_the_same_page(rendered: Rendered, by_quarto: Rendered) -> None:
    assert Reader(by_quarto.html).text == Reader(rendered.html).text
    tags = ("table", "tr", "th", "td", "img", "figure", "figcaption", "h1", "h2", "details")
    for one, other in ((rendered, by_quarto),):
        counts = [[tag for tag, _ in Reader(each.html).elements if tag in tags] for each in (one, other)]
        assert counts[0] == counts[1]
    assert "notebooks/" not in by_quarto.html
    for each in (rendered, by_quarto):
        assert each.html.count("<script") == 1 and each.html.count("script-src 'sha256-") == 1


@pytest.mark.slow
def test_both_renderers_write_the_same_words_for_word(rendered: Rendered, by_quarto: Rendered) -> None:
    from xml.etree import ElementTree

    texts = [
        "".join(text_of(ElementTree.fromstring(each.word())).replace("\u200b", "").split())
        for each in (rendered, by_quarto)
    ]
    assert texts[0] == texts[1]
    for each in (rendered, by_quarto):
        assert 'descr="Stripes that rise from left to right"' in each.word()


@pytest.mark.slow
def test_both_renderers_print_the_same_words(rendered: Rendered, by_quarto: Rendered) -> None:
    pdftotext = shutil.which("pdftotext")
    if pdftotext is None:
        pytest.skip("pdftotext is not installed")
    words = []
    for each in (rendered, by_quarto):
        command = [pdftotext, "-raw", each.output / "report.pdf", "-"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        # A figure may go to the head of a page in one and to its foot in the other: the order is free.
        words.append(sorted(done.stdout.split()))
    assert words[0] == words[1]
