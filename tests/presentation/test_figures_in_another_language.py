"""Figures in another language: their numbers and words are those of the language in force."""

from __future__ import annotations

from braid.language import speaking
from braid.presentation import paired, style


def ticks() -> list[str]:
    sheet = style.Sheet(2.0)
    axes = sheet.plot(0.5, 0.2, 4.0, 1.2, 0.0, 1.0)
    sheet.figure.canvas.draw()
    return [label.get_text() for label in axes.get_xticklabels()]


def test_numbers_at_the_ticks_have_the_decimal_sign_of_the_language() -> None:
    with speaking("da"):
        danish = ticks()
    english = ticks()
    assert "0.2" in english
    assert danish == [label.replace(".", ",") for label in english]


def test_an_alternative_text_is_in_the_language_in_force() -> None:
    with speaking("da"):
        alt = paired.paired_change([3, 3, 3.1], [4, 3, 3], score="Trivsel").alt
    assert alt == (
        "Linjer over ændringen i Trivsel fra Før til Efter for 3 personer: 1 (33,3\u00a0%) lavere, 1 (33,3\u00a0%) "
        "uændret, 1 (33,3\u00a0%) højere. Gennemsnitlig ændring 0,30, fra −0,10 til 1,00."
    )
