"""The words of a paragraph of Word: runs and what stands among them, fields by their results, formulas, notes, pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

from ingest.readers.docx.drawings import Drawings
from ingest.readers.docx.fields import Field, fields, simple
from ingest.readers.docx.package import child, get, local, on, value
from ingest.readers.line import Line, Look
from ingest.readers.math import omml_text
from ingest.readers.symbols import symbol, symbols

if TYPE_CHECKING:
    from ingest.readers.docx.story import Shared

_GONE = {
    "del", "moveFrom", "pPr", "rPr", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "rubyPr", "delText", "instrText", "delInstrText",
    "fldData", "ffData", "pgNum", "annotationRef", "footnoteRef", "endnoteRef", "separator", "continuationSeparator", "rt",
    "softHyphen",
}  # fmt: skip
_SIGNS = {"tab": "\t", "ptab": "\t", "noBreakHyphen": "-"}
_READ = ("txbxContent", "blip", "relIds", "chart", "oMath", "imagedata")
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}

DEEP = 12  # tables and boxes in each other; what is deeper is read as bare words


class Runs:
    """Reads the paragraphs of one story. `boxes` are what stood in the last of them beside its words (text boxes, tables of charts),
    `pending` notes and comments that it refers to; `table` is the style of the table that it is in."""

    def __init__(self, shared: Shared, part: str, root: Any, furniture: bool, depth: int):
        self.depth = depth
        self._shared = shared
        self._part = part
        self._furniture = furniture
        self._fields = fields(root)
        self._open: list[tuple[Field, bool]] = []  # and whether its result has begun
        self._drawings = Drawings(shared, part, self._story)
        self._style: str | None = None
        self.table: str | None = None
        self.boxes: list[Any] = []
        self.pending: list[Any] = []

    def _story(self, content: Any) -> Any:
        """The blocks of a text box, as an element of their own."""
        from ingest.readers.docx.story import Story

        made = etree.Element("div")
        if self.depth >= DEEP:
            made.text = " ".join(text.text or "" for text in content.iter("{*}t"))
        else:
            Story(self._shared, self._part, content, self._furniture, self.depth + 1).into(content, made, body=True)
        return made

    @property
    def hidden(self) -> bool:
        """Whether what comes is the code of a field, or a result that is not shown."""
        return any(not begun or not field.shown or (self._furniture and field.page) for field, begun in self._open)

    def read(self, paragraph: Any, line: Line, style: str | None) -> None:
        self._style = style
        self._inline(paragraph, line, None)

    def formula(self, element: Any, line: Line) -> None:
        if not self.hidden and (words := omml_text(element)):
            before = line.words[-1:]
            line.add((" " if before.isalnum() else "") + words)

    def alternative(self, element: Any) -> Any:
        """Of several forms of the same, the first that holds what can be read, else the last."""
        choices = [each for each in element if local(each) in ("Choice", "Fallback")]
        for choice in choices:
            if any(next(choice.iter(f"{{*}}{name}"), None) is not None for name in _READ):
                return choice
        return choices[-1] if choices else element

    def unfilled(self, control: Any) -> bool:
        """Whether a content control holds a list of contents that Word made, or only asks to be filled in."""
        properties = child(control, "sdtPr")
        gallery = value(properties, "docPartObj/docPartGallery") or ""
        return gallery.startswith("Table of") or on(child(properties, "showingPlcHdr"))

    def _inline(self, element: Any, line: Line, look: Look | None) -> None:
        """The children of a paragraph, a run (which has a `look`), or of any wrapper of these."""
        for each in element:
            name = local(each)
            if name == "r":
                self._run(each, line)
            elif name in ("fldChar", "fldSimple"):
                self._field(each, name, line, look)
            elif not name or name in _GONE or self.hidden:
                self._pass(each)
            elif name in ("oMath", "oMathPara"):
                self.formula(each, line)
            elif name == "AlternateContent":
                self._inline(self.alternative(each), line, look)
            elif name == "sdt":
                self._control(each, line, look)
            elif name == "ruby":
                self._ruby(each, line)
            elif look is None or not self._in_run(each, name, line, look):
                self._inline(each, line, look)

    def _run(self, run: Any, line: Line) -> None:
        look = self._shared.styles.look(run, self._style, self.table)
        if look.unseen:
            self._pass(run)
        else:
            self._inline(run, line, look)

    def _pass(self, element: Any) -> None:
        """Goes past what is not read, but for where fields begin and end in it."""
        for mark in element.iter("{*}fldChar"):
            self._field(mark, "fldChar", None, None)

    def _in_run(self, each: Any, name: str, line: Line, look: Look) -> bool:
        """Whether it is one of what only stands in runs; it is in the line then."""
        if name == "t":
            self._add(line, symbols(each.text or "", look.font), look)
        elif name in _SIGNS:
            self._add(line, _SIGNS[name], look)
        elif name in ("br", "cr"):
            if (get(each, "type") or "textWrapping") == "textWrapping":
                line.put(etree.Element("br"))
            else:
                self._add(line, " ", look)
        elif name == "sym":
            self._add(line, _sign(each), look)
        elif name in _NOTES:
            self._note(each, _NOTES[name], line)
        elif name == "commentReference":
            self._comment(each)
        elif name == "txbxContent":
            self.boxes.append(self._story(each))
        elif name in ("drawing", "pict", "object"):
            pictures, boxes = self._drawings.read(each, name)
            for picture in pictures:
                line.put(picture)
            self.boxes.extend(boxes)
        else:
            return False
        return True

    def _add(self, line: Line, words: str, look: Look) -> None:
        line.add(words, look.script, look.italic)

    def _field(self, element: Any, name: str, line: Line | None, look: Look | None) -> None:
        if name == "fldSimple":
            field = simple(element)
            if line is None or self.hidden or not field.shown or (self._furniture and field.page):
                return
            if field.result:
                self._inline(element, line, look)
            else:
                line.add(field.instead())
            return
        what, field = self._fields.get(element, ("", Field()))
        if what == "begin":
            self._open.append((field, False))
        elif what == "separate" and self._open and self._open[-1][0] is field:
            self._open[-1] = field, True
        elif what == "end" and any(each is field for each, _ in self._open):
            while self._open.pop()[0] is not field:
                pass
            if line is not None and not field.result and not self.hidden and not (self._furniture and field.page):
                line.add(field.instead())

    def _control(self, element: Any, line: Line, look: Look | None) -> None:
        if self.unfilled(element):
            return
        box = child(element, "sdtPr/checkbox")
        if box is not None and not any(True for _ in element.iter("{*}t", "{*}sym")):
            line.add("☒" if on(child(box, "checked")) else "☐")
        self._inline(element, line, look)

    def _ruby(self, element: Any, line: Line) -> None:
        """Words with a reading aid, which stands in brackets behind them."""
        for base in element.iterfind("{*}rubyBase"):
            self._inline(base, line, None)
        aid = Line()
        for reading in element.iterfind("{*}rt"):
            self._inline(reading, aid, None)
        if aid.words.strip():
            line.add(f"({aid.words.strip()})")

    def _note(self, element: Any, kind: str, line: Line) -> None:
        """The mark of a note, and the note with it below the paragraph."""
        id = get(element, "id") or ""
        part, note = self._shared.notes.pop((kind, id), ("", None))
        if note is None or self.depth >= DEEP:
            return
        if get(element, "customMarkFollows") in ("1", "true", "on"):  # the mark is in the text, and in the note
            self._below(part, note, "")
            return
        mark = self._shared.mark(kind)
        line.add(f"[{mark}]")
        self._below(part, note, f"[{mark}] ")

    def _comment(self, element: Any) -> None:
        part, note = self._shared.notes.pop(("comments", get(element, "id") or ""), ("", None))
        if note is not None and self.depth < DEEP:
            author = " ".join((get(note, "author") or "").split())[:80]
            self._below(part, note, f"Comment by {author}: " if author else "Comment: ")

    def _below(self, part: str, note: Any, before: str) -> None:
        from ingest.readers.docx.story import Story

        made = etree.Element("div")
        Story(self._shared, part, note, depth=self.depth + 1).into(note, made, body=True)
        first = next(made.iter("p", "li", "td", "pre"), None)
        if first is not None:
            first.text = before + (first.text or "")
            self.pending.append(made)


def _sign(element: Any) -> str:
    try:
        return symbol(int(get(element, "char") or "", 16), get(element, "font") or "")
    except (ValueError, OverflowError):
        return ""
