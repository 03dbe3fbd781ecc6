"""Numbers as lists write them: 3, c, III, 三, third."""

from __future__ import annotations

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"),
    (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST_ROMAN = 4999
_MOST_REPEATS = 20
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
_HAN = "〇一二三四五六七八九"
_ALPHABETS = {
    "lowerLetter": "abcdefghijklmnopqrstuvwxyz",
    "upperLetter": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "russianLower": "абвгдежзиклмнопрстуфхцчшщэюя",
    "russianUpper": "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ",
    "lowerGreek": "αβγδεζηθικλμνξοπρστυφχψω",
    "hebrew2": "אבגדהוזחטיכלמנסעפצקרשת",
    "arabicAlpha": "أبتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "aiueoFullWidth": "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン",
    "irohaFullWidth": "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン",
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
    "ganada": "가나다라마바사아자차카타파하",
    "chicago": "*†‡§",
    "thaiLetters": "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ",
}
_ALPHABETS |= {"aiueo": _ALPHABETS["aiueoFullWidth"], "iroha": _ALPHABETS["irohaFullWidth"]}
_COUNTED = {
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand", "koreanCounting",
    "ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital", "koreanDigital2", "chineseLegalSimplified", "japaneseLegal",
}  # fmt: skip


def numeral(number: int, kind: str) -> str:
    """A number as the kinds of Word (ECMA-376 part 1, 17.18.59) write it, in figures where the kind is another; nothing for `none`."""
    if kind in ("none", "bullet"):
        return ""
    if kind == "decimalZero":
        return f"{number:02}"
    if kind in ("upperRoman", "lowerRoman"):
        roman = _roman(number)
        return roman.upper() if kind == "upperRoman" else roman
    if kind in _ALPHABETS:
        return _letters(number, _ALPHABETS[kind])
    if kind == "ordinal":
        return str(number) + ("th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th"))
    if kind in ("cardinalText", "ordinalText"):
        words = _words(number)
        return (_ordinal(words) if kind == "ordinalText" else words).capitalize()
    if kind in _COUNTED:
        return _han(number)
    if kind.startswith("decimalEnclosedCircle"):
        return chr(0x2460 + number - 1) if 1 <= number <= 20 else str(number)
    if kind == "decimalEnclosedParen":
        return f"({number})"
    if kind == "decimalEnclosedFullstop":
        return f"{number}."
    if kind == "numberInDash":
        return f"- {number} -"
    if kind == "hex":
        return f"{number:X}"
    return str(number)


def roman_value(numeral: str) -> int:
    """The number that Roman figures write, which alone stand in `numeral`."""
    worth = {letters: value for value, letters in _ROMAN}
    values = [worth[letter] for letter in numeral.lower()]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def _roman(number: int) -> str:
    if not 0 < number <= _MOST_ROMAN:
        return str(number)
    written = ""
    for worth, letters in _ROMAN:
        times, number = divmod(number, worth)
        written += letters * times
    return written


def _letters(number: int, alphabet: str) -> str:
    """a, b, ... z, aa, bb, as word processors go on."""
    if number < 1:
        return str(number)
    times, at = divmod(number - 1, len(alphabet))
    return alphabet[at] * (times + 1) if times < _MOST_REPEATS else str(number)


def _words(number: int) -> str:
    if not 0 <= number < 1000:
        return str(number)
    if number >= 100:
        rest = number % 100
        return f"{_ONES[number // 100]} hundred" + (f" {_words(rest)}" if rest else "")
    if number < 20:
        return _ONES[number]
    return _TENS[number // 10] + (f"-{_ONES[number % 10]}" if number % 10 else "")


def _ordinal(words: str) -> str:
    head, dash, last = words.rpartition("-") if "-" in words else words.rpartition(" ")
    last = _ORDINALS.get(last) or (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")
    return head + dash + last


def _han(number: int) -> str:
    if not 0 < number < 100:
        return "".join(_HAN[int(digit)] for digit in str(number)) if number >= 0 else str(number)
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else _HAN[tens]) + "十" if tens else "") + (_HAN[ones] if ones else "")
