"""rag/answer/quote.py and rag/retrieve/stored.py: which sentences answer a question, by what is stored of their passages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rag.answer.evidence import Evidence
from rag.answer.quote import CANDIDATES, QUOTED, WORDS, answering, quotes
from rag.language.question import Part, understood
from rag.records import Hit, Locator, Routes
from rag.retrieve.rerank import content
from rag.retrieve.stored import StoredTokens


class Counting:
    """The library's encoder, which notes what it encodes."""

    def __init__(self, encoder):
        self._encoder = encoder
        self.encoded: list[str] = []

    def __getattr__(self, name):
        return getattr(self._encoder, name)

    def encode_passages(self, texts):
        self.encoded += texts
        return self._encoder.encode_passages(texts)

    def encode_both(self, texts):
        self.encoded += texts
        return self._encoder.encode_both(texts)

    def encode_query_tokens(self, texts):
        self.encoded += texts
        return self._encoder.encode_query_tokens(texts)

    def encode_passage_tokens(self, texts):
        self.encoded += texts
        return self._encoder.encode_passage_tokens(texts)


@pytest.fixture
def encoder(library):
    return Counting(library.encoders.text)


def passage(text: str, rank: int = 1, heading: str | None = None) -> Hit:
    return Hit(rank, 1.0 / rank, "text", f"{rank}.md", None, None, Locator(heading=heading), text, None, (), Routes(), evidence=text)


def quoted(encoder, question: str, *texts: str) -> list[str]:
    hits = [passage(text, rank) for rank, text in enumerate(texts, 1)]
    return [each.sentence for each in quotes(Part.of(question), Evidence(hits, encoder))]


def test_a_sentence_that_goes_on_about_the_thing_asked_about_weighs_more(encoder):
    raised = "It was raised in 1799 by Ellis Pomfret."
    weights = {}
    for before in ("The stone pyramid stands on the cliff.", "Bread was dear all winter."):
        evidence = Evidence([passage(f"{before} {raised} It has never been painted.")], encoder)
        weights[before] = next(
            each.score for each in answering(Part.of("Who put up the stone pyramid?"), evidence) if each.sentence == raised
        )
    after_its_name, after_another = weights.values()
    assert after_its_name > after_another + 0.05


def test_what_only_names_the_thing_takes_along_what_is_told_of_it(encoder):
    told = "Pellan Point had a bell. It weighs 640 kilograms and was struck by a clockwork hammer. Quillon Spit has a horn."
    assert quoted(encoder, "How does the bell at Pellan Point work?", told)[0].endswith("struck by a clockwork hammer.")


def test_sentences_that_follow_each_other_are_one_quote(encoder):
    told = "The beacon was raised in 1799. The beacon was painted in 1803. Bread was dear. The beacon was sold in 1911."
    found = quoted(encoder, "When was the beacon raised, painted and sold?", told)
    assert "The beacon was raised in 1799. The beacon was painted in 1803." in found[0] and len(found) <= 2


def test_of_one_passage_what_answers_best_is_quoted_first(encoder):
    told = "For the kiln you also need:\n\n1. tongs\n2. a visor\n3. gloves of leather\n\nSandals and scarves are forbidden at the kiln."
    found = quoted(encoder, "What is forbidden at the kiln?", told)
    assert found[0] == "Sandals and scarves are forbidden at the kiln." and any("tongs" in each for each in found[1:])


def test_a_head_at_the_beginning_of_an_item_is_no_quote_by_itself(encoder):
    told = (
        "1. Kiln. The kiln was relined by Bodil Frey for 900 crowns. Nobody was hurt.\n2. Clay. The clay of the lower pit is used up.\n"
        "3. Kiln hours. Next year will tell."
    )
    found = quoted(encoder, "Who relined the kiln?", told)
    assert found[0] == "1. Kiln. The kiln was relined by Bodil Frey for 900 crowns."
    assert not {"1. Kiln.", "2. Clay.", "3. Kiln hours."} & set(found)


