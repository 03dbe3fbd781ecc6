"""A recording or film by a transcript of its name beside it, else by what is heard in it, and by its pictures; a transcript by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from ingest.blocks import Block, Document, Figure, Lost, Text
from ingest.readers.recording.listen import NoListener, heard, listener, sounds_count, watched
from ingest.readers.recording.scenes import Scene, scenes
from ingest.readers.recording.spoken import PARAGRAPH, Chapter, heading_at, passages
from ingest.readers.recording.subtitles import SUFFIXES, Transcript, transcript
from ingest.readers.references import note
from ingest.readers.resumed import once
from ingest.readers.titles import iso_date, own_title
from rag.errors import ModelUnavailable, ReadError
from rag.pictures.open import open_image
from rag.records import Locator, Span, clock
from rag.speech import sound

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

WORDLESS = 5.0  # seconds
NONE_HEARD = ReadError("No speech is heard in it.", "Music and noise are not taken in; a transcript of its name beside it is (.srt, .vtt).")


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The passages of what is said, each with its `time`, under the chapters that the file names, and of a film a picture of each scene
    with the words said meanwhile; before them its title and date, after them as Lost what of it cannot be had: sound or pictures.

    Raises ReadError where it is damaged or protected, has neither, or no speech, and, but for a film, where nothing on this machine
    recognises speech.
    """
    if written := _beside(path, root):
        about, seen = sound.About({}), list[Scene]()
        with suppress(ReadError, ImportError):
            about = _about(path)
            seen = _seen(path, about)
        document = _document(about)
        yield document if document.title else Document(own_title(written.title), document.date)
        texts = _with_sounds(list(passages(written.cues, _chapters(about))), about, source)
        yield from _together(seen, texts, _chapters(about))
        return
    if find_spec("av") is None:
        listener()
    about = _about(path)
    chapters = _chapters(about)
    lost, texts, seen = list[Lost](), list[Text](), list[Scene]()
    if not about.is_seen:
        listener()
    try:
        seen = _seen(path, about)
    except ReadError as error:
        lost.append(Lost("pictures", str(error), error.hint))
    try:
        if not about.is_heard and about.is_seen:
            raise ReadError(*sound.SILENT)
        with sound.opened(path) as opened:
            texts = _with_sounds(list(passages(heard(opened, listener()), chapters)), about, source)
            if off := opened.breaks_off:
                lost.append(
                    Lost("the rest", f"It breaks off at {clock(off[0])} of {clock(off[1])}.", "Take in a whole copy, if there is one.")
                )
    except ReadError as error:
        if not about.is_heard and lost:
            raise ReadError(lost[0].reason, lost[0].hint) from error
        if not seen or (isinstance(error.__cause__, ModelUnavailable) and not isinstance(error, NoListener)):
            raise
        lost.append(Lost("sound", str(error), error.hint))
    if not texts and not seen:
        raise NONE_HEARD
    yield _document(about)
    yield from _together(seen, texts, chapters)
    yield from lost


def read_transcript(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The passages of a transcript that stands by itself, each with its `time`. Raises ReadError where it is none."""
    found = transcript(path, PurePath(source).suffix.lower())
    yield Document(own_title(found.title))
    yield from passages(found.cues)


def _beside(path: Path, root: Path) -> Transcript | None:
    """The first transcript of the name of a recording that can be read: `talk.vtt` or `talk.mp3.vtt` beside `talk.mp3`."""
    places = [each for suffix in SUFFIXES for each in (path.with_suffix(suffix), path.with_name(path.name + suffix))]
    found = None
    for place in places:
        note(place, root)
        with suppress(ReadError, OSError):
            if found is None and place.is_file() and place.resolve().is_relative_to(root.resolve()):
                found = transcript(place, place.suffix.lower())
    return found


def _about(path: Path) -> sound.About:
    with sound.opened(path) as opened:
        return opened.about()


def _seen(path: Path, about: sound.About) -> list[Scene]:
    """The scenes of a film, looked for once."""
    if not about.is_seen:
        return []
    with sound.opened(path) as opened:
        return once(("seen",), lambda: scenes(opened, lambda seconds: watched(seconds, about.seconds)))


def _with_sounds(texts: list[Text], about: sound.About, source: str) -> list[Text]:
    """The passages, and where sounds count between them a line for each time without words, so that it can be found by how it sounds."""
    if not (sounds_count() and about.is_heard):
        return texts
    ends = [0.0, *(text.locator.time[1] for text in texts if text.locator.time)]
    starts = [*(text.locator.time[0] for text in texts if text.locator.time), about.seconds]
    silences = [(round(end, 1), round(start, 1)) for end, start in zip(ends, starts, strict=True) if start - end >= WORDLESS]
    name, chapters = PurePath(source).name, _chapters(about)
    return texts + [
        Text(
            f"Sound without words in {name}, from {clock(start)} to {clock(end)}.",
            Locator(heading=heading_at(start, chapters), time=(start, end), said=((start, end),)),
        )
        for start, end in silences
    ]


def _together(seen: Sequence[Scene], texts: Sequence[Text], chapters: Sequence[Chapter]) -> Iterator[Block]:
    """Passages and pictures in the order of their time; a picture comes before what is said while it stands."""
    lines = [(span, line) for text in texts for span, line in zip(text.locator.said, text.text.split("\n"), strict=True)]
    blocks: list[Scene | Text] = [*seen, *texts]
    for each in sorted(blocks, key=_begin):
        yield each if isinstance(each, Text) else _figure(each, lines, heading_at(each.start, chapters))


def _begin(block: Scene | Text) -> tuple[float, bool]:
    if isinstance(block, Scene):
        return block.start, False
    return block.locator.time[0] if block.locator.time else 0.0, True


def _figure(scene: Scene, lines: Sequence[tuple[Span, str]], heading: str | None) -> Figure:
    """The picture of a scene with the beginning of what is said while it stands, as much as a passage has."""
    said = [(span, line) for span, line in lines if scene.start <= sum(span) / 2 < scene.end]
    sizes = accumulate(len(line) for _, line in said)
    said = [each for each, size in zip(said, sizes, strict=True) if size <= PARAGRAPH]
    time, spans = (round(scene.start, 1), round(scene.end, 1)), tuple(span for span, _ in said)
    around = "\n".join(line for _, line in said)
    return Figure(
        open_image(scene.picture), around=around or None, locator=Locator(None, heading, time=time, said=spans), data=scene.picture
    )


def _document(about: sound.About) -> Document:
    """Title and maker in one, as they are asked for."""
    title, maker = own_title(about.tags.get("title")), own_title(about.tags.get("artist"))
    date = iso_date(about.tags.get("date") or about.tags.get("creation_time"))
    return Document(", ".join(filter(None, [title, maker])), date)


def _chapters(about: sound.About) -> list[Chapter]:
    return [Chapter(start, " ".join(title.split())) for start, title in about.chapters]
