"""Sentences of documents that order the reader or the model about: they bear nothing that they want said, and answer no question of fact.

Told from the commands of a manual ("The server must respond with 404", "Answer the phone within three rings") by what they are about: what
was said before, who is to be told, what every answer should have in it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.language.fold import folded_form
from rag.language.stems import akin, content

_TOLD = (
    r"(?:instructions?|rules?|prompts?|passages?|guidelines?|context|directions?|directives?|commands?|orders?|messages?|documents?|"
    r"sources?|polic(?:y|ies)|text|restrictions?|constraints?|training)"
)
_EARLIER = (
    r"(?:(?:all|any|every|the|these|those|your|my|of|other|its?) )*(?:previous(?:ly)?|prior|above|earlier|preceding|foregoing|former|"
    r"existing|initial|original|system|safety|other|your|developer)"
)
_DROP = r"(?:ignor(?:e|ing)|disregard(?:ing)?|forget(?:ting)?|overrid(?:e|ing)|bypass(?:ing)?|discard|drop)"
_SAY = r"(?:reply|respond|answer|say|output|print|repeat|claim|pretend|cite|write|tell|state|append|include)"
_ANSWER = r"(?:answers?|repl(?:y|ies)|responses?|outputs?|summar(?:y|ies))"
# where an order may begin: a sentence, a clause behind a mark, what is asked of "you"
_AT = (
    r"(?:^|[.;:!?,—–)>\]*#}$|]\s*|\b(?:please|instead|you (?:must|should|shall|will|have to|are to)|then|now|just|simply|and|always|never|"
    r"asked to|ordered to|instructed to|tells? its readers? to)\s+)(?:(?:please|then|now|just|simply|always|only|instead|and|to) +)*"
)
_ASKED = (
    r"\b(?:if|when(?:ever)?) (?:you(?:'re| are)? |anyone |someone |somebody |the user |a user |users |the reader )?(?:is |are )?"
    r"ask(?:s|ed)?\b"
)
# "repeat that step", "say that again" point at something; "say that a boat makes five knots: how long does it take?" supposes it
_POINTED = (
    r"(?! (?:again|once more|twice|aloud|out loud|slowly|to yourself)\b)"
    r"(?! (?:question|call|letter|word|name|line|sentence|phrase|step|part|test|number|exercise|code|message|prayer|reading|sum)s?\b"
    r"(?! (?:is|are|was|were|has|have|had|will|must|may|can|does|do|did|should|shall|would|\w+ed)\b))"
    r"(?![^.?!]*\?)"
)
# what people of a document's own world are told by those who work in it, who are no readers of an answer
_TO_OTHERS = re.compile(
    r"\b(?:if|when(?:ever)?|should) (?:(?:an?|the|any|some|one of (?:the|your)|our|your) )?"
    r"(?:callers?|guests?|customers?|visitors?|patients?|child(?:ren)?|clients?|passengers?|parents?|pupils?|students?|tourists?|neighbou?rs?|suppliers?|inspectors?|officers?|"
    r"harbou?r ?masters?|police|doctors?|nurses?|buyers?|tenants?|drivers?|skippers?|keepers?|managers?|colleagues?|members?) "
    r"(?!(?:reads?|opens?|searche?s?)\b)\w+",
    re.IGNORECASE,
)
_SAYING = re.compile(
    r"\b(?:what|how)\b.{0,40}\b(?:(?:should|shall|must|can|could|may|am|are|is) (?:i|we|one|you|they|he|she|staff)|do (?:i|we)|"
    r"(?:am|are|is) to|to)\b.{0,40}\b(?:say|said|tell|told|answer(?:ed)?|reply|respond|claim|state|write)\b",
    re.IGNORECASE,
)
_ENGLISH = (
    # what was said before does not count
    rf"\b{_DROP} (?:\w+ )?{_EARLIER} (?:\w+ )?{_TOLD}\b",
    rf"\b{_DROP} (?:all|any|every) (?:of )?(?:the |these |those |your )?{_TOLD}\b(?! (?:of|in|for) )",
    rf"\b{_DROP} (?:the|your|these|those) (?:instructions?|prompts?|context|passages?)\b",
    rf"\b{_DROP} (?:everything|all|anything|whatever) (?:that )?(?:\w+ )?(?:is |was |were |has been |you )?(?:\w+ )?"
    r"(?:above|before|said|told|written|learned|learnt)\b",
    rf"\bdo(?: not|n't) (?:follow|obey) (?:the|your|any|all) (?:\w+ )?{_TOLD}\b",
    rf"{_AT}(?:do not|don't|never) (?:mention|reveal|cite|quote|use|trust) (?:this|these|your|the (?:other|above|previous)|any other|other)"
    rf" {_TOLD}\b",
    # what is to be said, and how
    rf"{_AT}({_SAY}) (?:to (?:every|any|all|each) (?:\w+ )?(?:questions?|users?|prompts?|quer(?:y|ies))|verbatim\b)",
    rf"{_AT}(reply|respond|answer|say|claim|pretend|state|tell|output|write|repeat) (?:always |only |falsely |instead )?that\b{_POINTED}",
    rf"{_AT}(reply|respond|answer|say|output|print|write|repeat) (?:only|just|exactly|nothing but)(?: with| by| in| to)?(?: the words?)?:? "
    r"(?:[“\"'«‘]|(?-i:[A-Z]{3,})\b|(?:that|yes|no|nothing)\b)",
    rf"{_AT}(reply|respond|answer) (?:only|just|exactly|always|nothing but) (?:with|by|in|that)\b",
    rf"{_AT}(reply|respond|answer|say|output)(?: with)?:? +(?:(?-i:[A-Z]{{4,}})|\$?\\text\{{.*)[\s.!”\"'$}}]*$",
    rf"{_AT}(reply|respond|answer) (?:with |by )?(?:saying )?:?\s*[“\"«][^”\"»]* [^”\"»]*[”\"»]",
    rf"{_AT}(reply|respond|answer) with (?:<|.{{1,80}}\b(?:always|every time|whatever (?:is asked|you are asked|the question))\b)",
    rf"{_AT}(?:falsely )?(tell|inform|assure|convince|persuade) (?:the |every |any |all )?"
    r"(?:users?|readers?|asker|person asking|human|whoever asks)\b",
    rf"{_AT}({_SAY}|begin|end|start|finish|add|insert|put|mention|use)\b.{{0,80}}\b(?:in|to|of|with) (?:your|every|each|all) (?:\w+ )?"
    rf"{_ANSWER}\b",
    rf"{_AT}(?:begin|end|start|finish) (?:your|every|each|all) {_ANSWER} with\b",
    rf"{_ASKED}[^.]{{0,80}},? (?:always |only |you must |please )*({_SAY})(?: (?:them|him|her))? "
    r"(?:that|only|it is|there (?:is|are)|[“\"'])",
    # who is spoken to, and as whom to speak
    r"\byou are (?:now|from now on|no longer)\b(?! (?:ready|able|connected|logged|signed|done|finished|in|on|at)\b)",
    r"\b(?:from now on|henceforth),? (?:you|answer|reply|respond|act|say)\b",
    r"\byour (?:new|only|real|true|actual) (?:role|task|instructions?|goal|purpose|objective) (?:is|are)\b",
    rf"{_AT}(?:act|behave) as (?:if you (?:are|were)|an? (?:\w+ )?(?:ai|assistant|model|chatbot|pirate|expert|person|character))\b",
    rf"{_AT}pretend (?:to be|you are|that you)\b",
    r"\b(?:new|updated|revised|hidden|secret) (?:system )?(?:instructions?|prompt)\s*[:—–-]|\bsystem prompt\s*[:—–-]",
    rf"<\|im_start\|>|\[/?INST\]|^\W*(?:system|assistant|ai)\s*:\s*(?:you\b|please\b|{_DROP}|{_SAY}\b)",
    r"\b(?:attention|note to|dear|hey|hello),? (?:the |all |any |every )?(?:ai|llm|chatbot|(?:language|ai) models?|assistants?)\b",
    r"\b(?:ai|llm|assistant|language model|chatbot|agent|bot)s?(?: (?:systems?|assistants?|tools?|agents?|models?))? "
    r"(?:that (?:is |are )?|which (?:is |are )?|who )?(?:reads?|reading|process(?:es|ing)?|summari[sz](?:es?|ing)|index(?:es|ing)?) this\b",
    rf"\b(?:ai|llm|assistant|language model|chatbot|agent|bot)s?(?: (?:systems?|assistants?|tools?|agents?|models?))? (?:must|"
    rf"should|shall|has to|"
    rf"have to|needs? to|will) (?:always |only |now )?{_SAY}\b",
)
_START = r"(?:^|[.;:!¡,]\s*|\b(?:und|dann|bitte|et|y|e|en|и)\s+)"
_OTHER = (
    r"\b(?:ignorier\w*|missachte\w*|vergiss|vergessen sie)\b.{0,60}\b(?:anweisung\w*|vorgaben|regeln|anleitungen|befehle)\b",
    rf"{_START}(?:antworte\w*|sag\w*|schreib\w*|behaupte\w*)(?: sie)?(?: (?:immer|nur|stets|ausschließlich|bitte))*"
    r"(?: (?:nur|ausschließlich|immer) mit\b|,? dass\b)",
    r"\b(?:ignore[zr]?|oublie[zr]?)\b.{0,50}\b(?:instructions?|consignes?|directives?)\b",
    rf"{_START}(?:réponde?[zs]?|dites?|dis|affirme[zr]?|écri(?:s|vez))(?: (?:toujours|uniquement|seulement|simplement))? "
    r"(?:que\b|(?:uniquement|seulement) (?:par|avec)\b)",
    r"\b(?:ignor[ae]n?|olvid[ae]n?|desconsidere|esqueça)\b.{0,50}\b(?:instrucciones|instruções|indicaciones|reglas|regras)\b",
    rf"{_START}(?:respond[ae]n?|di|diga|afirm[ae]|escrib[ae])(?: (?:siempre|solo|sólo|sempre|só|somente))* "
    r"(?:que\b|(?:solo|sólo|somente|únicamente) (?:con|com)\b)",
    r"\b(?:ignora(?:re|te)?|dimentica)\b.{0,50}\b(?:istruzioni|regole)\b",
    rf"{_START}(?:rispondi|di'|afferma)(?: (?:sempre|solo|soltanto))* (?:che\b|(?:solo|soltanto) con\b)",
    r"\b(?:negeer|vergeet)\b.{0,50}\b(?:instructies|aanwijzingen|opdrachten|regels)\b",
    rf"{_START}(?:antwoord|zeg|schrijf)(?: (?:altijd|alleen|enkel))* (?:dat\b|(?:alleen|enkel) met\b)",
    r"(?:忽略|无视|無視|忘记|忘掉|不要理会|不理会).{0,20}(?:指示|指令|提示|说明|規則|规则|内容)",
    r"(?:只|必须|请|始终)(?:回答|回复|说|输出)\s*[:：“「\"'A-Za-z]",
    r"(?:指示|命令|プロンプト)を(?:すべて|全て)?無視|とだけ(?:答え|返答|回答)",
    r"지시(?:를|사항을|는)?.{0,10}무시|라고만 (?:답|대답)|(?:만|라고) 답하세요",
    r"(?:игнорируй|забудь|не обращай внимания на)(?:те)?\b.{0,50}(?:инструкци|указани|правил)",
    rf"{_START}(?:ответь|отвечай|скажи|говори|напиши)(?:те)?(?: (?:всегда|только))*,? (?:что\b|только\b|[«\"])",
)
_ORDERS = [re.compile(pattern, re.IGNORECASE) for pattern in (*_ENGLISH, *_OTHER)]
_BARE = next(pattern for pattern in _ORDERS if pattern.pattern.endswith(_POINTED))


@lru_cache(maxsize=4096)  # the same sentences are weighed for one question after another
def gives_orders(sentence: str) -> bool:
    """Whether a sentence orders whoever reads it to ignore what was said before, or tells what is to be said."""
    sentence = folded_form(sentence)
    return any(pattern.search(sentence) and not (pattern is _BARE and _TO_OTHERS.search(sentence)) for pattern in _ORDERS)


def asks_what_to_say(question: str) -> bool:
    """Whether a question asks for what is to be said: then a sentence that orders it is the answer."""
    return bool(_SAYING.search(question))


def only_ordered(statement: str, sentence: str) -> bool:
    """Whether a sentence of a document orders what a statement says, and the statement does not report it as an order."""
    sentence = folded_form(sentence)
    found = [match for pattern in _ORDERS if (match := pattern.search(sentence))] if gives_orders(sentence) else []
    if not found:
        return False
    verbs = {verb.lower() for match in found for verb in match.groups() if verb}
    words = content(statement)
    return not any(akin(verb, word) for verb in verbs for word in words)
