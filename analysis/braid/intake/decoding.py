"""The bytes of a text file as text: which encoding they are in, and what shows that a guess is wrong."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from braid.errors import UserError
from braid.intake.leaving_out import counted, listed

MARKS = {b"\xff\xfe\0\0": "UTF-32", b"\0\0\xfe\xff": "UTF-32", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
"""Byte order marks, the longer ones first."""
OTHERS = {
    "cp1256": "Arabic, Persian, Urdu",
    "iso8859_7": "Greek",
    "cp1251": "Cyrillic",
    "koi8_r": "Cyrillic",
    "cp1255": "Hebrew",
    "cp874": "Thai",
    "shift_jis": "Japanese",
    "euc_jp": "Japanese",
    "gb18030": "Chinese, simplified",
    "big5": "Chinese, traditional",
    "euc_kr": "Korean",
    "cp1250": "Central European",
    "mac_roman": "Western European, older Macs",
}
CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a]")
LATIN = ("cp1250", "mac_roman")
TWICE = re.compile(r"[^\s,;|\"]*(?:[ÃÂ][\u0080-\u00bf\u0152-\u2122]|â€)[^\s,;|\"]*")
LOOK = 1 << 16


@dataclass(frozen=True)
class Decoded:
    """A file's text without a byte order mark. encoding: its name, for people. notes: what is doubtful about it."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decoded(path: Path, name: str, encoding: str | None = None) -> Decoded:
    """Read a text file: as declared, by its byte order mark, as UTF-16 without one, as UTF-8, or as Windows-1252.

    Windows-1252 is a guess and said to be one, with words that show it; where it gives no words of a Western language
    UserError lists what other encodings would give. A file that is partly UTF-8 is read line by line. UserError is
    raised too where the file is missing, no text, or not in the declared encoding.
    """
    content = _content(path, name)
    if encoding is not None:
        return _cleared(_declared(content, name, encoding), encoding)
    for mark, kind in MARKS.items():
        if content.startswith(mark):
            return _cleared(content.decode(kind, errors="replace"), kind)
    if b"\0" in content and not _is_text(content[:LOOK].replace(b"\0", b""), len(content[:LOOK])):
        if wide := _wide(content):
            return _cleared(content.decode(wide, errors="replace"), "UTF-16 without a mark")
        raise UserError(
            "this is not a text file",
            place=name,
            expected="a CSV file",
            todo="export the table as CSV (UTF-8), or declare the file's `format` in cohort.yml",
        )
    try:
        return _cleared(content.decode("utf-8-sig"), "UTF-8")
    except UnicodeDecodeError:
        return _legacy(content, name)


