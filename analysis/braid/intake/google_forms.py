"""Google Forms: whole questions as headers, times in the order of the owner's country, several answers in one cell."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace

import pandas as pd

from braid.intake.headers import tidy, words
from braid.intake.leaving_out import counted, listed, noted, without_columns
from braid.intake.table import RawTable
from braid.intake.timestamps import read_times
from braid.study import FileReading

TIMESTAMPS = words(
    "Timestamp|Zeitstempel|Horodateur|Marca temporal|Informazioni cronologiche|Carimbo de data/hora|Tijdstempel"
    "|Tidsstämpel|Tidsstempel|Tidsmerke|Tidspunkt|Aikaleima|Sygnatura czasowa|Časové razítko|Časová pečiatka|Időbélyeg"
    "|Marcaj de timp|Zaman damgası|Отметка времени|Позначка часу|Χρονική σήμανση|Χρονική σφραγίδα|חותמת זמן"
    "|طابع زمني|الطابع الزمني|ٹائم اسٹیمپ|ٹائم سٹیمپ|टाइमस्टैम्प|タイムスタンプ|时间戳记|时间戳|時間戳記|타임스탬프"
    "|Dấu thời gian|Cap waktu|Marca de temps|ประทับเวลา"
)
PERSONAL = words(
    "Email Address|Email|Username|E-Mail-Adresse|Nutzername|Adresse e-mail|Nom d'utilisateur"
    "|Dirección de correo electrónico|Nombre de usuario|Indirizzo email|Nome utente|Endereço de e-mail"
    "|Nome de usuário|E-mailadres|Gebruikersnaam|E-postadress|E-postadresse|Sähköpostiosoite|Adres e-mail"
    "|Nazwa użytkownika|Адрес электронной почты|Имя пользователя|Διεύθυνση ηλεκτρονικού ταχυδρομείου"
    "|メールアドレス|ユーザー名|电子邮件地址|电子邮箱地址|電子郵件地址|이메일 주소|ای میل ایڈریس"
    "|عنوان البريد الإلكتروني|ईमेल पता|E-posta Adresi"
)
SCORES = words("score|punktzahl|punkte|puntuación|punteggio|note|pontuação|total score|スコア|得分|점수|баллы")
POINTS = re.compile(r"(\d+(?:[.,]\d+)?) / (\d+(?:[.,]\d+)?)")
GRID = re.compile(r"(?P<question>.*\S)\s*\[(?P<item>[^\[\]]+)\]", re.DOTALL)
OF_A_QUIZ = re.compile(r".*\[(?:Score|Feedback)\]", re.DOTALL)


def read_google_forms(table: RawTable, how: FileReading) -> RawTable:
    """The answers to a Google Form whose first row was read as the header.

    Columns are the questions as one line each, labels the questions as they stand in the file. The time of
    submission becomes ISO 8601 where the order of day and month is declared (`how.dates`) or the column shows it.
    The respondents' e-mail addresses that Google collected are left out and named. Points of a quiz (`8 / 10`) become
    the points. Grids and cells with several answers are told in notes and stay as they are.
    """
    table = replace(table, reading=f"Google Forms, {table.reading}")
    table = _times(table, how)
    collected = [column for column in table.frame.columns if _question(column).casefold() in PERSONAL]
    table = without_columns(table, collected, "personal data")
    return _grids(_points(table))


def is_google_forms(columns: list[str], rows: list[list[str]]) -> str:
    """Why these columns are those of Google Forms, or nothing: the first is a timestamp by name, with times below."""
    if not columns or tidy(columns[0]).casefold() not in TIMESTAMPS:
        return ""
    cells = pd.Series([row[0] for row in rows if row], dtype="str")
    if len(cells) and read_times(cells, "day first") is None and read_times(cells, "month first") is None:
        return ""
    return f"its first column is {columns[0]!r}"


def _question(column: str) -> str:
    """A column's question without the number that a repeat was given."""
    return re.sub(r" \(\d+\)$", "", column)


def _times(table: RawTable, how: FileReading) -> RawTable:
    """The time of submission as ISO 8601, or a note why it could not be told."""
    column = next((c for c in table.frame.columns if _question(c).casefold() in TIMESTAMPS), None)
    if column is None:
        return noted(table, "no column of timestamps was found")
    times = read_times(table.frame[column], how.dates)
    if times is None:
        return noted(table, f"{column} does not hold times, and was kept as it is")
    if times.order is None:
        return noted(
            table,
            f"{column} was kept as it is: {times.why}; say `dates: day first` or `dates: month first` of this file",
        )
    frame = table.frame.copy()
    frame[column] = times.cells
    unread = int((~times.cells.str.match(r"\d{4}-\d\d-\d\d") & (times.cells != "")).sum())
    return noted(
        replace(table, frame=frame),
        f"{column}: {times.order} ({times.why})",
        f"{column}: {counted(unread, 'cell')} not of this order kept" if unread else "",
        f"{column}: time zones without an offset left out: {listed(times.zones)}" if times.zones else "",
    )


def _points(table: RawTable) -> RawTable:
    """`8 / 10` as 8 in the columns of a quiz's score; the note says out of how many."""
    frame, notes = table.frame.copy(), []
    for column in frame.columns:
        filled = frame.loc[frame[column] != "", column]
        if not len(filled) or not filled.map(lambda cell: bool(POINTS.fullmatch(cell))).all():
            continue
        if not (column.casefold() in SCORES or OF_A_QUIZ.fullmatch(column)):
            continue
        parts = frame[column].str.extract(POINTS).fillna("")
        frame[column] = parts[0].str.replace(r"[.,]0+$", "", regex=True)
        notes.append(f"{column}: points out of {listed(parts.loc[parts[1] != '', 1].unique())}")
    return noted(replace(table, frame=frame), *notes)


def _grids(table: RawTable) -> RawTable:
    """Say which questions are grids, and where several answers stand in one cell."""
    grids: dict[str, list[str]] = defaultdict(list)
    for column in table.frame.columns:
        match = GRID.fullmatch(column)
        if match and not OF_A_QUIZ.fullmatch(column):
            grids[match["question"]].append(match["item"])
    notes = [f"grid of {len(items)} items: {question!r}" for question, items in grids.items() if len(items) > 1]
    for column in table.frame.columns:
        mark = several_answers(table.frame[column])
        if mark:
            notes.append(f"several answers in one cell, parted by {mark!r}: {column}")
    return noted(table, *notes)


def several_answers(cells: pd.Series[str]) -> str:
    """The mark between several answers in one cell (`;` or `, `), or nothing.

    Answers to tick recur: there are parted cells, and nearly all parts (nine in ten) stand in more than one cell.
    Sentences with commas do not recur.
    """
    times = cells[cells != ""].value_counts()
    for mark in (";", ", "):
        parted = [cell for cell in times.index if mark in cell]
        if sum(times[parted]) < 2:
            continue
        parts: Counter[str] = Counter()
        for cell, count in times.items():
            parts.update({part.strip(): int(count) for part in str(cell).split(mark)})
        again = sum(count for count in parts.values() if count > 1)
        if again >= 0.9 * parts.total():
            return mark
    return ""
