"""Library: the façade over a library folder, and the only thing that most callers need."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.errors import LibraryError, UsageError
from rag.identity import Identity, identified
from rag.records import Answer, Record, Search
from rag.settings import Settings
from rag.storage.catalog import Catalog
from rag.storage.disk import room_in
from rag.storage.entries import File
from rag.storage.index import chosen
from rag.storage.index_copy import IndexCopy
from rag.storage.media import Media
from rag.storage.one_writer import one_writer
from rag.storage.sqlite import ReadOnly, may_write
from rag.storage.tokens import TokenStore

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable
    from PIL.Image import Image

    from rag.answer.chain import Basis
    from rag.answer.events import Event
    from rag.embed import Encoders
    from rag.embed.adapter import Adapter
    from rag.retrieve.projection import Projection
    from rag.retrieve.search import Searcher
    from rag.storage.store import Store

UNFINISHED = "unfinished"  # the folder, in a library's own, of what an ingest had read when it was stopped


@dataclass(frozen=True)
class Removal:
    """What `Library.remove` did: sources taken out, and names that the library does not know."""

    removed: list[str]
    unknown: list[str]


class Library:
    """A folder that holds an index, a catalogue and the pictures; `Library.open` is the way in.

    Encoders and index are loaded when they are first needed. Safe from several threads; several processes may use one library.
    """

    def __init__(self, folder: Path, settings: Settings, identity: Identity):
        self.folder = folder
        self.settings = settings
        self.read_only = not may_write(folder)
        self.catalog = Catalog(folder, read_only=self.read_only)
        self.tokens = TokenStore(folder, read_only=self.read_only)
        self.media = Media(folder / "media", settings.media_uri, read_only=self.read_only)
        self._copy = IndexCopy(folder) if self.read_only else None
        self._identity = identity
        self._guard = threading.RLock()
        self._adapter: tuple[object, Adapter] | None = None  # with the state of the file that it was read from
        self._tried: Adapter | None = None

    @classmethod
    def open(cls, path: str | Path | None = None, settings: Settings | None = None, *, create: bool = True) -> Library:
        """The library in `path` (default: the setting `library`), made where there is none and `create` is true.

        Raises NoLibrary, OtherEncoder, OtherVersion.
        """
        settings = settings or Settings.load()
        folder = Path(path) if path is not None else settings.library
        return cls(folder, settings, identified(folder, settings, create=create))

    def close(self) -> None:
        """Let go of the index."""
        with self._guard:
            if "store" in self.__dict__:
                self.store.close()
                del self.__dict__["store"]
                self.__dict__.pop("searcher", None)
            if self._copy:
                self._copy.close()
        self.catalog.close()
        self.tokens.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ── parts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def encoders(self) -> Encoders:
        from rag.embed import load_encoders

        return load_encoders(self.settings, self._identity.encoders.get("joint"))

    @cached_property
    def store(self) -> Store:
        from rag.storage.store import Store

        card = self._identity.encoders
        return Store(
            self._copy.made(with_rows=self.settings.milvus_uri is None) if self._copy else self.folder,
            name=f"diptych_{self._identity.id}",
            text_dimension=card.get("text_dim") or self.encoders.text.dimension,
            joint_dimension=card.get("joint_dim") or self.encoders.joint.dimension,
            language=self._identity.language,
            uri=self.settings.milvus_uri,
            token=self.settings.milvus_token,
        )

    @cached_property
    def searcher(self) -> Searcher:
        from rag.retrieve.centres import Centres
        from rag.retrieve.cross import CrossRerank
        from rag.retrieve.rerank import LateInteraction
        from rag.retrieve.search import Searcher

        if not self.tokens.size() and not self.catalog.empty():  # else every question would be refused
            raise LibraryError(f"{self.folder / 'tokens.db'} is missing.", "Put it back, or make it anew with `diptych rebuild`.")
        late = LateInteraction(self.encoders.text, self.tokens)
        cross = CrossRerank(self.settings.rerank_model, self.settings.device) if self.settings.rerank_model else None
        centres = Centres(self.encoders.joint, self.store)
        soundings = None
        if self.settings.sound_model:
            from rag.retrieve.soundings import Soundings
            from rag.speech.joint import load_sounds

            soundings = Soundings(load_sounds(self.settings.sound_model, self.settings.device), self.catalog)
        return Searcher(self.encoders, self.store, self.catalog, self.media, late, centres, cross, soundings)

    @property
    def made_with(self) -> dict[str, Any]:
        """The encoders that it was made with, as `rag.embed.signature` tells them."""
        return self._identity.encoders

    @property
    def adapter(self) -> Adapter:
        """What the library taught its own questions (`diptych adapt`), or nothing; read anew where another process changed it.

        Raises OtherEncoder, LibraryError.
        """
        from rag.embed.adapter import AS_IT_IS, FILE, adapter

        try:
            found = (self.folder / FILE).stat()
        except OSError:
            return AS_IT_IS
        state = (found.st_ino, found.st_size, found.st_mtime_ns)
        if self._adapter is None or self._adapter[0] != state:
            self._adapter = state, adapter(self.folder, self.made_with)
        return self._adapter[1]

    @contextmanager
    def trying(self, adapter: Adapter) -> Iterator[None]:
        """Search with this adapter in place of the library's own, in all threads."""
        self._tried = adapter
        try:
            yield
        finally:
            self._tried = None

    def status(self) -> dict[str, Any]:
        """Counts, bytes by part, encoders and schema; opens neither index nor encoders. Raises LibraryError."""
        from rag.embed.adapter import card

        sizes = {part: _bytes_below(self.folder / part) for part in ("index.db", "originals")}
        return {
            "library": str(self.folder),
            **self.catalog.counts(),
            "bytes": {
                "index": sizes["index.db"],
                "media": self.media.size(),
                "originals": sizes["originals"],
                "catalog": self.catalog.size(),
                "tokens": self.tokens.size(),
            },
            "roots": [str(root) for root in self.catalog.roots()],
            "encoders": self.made_with,
            "adapter": card(self.folder),
            "index": {field: made["kind"] for field, made in chosen(self.folder).items()},
            "language": self._identity.language,
            "schema": self._identity.schema,
            "unswept": len(self.catalog.unswept()),
        }

    # ── asking ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def search(
        self,
        query: str = "",
        *,
        image: str | Path | Image | None = None,
        audio: str | Path | None = None,
        k: int | None = None,
        modality: str | None = None,
        source: str | None = None,
        rerank: bool | None = None,
        inside: str | None = None,
    ) -> Search:
        """The `k` nearest passages and pictures to words, a picture, or both; see `rag.retrieve.query.Query` for the filters.

        `inside` are the words inside the picture; where they are not given, `read` gives them. `audio` is the path of a recording, alone or
        with words: found are recordings that are the same sound, or a piece of it, and what says the like. Raises UsageError for a `k`
        below 1, an unknown modality, a `source` that asks for no kind or date and a picture beside a recording, ReadError for a picture or
        recording that is none, ModelUnavailable where nothing recognises what is said in a recording, StoreError.
        """
        from rag.language.question import understood
        from rag.retrieve import sound
        from rag.retrieve.query import Query

        if k is not None and k < 1:
            raise UsageError(f"k is {k}.", "It is a whole number from 1.")
        if modality not in (None, "text", "image"):
            raise UsageError(f"There is no modality '{modality}'.", "It is text or image.")
        if image is not None and audio is not None:
            raise UsageError("A picture and a recording are not searched with together.", "Give one of them.")
        self._begin()
        opened = _opened(image)
        wanted = Query(
            understood(query),
            image=opened,
            inside=self.read(opened) if inside is None else inside,
            k=k or self.settings.k,
            modality=modality,
            source=source,
            rerank=self.settings.rerank if rerank is None else rerank,
        )
        searcher = self._fresh_searcher()
        return searcher.search(wanted) if audio is None else sound.search(searcher, self._words_in, Path(audio), wanted)

    def read(self, image: Image | None) -> str:
        """The words inside a picture, as OCR reads them; none without a picture."""
        if image is None:
            return ""
        from rag.pictures.ocr import shared

        return shared().read(image)

    def _words_in(self, samples: np.ndarray) -> str:
        """What is said in a recording. Raises ModelUnavailable."""
        from rag.speech.recognise import missing, model_of, shared

        if lacking := missing(self.settings):
            raise lacking
        return shared(model_of(self.settings)).words(samples)

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Mapping[str, str]] = (),
        image: str | Path | Image | None = None,
        model: str | None = None,
        k: int | None = None,
        modality: str | None = None,
        source: str | None = None,
        retrieval_only: bool = False,
    ) -> Iterator[Event]:
        """The answer as it comes: events of `rag`, in the order in which a reader can be shown them.

        First `Found` with the hits, then `Draft` for each piece that the model writes and `Checked` for each sentence with its verdict, and
        `Done` with the whole Answer last. Without a model, after a refusal and with `retrieval_only` there is no Draft and no Checked.

        `history` are the earlier turns as [{"role": "user" or "assistant", "content": "..."}]; a follow-up is made whole from them.
        `image` is a picture as part of the question: a path or a PIL image. `model` is a SPEC ("auto", "quote", "ollama:llama3", ...; None:
        the setting `llm`), `k` how many hits there are at most (None: the setting). `modality` ("text" or "image") and `source` narrow
        the search: names of sources or globs over them, `kind:pdf`, `year:2024`, `since:2024-03`, `until:2024-03-15`, `days:30`, one a line
        (`rag.storage.source_filter`). With `retrieval_only` nothing is answered: the Answer holds the hits.

        Raises UsageError, ReadError (a picture that is none), StoreError, and ModelError where the model cannot be had; where it fails
        while it writes, the Answer has the fault as its `error`.
        """
        self._begin()
        from rag.answer.chain import Asked, stream
        from rag.language import detect

        threading.Thread(target=detect.known, args=(question,), daemon=True).start()  # it takes a while to load, and is needed late
        asked = Asked(
            question, tuple(dict(turn) for turn in history), _opened(image), model, k or self.settings.k, modality, source, retrieval_only
        )
        return stream(self.basis, asked)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Mapping[str, str]] = (),
        image: str | Path | Image | None = None,
        model: str | None = None,
        k: int | None = None,
        modality: str | None = None,
        source: str | None = None,
        retrieval_only: bool = False,
    ) -> Answer:
        """The whole answer: the Answer that `stream` ends with. Takes what `stream` takes, and raises what it raises.

        `answer.answer` is the text, with its citations as [1], [2]; `answer.citations` are their quotes and sources, `answer.hits` what was
        found, `answer.refused` whether the library does not hold the answer, and `answer.to_dict()` all of it as JSON.
        """
        from rag.answer.events import final

        return final(
            self.stream(
                question,
                history=history,
                image=image,
                model=model,
                k=k,
                modality=modality,
                source=source,
                retrieval_only=retrieval_only,
            )
        )

    def follow_ups(
        self, answer: Answer, *, asked: Sequence[str] = (), model: str | None = None, stop: Callable[[], bool] = lambda: False
    ) -> tuple[str, ...]:
        """Up to three questions that lead on from an answer, each of which the library answers; none after small talk.

        `asked` are questions that are not to be repeated; `model` is the SPEC of what may phrase them (None: what wrote the answer; a small
        one does not). Where `stop` comes true, what there is by then is returned. Raises StoreError.
        """
        from rag.answer.followups import offered

        return tuple(offered(self.basis, answer, asked, model, stop))

    def projection(self, tell: Callable[[str, int, int], None] = lambda *_: None) -> Projection:
        """The passages and pictures in a plane, what is alike together; `tell` is as in `rag.retrieve.projection`. Raises StoreError."""
        from rag.retrieve.projection import projected

        return projected(self.catalog, self.store, self.folder, tell)

    def as_retriever(
        self, *, k: int | None = None, modality: str | None = None, source: str | None = None, rerank: bool | None = None
    ) -> BaseRetriever:
        """A LangChain retriever over `search`, with these fixed; each Document has the hit's text, and the rest of the hit as metadata."""
        from rag.retrieve.retriever import LibraryRetriever

        return LibraryRetriever(library=self, k=k, modality=modality, source=source, rerank=rerank)

    def as_chain(self) -> Runnable[Any, Answer]:
        """A LangChain runnable: {"question", "history"?, "image"?} to an Answer, by steps that can be taken apart (`.steps`)."""
        from rag.answer.chain import as_runnable

        return as_runnable(self.basis, self.settings.k)

    @property
    def basis(self) -> Basis:
        """What `rag.answer` makes answers from."""
        from rag.answer.chain import Basis

        return Basis(self.settings, self.catalog, self.folder, self._fresh_searcher, self.read)

    def _begin(self) -> None:
        """Have the index opened while the rest is being loaded."""
        with self._guard:
            if "store" in self.__dict__ or self.catalog.empty():
                return
            store = self.store
        threading.Thread(target=store.open, daemon=True).start()

    def _fresh_searcher(self) -> Searcher:
        """What searches; over a new copy of an index that may only be read where its owner wrote to it."""
        with self._guard:
            if self._copy and self._copy.outdated() and "store" in self.__dict__:
                self.close()
            adapter = self._tried or self.adapter
            if self.searcher.adapter is not adapter:
                self.__dict__["searcher"] = replace(self.searcher, adapter=adapter)
            return self.searcher

    # ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def writing(self, wait: float = 600, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Hold the right to write; one writer at a time, over all processes. What a killed writer left is swept first.

        Where another writes, `waiting` is called once, and the right is waited for; LibraryError after `wait` seconds, and ReadOnly where
        this user may not write at all.
        """
        if self.read_only:
            raise ReadOnly(self.folder)
        with one_writer(self.folder, wait, waiting), room_in(self.folder):
            self._sweep()
            yield
            shutil.rmtree(self.folder / UNFINISHED, ignore_errors=True)
            self.catalog.writer.forget_unfinished()
            self._sweep()
            self.media.sweep(self.catalog.images())
            self.catalog.contents.sweep()
            if "store" in self.__dict__:
                self.store.fit_index()

    def add(
        self,
        batch: Sequence[tuple[File, Collection[Record]]],
        visual: Mapping[str, np.ndarray],
        *,
        former: Mapping[Path, Path] | None = None,
        references: Mapping[Path, Mapping[str, str]] | None = None,
        keys: Mapping[Path, str] | None = None,
        progress: Callable[[int], None] = lambda records: None,
    ) -> None:
        """Take in these files' records, in place of what the files held before, all at once; inside `writing()`.

        `visual` holds the joint vector of every image by its key in `media`; `former` and `references` are as in `CatalogWriter.commit`.
        Each collection is walked twice and never held, so that it may stand on disk. `progress` hears how many were encoded. A file with a
        key in `keys` is gone on with where an ingest was stopped that had the same records under that key.
        """
        from rag.indexing import Indexer

        Indexer(self.catalog, self.tokens, self.store, self.encoders).add(
            batch, visual, former or {}, references or {}, keys or {}, progress
        )

    def remove(self, sources: Sequence[str]) -> Removal:
        """Take sources out, with the pictures that nothing else shows; the name of a folder or an archive stands for all that is in it.

        Who follows their folder leaves them out from then on; who ingests it takes them in again.
        """
        removed: dict[str, Path] = {}
        unknown = []
        with self.writing():
            files = {file.source: file.path for file in self.catalog.files()}
            for source in dict.fromkeys(sources):
                below = source.rstrip("/") + "/"
                meant = [source] if source in files else [each for each in files if each.startswith(below)]
                removed.update((each, files[each]) for each in meant)
                if not meant:
                    unknown.append(source)
            self.catalog.writer.remove(removed.values(), by_name=True)
        return Removal(list(removed), unknown)

    def _sweep(self) -> None:
        going_on = self.catalog.unfinished()
        dead = [version for version in self.catalog.unswept() if version not in going_on]
        if dead:
            self.store.delete(dead)
            self.tokens.delete(dead)
            self.catalog.writer.swept(dead)


def _bytes_below(path: Path) -> int:
    """Bytes of a file, or of all files in a folder; 0 where there is none."""
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return path.stat().st_size if path.exists() else 0


def _opened(image: str | Path | Image | None) -> Image | None:
    """An image from a file or as it is. Raises ReadError for what is no image."""
    if isinstance(image, (str, Path)):
        from rag.pictures.open import open_image

        return open_image(Path(image))
    return image
