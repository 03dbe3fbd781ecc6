"""Models that the tests make: small, random, and saved as real ones are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rag.llm.packaged import there
from rag.settings import Settings

CONTEXT = 77
READER = "packaged:qwen2.5-0.5b"
needs_reader = pytest.mark.skipif(
    READER.partition(":")[2] not in there(Settings()), reason="the packaged model did not come with `make install`"
)


def tiny_clip(folder: Path) -> Path:
    """A CLIP of a few thousand weights with its processor, saved to `folder`, for `SentenceTransformer(folder)`; 16 dimensions.

    It knows no words, only letters, and its weights are random but always the same.
    """
    import torch
    from transformers import CLIPConfig, CLIPImageProcessorPil, CLIPModel, CLIPProcessor, CLIPTokenizer
    from transformers.models.clip.configuration_clip import CLIPTextConfig, CLIPVisionConfig

    folder.mkdir(parents=True, exist_ok=True)
    letters = [chr(code) for code in range(ord("!"), ord("~") + 1)]
    tokens = [*letters, *(letter + "</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    vocabulary = {token: number for number, token in enumerate(tokens)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    tokenizer = CLIPTokenizer.from_pretrained(folder, model_max_length=CONTEXT)
    start, end = vocabulary["<|startoftext|>"], vocabulary["<|endoftext|>"]
    shared = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "projection_dim": 16}
    config = CLIPConfig(
        text_config=CLIPTextConfig(
            vocab_size=len(vocabulary),
            max_position_embeddings=CONTEXT,
            bos_token_id=start,
            eos_token_id=end,
            pad_token_id=end,
            **shared,
        ).to_dict(),
        vision_config=CLIPVisionConfig(image_size=32, patch_size=8, **shared).to_dict(),
        projection_dim=16,
    )
    torch.manual_seed(0)
    CLIPModel(config).eval().save_pretrained(folder)
    processor = CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32})
    CLIPProcessor(image_processor=processor, tokenizer=tokenizer).save_pretrained(folder)
    return folder


def tiny_clap(folder: Path) -> Path:
    """A CLAP of a few thousand weights with its processor, saved to `folder`, for `SentenceTransformer(folder)`; 16 dimensions.

    It knows no words, only letters, and its weights are random but always the same.
    """
    import torch
    from tokenizers.pre_tokenizers import ByteLevel
    from transformers import ClapConfig, ClapFeatureExtractor, ClapModel, ClapProcessor, RobertaTokenizerFast

    tokens = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", *sorted(ByteLevel.alphabet())]
    tokenizer = RobertaTokenizerFast(vocab={token: at for at, token in enumerate(tokens)}, merges=[], model_max_length=CONTEXT)
    small = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    heard = {"spec_size": 64, "num_mel_bins": 16, "window_size": 4, "patch_size": 4, "patch_stride": [4, 4], "patch_embeds_hidden_size": 8}
    layers = {"hidden_size": 16, "depths": [1, 1], "num_attention_heads": [2, 2], "num_hidden_layers": 2}
    text = {"vocab_size": len(tokens), "max_position_embeddings": CONTEXT + 2, "pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2}
    torch.manual_seed(0)
    ClapModel(ClapConfig(text_config={**text, **small}, audio_config={**heard, **layers}, projection_dim=16)).eval().save_pretrained(folder)
    features = ClapFeatureExtractor(
        feature_size=16, sampling_rate=24_000, hop_length=1920, frequency_max=12_000, truncation="rand_trunc", padding="repeatpad"
    )
    ClapProcessor(feature_extractor=features, tokenizer=tokenizer).save_pretrained(folder)
    return folder


def tiny_text(folder: Path, *, context: int = 128, pools_prompt: bool = True, **prompts: str) -> Path:
    """A BERT of a few thousand random weights that pools to 24 dimensions, saved to `folder`, for `SentenceTransformer(folder)`.

    Its configuration names `prompts`; its vectors are of the text without the prompt where `pools_prompt` is false.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from transformers import BertModel

    bare = folder.with_name(f"{folder.name}-bare")
    torch.manual_seed(0)
    BertModel(_bert(bare, context=context, hidden_size=24, num_attention_heads=2)).eval().save_pretrained(bare)
    words = Transformer(str(bare))
    pooling = Pooling(words.get_embedding_dimension(), include_prompt=pools_prompt)
    SentenceTransformer(modules=[words, pooling], device="cpu").save(str(folder))
    config = folder / "config_sentence_transformers.json"  # written as a hub's are: without the library's own empty prompts
    config.write_text(json.dumps(json.loads(config.read_text()) | {"prompts": prompts}))
    return folder


