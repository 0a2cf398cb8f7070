"""Texts in the language in force: fields, plurals, contexts, and English where nothing is translated."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from braid.errors import UserError
from braid.language import N_, current, lowered, ntr, speak, speaking, tr

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {forms}\\n"\n\n'
TWO = "nplurals=2; plural=(n != 1);"
WORDS = """
msgid "from {low} to {high}"
msgstr "zu {high} von {low}"

msgid "{n} person in {place}"
msgid_plural "{n} people in {place}"
msgstr[0] "{n} Mensch, {place}"
msgstr[1] "{n} Menschen, {place}"

msgid "high"
msgstr "hoch"

msgctxt "pitch"
msgid "high"
msgstr "hell"

msgctxt "labels within a sentence"
msgid "lower"
msgstr "keep"
"""


def project(root: Path, words: str = WORDS, forms: str = TWO, code: str = "xx") -> Path:
    folder = root / "analysis" / "language"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{code}.po").write_text(HEAD.format(forms=forms) + words, encoding="utf-8")
    return root


def test_english_is_what_stands_in_the_source() -> None:
    assert tr("from {low} to {high}", low="1", high="2") == "from 1 to 2"
    assert ntr("{n} person", "{n} people", 1, n="1") == "1 person"
    assert ntr("{n} person", "{n} people", 0, n="0") == "0 people"
    assert tr("{braces} stay where nothing is filled in") == "{braces} stay where nothing is filled in"


def test_a_translation_orders_its_fields_as_it_likes(tmp_path: Path) -> None:
    with speaking("xx", project(tmp_path)):
        assert tr("from {low} to {high}", low="1", high="2") == "zu 2 von 1"
        assert ntr("{n} person in {place}", "{n} people in {place}", 3, n="3", place="A") == "3 Menschen, A"
        assert tr(N_("high")) == "hoch"
        assert tr("high", context="pitch") == "hell"
        assert tr("not in the catalogue") == "not in the catalogue"
        assert lowered("Alter") == "Alter"
    assert current() == "en"
    assert tr("high") == "high"
    assert lowered("Age") == "age"


def test_what_a_field_holds_is_never_read_again(tmp_path: Path) -> None:
    data = "{low} {0} {x!r} {{"
    assert tr("from {low} to {high}", low=data, high="2") == f"from {data} to 2"
    with speaking("xx", project(tmp_path)):
        assert tr("from {low} to {high}", low=data, high="2") == f"zu 2 von {data}"


def test_a_language_has_as_many_plural_forms_as_it_needs(tmp_path: Path) -> None:
    polish = "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
    words = 'msgid "{n} person"\nmsgid_plural "{n} people"\nmsgstr[0] "{n} a"\nmsgstr[1] "{n} b"\nmsgstr[2] "{n} c"\n'
    with speaking("pl", project(tmp_path, words, polish, "pl")):
        told = [ntr("{n} person", "{n} people", n, n=str(n)) for n in (1, 2, 5, 22)]
    assert told == ["1 a", "2 b", "5 c", "22 b"]


def test_the_language_before_is_in_force_again_also_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), speaking("xx", project(tmp_path)):
        raise RuntimeError
    assert tr("high") == "high"


@pytest.mark.parametrize(
    ("words", "line", "said"),
    [
        ('msgid "from {before}"\nmsgstr "von {befor}"\n', "line 6", "did you mean before?"),
        ('msgid "from {before}"\nmsgstr "von {before"\n', "line 6", "brace"),
        ('msgid "{n} a"\nmsgid_plural "{n} b"\nmsgstr[0] "{n} x"\nmsgstr[1] "{m} y"\n', "line 6", "{m}"),
        ('msgid "of {{< var a.b >}}"\nmsgstr "von"\n', "line 6", "leaves out"),
        ('msgid "of {{< var a.b >}}"\nmsgstr "von {{< var a.c >}}"\n', "line 6", "did you mean {{< var a.b >}}?"),
        ('msgid "a\nmsgstr "b"\n', "line 6", "cannot be read"),
    ],
)
def test_a_mistake_in_a_catalogue_is_told_with_its_line(tmp_path: Path, words: str, line: str, said: str) -> None:
    with pytest.raises(UserError) as told:
        speak("xx", project(tmp_path, words))
    assert f"analysis/language/xx.po: {line}" in str(told.value)
    assert said in str(told.value)
    assert "what to do" in str(told.value)


def test_a_language_without_a_catalogue_is_refused() -> None:
    with pytest.raises(UserError, match="did you mean da") as told:
        speak("dk")
    assert "python -m braid.language dk" in str(told.value)


def test_english_loads_neither_babel_nor_a_catalogue() -> None:
    code = (
        "import sys; from braid.language import tr, writing; from braid.presentation import numbers; "
        "tr('a {b}', b=1); numbers.fixed(1); "
        "print([name for name in sys.modules if name.startswith('babel') or name.endswith('language.catalogue')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
