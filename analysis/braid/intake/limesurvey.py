"""LimeSurvey exports: headers as codes, as questions, or as both; answers as codes or in full.

Source: LimeSurvey's manual ("Export responses") and the columns of a response: id, submitdate, lastpage,
startlanguage, seed, token, startdate, datestamp, ipaddr, refurl; subquestions as CODE[SQ001] or CODE_SQ001.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

from braid.errors import UserError
from braid.intake.headers import plain, unique
from braid.intake.leaving_out import counted, listed, noted, renamed, without_columns, without_rows
from braid.intake.table import RawTable
from braid.study import FileReading

OWN = {
    "id": "Response ID|Antwort ID|Antwort-ID|ID de la réponse|ID de respuesta|ID risposta|Antwoord ID",
    "submitdate": "Date submitted|Datum Abgeschickt|Datum abgesendet|Date de soumission|Fecha de envío|Data invio"
    "|Datum verzonden",
    "lastpage": "Last page|Letzte Seite|Dernière page|Última página|Ultima pagina|Laatste pagina",
    "startlanguage": "Start language|Start-Sprache|Ausgangssprache|Langue de départ|Lenguaje inicial|Lingua iniziale"
    "|Begintaal",
    "seed": "Seed|Zufallsstartwert|Graine|Semilla",
    "token": "Token|Access code|Zugangscode|Zugangsschlüssel|Code d'accès|Contraseña",
    "startdate": "Date started|Datum gestartet|Date de lancement|Fecha de inicio|Data di inizio",
    "datestamp": "Date last action|Datum letzte Aktivität|Date de la dernière action|Fecha de la última acción",
    "ipaddr": "IP address|IP-Adresse|Adresse IP|Dirección IP|Indirizzo IP|IP-adres",
    "refurl": "Referrer URL|Weiterleitungs-URL|URL référente|URL de referencia",
    "firstname": "First name|Vorname|Prénom|Nombre",
    "lastname": "Last name|Nachname|Nom|Apellidos",
    "email": "Email address|E-Mail-Adresse|Adresse de courriel|Correo electrónico",
}
PERSONAL = ("ipaddr", "refurl", "firstname", "lastname", "email")
"""What LimeSurvey itself knows of a person; the last three come with the list of participants."""
NAMES = {word.casefold(): own for own, words in OWN.items() for word in words.split("|")}
OTHER, UNSEEN = "-oth-", "N/A"
SUBQUESTION = re.compile(
    r"(?P<question>[A-Za-z][A-Za-z0-9]*)(?:\[(?P<sub>[^\[\]]+)\](?:\[\d\])?|_(?P<plain>[A-Za-z0-9]+))"
)


def read_limesurvey(table: RawTable, how: FileReading) -> RawTable:
    """The responses of a LimeSurvey export whose first row was read as the header.

    Names are the codes of questions where the header has them, and the questions otherwise. The address and the
    referring page of a respondent are left out and named; a token stays, being the key. A response without a date
    of submission is unfinished: counted, and kept or left out as `how.unfinished` says. `N/A` (not shown) counts as
    declared missing. Raises UserError where the table is no LimeSurvey export.
    """
    columns = [str(column) for column in table.frame.columns]
    if not is_limesurvey(columns):
        raise UserError(
            "this is not an export of LimeSurvey",
            place=table.name,
            found=f"columns {listed(columns)}",
            expected="columns such as id, submitdate, lastpage, startlanguage",
            todo="mend `format` in cohort.yml, or export the responses again with these columns",
        )
    table, own, heading = _named(table)
    table = replace(table, reading=f"LimeSurvey, {table.reading}, {heading}")
    table = _without_unfinished(table, own, how)
    personal = [own[kind] for kind in PERSONAL if kind in own]
    table = without_columns(table, [c for c in table.frame.columns if c in personal], "personal data")
    token = f"{own['token']} was kept: it is the key that joins a person's responses" if "token" in own else ""
    return _answers(noted(table, token), set(own.values()))


def is_limesurvey(columns: list[str]) -> bool:
    """Whether the first columns of a response are there, as codes, as text, or as both."""
    separator = _separator(columns)
    own = {_own(column, separator) for column in columns}
    return {"id", "submitdate"} <= own and len(own & {"lastpage", "startlanguage", "seed"}) >= 1


def _separator(columns: list[str]) -> str:
    """What stands between code and text in the headers, or nothing."""
    for column in columns:
        match = re.fullmatch(r"(?:submitdate|lastpage|startlanguage)([^\w\[]+)\w.*", column)
        if match:
            return match[1]
    return ""


def _own(column: str, separator: str) -> str:
    """The code of LimeSurvey's own column, or nothing."""
    code = column.split(separator, 1)[0] if separator else column
    return code if code in OWN else NAMES.get(plain(column).casefold(), "")


