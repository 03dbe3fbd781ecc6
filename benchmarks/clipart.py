"""Pictures with words, to learn from and to measure on: Debian's clip art (public domain), and emoji of two fonts (both free).

openclipart-png holds the pictures, openclipart-svg the same with their titles, keywords and authors. One in ten stands in several
folders, and many are of a series: who has seen one has seen the others. `apart` therefore leaves out whatever is akin, or all that their
authors made.
"""

from __future__ import annotations

import hashlib
import html
import random
import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpora import unpack
from PIL import Image, ImageDraw, ImageFont

from rag.embed.imagenet import photographed

PACKAGES = ("openclipart-png", "openclipart-svg")
NOT_PICTURES = {"shapes", "special", "computer", "signs_and_symbols", "buttons", "logos"}  # stars by number, gradients, icon themes, flags
LARGEST = 30_000_000
LEARNT = 16_000_000  # pixels of a picture that is learnt from: some have ten times as many
SEED = 0
OFTEN = 5  # a title of more pictures than these is that of a series: the file's name says more
FONTS = (("fonts-noto-color-emoji", "NotoColorEmoji.ttf", 109), ("fonts-symbola", "Symbola_hint.ttf", 160))  # the one has one size only
LATIN = 0x2000  # letters, digits and marks have names in Unicode, and look like nothing
MAKERS = 3  # of clip art that a word stands with: that of fewer is their own
PICTOGRAMS = ((0x2600, 0x2647), (0x2654, 0x26CD), (0x26CF, 0x27BF), (0x1F300, 0x1FAFF))  # the blocks of Unicode with things in them
_NO_THING = re.compile(
    r"button|arrow|symbol|mark\b|o’clock|thirty|circle|square|diamond|skin tone|sign$|multiply|plus|minus|divide|loop|input| suit$"
    r"|Japan|Tokyo|Liberty|fuji|kaaba"
    r"|^(?:back|background|bar|black|blue|china|double|down|forward|green|grey|print|round|top|violet|white|yellow|infinity|sharp)$"
)
_NO_KEYWORD = re.compile(r"hash|0x[0-9a-f]+|\d+|clip_?art|unsorted")


@dataclass(frozen=True)
class Clip:
    """A picture, what its title and its keywords say, by whom it is, and a digest of the file."""

    file: Path
    title: str
    keywords: tuple[str, ...]
    author: str
    digest: str

    @property
    def kin(self) -> set[Hashable]:
        """What it shares with the pictures of its series, and with itself in other folders."""
        return {self.digest, (self.author, self.file.parent), re.sub("[^a-z]", "", self.file.stem.lower()), (self.author, self.title)}

    @property
    def texts(self) -> tuple[str, ...]:
        """What it may be asked by: its title, its keywords, both."""
        words = ", ".join(self.keywords)
        return tuple(dict.fromkeys(filter(None, (self.title, words, f"{self.title}: {words}" if self.title and words else ""))))


def fetch(folder: Path) -> Path:
    """The folder with the folders `png` and `svg`, unpacked into `folder`."""
    for package in PACKAGES:
        unpack(package, folder)
    return folder / "files" / "usr" / "share" / "openclipart"


def captioned(root: Path) -> list[tuple[Path, str]]:
    """(file, caption) of every picture with a title of its own, in a seeded order; the first half is for development.

    A title counts where the file's name begins with it too (many files carry the title of another picture), where it is not its author's
    name, and where no picture before has it. One author who titled in Italian is left out.
    """
    seen: set[str] = set()
    found = []
    for file in sorted(root.rglob("*.png")):
        parts = file.relative_to(root).parts
        if parts[0] in NOT_PICTURES or "cards" in parts or "flag" in file.stem:
            continue
        try:
            with Image.open(file) as image:
                size, title, author = image.size, _words(image.info.get("Title", "")), _words(image.info.get("Author", ""))
        except Image.DecompressionBombError:
            continue
        letters = title.replace(" ", "").replace("'", "")
        named = re.sub("[^a-z]", "", file.stem.lower()).startswith(letters[:16])
        if size[0] * size[1] > LARGEST or len(letters) < 3 or not named or title in (author, *seen) or "rollandin" in author:
            continue
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        if digest not in seen:
            seen |= {title, digest}
            found.append((file, title))
    random.Random(SEED).shuffle(found)
    return found


def clips(root: Path) -> list[Clip]:
    """Every picture below `root` / "png" that is not too large and whose drawing says something of it, in the order of their names."""
    described = [
        (file, *_described(root / "svg" / file.relative_to(root / "png").with_suffix(".svg")))
        for file in sorted((root / "png").rglob("*.png"))
        if _pixels(file) <= LEARNT
    ]
    titles = Counter(title for _, title, _, _ in described)
    found = []
    for file, title, keywords, author in described:
        named = " ".join(word for word in _words(file.stem).split() if not _is_of(word, author))
        letters = title.replace(" ", "").replace("'", "")
        own = re.sub("[^a-z]", "", file.stem.lower()).startswith(letters[:16]) and titles[title] <= OFTEN and len(letters) > 2
        clip = Clip(file, title if own else named, keywords, author, hashlib.sha256(file.read_bytes()).hexdigest())
        if clip.texts:
            found.append(clip)
    return found