def test_what_only_directs_a_letter_is_quoted_where_that_is_asked(encoder):
    told = "From: Marit Oxley\nTo: Henrik Vollan\nSubject: Bill\n\nDear Mr Vollan,\n\nThe bill for the oars comes to 90 crowns."
    assert quoted(encoder, "How much does Mr Vollan owe for the oars?", told) == ["The bill for the oars comes to 90 crowns."]
    assert any("To: Henrik Vollan" in each for each in quoted(encoder, "Who was the letter sent to?", told))


def test_of_a_recording_a_quote_begins_where_it_answers_best(encoder):
    kept, feed = "The keepers kept two goats.", "They feed the goats with seaweed and bread."
    hit = passage(f"{kept}\n{feed}\nThe goats were called Salt and Pepper.")
    spoken = replace(hit, locator=Locator(time=(10.6, 20.2), said=((10.6, 13.2), (13.7, 16.5), (17.0, 20.2))))
    for each, begins in ((hit, kept), (spoken, feed)):
        found = quotes(Part.of("How do keepers feed the goats?"), Evidence([each], encoder))
        telling = found[0]
        assert feed in telling.sentence and telling.sentence.startswith(begins) and telling.sentence.endswith("Pepper.")
        assert each.where(telling.sentence).moment == ("0:13" if each is spoken else "")


def test_what_follows_an_introduction_is_quoted(encoder):
    told = "To extend the home volume to 30GiB you use these commands:\n\nlvextend -L30G /dev/vg/home0 now\n\nMice are not supported."
    assert "lvextend -L30G /dev/vg/home0 now" in " ".join(quoted(encoder, "How do I extend the home volume?", told))


def test_a_sentence_with_a_figure_comes_first_where_one_is_asked_for(encoder):
    hits = [passage("The bell in the yard weighs a lot, they say. The bell in the yard weighs 640 kilograms, they say.")]
    best = {
        question: answering(Part.of(question), Evidence(hits, encoder))[0].sentence
        for question in ("How much does the bell in the yard weigh, as they say?", "Does the bell in the yard weigh a lot, as they say?")
    }
    assert ["640" in sentence for sentence in best.values()] == [True, False]


TABLE = "| Rank | Pay in a year |\n|---|---|\n| First assistant | 74 crowns |\n| Second assistant | 58 crowns |"


def test_rows_that_follow_each_other_are_one_quote_under_their_head(encoder):
    evidence = Evidence([passage(TABLE)], encoder)
    [quote] = quotes(Part.of("What was the pay of a second assistant?"), evidence)
    assert quote.head is not None and quote.head.text == "| Rank | Pay in a year |"
    assert [each.text for each in quote.statements] == ["| First assistant | 74 crowns |", "| Second assistant | 58 crowns |"]


@pytest.mark.parametrize("rank", ["First", "Second"])
def test_of_two_rows_the_one_that_is_asked_for_weighs_more(encoder, rank):
    first, second = answering(Part.of(f"What was the pay of a {rank.lower()} assistant?"), Evidence([passage(TABLE)], encoder))
    assert first.sentence.startswith(f"| {rank} assistant |") and first.score > second.score


def test_a_reason_is_told_by_prose_before_rows(encoder):
    told = (
        "| Plan | For |\n|---|---|\n| Glass roof for the north wing | 23 |\n\nThe north wing is left as it is, since its beams are rotten."
    )
    assert "beams are rotten" in quoted(encoder, "Why does the north wing get no glass roof?", told)[0]


def test_steps_within_a_paragraph_are_a_list(encoder):
    told = "The loom is set like this: 1. Wind the warp. 2. Thread the heddles. 3. Tie on. It takes a day.\n\nMice like wool."
    [quote] = [each for each in quoted(encoder, "How do I set the loom?", told) if "loom" in each]
    assert quote.startswith("The loom is set like this: 1. Wind the warp. 2. Thread the heddles. 3. Tie on.")


def test_items_stand_apart_in_one_quote(encoder):
    listed = "The dues of the quay are these:\n\n- A boat under sail pays 4 crowns.\n- A steamer pays 9 crowns."
    [quote] = quotes(Part.of("What are the dues of the quay?"), Evidence([passage(listed)], encoder))
    assert [each.kind for each in quote.statements] == ["prose", "item", "item"]
    assert quote.statements[2].text == "- A steamer pays 9 crowns."


