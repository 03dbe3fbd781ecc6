"""Whether a text says the opposite of a statement: by a negation that one of them has, or by a word in place of its contrary.

Both are told from the words near each other, clause by clause. What is swapped without another word ("A struck B" for "B struck A") is told
in `roles.py`; what is put into words that neither negate nor stand in the table of contraries is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.language.stems import akin, stem
from rag.language.words import FUNCTION_WORDS

# Fitted on the development part of benchmarks/gold/statements.jsonl by benchmarks/verifying.py: 2 to 4, and 0 to 2, move no figure by more
# than half a point.
REACH = 3  # content words that a negation bears on
NEARLY = 1  # shared words fewer than the clause that is most alike has: still the same matter

_SAME = [  # what negates nothing, and what is one in several wordings
    (
        r"\bnot (?:only|just|merely|simply|solely)\b|\bno doubt\b|\bno matter\b|\bnone other than\b|\bwhether or not\b|\bnot to mention\b",
        " ",
    ),
    (r"\bno\.?\s*(?=\d)", " "),
    (r"\b(?:no|not) (?:more|later|larger|bigger|greater|higher|longer|heavier) than\b|\bat (?:the )?most\b|\bup to\b", " atmost "),
    (r"\b(?:no|not) (?:less|fewer|earlier|smaller|lower|shorter|sooner) than\b|\bat (?:the )?least\b", " atleast "),
    (r"\bnothing (?:but|more than)\b|\bnot (?:until|unless|before)\b|\bcannot but\b", " only "),
    (r"\b(?:instead of|rather than|in place of|as opposed to)\b", " , not "),
    (r"\b(?:at all|nothing at all)\b", " "),
    (r"\bno longer\b|\bnot any ?more\b|\bnot yet\b", " not "),
    (r"\b(?:fail|fails|failed|failing|unable|refuse|refuses|refused|refusing) to\b", " not "),
    (r"\bturn(s|ed|ing)?\b((?: [\w'-]+){0,4}?) (on|off)\b", r" turn\1 turned\3 \2 "),
    (r"\bswitch(es|ed|ing)?\b((?: [\w'-]+){0,4}?) (on|off)\b", r" switch\1 turned\3 \2 "),
]
_IDIOMS = [(re.compile(pattern, re.IGNORECASE), put) for pattern, put in _SAME]
_TWICE = re.compile(  # no ... without, not possible without: that it is so only with it
    r"\b(?:not?|never|cannot|nobody|none|can't|\w+n't)\b.*\b(?:without|unless|except)\b|"
    r"\bwithout\b.*\b(?:not (?:possible|allowed|permitted)|impossible|forbidden)\b",
    re.IGNORECASE,
)
_NEGATORS = frozenset(
    "not no never neither nor none nobody nothing nowhere cannot without hardly scarcely lack lacks lacked lacking".split()
)
_REFUSING = frozenset(
    """drop drops dropped dropping forbid forbids forbidden prohibit prohibits prohibited ban bans banned prevent prevents prevented
    preventing avoid avoids avoided avoiding block blocks blocked cease ceases ceased discontinue discontinued abandon abandoned exclude
    excludes excluded""".split()
)
_TELLING = _REFUSING | frozenset("only instead rather except unable alone impossible absence absent missing lost".split())
_PREPOSITIONS = frozenset(
    """in on at of for from with by to during after before among between under over above below into through within inside outside against
    toward towards across along around about as than until since via using""".split()
)
_PASSED = frozenset("very so too quite really actually ever even yet still any such been be being have has had do does did".split())
_BREAK = re.compile(
    r"[,;:()|–—]|\b(?:but|because|although|though|whereas|while|if|when|whether|who|which|so that|and|or|however|yet|where)\b",
    re.IGNORECASE,
)
_CONDITIONS = frozenset({"if", "whether"})
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_NOT_UN = frozenset("under until unless unit united union unique universe universal unto uncle uniform understand".split())

_PAIRS = """
before:after until:since earlier:later early:late first:last
begin,begins,began,start,starts,started:end,ends,ended,stop,stops,stopped,finish,finished
more:less,fewer most:least atmost,maximum,maximal:atleast,minimum,minimal
larger,bigger,greater:smaller largest,biggest,greatest:smallest
higher:lower high:low highest:lowest upper:lower top:bottom above:below longer:shorter long:short longest:shortest
wide,wider,broad,broader:narrow,narrower thick,thicker:thin,thinner deep,deeper:shallow,shallower heavier:lighter heaviest:lightest
older:newer,younger oldest:newest,youngest old:new
increase,increases,increased,increasing,rise,rises,rose,risen,grew:decrease,decreases,decreased,decreasing,reduce,reduced,\
fall,falls,fell,fallen,drop,dropped,shrank
enable,enables,enabled,enabling:disable,disables,disabled,disabling
allow,allows,allowed,permitted:forbid,forbids,forbidden,prohibited
accept,accepts,accepted:reject,rejects,rejected,refused include,includes,included,including:exclude,excludes,excluded,excluding
add,adds,added,adding:remove,removes,removed,removing bought,buy,buys:sold,sell,sells \
win,won,wins,keep,keeps,kept,got,received,gained:lose,lost,loses
success,succeeded:failure,failed open,opened:closed,shut opens:closes turnedon:turnedoff locked:unlocked
import,imported,imports:export,exported,exports
possible:impossible valid:invalid correct,right:incorrect,wrong visible:invisible complete:incomplete active:inactive
compatible:incompatible
legal:illegal dependent:independent direct:indirect secure:insecure sufficient:insufficient required,mandatory,obligatory:optional
automatically,automatic:manually,manual major:minor public:private internal:external inside:outside indoors:outdoors positive:negative
north,northern,northward:south,southern,southward east,eastern,eastward:west,western,westward left:right port:starboard front:rear,back
cheaper,cheapest:dearer,costlier faster,fastest:slower,slowest hotter,warmer:colder,cooler wet:dry full:empty true:false same:different
ashore:aboard alive:dead male:female always:never,sometimes morning:evening summer:winter spring:autumn
arrive,arrives,arrived:leave,leaves,left,departs,departed
best:worst better:worse near,nearest:far,farthest solid:hollow solved:unsolved temporary,temporarily:permanent,permanently
input:output ascending:descending
"""
_CONTRARY: dict[str, frozenset[str]] = {}
for _pair in _PAIRS.split():
    _one, _other = (frozenset(side.split(",")) for side in _pair.split(":"))
    _CONTRARY |= {_word: _CONTRARY.get(_word, frozenset()) | _other for _word in _one}
    _CONTRARY |= {_word: _CONTRARY.get(_word, frozenset()) | _one for _word in _other}


@dataclass(frozen=True)
class Clause:
    """The content words of a clause with what is negated of them; `condition` where it begins with "if" and the like."""

    words: tuple[str, ...]
    open: tuple[str, ...]  # those before the first negation
    negated: tuple[tuple[str, ...], ...]  # the words that each negation bears on
    telling: bool  # it has a negation, or a word that may stand for one
    condition: bool
    plain: str


def opposite(statement: str, told: str) -> str | None:
    """In what words `told` says the opposite of `statement`; None where it does not, as far as words tell."""
    stated, held = clauses(statement), clauses(told)
    return _negation(stated, held) or _contrary(stated, held)


def denied(statement: str, told: str) -> str | None:
    """What a statement affirms and `told` negates."""
    return _against(clauses(statement), clauses(told))


@lru_cache(maxsize=2048)
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of a sentence."""
    for pattern, put in _IDIOMS:
        text = pattern.sub(put, text)
    found, start, condition = [], 0, False
    for match in [*_BREAK.finditer(text), None]:
        piece = text[start : match.start() if match else len(text)]
        if _WORD.search(piece):
            found.append(_clause(piece, condition))
            condition = False
        if match:
            start, condition = match.end(), match.group().lower() in _CONDITIONS
    return tuple(found)


