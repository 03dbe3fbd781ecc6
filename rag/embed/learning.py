"""Learning from pairs, by contrast within a batch: a linear head from pictures and their texts, a library's own map from what belongs
together in it.

Every picture of a batch is to be nearer to its own text than to those of the others; where two texts mean much the same, so may their
pictures (soft targets). The text side begins as the encoder gives it. The same seed gives the same on the same machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from rag.embed.head import Head

if TYPE_CHECKING:
    from torch import Tensor

EPOCHS = 15
BATCH = 256
RATE = 1e-3
DECAY = 0.01
DROPOUT = 0.5
SHARPNESS = 20.0  # of the likeness of pictures and texts
SOFTNESS = 0.05  # of the likeness of texts, which is what is aimed at
LEAST = 1e-3  # of a deviation
TURNING_EPOCHS = 30
TURNING_DECAY = 1.0


def learnt(seen: np.ndarray, texts: Sequence[np.ndarray], seed: int = 0, epochs: int = EPOCHS) -> Head:
    """The head of pictures in which `seen` (n, width) was seen, and whose `texts` (one or more each, of unit length) are their words."""
    import torch
    from torch.nn.functional import normalize

    mean, deviation = seen.mean(axis=0), np.maximum(seen.std(axis=0), LEAST)
    inputs = torch.from_numpy(((seen - mean) / deviation).astype(np.float32))
    width, dimension = seen.shape[1], texts[0].shape[1]
    chance = torch.Generator().manual_seed(seed)
    pictures = torch.randn(width, dimension, generator=chance) / width**0.5
    bias, words = torch.zeros(dimension), torch.eye(dimension)
    parameters = [each.requires_grad_() for each in (pictures, bias, words)]
    optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=DECAY)
    batches = max(1, len(seen) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=epochs * batches + 1)
    for _ in range(epochs):
        order = torch.randperm(len(seen), generator=chance)
        for batch in order[: batches * BATCH].split(BATCH):
            picked = [texts[at][int(torch.randint(len(texts[at]), (1,), generator=chance))] for at in batch.tolist()]
            told = torch.from_numpy(np.stack(picked))
            kept = (torch.rand(len(batch), width, generator=chance) >= DROPOUT) / (1 - DROPOUT)
            placed = normalize((inputs[batch] * kept) @ pictures + bias)
            optimizer.zero_grad()
            _loss(placed, normalize(told @ words), told).backward()
            optimizer.step()
            schedule.step()
    return Head(mean, deviation, *(each.detach().numpy() for each in parameters))


def turning(
    questions: np.ndarray,
    targets: np.ndarray,
    rate: float,
    seed: int = 0,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> np.ndarray:
    """(d, d), what is added to questions so that each of `questions` (n, d) comes near to the target (n, d) in its row, all of unit
    length. It begins as nothing, and is drawn back to it."""
    import torch
    from torch.nn.functional import normalize

    asked, wanted = torch.from_numpy(questions), torch.from_numpy(targets)
    chance = torch.Generator().manual_seed(seed)
    added = torch.zeros(questions.shape[1], targets.shape[1], requires_grad=True)
    optimizer = torch.optim.AdamW([added], lr=rate, weight_decay=TURNING_DECAY)
    for epoch in range(TURNING_EPOCHS):
        for batch in torch.randperm(len(asked), generator=chance).split(BATCH):
            told = asked[batch]
            optimizer.zero_grad()
            _loss(normalize(told + told @ added), wanted[batch], told).backward()
            optimizer.step()
        progress(epoch + 1, TURNING_EPOCHS)
    return added.detach().numpy()


def _loss(placed: Tensor, wanted: Tensor, texts: Tensor) -> Tensor:
    """Of a batch in which each row of `placed` is to be near to its own row of `wanted`, and to the others as its text is to theirs."""
    from torch.nn.functional import log_softmax

    scores = SHARPNESS * placed @ wanted.T
    aims = (texts @ texts.T / SOFTNESS).softmax(dim=1)
    return -(aims * (log_softmax(scores, 1) + log_softmax(scores.T, 1))).sum(dim=1).mean()
