"""Makes packed files part by part, as the programs do that write them: Word documents and OpenDocument files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
NAMES = (
    f'xmlns:w="{WORD}" xmlns:r="{OFFICE}" xmlns:wp="{DRAWING}/wordprocessingDrawing" xmlns:a="{DRAWING}/main" '
    f'xmlns:pic="{DRAWING}/picture" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
)
STYLES = {
    "Heading1": "heading 1", "Heading2": "heading 2", "Heading3": "heading 3", "Heading4": "heading 4", "Heading5": "heading 5",
    "Heading6": "heading 6", "Title": "Title", "Caption": "caption", "Code": "HTML Preformatted", "TOC1": "toc 1",
}  # fmt: skip
OPENDOCUMENT = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{kind}:1.0"'
    for name, kind in {
        "office": "office", "text": "text", "table": "table", "draw": "drawing", "style": "style", "svg": "svg-compatible",
        "presentation": "presentation", "manifest": "manifest", "chart": "chart", "form": "form", "fo": "xsl-fo-compatible",
    }.items()
) + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def paragraph(text: str, style: str | None = None, more: str = "") -> str:
    """One paragraph of a Word document; `more` is markup behind its words."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    run = f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' if text else ""
    return f"<w:p>{properties}{run}{more}</w:p>"


def inline_picture(id: str, alt: str = "") -> str:
    blip = f'<pic:pic><pic:blipFill><a:blip r:embed="{id}"/></pic:blipFill></pic:pic>'
    graphic = f'<a:graphic><a:graphicData uri="{DRAWING}/picture">{blip}</a:graphicData></a:graphic>'
    return f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Picture 1" descr="{alt}"/>{graphic}</wp:inline></w:drawing></w:r>'


def docx(body: str, media: dict[str, bytes] | None = None, footnotes: str = "", styles: str = "", more: str = "") -> bytes:
    """A Word document of this markup. Each of `media` is at word/media/NAME, with NAME without its suffix as its relationship;
    `styles` and `more` (relationships of the document) are markup that is added to what is there."""
    media = media or {}
    named = "".join(f'<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/></w:style>' for id, name in STYLES.items())
    related = f'<Relationship Id="s" Type="{OFFICE}/styles" Target="styles.xml"/>'
    related += f'<Relationship Id="f" Type="{OFFICE}/footnotes" Target="footnotes.xml"/>'
    related += f'<Relationship Id="n" Type="{OFFICE}/numbering" Target="numbering.xml"/>'
    related += "".join(f'<Relationship Id="{name.split(".")[0]}" Type="{OFFICE}/image" Target="media/{name}"/>' for name in media)
    levels = "".join(f'<w:lvl w:ilvl="{level}"><w:numFmt w:val="{kind}"/></w:lvl>' for level, kind in ((0, "{0}"), (1, "bullet")))
    numbering = "".join(
        f'<w:abstractNum w:abstractNumId="{id}">{levels.format(kind)}</w:abstractNum>' for id, kind in (("1", "bullet"), ("2", "decimal"))
    ) + "".join(f'<w:num w:numId="{id}"><w:abstractNumId w:val="{id}"/></w:num>' for id in "12")
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="png" ContentType="image/png"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="d" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}{more}</Relationships>',
            "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
            "word/styles.xml": f"<w:styles {NAMES}>{named}{styles}</w:styles>",
            "word/numbering.xml": f"<w:numbering {NAMES}>{numbering}</w:numbering>",
            "word/footnotes.xml": f"<w:footnotes {NAMES}>{footnotes}</w:footnotes>",
            **{f"word/media/{name}": data for name, data in media.items()},
        }
    )


def listed(text: str, number: int, level: int = 0) -> str:
    """A paragraph of a list: number 1 is bullets, 2 is numbers."""
    properties = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def table(rows: list[list[str]]) -> str:
    """A table of a Word document; a cell that begins with "<" is markup of the cell."""
    cells = [[cell if cell.startswith("<") else f"<w:p><w:r><w:t>{cell}</w:t></w:r></w:p>" for cell in row] for row in rows]
    return "<w:tbl>" + "".join("<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in row) + "</w:tr>" for row in cells) + "</w:tbl>"


def odt(
    body: str,
    media: dict[str, bytes] | None = None,
    styles: str = "",
    more: Mapping[str, str | bytes] | None = None,
    doctype: str = "",
    content: str = "content.xml",
) -> bytes:
    """An OpenDocument file of this markup: `body` is what is in office:body, `styles` its automatic styles. Each of `media` is at
    Pictures/NAME; `more` are other parts."""
    automatic = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    root = f"<office:document-content {OPENDOCUMENT}>{automatic}<office:body>{body}</office:body></office:document-content>"
    return zipped({content: doctype + root, **{f"Pictures/{name}": data for name, data in (media or {}).items()}, **(more or {})})
