"""rag/language/pointers.py: pages, figures and sections that a question names by number."""

from __future__ import annotations

import pytest

from rag.language.pointers import LAST, Pointers, is_section, pointers, says_label


@pytest.mark.parametrize(
    "question, found",
    {
        "What does the chart on page 5 show?": Pointers(pages=(5,)),
        "What is on pages 10 and 12?": Pointers(pages=(10, 12)),
        "Sum up pages 3 to 6.": Pointers(pages=(3, 4, 5, 6)),
        "Who is shown on page three?": Pointers(pages=(3,)),
        "Whose name is on the third slide?": Pointers(pages=(3,)),
        "What stands on the last page?": Pointers(pages=(LAST,)),
        "Which ship is on the cover page?": Pointers(pages=(1,)),
        "What does Fig. 12 show?": Pointers(labels=(("figure", "12"),)),
        "Compare Table 4.2 with figure 3.": Pointers(labels=(("table", "4.2"), ("figure", "3"))),
        "What is drawn in the first figure?": Pointers(labels=(("figure", "1"),)),
        "What does section 2.3 demand?": Pointers(sections=("2.3",)),
        "What is in Appendix B?": Pointers(sections=("B",)),
        "What is the date of this report?": Pointers(pages=(1,)),
        "Which society published the booklet?": Pointers(pages=(1,)),
        "Who published the news of the wreck?": Pointers(),
        "How many pages has the log?": Pointers(),
        "Which step comes first?": Pointers(),
        "Is 5 % of the table painted?": Pointers(),
        "Take note a lamp is lit.": Pointers(),
    }.items(),
)
def test_what_a_question_points_to(question, found):
    assert pointers(question) == found


def test_no_question_points_to_a_thousand_pages():
    assert len(pointers("Sum up pages 1 to 99999.").pages) == 40


def test_a_caption_says_its_label_and_another_text_mentions_it():
    assert says_label("Figure 3: The lamp.", "figure", "3") == 1.0
    assert says_label("The lamp.\n**Fig. 3** The lamp at night.", "figure", "3") == 1.0
    assert 0 < says_label("The lamp stands as figure 3 shows.", "figure", "3") < 1
    assert says_label("Figure 31: The lamp. Figure 3.2: The stair.", "figure", "3") == 0


def test_headings_of_a_section():
    assert is_section("2.3 Wiring", "2.3")
    assert is_section("Section 2.3. Wiring", "2.3")
    assert is_section("Item 7A. Risks", "7A")
    assert not is_section("2.31 Lamps", "2.3")
    assert not is_section("12.3 Lamps", "2.3")