def tiny_cross(folder: Path, word: str = "harbour", labels: int = 1) -> Path:
    """A BERT cross-encoder, saved to `folder`, for `CrossEncoder(folder)`: its score rises with the share of `word` in what it reads."""
    import torch
    from transformers import BertForSequenceClassification, BertTokenizerFast

    config = _bert(folder, word, hidden_size=8, num_attention_heads=1, num_labels=labels)
    model = BertForSequenceClassification(config).eval()
    with torch.no_grad():
        for weights in model.parameters():
            weights.zero_()
        for name, weights in model.named_parameters():  # nothing is attended to more than the rest, and what is read is passed on as it is
            if name.endswith("LayerNorm.weight"):
                weights.fill_(1)
            elif name.endswith(("value.weight", "attention.output.dense.weight", "pooler.dense.weight")):
                weights.copy_(torch.eye(8))
        known = BertTokenizerFast.from_pretrained(folder).vocab
        model.bert.embeddings.word_embeddings.weight[known[word], 0] = 1
        model.bert.embeddings.word_embeddings.weight[known["[CLS]"], 1] = 1
        model.classifier.weight[:, 0] = 1
    model.save_pretrained(folder)
    return folder


def _bert(folder: Path, word: str = "harbour", context: int = 128, **sizes: int) -> Any:
    """The configuration of a BERT of one layer whose tokenizer, saved to `folder`, knows letters and `word`."""
    from transformers import BertConfig, BertTokenizerFast

    folder.mkdir(parents=True, exist_ok=True)
    letters = [chr(code) for code in range(ord("!"), ord("~") + 1)]
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", word, *letters, *(f"##{letter}" for letter in letters)]
    (folder / "vocab.txt").write_text("\n".join(tokens))
    BertTokenizerFast.from_pretrained(folder, model_max_length=context).save_pretrained(folder)
    return BertConfig(vocab_size=len(tokens), num_hidden_layers=1, intermediate_size=16, max_position_embeddings=context, **sizes)


TEMPLATE = "{% for message in messages %}<|turn|>{{ message.role }}: {{ message.content }}\n{% endfor %}<|turn|>"


def tiny_gguf(path: Path, says: str, *, template: str | None = TEMPLATE, context: int = 2048) -> Path:
    """A llama of no layers that think, saved to `path`: whatever it is asked, it says the words of `says`, each of which is there once.

    It reads byte by byte: a prompt has about as many tokens as letters. Each token is a dimension of its own, and the head names the next.
    """
    import numpy as np

    words = says.split()
    assert len({*words}) == len(words), "a word that comes twice has two to follow it"
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), "<|turn|>", *(f"▁{word}" for word in words)]
    kinds = [2, 3, 3, *[6] * 256, 3, *[1] * len(words)]  # unknown, control, byte, normal
    turn = tokens.index("<|turn|>")
    size = -(-len(tokens) // 32) * 32
    embeds, head = np.zeros((len(tokens), size), np.float32), np.zeros((len(tokens), size), np.float32)
    embeds[range(len(tokens)), range(len(tokens))] = 1
    for at in range(turn, len(tokens)):
        head[at + 1 if at + 1 < len(tokens) else tokens.index("</s>"), at] = 1
    zeros, ones = np.zeros((size, size), np.float32), np.ones(size, np.float32)
    tensors = {"token_embd.weight": embeds, "output.weight": head, "output_norm.weight": ones}
    tensors |= {f"blk.0.{name}_norm.weight": ones for name in ("attn", "ffn")}
    tensors |= {f"blk.0.{name}.weight": zeros for name in ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")}
    values: dict[str, Any] = {"general.architecture": "llama", "general.name": "tiny", "llama.context_length": context}
    values |= {"llama.embedding_length": size, "llama.feed_forward_length": size, "llama.block_count": 1, "llama.attention.head_count": 1}
    values |= {"llama.attention.layer_norm_rms_epsilon": 1e-5, "tokenizer.ggml.model": "llama", "tokenizer.ggml.tokens": tokens}
    values |= {"tokenizer.ggml.scores": [0.0] * len(tokens), "tokenizer.ggml.token_type": kinds}
    values |= {"tokenizer.ggml.bos_token_id": 1, "tokenizer.ggml.eos_token_id": 2, "tokenizer.ggml.add_bos_token": False}
    values |= {} if template is None else {"tokenizer.chat_template": template}
    path.write_bytes(_gguf(values, tensors))
    return path


def _gguf(values: dict[str, Any], tensors: dict[str, Any]) -> bytes:
    """The file format of llama.cpp, version 3."""
    import struct

    def string(text: str) -> bytes:
        return struct.pack("<Q", len(text.encode())) + text.encode()

    def typed(value: Any) -> tuple[int, bytes]:
        if isinstance(value, bool):
            return 7, struct.pack("<?", value)
        if isinstance(value, int):
            return 4, struct.pack("<I", value)
        if isinstance(value, float):
            return 6, struct.pack("<f", value)
        if isinstance(value, str):
            return 8, string(value)
        if isinstance(value[0], int):
            return 9, struct.pack(f"<IQ{len(value)}i", 5, len(value), *value)
        kind = typed(value[0])[0]
        return 9, struct.pack("<IQ", kind, len(value)) + b"".join(typed(each)[1] for each in value)

    out = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(values))
    for name, value in values.items():
        kind, data = typed(value)
        out += string(name) + struct.pack("<I", kind) + data
    at, blocks = 0, b""
    for name, array in tensors.items():
        out += string(name) + struct.pack(f"<I{array.ndim}QIQ", array.ndim, *array.shape[::-1], 0, at)
        data = array.tobytes()
        blocks += data + bytes(-len(data) % 32)
        at = len(blocks)
    return out + bytes(-len(out) % 32) + blocks
