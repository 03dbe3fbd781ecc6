"""What is filled into the form of a PDF page, as runs of text where it stands: so a value is read beside its label, in its cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.readers.pdf.annotations import Note, Shown, box_of, each_annotation, text_of, wide
from rag.pictures.layout import Box, Line

LINE = 14.0  # points: of a field with several lines
NEAR = 1.5  # times the height of a label: how far above its field it stands at most
FAR = 260.0  # points, to the left
MOST_TYPED = 80  # characters of what is typed beside a label
MAX_OPTIONS = 500
OTHER_TYPE = 0.875  # of a label's size: another, so no paragraph goes on from one to the other, and near enough to make it no heading
_SIZE = 10.0
_PASSWORD = 1 << 13
_SAYS_NOTHING = re.compile(
    r"(?:text|check ?box|radio(?: ?button)?|combo ?box|list ?box|field|undefined|untitled|group|form)?[\W\d_]*", re.I
)


def filled_in(page: Any, printed: Sequence[Line], shown: Shown) -> tuple[list[Line], list[Note]]:
    """What was filled into the fields of an open page, and typed beside its labels; `printed` are its own runs of text.

    Boxes to be ticked are "[x]" or "[ ]". What no label stands beside is apart: under the label above it, else the field's name.
    """
    import pypdfium2.raw as raw

    beside: list[Line] = []
    apart: list[Note] = []
    for each, kind in each_annotation(page):
        box = box_of(each, shown)
        if box is None:
            continue
        if kind == raw.FPDF_ANNOT_FREETEXT:
            text = text_of(each, b"Contents")
            if beside_label(text, box, printed):
                beside += _lines(text, box, printed)
        elif kind == raw.FPDF_ANNOT_WIDGET and page.formenv:
            ticked, value = _value(each, page.formenv.raw)
            label = label_of(box, printed, ticked)
            if label and (ticked or label.bottom > box[1] + 2):
                beside += _lines(value, box, printed)
            elif value and ticked:
                apart.append(Note(f"{value} {_name(each, page.formenv.raw)}", box))
            elif value:
                name = label.text.rstrip(" :") if label else _name(each, page.formenv.raw)
                apart.append(Note(f"{name}: {value}" if name else value, box))
    return beside, apart


def beside_label(text: str, box: Box, printed: Sequence[Line]) -> bool:
    """Whether what is typed onto a page is the value of a label that stands to its left, and covers nothing."""
    if not text or len(text) > MOST_TYPED or any(_over(run, box) for run in printed):
        return False
    label = label_of(box, printed, False)
    return label is not None and label.right <= box[0] + 2


def label_of(box: Box, printed: Sequence[Line], ticked: bool) -> Line | None:
    """The run that stands to the left of a field, above it, or to the right of a box to be ticked."""
    best: tuple[float, Line] | None = None
    for run in printed:
        level = min(run.bottom, box[3]) - max(run.top, box[1]) > 0.5 * min(run.height, box[3] - box[1])
        if level and (run.right <= box[0] + 2 or _gap_at(run, box)):
            distance = max(0.0, box[0] - run.right)
        elif level and ticked and run.left >= box[2] - 2:
            distance = run.left - box[2]
        elif -2 <= box[1] - run.bottom < NEAR * run.height and min(run.right, box[2]) > max(run.left, box[0]):
            distance = FAR / 2 + box[1] - run.bottom
        else:
            continue
        if distance < FAR and (best is None or distance < best[0]):
            best = distance, run
    return best[1] if best else None


def _gap_at(run: Line, box: Box) -> bool:
    """Whether a field stands in a wide space of a run: "Name: ______ Date: ______"."""
    return any(left - 2 <= box[0] and box[2] <= right + 2 for _, left, right in run.gaps)


def _over(run: Line, box: Box) -> bool:
    return min(run.right, box[2]) - max(run.left, box[0]) > 4 and min(run.bottom, box[3]) - max(run.top, box[1]) > 0.5 * run.height


def _lines(text: str, box: Box, printed: Sequence[Line]) -> Iterator[Line]:
    """A text as runs in its box, one a line."""
    label = label_of(box, printed, False)
    size = OTHER_TYPE * (label.size if label else _SIZE)
    lines = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    if not lines:
        return
    high = box[3] - box[1]
    if len(lines) == 1 and high < 2 * LINE:
        yield Line(lines[0], *box, size=size)
        return
    step = min(LINE, high / max(len(lines), 1))
    for n, line in enumerate(lines):
        yield Line(line, box[0], box[1] + n * step, box[2], box[1] + (n + 1) * step - 0.1 * step, size=size)


def _value(field: Any, form: Any) -> tuple[bool, str]:
    """Whether a field is a box to be ticked, and what is in it."""
    import pypdfium2.raw as raw

    kind = raw.FPDFAnnot_GetFormFieldType(form, field)
    if kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        return True, "[x]" if raw.FPDFAnnot_IsChecked(form, field) else "[ ]"
    if kind in (raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX):
        return False, ", ".join(_chosen(field, form)) or _of(raw.FPDFAnnot_GetFormFieldValue, field, form)
    if kind == raw.FPDF_FORMFIELD_TEXTFIELD and not raw.FPDFAnnot_GetFormFieldFlags(form, field) & _PASSWORD:
        return False, _of(raw.FPDFAnnot_GetFormFieldValue, field, form)
    return False, ""


def _chosen(field: Any, form: Any) -> Iterator[str]:
    import pypdfium2.raw as raw

    for n in range(min(raw.FPDFAnnot_GetOptionCount(form, field), MAX_OPTIONS)):
        if raw.FPDFAnnot_IsOptionSelected(form, field, n):
            yield wide(lambda buffer, size, n=n: raw.FPDFAnnot_GetOptionLabel(form, field, n, buffer, size))  # type: ignore[misc]


def _name(field: Any, form: Any) -> str:
    """What a field is called: for people, else for programs; a choice among several by what it stands for, too."""
    import pypdfium2.raw as raw

    name = _of(raw.FPDFAnnot_GetFormFieldAlternateName, field, form)
    if not name:
        name = _of(raw.FPDFAnnot_GetFormFieldName, field, form).rpartition(".")[2]
        name = re.sub(r"\[\d+\]$|(?<=[a-z])(?=[A-Z])|_+", " ", name).strip()
    name = "" if _SAYS_NOTHING.fullmatch(name) else name
    if raw.FPDFAnnot_GetFormFieldType(form, field) == raw.FPDF_FORMFIELD_RADIOBUTTON:
        name = ": ".join(filter(None, [name, _of(raw.FPDFAnnot_GetFormFieldExportValue, field, form)]))
    return " ".join(name.split())


def _of(get: Any, field: Any, form: Any) -> str:
    return wide(lambda buffer, size: get(form, field, buffer, size))
