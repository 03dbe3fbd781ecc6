"""rag/language/detect.py: which language a question is in; foreign names do not make an English one foreign."""

from __future__ import annotations

import pytest

from rag.language.detect import known, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What is the height of the northern tower?", "en"),
        ("Where do the keepers of Skerrin Head sleep?", "en"),
        ("Wie viele Stufen hat der Turm?", "de"),
        ("Combien de marches la tour a-t-elle ?", "fr"),
        ("¿Cuántos escalones tiene la torre?", "es"),
        ("Hoeveel treden heeft de toren?", "nl"),
        ("Сколько ступеней в башне?", "ru"),
        ("塔楼有多少级台阶?", "zh"),
        ("塔には何段の階段がありますか?", "ja"),
        ("מתי נבנה המגדל הצפוני?", "he"),
        ("Πότε χτίστηκε ο βόρειος πύργος;", "el"),
        ("1921", ""),
        ("", ""),
        ("?!", ""),
    ],
)
def test_language_of(text, language):
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "Who was Jürgen Großmann?",
        "Where is the Rue de la Paix?",
        "When did Ángel Núñez leave?",
        "Who runs the Gemeinnützige Gesellschaft?",
        "What is in jahresbericht-2023.pdf?",
        "What does 灯塔 mean?",
        "And under Windows?",
        "Jane Doe",
        "Tobias Wrenfield",
        "Port 8080",
        "receipt.md",
        "total net sales",
    ],
)
def test_foreign_names_and_bare_words_are_not_taken_for_a_foreign_language(text):
    assert known(text)


@pytest.mark.parametrize("text", ["Wann wurde der Turm gebaut?", "Quand la tour a-t-elle été construite ?", "这座塔是什么时候建的?"])
def test_rules_do_not_know_other_languages(text):
    assert not known(text)
