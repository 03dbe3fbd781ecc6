"""Records of labels and values, in pages, Word, Markdown and PDF as in plain text."""

import pytest

from tests.ingest.packed import docx
from tests.ingest.pages import Page, write_pdf
from tests.ingest.readers.docx.markup import para

BIRDS = [["Name: Grey Plover", "Length: 28 cm", "Season: winter"], ["Name: Red Knot", "Length: 24 cm", "Season: autumn"]]
TOLD = [(line, bird[0].removeprefix("Name: ")) for bird in BIRDS for line in bird]


def word(tmp_path):
    return docx("".join(para(line) for bird in BIRDS for line in bird))


def page(tmp_path):
    return "".join(f"<p>{'<br>'.join(bird)}</p>" for bird in BIRDS)


def markdown(tmp_path):
    return "\n\n".join("  \n".join(bird) for bird in BIRDS)


def soft(tmp_path):
    return "\n\n".join("\n".join("**" + line.replace(":", ":**") for line in bird) for bird in BIRDS)


def pdf(tmp_path):
    lines = [(72, 100 + 50 * n + 13 * at, 10, line) for n, bird in enumerate(BIRDS) for at, line in enumerate(bird)]
    return write_pdf(tmp_path / "made.pdf", Page(lines)).read_bytes()


@pytest.mark.parametrize(("name", "made"), [("a.docx", word), ("a.html", page), ("a.md", markdown), ("b.md", soft), ("a.pdf", pdf)])
def test_every_line_of_a_record_stands_under_its_name(blocks, tmp_path, name, made):
    found, _ = blocks(name, made(tmp_path))
    assert [(each.text, each.locator.heading) for each in found] == TOLD


def test_people_who_talk_and_single_labels_are_no_records(blocks):
    talk = ["Ada: Is the lamp lit?", "Tom: It is, since six.", "Ada: Then we sail.", "Tom: We do."]
    found, _ = blocks("a.html", "<h1>On the quay</h1>" + "".join(f"<p>{line}</p>" for line in [*talk, "Note: bring oil."]))
    assert [(each.text, each.locator.heading) for each in found] == [(line, "On the quay") for line in [*talk, "Note: bring oil."]]


def test_records_without_blank_lines_between_are_parted_where_the_first_label_comes_again(blocks):
    found, _ = blocks("a.txt", "\n".join(line for bird in BIRDS for line in bird))
    assert [(each.text, each.locator.heading, each.locator.line) for each in found] == [(*told, n) for n, told in enumerate(TOLD, 1)]


def test_a_line_of_a_record_may_go_on(blocks, tmp_path):
    lines = ["Route: Alder to Birch", "Fare: 6 crowns", "Boat: Swift", "Remarks: no bicycles are taken on", "this route before eight."]
    write_pdf(tmp_path / "a.pdf", Page([(72, 100 + 13 * n, 10, line) for n, line in enumerate(lines)]))
    found, _ = blocks("a.pdf")
    assert [each.text for each in found] == [*lines[:3], f"{lines[3]} {lines[4]}"]


def test_a_form_in_a_table_has_no_head(blocks):
    rows = [["Vessel:", "Ardent", "Year:", "1921"], ["Owner:", "M. Pratt", "Tonnage:", "48"]]
    table = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    ((form,), _) = blocks("a.html", f"<h1>Survey</h1><table>{table}</table>")
    assert form.text.split("\n")[::2] == ["|  |  |  |  |", "| Vessel: | Ardent | Year: | 1921 |"]
    assert form.text.endswith("| Owner: | M. Pratt | Tonnage: | 48 |")
