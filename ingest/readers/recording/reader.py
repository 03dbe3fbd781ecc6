"""A recording or film by a transcript of its name beside it, else by what is heard in it; and a transcript by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from ingest.blocks import Block, Document
from ingest.readers.recording.listen import heard, listener
from ingest.readers.recording.spoken import Chapter, passages
from ingest.readers.recording.subtitles import SUFFIXES, Transcript, transcript
from ingest.readers.references import note
from ingest.readers.titles import iso_date, own_title
from rag.errors import ReadError
from rag.speech import sound

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

NONE_HEARD = ReadError("No speech is heard in it.", "Music and noise are not taken in; a transcript of its name beside it is (.srt, .vtt).")


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The passages of what is said, each with its `time`, under the chapters that the file names; before them its title and date.

    Raises ReadError where it is damaged, has no sound, or no speech, and where nothing on this machine recognises speech.
    """
    if written := _beside(path, root):
        about = sound.About({})
        with suppress(ReadError, ImportError), sound.opened(path) as opened:
            about = opened.about()
        document = _document(about)
        yield document if document.title else Document(own_title(written.title), document.date)
        yield from passages(written.cues, _chapters(about))
        return
    by = listener()
    with sound.opened(path) as opened:
        about = opened.about()
        yield _document(about)
        empty = True
        for text in passages(heard(opened, by), _chapters(about)):
            empty = False
            yield text
    if empty:
        raise NONE_HEARD


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


def _document(about: sound.About) -> Document:
    """Title and maker in one, as they are asked for."""
    title, maker = own_title(about.tags.get("title")), own_title(about.tags.get("artist"))
    date = iso_date(about.tags.get("date") or about.tags.get("creation_time"))
    return Document(", ".join(filter(None, [title, maker])), date)


def _chapters(about: sound.About) -> list[Chapter]:
    return [Chapter(start, " ".join(title.split())) for start, title in about.chapters]
