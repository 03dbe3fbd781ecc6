"""Speech as words with their times, by Whisper over CTranslate2; what it makes up in silence and music is left out.

The only module that imports faster_whisper. Nothing is fetched: a model is a folder, or a name that is on this machine already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import ModelUnavailable
from rag.speech.cue import Cue
from rag.speech.sound import RATE

if TYPE_CHECKING:
    import numpy as np

    from rag.settings import Settings

VERSION = 1  # of what is taken for speech
STRETCH = 120.0  # seconds that are heard at once
LATEST = 80.0  # seconds after which a pause ends a stretch
PAUSE = 0.3
SURE = 0.6  # that a language is the one that is spoken
NO_SPEECH, DOUBTFUL = 0.6, -0.7  # a piece that is likely no speech, and whose words are doubtful, is none
UNLIKELY = -1.1  # mean logarithm of the chance of its words
REPETITIVE = 2.4  # how well it is compressed
REPEATED = 2  # times that a piece is said again at once
INVENTED = (  # what Whisper, taught by captions of films, hears in music and noise
    "thank you for watching", "thanks for watching", "please subscribe", "subtitles by", "subtitle by", "amara.org", "untertitel der",
    "untertitel im auftrag", "untertitelung", "sous-titres", "sous-titrage", "ondertiteld", "napisy stworzone", "sottotitoli",
    "subtítulos", "legendas",
)  # fmt: skip


@dataclass(frozen=True)
class Heard:
    """What is said in a stretch of sound, up to `used` seconds of it, where the next begins; the language, where it is sure."""

    cues: tuple[Cue, ...]
    used: float
    language: str | None


def missing(settings: Settings) -> ModelUnavailable | None:
    """What keeps speech from being recognised on this machine."""
    from rag.llm.packaged import SPEECH, verified

    if find_spec("faster_whisper") is None or find_spec("av") is None:
        return ModelUnavailable("What recognises speech is not installed.", "Install it with `make speech`.")
    if settings.speech_model is None and not verified(SPEECH, settings.readers):
        return ModelUnavailable(
            "The model that recognises speech is not on this machine.", f"Get it with `make speech` ({SPEECH.bytes / 1e6:.0f} MB)."
        )
    return None


def model_of(settings: Settings) -> str:
    """The folder or the name of the model that the settings want."""
    from rag.llm.packaged import SPEECH

    return settings.speech_model or str((settings.readers / SPEECH.file).parent)


class Recogniser:
    """Loads its model when it is first used, and keeps it."""

    def __init__(self, model: str, threads: int = 0):
        self._name = model
        self._threads = threads

    @property
    def name(self) -> str:
        """Changes with anything that may let it hear otherwise."""
        return f"speech: {self._name}, {VERSION}"

    def load(self) -> None:
        """Have the model ready. Raises ModelUnavailable."""
        _ = self._model

    def words(self, samples: np.ndarray) -> str:
        """What is said in the first STRETCH seconds, in one line. Raises ModelUnavailable."""
        return " ".join(cue.text for cue in self.heard(samples[: round(STRETCH * RATE)], None, last=True).cues)

    @cached_property
    def _model(self) -> Any:
        from faster_whisper import WhisperModel
        from faster_whisper.utils import download_model

        try:
            folder = self._name if Path(self._name).is_dir() else download_model(self._name, local_files_only=True)
            if not (Path(folder) / "tokenizer.json").is_file():  # else one would be fetched
                raise ValueError("it has no tokenizer.json")
            return WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=self._threads, local_files_only=True)
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelUnavailable(
                f"The model of speech '{self._name}' cannot be loaded: {' '.join(str(error).split())[:200]}.",
                "Name a folder with a Whisper model in CTranslate2's format in the setting `speech_model`, or run `make speech`.",
            ) from error

    def heard(self, samples: np.ndarray, language: str | None, last: bool, tell: Callable[[float], None] = lambda _: None) -> Heard:
        """What is said in `samples`: STRETCH seconds, or fewer where they are the `last`. `tell` hears on the way how far it is. Raises
        ModelUnavailable."""
        from faster_whisper.vad import VadOptions, get_speech_timestamps

        seconds = len(samples) / RATE
        finely = VadOptions(min_silence_duration_ms=round(1000 * PAUSE), speech_pad_ms=0)
        spoken = [(each["start"] / RATE, each["end"] / RATE) for each in get_speech_timestamps(samples, finely, RATE)]
        if not spoken:
            return Heard((), seconds, language)
        end = seconds if last else _pause(spoken, seconds)
        segments, told = self._model.transcribe(
            samples[: round((end or seconds) * RATE)], language=language, beam_size=5, vad_filter=True, condition_on_previous_text=False
        )
        cues = [_tight(cue, spoken) for cue in _said(segments, tell)]
        if language is None and told.language_probability >= SURE:
            language = told.language
        if end is None:  # one speaks through: what stands at the end is heard again, whole
            end = cues[-1].start if len(cues) > 1 and cues[-1].start > LATEST else seconds
            cues = [cue for cue in cues if cue.start < end]
        return Heard(tuple(cues), end, language)


@lru_cache(maxsize=1)
def shared(model: str) -> Recogniser:
    """The one of this process, for what is short."""
    return Recogniser(model)


def _pause(spoken: list[tuple[float, float]], seconds: float) -> float | None:
    """The middle of the longest pause late in a stretch; None where there is none."""
    ends = [0.0, *(end for _, end in spoken)]
    starts = [*(start for start, _ in spoken), seconds]
    pauses = [(max(begin, LATEST), end) for begin, end in zip(ends, starts, strict=True) if end > LATEST]
    begin, end = max(pauses, key=lambda pause: pause[1] - pause[0], default=(0.0, 0.0))
    return (begin + end) / 2 if end - begin >= PAUSE else None


def _tight(cue: Cue, spoken: list[tuple[float, float]]) -> Cue:
    """A cue without the silence before and after it, which Whisper counts to what is said."""
    within = [(max(start, cue.start), min(end, cue.end)) for start, end in spoken if end > cue.start and start < cue.end]
    return Cue(within[0][0], within[-1][1], cue.text) if within else cue


def _said(segments: Iterable[Any], tell: Callable[[float], None]) -> Iterator[Cue]:
    """The segments that are speech."""
    before, times = "", 0
    for each in segments:
        tell(each.end)
        text = " ".join(each.text.split())
        bare = "".join(filter(str.isalnum, text)).casefold()
        times = times + 1 if bare == before else 0
        before = bare
        silent = each.no_speech_prob > NO_SPEECH and each.avg_logprob < DOUBTFUL
        garbled = each.avg_logprob < UNLIKELY or each.compression_ratio > REPETITIVE
        invented = any(text.casefold().lstrip("-–—♪ ").startswith(words) for words in INVENTED)
        if bare and not (silent or garbled or times >= REPEATED or invented):
            yield Cue(each.start, max(each.end, each.start), text)
