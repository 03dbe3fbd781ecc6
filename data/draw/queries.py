"""Pictures to ask with: crops, other colours and other sizes of the sample's, into data/gold/queries."""

from __future__ import annotations

from PIL import Image, ImageEnhance, ImageOps

from canvas import SAMPLE

QUERIES = SAMPLE.parent / "gold" / "queries"


def opened(name: str) -> Image.Image:
    return Image.open(SAMPLE / name).convert("RGB")


def everything() -> None:
    QUERIES.mkdir(parents=True, exist_ok=True)
    opened("guide/images/skerrin-head.png").crop((250, 100, 600, 720)).resize((280, 496)).save(
        QUERIES / "white-tower-red-bands.jpg", quality=80
    )
    ImageEnhance.Color(opened("web/images/lightship.png")).enhance(0.45).resize((520, 363)).save(QUERIES / "faded-ship.jpg", quality=75)
    ImageOps.mirror(opened("guide/images/puffin.png")).resize((380, 368)).save(QUERIES / "bird-mirrored.png", optimize=True)
    ImageEnhance.Brightness(opened("pictures/IMG_0467.jpg").crop((60, 60, 580, 580))).enhance(0.8).save(QUERIES / "dial.jpg", quality=80)
    opened("guide/images/fresnel-section.png").crop((60, 80, 620, 640)).resize((400, 400)).convert("L").save(
        QUERIES / "grey-diagram.png", optimize=True
    )


if __name__ == "__main__":
    everything()
