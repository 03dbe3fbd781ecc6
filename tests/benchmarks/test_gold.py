"""The questions on Debian's manuals and on the sample: enough of each kind, each asked once, each with what answers it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.corpora import CORPORA
from rag.evaluate.questions import Asked, load_questions

ROOT = Path(__file__).parents[2]
REFUSAL = sorted((ROOT / "benchmarks" / "gold").glob("refusal-*.jsonl"))
OF_NO_CORPUS = ("answers.jsonl", "reworded.jsonl", "statements.jsonl", "roles.jsonl", "languages.jsonl", "judged.jsonl", "turns.jsonl")
OTHER = {ROOT / "benchmarks" / "gold" / name for name in OF_NO_CORPUS}
GOLD = sorted(set((ROOT / "benchmarks" / "gold").glob("*.jsonl")) - set(REFUSAL) - OTHER)
SAMPLE = ROOT / "data" / "gold" / "sample.jsonl"


def name_of(path: Path) -> str:
    return path.stem


def corpus_of(path: Path) -> str:
    return path.stem.removeprefix("refusal-")


def plain(question: str) -> str:
    return " ".join("".join(sign if sign.isalnum() else " " for sign in question.casefold()).split())


def fields_of(asked: Asked) -> tuple[str, ...]:
    [fields] = {tuple(sorted(need)) for need in asked.relevant}  # all text or all pictures
    assert fields == ("image",) or (fields == ("source", "text") and asked.keywords), asked.id
    return fields


def test_each_corpus_has_its_questions():
    assert [path.stem for path in GOLD] == sorted(CORPORA)
    assert {corpus_of(path) for path in REFUSAL} == {"sample", *CORPORA}


@pytest.mark.parametrize("path", GOLD, ids=name_of)
def test_gold(path):
    asked = load_questions(path)  # refuses a doubled id and what does not parse
    assert len({each.question for each in asked}) == len(asked)
    kinds: Counter[str] = Counter()
    for each in asked:
        if not each.answerable:
            assert not each.relevant and not each.keywords, each.id
            kinds["unanswerable"] += 1
            continue
        kinds["image" if fields_of(each) == ("image",) else "text"] += 1
        kinds["follow-up"] += bool(each.history)
    assert len(asked) >= 80 and kinds["text"] >= 40 and kinds["image"] >= 18
    assert kinds["unanswerable"] >= 20 and kinds["follow-up"] >= 2


@pytest.mark.parametrize("path", REFUSAL, ids=name_of)
def test_questions_for_the_refusal(path):
    asked = load_questions(path)
    grades = Counter(each.row["grade"] for each in asked)
    assert grades == {"outside": 20, "beside": 25, "near": 25, "answerable": 30}
    for each in asked:
        assert each.answerable is (each.row["grade"] == "answerable"), each.id
        if each.answerable:
            fields_of(each)
        else:
            assert not each.relevant and not each.keywords, each.id
    corpus = corpus_of(path)
    older = load_questions(SAMPLE if corpus == "sample" else path.with_name(f"{corpus}.jsonl"))
    assert not {each.id for each in asked} & {each.id for each in older}
    questions = [plain(each.question) for each in asked]
    assert len(set(questions)) == len(questions)
    assert not set(questions) & {plain(each.question) for each in older}


@pytest.mark.parametrize("path", REFUSAL, ids=name_of)
def test_the_form_of_a_question_does_not_tell_whether_it_has_an_answer(path):
    """Each grade has questions of every form: with and without a question mark, to be told yes or no, asking how, of six words or fewer."""
    forms: dict[str, Counter[str]] = {}
    for each in load_questions(path):
        counts = forms.setdefault(each.row["grade"], Counter())
        first = plain(each.question).split()[0]
        counts["keywords"] += not each.question.endswith("?")
        counts["yes or no"] += first in {"is", "are", "was", "were", "do", "does", "did", "can", "should", "must", "has", "have", "will"}
        counts["how"] += first == "how"
        counts["short"] += len(each.question.split()) <= 6
    for grade, counts in forms.items():
        assert all(counts[form] >= 3 for form in ("keywords", "yes or no", "how", "short")), (grade, counts)


def test_turns_of_a_conversation():
    asked = load_questions(ROOT / "benchmarks" / "gold" / "turns.jsonl")
    kinds = Counter((each.row["part"], each.row["kind"] == "alone") for each in asked)
    assert kinds == {("development", False): 35, ("test", False): 36, ("development", True): 10, ("test", True): 10}
    for each in asked:
        assert fields_of(each) and each.row["before"] and each.row["corpus"] in {"sample", *CORPORA}, each.id
        assert (each.row["kind"] == "third") == (len(each.row["before"]) == 2), each.id
