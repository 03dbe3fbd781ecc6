"""Encoders: prose to vectors, and pictures and words to vectors of one space, as the settings name them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from rag.embed import classifier, clip, exported, packaged, prompts, prose
from rag.embed.base import JointEncoder, Looked, TextEncoder, TokenVectors
from rag.errors import EncoderError

if TYPE_CHECKING:
    from rag.settings import Settings

__all__ = ["Encoders", "JointEncoder", "Looked", "TextEncoder", "TokenVectors", "is_former", "load_encoders", "prepare", "signature"]

_LOADING = Lock()
CLIP_MODEL = "sentence-transformers/clip-ViT-B-32"


@dataclass(frozen=True)
class Encoders:
    """The two encoders of a library."""

    text: TextEncoder
    joint: JointEncoder


def signature(settings: Settings) -> dict[str, Any]:
    """What `library.json` keeps of the encoders: {"text", "text_dim", "joint", "joint_dim"}.

    Loads no model: the dimensions are None for models that are not packaged. A folder counts by its content, not by its place.
    Raises EncoderError for a folder that does not exist.
    """
    joint_model = _joint_model(settings)
    return {
        "text": prompts.named(settings.text_model) if settings.text_model else prose.NAME,
        "text_dim": None if settings.text_model else prose.DIMENSION,
        "joint": prompts.named(joint_model) if joint_model else _packaged(settings.text_model).name,
        "joint_dim": None if joint_model else _packaged(settings.text_model).dimension,
    }


def is_former(kept: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    """Whether the signature `kept` is what `ours` was before the packaged joint encoder became another."""
    former = {"joint": packaged.FormerEncoder.name, "joint_dim": packaged.FormerEncoder.dimension}
    return ours["joint"] in (packaged.HeadEncoder.name, packaged.ConseEncoder.name) and kept == {**ours, **former}


def load_encoders(settings: Settings, joint: str | None = None) -> Encoders:
    """The encoders that `settings` names, loaded once in a process for the same models and device; of the packaged joint ones, that of
    the name `joint`, which a library keeps. Raises EncoderError."""
    with _LOADING:
        return _load(settings.text_model, _joint_model(settings), settings.device, joint == packaged.FormerEncoder.name)


def prepare() -> dict[str, str]:
    """Make the packaged models for ONNX Runtime, where they are not there yet; what could not be made or kept, and why."""
    from rag.embed.minilm import MiniLm

    for name, make in ((prose.NAME, MiniLm.prepare), (classifier.NAME, classifier.prepare)):
        try:
            make()
        except Exception as error:  # the libraries below raise what they like
            exported.faults[name] = str(error)
    return exported.faults


def _joint_model(settings: Settings) -> str | None:
    return settings.joint_model or (CLIP_MODEL if settings.profile == "clip" else None)


@lru_cache(maxsize=4)
def _load(text_model: str | None, joint_model: str | None, device: str | None, former: bool) -> Encoders:
    text = _load_text(text_model, device)
    if joint_model:
        return Encoders(text, clip.ClipEncoder(joint_model, device))
    return Encoders(text, (packaged.FormerEncoder if former else _packaged(text_model))(text, device))


def _packaged(text_model: str | None) -> type[packaged.ConseEncoder]:
    """The head was learnt for the packaged prose encoder, and goes with no other."""
    return packaged.ConseEncoder if text_model else packaged.HeadEncoder


@lru_cache(maxsize=4)
def _load_text(text_model: str | None, device: str | None) -> TextEncoder:
    """The packaged model on ONNX Runtime; on torch with another device, or where it cannot be made for that."""
    if text_model is None and device in (None, "cpu"):
        from rag.embed.minilm import MiniLm

        try:
            return MiniLm(device)
        except EncoderError:
            raise
        except Exception as error:  # the libraries below raise what they like
            exported.faults[prose.NAME] = str(error)
    return prose.ProseEncoder(text_model, device)
