"""Models that the tests make: small, random, and saved as real ones are."""

from __future__ import annotations

import json
from pathlib import Path

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
