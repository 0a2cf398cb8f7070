"""Columns that look like personal data, by what they are called and by what stands in them.

A platform's reader leaves out what the platform itself marks; the rest is for a person to judge, who is warned.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from braid.intake.headers import plain, words
from braid.intake.table import RawTable

WORDS: Mapping[str, str] = {
    "e-mail address": "email|e-mail|email address|e-mail address|mail|correo|correo electrónico|courriel|adresse e-mail"
    "|e-mail-adresse|posta elettronica|indirizzo email|e-mailadres|epost|e-post|sähköposti|endereço de e-mail"
    "|электронная почта|邮箱|电子邮件|電子郵件|メールアドレス|メール|이메일"
    "|ای میل|البريد الإلكتروني|ηλεκτρονικό ταχυδρομείο|ईमेल",
    "name of a person": "name|first name|last name|full name|firstname|lastname|fullname|surname|forename|given name"
    "|family name|your name|participant name|student name|username|user name|vorname|nachname|familienname|nom|prénom"
    "|nom de famille|nombre|nombres|apellido|apellidos|nome|cognome|sobrenome|voornaam|achternaam|förnamn|efternamn"
    "|imię|nazwisko|имя|фамилия|фио|姓名|名字|名前|氏名|お名前|이름|성명|نام|پورا نام|الاسم|اسم|όνομα|ονοματεπώνυμο"
    "|επώνυμο|नाम|ad soyad|isim",
    "telephone number": "phone|phone number|telephone|telephone number|mobile|mobile number|cell phone|phonenumber"
    "|telefon|telefonnummer|handynummer|téléphone|numéro de téléphone|teléfono|celular|móvil|telefono|cellulare"
    "|telefone|telefoonnummer|телефон|电话|手机|手机号|電話|電話番号|전화번호|فون نمبر|فون|هاتف|رقم الهاتف|τηλέφωνο"
    "|फ़ोन",
    "IP address": "ip|ip address|ipaddr|ipaddress|ip adresse|ip-adresse|adresse ip|dirección ip|ip地址|ipアドレス",
    "place on the map": "latitude|longitude|lat|lon|lng|gps|gps coordinates|geolocation|coordinates|location latitude"
    "|location longitude|breitengrad|längengrad|latitud|longitud|latitudine|longitudine|経度|緯度|经度|纬度",
    "postal address": "address|home address|street|street address|postal address|mailing address|anschrift|adresse"
    "|straße|dirección|domicilio|indirizzo|endereço|адрес|地址|住所|주소|پتہ|عنوان|διεύθυνση|पता",
    "date of birth": "dob|date of birth|birth date|birthdate|birthday|geburtsdatum|geburtstag|date de naissance"
    "|fecha de nacimiento|data di nascita|data de nascimento|geboortedatum|дата рождения|出生日期|生年月日|생년월일"
    "|تاریخ پیدائش|تاريخ الميلاد|ημερομηνία γέννησης|जन्म तिथि",
    "number of a document or a device": "ssn|social security number|passport number|national id|national id number"
    "|medical record number|mrn|nhs number|student number|matrikelnummer|dni|device id|deviceid|imei|身份证号|身份证",
}

E_MAIL = r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]{2,}"
IP = r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)|(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}"
TELEPHONE = (
    r"(?:\+|00)\d[\d ()./-]{6,18}\d|\(?0\d{2,4}[) /.-]+\d[\d .-]{4,12}\d|\(\d{3}\) ?\d{3}-\d{4}|\d{3}-\d{3}-\d{4}"
)
PAIR = r"-?\d{1,2}\.\d{3,}[ ,;]+-?\d{1,3}\.\d{3,}(?:[ ,;]+-?\d+(?:\.\d+)?){0,2}"
PATTERNS: Mapping[str, str] = {
    "e-mail addresses": E_MAIL,
    "IP addresses": IP,
    "telephone numbers": TELEPHONE,
    "places on the map": PAIR,
}
SEEN = 500
"""Cells of a column that are looked at."""

_KINDS = {word: kind for kind, spellings in WORDS.items() for word in words(spellings)}
_FILLER = re.compile(
    r"^(?:please )?(?:enter |give |write |type )?(?:what is |what's |what are )?(?:your |the )?"
    r"|[?:*.!]+$|\(optional\)$",
    re.IGNORECASE,
)


def personal_columns(table: RawTable) -> dict[str, str]:
    """Columns that look like personal data, each with the reason in words.

    A column is found by its name or its label, where these say nothing else (`E-mail`, `Your name?`, `姓名`), or by
    its cells, where more than half of those that are filled look like an e-mail address, an IP address, a telephone
    number, or a place on the map. Nothing is left out: a person decides.
    """
    found: dict[str, str] = {}
    for column in table.frame.columns:
        kind = header_kind(column) or header_kind(table.labels.get(column, ""))
        if kind:
            found[column] = f"it is called like a {kind}" if kind[0] not in "aeI" else f"it is called like an {kind}"
            continue
        what = cell_kind(table.frame[column])
        if what:
            found[column] = f"most of its cells look like {what}"
    return found


def header_kind(header: str) -> str:
    """The kind of personal data that a header asks for, or nothing."""
    text = plain(header).replace("_", " ")
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    for said in (text, spaced, text.rsplit("/", 1)[-1]):
        bare = said.strip()
        for _ in range(2):
            bare = _FILLER.sub("", bare).strip()
        if kind := _KINDS.get(bare.casefold()) or _KINDS.get(said.strip().casefold()):
            return kind
    return ""


def cell_kind(cells: pd.Series[str]) -> str:
    """What more than half of the filled cells look like, or nothing. At least two cells must be filled."""
    filled = cells[cells != ""].head(SEEN)
    if len(filled) < 2:
        return ""
    for what, pattern in PATTERNS.items():
        if filled.str.fullmatch(pattern, flags=re.IGNORECASE).mean() > 0.5:
            return what
    return ""
