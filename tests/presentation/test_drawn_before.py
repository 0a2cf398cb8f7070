"""Figures that are not drawn again."""

from __future__ import annotations

from pathlib import Path

import pytest
from braid.language import speaking
from braid.presentation import drawn_before, means, style
from braid.presentation.figure import Figure
from braid.presentation.inline import Markdown

SVG = '<svg width="10pt" height="5pt"></svg>'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(drawn_before.FOLDER, str(tmp_path / "figures"))
    monkeypatch.setenv(drawn_before.MARK, "this code")
    begin_again(monkeypatch)
    return tmp_path / "figures"


def begin_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a new process does."""
    monkeypatch.setattr(drawn_before, "_asked", drawn_before.Counter())


def draw(*, higher: float = 2.0) -> Figure:
    return means.item_means(["First", "Second"], [(1.0, 0.5, 1.5), None], [None, (higher, 1.5, 2.5)], 1.0, 5.0)


def drawings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that are drawn from now on."""
    pages: list[str] = []
    real = style.Sheet.svg

    def counted(self: style.Sheet) -> str:
        pages.append(real(self))
        return pages[-1]

    monkeypatch.setattr(style.Sheet, "svg", counted)
    return pages


def test_a_figure_of_the_same_data_is_not_drawn_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = drawings(monkeypatch)
    first = draw()
    begin_again(monkeypatch)
    assert draw() == first
    assert len(pages) == 1


def test_a_figure_of_other_data_is_drawn(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = draw()
    begin_again(monkeypatch)
    assert draw(higher=2.2) != first


def test_other_code_and_another_language_draw_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = drawings(monkeypatch)
    draw()
    begin_again(monkeypatch)
    monkeypatch.setenv(drawn_before.MARK, "other code")
    draw()
    begin_again(monkeypatch)
    with speaking("da"):
        draw()
    assert len(pages) == 3


def test_two_figures_of_one_function_are_both_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = draw(), draw(higher=2.2)
    begin_again(monkeypatch)
    pages = drawings(monkeypatch)
    assert [draw(), draw(higher=2.2)] == [first, second]
    assert pages == []


@pytest.mark.parametrize("content", ["", "{}", '{"mark": 1}', "[1]", "\0"])
def test_a_spoiled_file_is_drawn_over(folder: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    first = draw()
    (path,) = folder.glob("*.json")
    path.write_text(content)
    begin_again(monkeypatch)
    assert draw() == first
    assert path.read_text() != content


def test_nothing_is_kept_where_no_folder_is_named(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(drawn_before.FOLDER)
    draw()
    assert not folder.exists()


@pytest.mark.parametrize("caption", [None, "5 < 6 & *", Markdown("*n* = 5")])
def test_a_figure_comes_back_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch, caption: str | None) -> None:
    figure = Figure(SVG, "Some {{words}} of it", caption)
    drawn_before.remembered(lambda: figure, "one", 1)
    begin_again(monkeypatch)
    assert drawn_before.remembered(lambda: pytest.fail("drawn again"), "one", 1) == figure
