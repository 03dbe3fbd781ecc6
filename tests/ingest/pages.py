"""PDFs that tests write with matplotlib: words at exact places, pictures, drawings."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

WIDTH, HEIGHT = 612, 792  # points


@dataclass
class Page:
    """`words`: (left, points from the top to the base line, size, text[, weight[, colour]]).

    `pictures`: (left, top, right, bottom, pixels).
    `drawn`: (left, top, right, bottom) of a plot. `rules`: (left, top, right, bottom) of straight lines, `grounds` of grey areas."""

    words: list[tuple] = field(default_factory=list)
    pictures: list[tuple] = field(default_factory=list)
    drawn: list[tuple] = field(default_factory=list)
    rules: list[tuple] = field(default_factory=list)
    grounds: list[tuple] = field(default_factory=list)


def column(left: float, top: float, lines: list[str], size: float = 10, leading: float = 12) -> list[tuple]:
    return [(left, top + n * leading, size, line) for n, line in enumerate(lines)]


def write_pdf(path: Path, *pages: Page, title: str | None = None) -> Path:
    import matplotlib

    matplotlib.use("pdf")
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

    with matplotlib.rc_context({"pdf.fonttype": 42}), PdfPages(path, metadata={"Title": title} if title else None) as pdf:
        for page in pages:
            figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72))
            for left, top, right, bottom in page.grounds:
                corner = left / WIDTH, 1 - bottom / HEIGHT
                figure.add_artist(Rectangle(corner, (right - left) / WIDTH, (bottom - top) / HEIGHT, color="0.9", linewidth=0))
            for left, top, size, text, *look in page.words:
                weight, colour = (*look, *("normal", "black")[len(look) :])
                figure.text(left / WIDTH, 1 - top / HEIGHT, text, fontsize=size, weight=weight, color=colour, va="baseline")
            for left, top, right, bottom, pixels in page.pictures:
                axes = figure.add_axes((left / WIDTH, 1 - bottom / HEIGHT, (right - left) / WIDTH, (bottom - top) / HEIGHT))
                axes.imshow(np.asarray(pixels), aspect="auto", interpolation="none")
                axes.axis("off")
            for left, top, right, bottom in page.rules:
                line = Line2D((left / WIDTH, right / WIDTH), (1 - top / HEIGHT, 1 - bottom / HEIGHT), linewidth=0.8, color="black")
                figure.add_artist(line)
            for left, top, right, bottom in page.drawn:
                axes = figure.add_axes((left / WIDTH, 1 - bottom / HEIGHT, (right - left) / WIDTH, (bottom - top) / HEIGHT))
                axes.plot([1, 3, 2, 4], color="red", linewidth=3)
                axes.set_xticks([])
                axes.set_yticks([])
            pdf.savefig(figure)
    return path
