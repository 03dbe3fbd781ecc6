"""A small coast: documents and drawn pictures that tests ingest, with facts that only it knows."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from rag import Library

LIGHTS = """# Lights of the coast

## Hollin Point

The light at Hollin Point was built in 1791 by Marta Quill. It stands 31 m above the sea and shows two white flashes every ten seconds.

![The red tower of Hollin Point](pictures/tower.png)

## Ness Head

Ness Head was lit in 1834. Its fog horn sounds every 30 seconds and can be heard for four miles.

The keeper's cottage at Ness Head has a slate roof and three chimneys.
"""

BOATS = """<html><head><title>Boats</title></head><body>
<nav><a href="/">Home</a> <a href="/map">Map</a></nav>
<h1>Boats of the sound</h1>
<p>The lifeboat <b>Perpetua</b> was launched in 1907 with a crew of eleven. She is kept at Sorrow Quay.</p>
<figure><img src="pictures/boat.png" alt="a blue boat"><figcaption>The lifeboat Perpetua under sail</figcaption></figure>
<table><tr><th>Boat</th><th>Year</th></tr><tr><td>Perpetua</td><td>1907</td></tr><tr><td>Cormorant</td><td>1923</td></tr></table>
</body></html>
"""

LETTER = """Dear Board,

The oil for the lamp at Ness Head ran out on the night of the storm. We burned whale fat until the tender came on Thursday.

Your keeper, Tobias Finch
"""


def tower(path: Path) -> None:
    image = Image.new("RGB", (360, 480), "#bcd9ee")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 400, 360, 480), fill="#3d6b57")
    draw.polygon([(140, 400), (220, 400), (204, 120), (156, 120)], fill="#b5302a")
    for top in (180, 280):
        draw.rectangle((146, top, 214, top + 40), fill="white")
    draw.rectangle((160, 80, 200, 120), fill="#222222")
    draw.text((20, 20), "HOLLIN POINT", fill="black", font_size=30)
    image.save(path)


def boat(path: Path) -> None:
    image = Image.new("RGB", (480, 320), "#dfeaf2")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 220, 480, 320), fill="#2b5c7e")
    draw.polygon([(90, 200), (390, 200), (340, 250), (140, 250)], fill="#16324a")
    draw.polygon([(240, 40), (240, 195), (360, 195)], fill="white")
    draw.line((240, 30, 240, 205), fill="#5a3d22", width=6)
    image.save(path)


def notice(path: Path) -> None:
    image = Image.new("RGB", (520, 260), "#f4ecd8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((6, 6, 513, 253), outline="#53402a", width=5)
    draw.text((40, 50), "FERRY TO GULL ISLAND", fill="black", font_size=36)
    draw.text((40, 130), "Sails at 14:20 from the north pier", fill="black", font_size=26)
    image.save(path)


def make_coast(folder: Path) -> Path:
    """Four documents, three pictures; the notice stands in no document and its file name says nothing."""
    pictures = folder / "pictures"
    pictures.mkdir(parents=True)
    (folder / "lights.md").write_text(LIGHTS, "utf-8")
    (folder / "boats.html").write_text(BOATS, "utf-8")
    (folder / "letter.txt").write_text(LETTER, "utf-8")
    tower(pictures / "tower.png")
    boat(pictures / "boat.png")
    notice(pictures / "IMG_0412.png")
    return folder


def copied(library: Library, folder: Path) -> Path:
    """A copy of a library at `folder`, without what its process holds and what was asked there."""
    return Path(shutil.copytree(library.folder, folder, ignore=shutil.ignore_patterns("*.lock", "index.owner", "conversations.db")))
