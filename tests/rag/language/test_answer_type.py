"""rag/language/answer_type.py: what a question asks for by its form, and whether a sentence has it."""

import pytest

from rag.language.answer_type import holds, wanted


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How much did the lens of Skerrin Head cost?", "money"),
        ("What does a support contract cost per year?", "money"),
        ("What is the monthly price of the contract?", "money"),
        ("price of a ticket", "money"),
        ("When was the tower built?", "time"),
        ("And since when is it open?", "time"),
        ("In which year was Ismay Corrigan born?", "time"),
        ("Do you know when the ferry leaves?", "time"),
        ("How many seals live on Candle Rock?", "number"),
        ("How deep is the water?", "number"),
        ("number of batteries at Halverick Low", "number"),
        ("What focal length does it have?", "number"),
        ("How old is the mare?", "age"),
        ("At what age may one row?", "age"),
        ("What is the phone number of the miller?", "telephone"),
        ("Which number do I call at night?", "telephone"),
        ("What number of phones is in use?", "number"),
        ("Has the miller an e-mail address?", "mail"),
        ("Who gets an e-mail about the address of the mill?", "person"),
        ("How must the export look when I create many accounts?", None),
        ("How do I set the delay between the frames?", None),
        ("Who painted it?", "person"),
        ("What is the name of the keeper?", "person"),
        ("Which artist drew the chart?", "person"),
        ("What did the keeper draw?", None),
        ("Show me the tower", None),
        ("tower", None),
    ],
)
def test_what_a_question_wants(question, kind):
    assert wanted(question) == kind


@pytest.mark.parametrize(
    ("kind", "sentence", "held"),
    [
        ("money", "Adults pay 9 crowns.", True),
        ("money", "Entry is free.", True),
        ("money", "It took €40 and a week.", True),
        ("money", "It takes thirty-two passengers.", False),
        ("time", "It was lit on 30 May 1873.", True),
        ("time", "The boat leaves at 9:15.", True),
        ("time", "It opens after the Whitsun holidays.", True),
        ("time", "The tower has 187 steps.", False),
        ("number", "Nine people work there.", True),
        ("number", "The tower has 187 steps.", True),
        ("number", "The yard employs people and a dog.", False),
        ("person", "It was drawn by Quill.", True),
        ("person", "they drew it by the lamp.", False),
        ("age", "She was foaled in 2014, and has white feet.", True),
        ("age", "Whoever is over 16 may row.", True),
        ("age", "The mare is nine years old.", True),
        ("age", "The mare kept 12 visitors under her eyes, for 40 crowns.", False),
        ("telephone", "Ring 0164 22871 after dark.", True),
        ("telephone", "In an emergency dial 112.", True),
        ("telephone", "In 2014 the mill ground 4,500 sacks.", False),
        ("mail", "Write to mill@example.org.", True),
        ("mail", "She sent an e-mail to the mill.", False),
        (None, "The yard employs people and a dog.", True),
    ],
)
def test_what_a_sentence_holds(kind, sentence, held):
    assert holds(kind, sentence) is held