def test_what_is_quoted_is_short(encoder):
    long = " ".join(f"The light number {n} of the coast was lit by its keeper every evening at the hour of sunset." for n in range(30))
    found = quoted(encoder, "When was the light lit by its keeper?", long, long.replace("light", "lamp"))
    assert 20 < sum(len(each.split()) for each in found) <= WORDS and len(found) <= QUOTED


def test_one_sentence_that_is_all_is_quoted_however_long(encoder):
    told = " ".join(["bell"] * 200)
    assert quoted(encoder, "bell", told) == [told]


def test_a_page_of_text_is_not_quoted_where_a_sentence_says_it(encoder):
    page = f"Text in the picture: the trace width calculator {' '.join(f'value {n}' for n in range(100))}"
    assert quoted(encoder, "What is the trace width calculator based on?", f"{page}\n\nThe trace width calculator uses IPC-2221.") == [
        "The trace width calculator uses IPC-2221."
    ]


def test_a_sign_read_in_a_drawing_tells_nothing(encoder):
    assert quoted(encoder, "What is this?", "Text in the picture: ●", "Text in the picture: 金", "The apple tree stands by the barn.") == [
        "The apple tree stands by the barn."
    ]


def test_without_words_there_is_still_a_quote(encoder):
    assert quoted(encoder, "", "The light was lit in 1792.") == ["The light was lit in 1792."]
    assert quoted(encoder, "bell") == []


def test_every_quote_stands_in_its_hit(library):
    found = library.search("When was the light at Hollin Point built, and what became of the oil?")
    evidence = Evidence(found.hits, library.encoders.text)
    found_quotes = [each for part in understood(found.query).parts for each in quotes(part, evidence)]
    assert found_quotes
    for each in found_quotes:
        assert each.sentence in " ".join(each.hit.text.split())


def test_the_stored_vectors_of_a_passage_are_those_of_its_tokens(library):
    hit = next(hit for hit in library.search("Marta Quill built the light at Hollin Point") if "Marta Quill" in hit.own)
    [own, *_] = StoredTokens(library.catalog, library.tokens, library.encoders.text).passages([hit])[hit.rank]
    [fresh] = library.encoders.text.encode_passage_tokens(["Quill"])
    at = own.text.index("Quill")
    assert own.of("Quill").shape[0] == len(fresh.vectors) and at in own.starts
    assert own.of("no such sentence") is None
    whole = own.of(own.text)
    assert whole.shape == (len(own.starts), library.encoders.text.dimension)
    assert len(content(own.text, library.encoders.text.encode_passage_tokens([own.text])[0])) == len(whole)


def test_what_is_stored_spares_encoding_and_finds_the_same(library, encoder):
    question = "When did the oil for the lamp at Ness Head run out?"
    hits = library.search(question).hits
    stored = Evidence(hits, encoder, StoredTokens(library.catalog, library.tokens, library.encoders.text))
    found = answering(Part.of(question), stored)
    assert len(encoder.encoded) <= 2 * CANDIDATES + 2, "the question twice, and each of the best alone and under its heading"
    assert "ran out" in found[0].sentence
    fresh = Evidence(hits, library.encoders.text)
    told = [len(sentence.split()) > 4 for _, sentence in fresh.told]
    assert np.corrcoef(stored.matches(question)[told].ravel(), fresh.matches(question)[told].ravel())[0, 1] > 0.75
    assert answering(Part.of(question), fresh)[0].sentence == found[0].sentence


def test_a_passage_that_was_taken_out_meanwhile_is_encoded(library, encoder):
    hits = [passage("The bell was cast in 1842."), passage("The bell is green.", 2)]
    evidence = Evidence(hits, encoder, StoredTokens(library.catalog, library.tokens, library.encoders.text))
    assert answering(Part.of("When was the bell cast?"), evidence)[0].sentence == "The bell was cast in 1842."


def test_where_a_sentence_says_all_that_is_asked_little_else_is_quoted(encoder):
    text = "The architect of the tower was Tobias Wrenfield. The tower has walls of granite. The tower took three years to build."
    assert " ".join(quoted(encoder, "Who was the architect of the tower?", text)) == "The architect of the tower was Tobias Wrenfield."
    assert len(" ".join(quoted(encoder, "Why was the tower built of granite?", text)).split(". ")) > 1
