"""Misspelt words of a question, matched to words that the library has."""

from __future__ import annotations

from rag.language.question import Question
from rag.language.words import meaning
from rag.retrieve.routes import scores_of_words
from rag.retrieve.search import Searcher

SHORTEST = 5  # letters: of fewer, too many words are one letter apart
LONG_NAME = 7  # letters: shorter names are too often other names
ALIKE = 83  # of 100, by edits: one in six letters, two in twelve
LOOKED_UP = 24  # words of a question


def respelled(question: Question, searcher: Searcher) -> Question:
    """The question with each word that no document has put as the word that it is a slip of, where there is one.

    A word that the encoder knows as one is right as it stands ("painter" is no slip of "printer"), and so is one with a capital inside or a
    digit. Raises StoreError.
    """
    tokenizer = searcher.encoders.text.tokenizer

    def doubtful(word: str) -> bool:
        if len(word) < (LONG_NAME if word[0].isupper() else SHORTEST) or not word.isalpha() or not word[1:].islower():
            return False
        return all(tokenizer.token_to_id(form) is None for form in (word.lower(), f"▁{word.lower()}", f"Ġ{word.lower()}"))

    met = scores_of_words(
        [word for word in dict.fromkeys(meaning(question.whole)[:LOOKED_UP]) if doubtful(word)], searcher.store, searcher.catalog, None
    )
    put = {word: right for word, score in met.items() if score is None and (right := _nearest(word, searcher))}
    if not put:
        return question
    whole = question.whole
    for word, right in put.items():
        whole = whole.replace(word, right.capitalize() if word[0].isupper() else right)
    return question.made_whole(whole)


def _nearest(word: str, searcher: Searcher) -> str | None:
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    held = [other for other in searcher.catalog.words() if other[0] == word[0].lower() and abs(len(other) - len(word)) <= 2]
    found = process.extractOne(word.lower(), held, scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=ALIKE / 100)
    return found[0] if found else None