def _named(table: RawTable) -> tuple[RawTable, dict[str, str], str]:
    """The table with codes for names where the header has them, LimeSurvey's own columns by code, and the heading."""
    columns = [str(column) for column in table.frame.columns]
    separator = _separator(columns)
    codes, labels = {}, {}
    for column in columns:
        code, mark, text = column.partition(separator) if separator else (column, "", "")
        codes[column] = code if mark else column
        labels[column] = plain(text) if mark else plain(table.labels.get(column, ""))
    as_codes = separator or "submitdate" in columns
    own = {kind: column for column in columns if (kind := _own(column, separator))}
    if not as_codes:
        codes |= {column: kind for kind, column in own.items()}
    names = dict(zip(columns, unique(list(codes.values())), strict=True))
    labels = {column: label for column, label in labels.items() if label and label != names[column]}
    heading = (
        "codes and questions as headers" if separator else "codes as headers" if as_codes else "questions as headers"
    )
    table = renamed(replace(table, labels=labels), names)
    return table, {kind: names[column] for kind, column in own.items()}, heading


def _without_unfinished(table: RawTable, own: dict[str, str], how: FileReading) -> RawTable:
    unfinished = table.frame[own["submitdate"]].isin({"", UNSEEN})
    if how.unfinished == "leave out":
        return without_rows(table, unfinished, "unfinished responses")
    kept = int(unfinished.sum())
    return noted(table, f"{counted(kept, 'unfinished response')} (no {own['submitdate']}) kept" if kept else "")


def _answers(table: RawTable, own: set[str]) -> RawTable:
    """What codes of answers mean that LimeSurvey has for every survey, and which codes are no numbers."""
    frame = table.frame
    values, missing = dict(table.values), dict(table.missing)
    others, unseen, coded = [], 0, []
    grids: dict[str, int] = defaultdict(int)
    for column in frame.columns:
        if column in own:
            continue
        match = SUBQUESTION.fullmatch(column)
        if match:
            grids[match["question"]] += 1
        cells = frame.loc[frame[column] != "", column]
        meaning: dict[str, str] = {}
        if (cells == UNSEEN).any():
            missing[column] = missing.get(column, frozenset()) | {UNSEEN}
            unseen += int((cells == UNSEEN).sum())
            cells = cells[cells != UNSEEN]
        if (cells == OTHER).any():
            meaning[OTHER] = "Other"
            others.append(column)
        if len(cells) and cells.isin({"Y", "N"}).all():
            meaning |= {"Y": "Yes", "N": "No"}
        if len(cells) and cells[cells != OTHER].str.fullmatch(r"AO?\d+").all() and (cells != OTHER).any():
            coded.append(column)
        if meaning:
            values[column] = {**meaning, **values.get(column, {})}
    several = [f"{question} ({count})" for question, count in grids.items() if count > 1]
    return noted(
        replace(table, values=values, missing=missing),
        f"questions with several columns: {listed(several)}" if several else "",
        f"{UNSEEN} (not shown) counts as missing: {counted(unseen, 'cell')}" if unseen else "",
        f"{OTHER} means another answer, which stands in a column of its own: {listed(others)}" if others else "",
        f"answers are codes such as A1, whose meaning is not in the file: {listed(coded)}" if coded else "",
    )
