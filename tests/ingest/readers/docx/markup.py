"""Markup of Word for the tests: runs, paragraphs with properties, fields, and whole documents with parts of their own."""

from __future__ import annotations

import io
import zipfile

from tests.ingest.packed import NAMES, OFFICE, docx, zipped


def run(text: str, properties: str = "") -> str:
    style = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{style}<w:t xml:space="preserve">{text}</w:t></w:r>'


def para(*inside: str, properties: str = "") -> str:
    style = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{style}{''.join(each if each.startswith('<') else run(each) for each in inside)}</w:p>"


def styled(style: str, *inside: str, more: str = "") -> str:
    return para(*inside, properties=f'<w:pStyle w:val="{style}"/>{more}')


def field(code: str, result: str | None = None, form: str = "") -> str:
    """A complex field, in runs."""
    begin = f'<w:r><w:fldChar w:fldCharType="begin">{form}</w:fldChar></w:r>'
    made = f'{begin}<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
    if result is not None:
        made += f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}'
    return made + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def control(properties: str, content: str) -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def cell(content: str, properties: str = "") -> str:
    inside = content if content.startswith("<") else para(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def part(root: str, content: str) -> str:
    return f"<w:{root} {NAMES}>{content}</w:{root}>"


def related(**parts: tuple[str, str]) -> str:
    """Relationships: id to kind and target."""
    return "".join(f'<Relationship Id="{id}" Type="{OFFICE}/{kind}" Target="{to}"/>' for id, (kind, to) in parts.items())


def document(body: str, parts: dict[str, str], more: str = "", styles: str = "", footnotes: str = "") -> bytes:
    """A document with parts that are put in or take the place of others."""
    archive = zipfile.ZipFile(io.BytesIO(docx(body, more=more, styles=styles, footnotes=footnotes)))
    return zipped(
        {name: archive.read(name) for name in archive.namelist()} | {f"word/{name}": text.encode() for name, text in parts.items()}
    )
