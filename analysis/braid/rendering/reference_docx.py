"""The Word reference document: pandoc's own, with our page, fonts, headings, captions and table style.

It is made when a report is staged, so that the repository holds no binary file and the styles can be read here.
"""

from __future__ import annotations

import functools
import io
import re
import zipfile
from pathlib import Path

from braid.language import ENGLISH, current
from braid.rendering.pandoc import run

FIXED_DATE = (2000, 1, 1, 0, 0, 0)
INK, QUIET, ACCENT = "1C2530", "5B6672", "1F4E79"
# Rule and ground of each kind of callout.
CALLOUTS = {
    "Note": ("3B6EA5", "EEF3F9"),
    "Tip": ("2F7D5B", "EDF6F1"),
    "Warning": ("B0741A", "FBF4E8"),
    "Caution": ("B5532A", "FBEFE9"),
    "Important": ("A83246", "FAEDEF"),
}

_FONTS = '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Calibri" w:cs="Calibri"/>'
_FOOTER = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>'
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    "</w:p></w:ftr>"
)
_PAGE = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rIdFooter"/>'
    '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1474" w:right="1417" w:bottom="1417" w:left="1417" w:header="709" w:footer="709" w:gutter="0"/>'
    "</w:sectPr>"
)
_DEFAULTS = (
    f"<w:docDefaults><w:rPrDefault><w:rPr>{_FONTS}"
    f'<w:color w:val="{INK}"/><w:sz w:val="21"/><w:szCs w:val="21"/>'
    '<w:lang w:val="en-GB" w:eastAsia="en-US" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
    "</w:docDefaults>"
)


STYLES = "word/styles.xml"


def write_reference(path: Path) -> None:
    """Writes the reference document in the language in force; the same pandoc gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = _parts()
    if current() != ENGLISH:
        styles = parts[STYLES].replace(b'<w:lang w:val="en-GB"', f'<w:lang w:val="{current()}"'.encode())
        parts = {**parts, STYLES: styles}
    write_parts(path, parts)


@functools.cache
def _parts() -> dict[str, bytes]:
    """The parts of the reference document, made once in a process."""
    default = run(["--print-default-data-file=reference.docx"])
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(default)) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name)
    parts[STYLES] = _restyled(parts[STYLES].decode("utf-8")).encode("utf-8")
    parts["word/document.xml"] = _with_page(parts["word/document.xml"].decode("utf-8")).encode("utf-8")
    parts["word/footer1.xml"] = _FOOTER.encode("utf-8")
    _insert(
        parts,
        "[Content_Types].xml",
        "</Types>",
        '<Override PartName="/word/footer1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>',
    )
    _insert(
        parts,
        "word/_rels/document.xml.rels",
        "</Relationships>",
        '<Relationship Id="rIdFooter" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/>',
    )
    return parts


def write_parts(path: Path, parts: dict[str, bytes]) -> None:
    """Writes the parts of a Word file as a zip archive whose bytes depend on nothing else."""
    first = "[Content_Types].xml"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(parts, key=lambda name: (name != first, name)):
            info = zipfile.ZipInfo(name, FIXED_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, parts[name])


def _insert(parts: dict[str, bytes], name: str, before: str, text: str) -> None:
    content = parts[name].decode("utf-8")
    if before not in content:
        raise RuntimeError(f"pandoc's reference document has changed: {name} has no {before}")
    parts[name] = content.replace(before, text + before).encode("utf-8")


def _with_page(document: str) -> str:
    without = re.sub(r"<w:sectPr\b.*?</w:sectPr>|<w:sectPr\s*/>", "", document, flags=re.DOTALL)
    return without.replace("</w:body>", _PAGE + "</w:body>")


def _restyled(styles: str) -> str:
    """Puts our defaults and styles in the place of pandoc's; those we do not name stay."""
    styles = re.sub(r"<w:docDefaults>.*?</w:docDefaults>", _DEFAULTS, styles, flags=re.DOTALL)
    for name, style in _styles().items():
        own = re.search(rf'<w:style\b[^>]*?w:styleId="{name}".*?</w:style>', styles, flags=re.DOTALL)
        old = own[0] if own else "</w:styles>"
        styles = styles.replace(old, style if own else style + old, 1)
    return styles