def _clause(piece: str, condition: bool) -> Clause:
    tokens = [token.lower().replace("’", "'") for token in _WORD.findall(piece)]
    twice = _TWICE.search(piece) is not None
    words: list[str] = []
    open_: list[str] = []
    negated: list[tuple[str, ...]] = []
    telling = twice
    for at, token in enumerate(tokens):
        if _negates(token):
            telling = True
            if not twice:
                negated.append(_reach(tokens[at + 1 :]))
        elif token in _TELLING:
            telling = True
            if token in _REFUSING:
                words.append(token)
                negated.append(_reach(tokens[at + 1 :]))
        elif _has_meaning(token):
            words.append(stem(token))
            if not negated or token in _REFUSING:
                open_.append(stem(token))
    return Clause(tuple(words), tuple(open_), tuple(each for each in negated if each), telling, condition, piece)


def _negates(token: str) -> bool:
    return token in _NEGATORS or token.endswith("n't")


def _has_meaning(token: str) -> bool:
    return token not in FUNCTION_WORDS and token not in _PASSED and token not in _PREPOSITIONS


def _reach(after: list[str]) -> tuple[str, ...]:
    """The first content words behind a negation, up to a preposition that follows one of them or to the next negation."""
    found: list[str] = []
    for token in after:
        if _negates(token) or len(found) == REACH or (found and token in _PREPOSITIONS and token not in ("to", "of")):
            break
        if _has_meaning(token):
            found.append(stem(token))
    return tuple(found)


def _negation(stated: tuple[Clause, ...], held: tuple[Clause, ...]) -> str | None:
    for clause in stated:
        for reach in clause.negated:
            if not _denied(reach, clause, held):
                return "not " + " ".join(reach)
    return _against(stated, held)


def _against(stated: tuple[Clause, ...], held: tuple[Clause, ...]) -> str | None:
    for other in held:
        for reach in other.negated:
            for clause in stated:
                if _affirmed(reach, other, clause, stated, held):
                    return "not " + " ".join(reach)
    return None