def _content(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UserError(
            "this file does not exist", place=name, todo="copy it there, or mend its name in cohort.yml"
        ) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("this file cannot be read", place=name, found=reason, expected="a CSV file") from None


def _declared(content: bytes, name: str, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except LookupError:
        found, todo = f"{encoding!r}, which is no known encoding", f"use a name such as utf-8, {', '.join(OTHERS)}"
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"bytes {content[error.start : error.end].hex(' ')} in line {line}"
        todo = "mend or take out `encoding` in cohort.yml"
    raise UserError("this file is not in the declared encoding", place=name, found=found, expected=encoding, todo=todo)


def _cleared(text: str, encoding: str, *notes: str) -> Decoded:
    """The text without marks and NULs, and sentences on what is strange in it."""
    text = text.removeprefix("\ufeff")
    said = list(notes)
    for sign, title in (("\ufeff", "byte order mark"), ("\0", "NUL character")):
        if sign in text:
            count, line = text.count(sign), _line(text, text.index(sign))
            said.append(
                f"{counted(count, title)} left out (first in line {line}): files may have been joined or damaged"
            )
            text = text.replace(sign, "")
    if "\ufffd" in text:
        count, line = text.count("\ufffd"), _line(text, text.index("\ufffd"))
        said.append(
            f"{counted(count, 'character')} lost, shown as \ufffd (first in line {line}): export the file again"
        )
    if ("Ã" in text or "â€" in text or "Â" in text) and (words := _twice(text)):
        said.append(f"text was encoded twice before it came here: {listed(words)}; export the file again")
    return Decoded(text, encoding, tuple(said))


def _twice(text: str) -> list[str]:
    """Words such as `MÃ¼ller` that become other words when encoded back."""
    words: dict[str, str] = {}
    for found in TWICE.finditer(text):
        try:
            words.setdefault(found[0], found[0].encode("cp1252").decode("utf-8"))
        except UnicodeError:
            continue
        if len(words) == 3:
            break
    return [f"{word!r} for {right!r}" for word, right in words.items()]


def _is_text(start: bytes, length: int) -> bool:
    """Whether what is left of `length` bytes without their NULs is most of them, and text."""
    return len(start) > 0.75 * length and not CONTROL.search(start)


def _wide(content: bytes) -> str | None:
    """The kind of UTF-16 where every NUL is the same half of a character, and what comes out is text."""
    start = content[: min(LOOK, len(content) // 2 * 2)]
    odd, even = start[1::2].count(0), start[::2].count(0)
    kind = "utf-16-le" if odd > 9 * even else "utf-16-be" if even > 9 * odd else None
    if kind is None or len(content) % 2 or (odd + even) * 50 < len(start):
        return None
    text = start.decode(kind, errors="replace")
    strange = any((sign < " " and sign not in "\t\r\n") or sign == "\ufffd" for sign in text)
    return kind if not strange and any(sign in text for sign in "\n\r,;\t") else None


def _legacy(content: bytes, name: str) -> Decoded:
    """Text that is not UTF-8, or not all of it."""
    lines = content.split(b"\n")
    foreign = [number for number, line in enumerate(lines, start=1) if not line.isascii()]
    others = [number for number in foreign if not _is_utf8(lines[number - 1])]
    if len(others) * 2 <= len(foreign):
        text = "\n".join(_either(line) for line in lines).removeprefix("\ufeff")
        shown = _samples(lines[others[0] - 1].decode("cp1252", errors="replace"))
        return _cleared(
            text,
            "UTF-8 mixed with Windows-1252",
            f"this file mixes encodings: {counted(len(others), 'line')} not in UTF-8 read as Windows-1252 "
            f"({listed(others)}; line {others[0]}: {shown}); make sure of them, or export the file again",
        )
    western = content.decode("cp1252", errors="replace")
    sample = b"\n".join(lines[number - 1] for number in others[:200])
    if not _is_western(sample.decode("cp1252", errors="replace")):
        raise _not_western(sample, name, others[0])
    return _cleared(
        western,
        "Windows-1252",
        f"this file is not UTF-8; Windows-1252 is a guess, by which line {others[0]} reads {_samples(western)}; "
        "if that is wrong, give the file's `encoding` in cohort.yml",
    )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _either(line: bytes) -> str:
    return line.decode() if _is_utf8(line) else line.decode("cp1252", errors="replace")


def _samples(text: str) -> str:
    words = [word for word in re.findall(r"[^\s,;|\"]+", text) if not word.isascii()]
    return listed(repr(word) for word in list(dict.fromkeys(words))[:3])


def _is_western(text: str) -> bool:
    """Whether what is beyond ASCII is Latin letters, and most of them stand alone among ASCII letters.

    So they do in the languages of Europe that are written in Latin letters; quotation marks and dashes may stand too.
    """
    beyond = [match[0] for match in re.finditer(r"[^\x00-\x7f]+", text)]
    signs = "".join(beyond)
    letters = sum(1 for sign in signs if _script(sign) == "LATIN" or sign in "‘’“”„«»–—…€°·\xa0")
    in_runs = sum(len(run) for run in beyond if len(run) > 1)
    return letters >= 0.9 * len(signs) and in_runs <= 0.6 * len(signs)


def _not_western(sample: bytes, name: str, line: int) -> UserError:
    shown = []
    for encoding, language in OTHERS.items():
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        latin = encoding in LATIN and _is_western(text)
        if (likeness := 1.0 if latin else _one_script(text)) > 0.9:
            shown.append((likeness, f"{encoding} ({language}): {_samples(text)}"))
    shown.sort(key=lambda entry: -entry[0])
    return UserError(
        "the encoding of this file cannot be told: it is not UTF-8, and no Western language as Windows-1252",
        place=f"{name}: line {line}",
        found=f"as Windows-1252 {_samples(sample.decode('cp1252', errors='replace'))}",
        expected="; ".join(text for _, text in shown) or "a known encoding",
        todo="choose the one whose words are right and give it as the file's `encoding` in cohort.yml, "
        "or export the file as CSV (UTF-8)",
    )


def _one_script(text: str) -> float:
    """The share of characters beyond ASCII that are letters of the script most of them belong to."""
    beyond = [sign for sign in text if sign > "\x7f"]
    scripts = Counter(_script(sign) for sign in beyond)
    known = [count for script, count in scripts.items() if script and script != "LATIN"]
    return max(known, default=0) / len(beyond) if beyond else 0.0


def _script(sign: str) -> str:
    """The script of a letter; Japanese syllables and Han characters are one."""
    if not unicodedata.category(sign).startswith(("L", "M")):
        return ""
    word = unicodedata.name(sign, "").split(" ")[0]
    return "CJK" if word in ("HIRAGANA", "KATAKANA", "CJK", "HALFWIDTH", "KATAKANA-HIRAGANA") else word


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