def _styles() -> dict[str, str]:
    heading = f'<w:b/><w:bCs/><w:color w:val="{ACCENT}"/>'
    small = '<w:sz w:val="18"/><w:szCs w:val="18"/>'
    banner = (
        "<w:pBdr>"
        + "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="4" w:color="D9B36C"/>'
            for side in ("top", "left", "bottom", "right")
        )
        + '</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="FBF4E8"/>'
    )
    styles = {
        "BodyText": _paragraph("BodyText", "Body Text", spacing=(0, 120)),
        "FirstParagraph": _paragraph("FirstParagraph", "First Paragraph", based="BodyText", spacing=(0, 120)),
        "Compact": _paragraph("Compact", "Compact", based="Normal", spacing=(20, 20), line=250),
        "Title": _paragraph(
            "Title", "Title", spacing=(0, 60), line=240, run=heading + '<w:sz w:val="42"/><w:szCs w:val="42"/>'
        ),
        "Subtitle": _paragraph(
            "Subtitle",
            "Subtitle",
            spacing=(0, 160),
            run=f'<w:color w:val="{QUIET}"/><w:sz w:val="26"/><w:szCs w:val="26"/>',
        ),
        "Author": _paragraph("Author", "Author", spacing=(0, 20), run="<w:b/>"),
        "Date": _paragraph("Date", "Date", spacing=(60, 200), run=f'<w:color w:val="{QUIET}"/>'),
        "AbstractTitle": _paragraph("AbstractTitle", "Abstract Title", spacing=(160, 60), run=heading, keep=True),
        "Abstract": _paragraph("Abstract", "Abstract", spacing=(0, 120)),
        "Banner": _paragraph("Banner", "Banner", spacing=(120, 200), inside=banner, run=small),
        "Caption": _paragraph("Caption", "caption", spacing=(120, 80), line=250, run=small),
        "TableCaption": _paragraph("TableCaption", "Table Caption", based="Caption", spacing=(200, 80), keep=True),
        "ImageCaption": _paragraph("ImageCaption", "Image Caption", based="Caption", spacing=(80, 240)),
        "TableNote": _paragraph("TableNote", "Table Note", spacing=(60, 240), line=250, run=small),
        "MinorHeading": _paragraph("MinorHeading", "Minor Heading", spacing=(120, 40), keep=True),
        "CaptionedFigure": _paragraph("CaptionedFigure", "Captioned Figure", spacing=(200, 0), keep=True),
        "BlockText": _paragraph("BlockText", "Block Text", spacing=(80, 120), indent=480, right=480),
        "Footer": _paragraph(
            "Footer", "footer", spacing=(0, 0), align="center", run=f'<w:color w:val="{QUIET}"/>{small}'
        ),
        "TOCHeading": _paragraph("TOCHeading", "TOC Heading", spacing=(240, 80), run=heading, keep=True),
        "TOC1": _paragraph("TOC1", "toc 1", spacing=(60, 20), run="<w:b/>"),
        "TOC2": _paragraph("TOC2", "toc 2", spacing=(0, 20), indent=280),
        "TOC3": _paragraph("TOC3", "toc 3", spacing=(0, 20), indent=560),
        "Hyperlink": (
            '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
            f'<w:rPr><w:color w:val="{ACCENT}"/></w:rPr></w:style>'
        ),
        "VerbatimChar": (
            '<w:style w:type="character" w:customStyle="1" w:styleId="VerbatimChar"><w:name w:val="Verbatim Char"/>'
            '<w:rPr><w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas"/>'
            '<w:sz w:val="19"/></w:rPr></w:style>'
        ),
        "SectionNumber": (
            '<w:style w:type="character" w:customStyle="1" w:styleId="SectionNumber">'
            '<w:name w:val="Section Number"/></w:style>'
        ),
        "Table": _TABLE,
    }
    for kind, (rule, ground) in CALLOUTS.items():
        run = f'<w:b/><w:bCs/><w:color w:val="{rule}"/>'
        styles[f"Callout{kind}"] = _paragraph(f"Callout{kind}", f"Callout {kind}", spacing=(40, 60), run=run, keep=True)
        styles[f"Callout{kind}Box"] = _callout_table(f"Callout {kind} Box", rule, ground)
    sizes = {1: 30, 2: 25, 3: 22, 4: 21}
    for level, size in sizes.items():
        styles[f"Heading{level}"] = _paragraph(
            f"Heading{level}",
            f"heading {level}",
            spacing=(400 - 60 * level, 100),
            line=250,
            run=f'{heading}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>',
            keep=True,
            outline=level - 1,
        )
    return styles


_TABLE = (
    '<w:style w:type="table" w:default="1" w:styleId="Table"><w:name w:val="Table"/>'
    '<w:pPr><w:spacing w:before="20" w:after="20" w:line="250" w:lineRule="auto"/></w:pPr>'
    '<w:rPr><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr>'
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblBorders>'
    f'<w:top w:val="single" w:sz="8" w:space="0" w:color="{INK}"/>'
    f'<w:bottom w:val="single" w:sz="8" w:space="0" w:color="{INK}"/></w:tblBorders>'
    '<w:tblCellMar><w:top w:w="20" w:type="dxa"/><w:left w:w="70" w:type="dxa"/>'
    '<w:bottom w:w="20" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    "</w:style>"
)


def _callout_table(name: str, rule: str, ground: str) -> str:
    """The style of a table of one cell with a coloured rule at its left."""
    return (
        f'<w:style w:type="table" w:customStyle="1" w:styleId="{name.replace(" ", "")}"><w:name w:val="{name}"/>'
        f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblBorders>'
        f'<w:left w:val="single" w:sz="24" w:space="0" w:color="{rule}"/></w:tblBorders>'
        '<w:tblCellMar><w:top w:w="90" w:type="dxa"/><w:left w:w="200" w:type="dxa"/>'
        '<w:bottom w:w="40" w:type="dxa"/><w:right w:w="160" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{ground}"/></w:tcPr></w:style>'
    )


def _paragraph(
    style_id: str,
    name: str,
    *,
    spacing: tuple[int, int],
    based: str = "Normal",
    line: int = 276,
    run: str = "",
    inside: str = "",
    keep: bool = False,
    indent: int = 0,
    right: int = 0,
    align: str = "left",
    outline: int | None = None,
) -> str:
    """A paragraph style; spacing before and after and the indents are in twentieths of a point."""
    before, after = spacing
    level = f'<w:outlineLvl w:val="{outline}"/>' if outline is not None else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{based}"/><w:qFormat/><w:pPr>{"<w:keepNext/>" if keep else ""}{inside}'
        f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="auto"/>'
        f'<w:ind w:left="{indent}" w:right="{right}"/><w:jc w:val="{align}"/>{level}</w:pPr>'
        f"<w:rPr>{run}</w:rPr></w:style>"
    )
