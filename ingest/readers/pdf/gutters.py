"""Where the columns of a table part, by the white between its words, and what stands in each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from rag.pictures.layout import Line


def gutters(bands: list[list[Line]], between_rules: bool) -> list[float]:
    """Where the columns part: in the middle of upright strips of white that hardly a line crosses, with words on both sides."""
    lines = [line for band in bands for line in band]
    if len(bands) > 1 and len(lines) - len(bands[0]) >= 2:
        lines = [line for band in bands[1:] for line in band]  # a head may span columns
    height = median(line.height for line in lines)
    least = (1.0 if between_rules else 0.45) * height
    taken = [[(piece.left, piece.right) for piece in _pieces(line, least)] for line in lines]
    edges = sorted({edge for line in taken for span in line for edge in span})
    allowed = len(lines) // 8
    strips: list[tuple[float, float]] = []
    for start, end in pairwise(edges):
        middle = (start + end) / 2
        if sum(any(left < middle < right for left, right in line) for line in taken) > allowed:
            continue
        if strips and abs(strips[-1][1] - start) < 0.01:
            strips[-1] = strips[-1][0], end
        else:
            strips.append((start, end))
    both = (sum(line[0][0] < start and line[-1][1] > end for line in taken) for start, end in strips)
    enough = max(1 if len(lines) < 3 else 2, len(lines) // 4)
    return [(start + end) / 2 for (start, end), count in zip(strips, both, strict=True) if end - start >= least and count >= enough]


def _pieces(line: Line, least: float) -> list[Line]:
    """The runs of a line, also cut at their spaces that are at least so wide."""
    found = []
    for run in line.runs:
        start, left = 0, run.left
        for at, right, next_left in run.gaps:
            if next_left - right >= least:
                found.append(replace(run, text=run.text[start:at].strip(), left=left, right=right, gaps=()))
                start, left = at, next_left
        found.append(replace(run, text=run.text[start:], left=left, gaps=()) if start else run)
    return found


def cells_of(line: Line, edges: Sequence[float]) -> list[str]:
    """The words of a line by column: a run that reaches over an edge is cut at its wide space there, else stays where it begins."""
    cells = [""] * (len(edges) + 1)
    for run in line.runs:
        start, left = 0, run.left
        cuts = [gap for gap in run.gaps if any(gap[1] - 1 <= edge <= gap[2] + 1 for edge in edges)]
        for at, right, next_left in [*cuts, (len(run.text), run.right, run.right)]:
            column = sum(edge < left + min(2.0, (right - left) / 2) for edge in edges)
            text = run.text[start:at].strip()
            cells[column] = f"{cells[column]} {text}".strip()
            start, left = at, next_left
    return cells


def straight(lines: Sequence[Line], edges: Sequence[float], column: int) -> bool:
    """Whether the words of a column stand under one another at their left, their right or their middle."""
    left, right = ([float("-inf"), *edges, float("inf")])[column : column + 2]
    runs = [piece for line in lines for piece in _pieces(line, 0.45 * line.height) if left <= (piece.left + piece.right) / 2 < right]
    for place in (lambda run: run.left, lambda run: run.right, lambda run: (run.left + run.right) / 2):
        usual = median(map(place, runs)) if runs else 0.0
        if sum(abs(place(run) - usual) < 3 for run in runs) >= 0.6 * len(runs):
            return True
    return False
