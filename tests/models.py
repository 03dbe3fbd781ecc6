"""Models that the tests make: small, random, and saved as real ones are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CONTEXT = 77


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