def apart(found: Sequence[Clip], files: Collection[Path], authors: bool = False) -> list[Clip]:
    """Those that are akin to none of `files`; with `authors`, those that are by none of their authors either."""
    held = [clip for clip in found if clip.file in files]
    kin = set[Hashable]().union(*(clip.kin for clip in held))
    theirs = {clip.author for clip in held} if authors else set()
    return [clip for clip in found if kin.isdisjoint(clip.kin) and clip.author not in theirs]


def emoji(folder: Path) -> list[tuple[Image.Image, tuple[str, ...]]]:
    """Emoji of one character, drawn in the colours of one font and the outlines of another, with the names and keywords of Unicode."""
    from fontTools.ttLib import TTFont

    names = _signs(folder)
    found = []
    for package, name, size in FONTS:
        [file] = unpack(package, folder).rglob(name)
        font, known = ImageFont.truetype(str(file), size), TTFont(file).getBestCmap()
        for sign, (called, keywords) in sorted(names.items()):
            if ord(sign) in known and ord(sign) > LATIN:
                image = Image.new("RGB", (2 * size, 2 * size), "white")
                ImageDraw.Draw(image).text((size, size), sign, "black", font, "mm", embedded_color=True)
                texts = (called, keywords, f"{called}: {keywords}")
                found.append((image, tuple(dict.fromkeys(text for text in texts if text.strip(": ")))))
    return found


def things(folder: Path, found: Sequence[Clip]) -> list[str]:
    """Names of what can be seen: nouns that MAKERS of these clips or more wrote, of which there are photographs, and emoji of things."""
    makers: dict[str, set[str]] = defaultdict(set)
    for clip in found:
        for word in (*clip.keywords, *clip.title.split()):
            makers[word].add(clip.author)
    nouns = photographed()
    words = sorted(word for word, theirs in makers.items() if len(theirs) >= MAKERS and word in nouns)
    signs = [name for sign, (name, _) in sorted(_signs(folder).items()) if any(low <= ord(sign) <= high for low, high in PICTOGRAMS)]
    return [name for name in dict.fromkeys([*words, *signs]) if name and not _NO_THING.search(name)]


def _signs(folder: Path) -> dict[str, list[str]]:
    """The name and the keywords of each sign of one character."""
    from lxml import etree

    names: dict[str, list[str]] = {}
    [annotations] = unpack("unicode-cldr-core", folder).rglob("annotations/en.xml")
    for each in etree.parse(annotations).iter("annotation"):
        if len(each.get("cp", "")) == 1 and each.text:
            named = names.setdefault(each.get("cp", ""), ["", ""])
            named[each.get("type") != "tts"] = each.text.replace(" | ", ", ")
    return names


def _described(file: Path) -> tuple[str, tuple[str, ...], str]:
    """The title, the keywords and the author that a drawing carries."""
    from lxml import etree

    title, author, keywords = "", "", []
    try:
        root = etree.parse(file, etree.XMLParser(recover=True, huge_tree=True, resolve_entities=False)).getroot()
    except (OSError, etree.XMLSyntaxError):
        return "", (), ""
    for element in root.iter("{http://purl.org/dc/elements/1.1/}*") if root is not None else ():
        text, name = " ".join("".join(element.itertext()).split()), etree.QName(element).localname
        holders = [etree.QName(each).localname for each in element.iterancestors()][:2]
        if name == "title" and holders[0] == "Work":
            title = title or _words(text)
        elif name == "title" and holders == ["Agent", "creator"]:
            author = author or text
        elif name == "subject":
            keywords += ["".join(each.itertext()).strip().lower().replace("_", " ") for each in element.iter("{*}li")]
    return title, tuple(dict.fromkeys(each for each in keywords if each and not _NO_KEYWORD.fullmatch(each))), author


def _pixels(file: Path) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(file) as image:
                return image.width * image.height
        except Image.DecompressionBombError:
            return LEARNT + 1


def _words(title: str) -> str:
    title = re.sub(r"\([^)]*\)|^Clip ?art by [^-]+ - ", " ", html.unescape(title))
    return " ".join(re.sub(r"[^A-Za-z']+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", title)).lower().split())


def _is_of(word: str, author: str) -> bool:
    """Whether a word of a file's name is (cut off, as they are there) a part of its author's name."""
    return len(word) < 2 or any(part.startswith(word) for part in _words(author).split())