def _denied(reach: tuple[str, ...], clause: Clause, held: tuple[Clause, ...]) -> bool:
    """Whether what a statement negates is negated in the text too, or at least not affirmed where something is."""
    if any(all(_shares([word], each) for word in reach) for other in held for each in other.negated):
        return True
    if any(_reversed(word, other.words) for word in reach for other in held):
        return True
    if not any(_shares(reach[:1], other.words) for other in held):
        return any(other.negated or (other.telling and not _shares(reach, other.words)) for other in _nearest(clause, held))
    having = [other for other in _of_kind(clause, held) if _shares(reach, other.words)]
    near = _nearest(clause, held, having)
    if any(_shares(reach, each) for other in near for each in other.negated):
        return True
    return not having and any(other.telling for other in _nearest(clause, held))


def _affirmed(reach: tuple[str, ...], where: Clause, clause: Clause, stated: tuple[Clause, ...], held: tuple[Clause, ...]) -> bool:
    """Whether a statement affirms what the text negates, and the text does not affirm it where it comes nearer to the statement."""
    if clause.condition != where.condition or not _shares(reach, clause.open):
        return False
    if any(_shares(reach, each) for other in stated for each in other.negated):
        return False
    shared = [word for word in reach if any(akin(word, each) for each in clause.open)]
    nearness = _overlap(clause, where)
    elsewhere = (other for other in held if other is not where and _overlap(clause, other) > nearness)
    return not any(all(_shares([word], other.open) for word in shared) for other in elsewhere)


def _overlap(clause: Clause, other: Clause) -> int:
    return sum(any(akin(word, each) for each in other.words) for word in clause.words)


def _of_kind(clause: Clause, held: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """Conditions with conditions, the others with the others."""
    return tuple(other for other in held if other.condition == clause.condition) or held


def _nearest(clause: Clause, held: tuple[Clause, ...], among: Sequence[Clause] | None = None) -> list[Clause]:
    """The clauses that share most of a clause's words."""
    among = _of_kind(clause, held) if among is None else among
    shared = [_overlap(clause, other) for other in among]
    most = max(shared, default=0)
    return [other for other, count in zip(among, shared, strict=True) if count >= max(most - NEARLY, min(most, 1))]


def _shares(some: tuple[str, ...] | list[str], others: tuple[str, ...] | list[str]) -> bool:
    return any(akin(word, other) for word in some for other in others)


def _reversed(word: str, others: Sequence[str]) -> bool:
    """Whether one of `others` is the word with "un-", "non-" or "dis-" before it, or the other way about."""
    return any(_undone(word, other) or _undone(other, word) for other in others)


def _undone(word: str, other: str) -> bool:
    undone = other.endswith(word) and other[: -len(word)] in ("un", "non", "non-", "dis")
    return undone and len(word) > 2 and other not in _NOT_UN


def _contrary(stated: tuple[Clause, ...], held: tuple[Clause, ...]) -> str | None:
    said = {token for clause in stated for token in _tokens(clause)}
    for clause in stated:
        tokens = _tokens(clause)
        near = [(other, _tokens(other)) for other in _nearest(clause, held)]
        for at, token in enumerate(tokens):
            against = _CONTRARY.get(token, frozenset()) - said
            if not against and not any(_reversed(token, theirs) for _, theirs in near):
                continue
            if any(_form(token, theirs) for _, theirs in near):
                continue
            for other, theirs in near:
                for there, word in enumerate(theirs):
                    if word not in against and not _reversed(token, (word,)):
                        continue
                    if _is_negated(token, clause) != _is_negated(word, other) or _turned(tokens, at, theirs, there):
                        continue
                    return f"{word}, not {token}"
    return None


def _tokens(clause: Clause) -> list[str]:
    return [part for token in _WORD.findall(clause.plain) for part in token.lower().split("-")]


def _form(token: str, others: Sequence[str]) -> bool:
    same = [word for word in _CONTRARY if _CONTRARY[word] == _CONTRARY.get(token)]
    return any(other == token or other in same for other in others)


def _is_negated(token: str, clause: Clause) -> bool:
    return any(stem(token) in reach for reach in clause.negated)


def _turned(tokens: list[str], at: int, theirs: list[str], there: int) -> bool:
    """Whether both sides of a comparison have changed places, so that the contrary says the same: "A is before B", "B is after A"."""
    if all(_common(_content(some), _content(others)) for some, others in ((tokens[:at], theirs[there:]), (tokens[at:], theirs[:there]))):
        return True
    left, right = _content(tokens[:at])[-2:], _content(tokens[at + 1 :])
    their_left, their_right = _content(theirs[:there])[-2:], _content(theirs[there + 1 :])
    straight = _common(left, their_left) + _common(right, their_right)
    return max(1, straight) <= _common(left, their_right) + _common(right, their_left)


def _content(tokens: list[str]) -> list[str]:
    return [stem(token) for token in tokens if _has_meaning(token)]


def _common(some: list[str], others: list[str]) -> int:
    return sum(any(akin(word, other) for other in others) for word in some)
