"""From SVG or HTML to picture files: rendering by headless Chromium, saving within a size, and shapes that many drawings share."""

from __future__ import annotations

import math
import random
import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

SAMPLE = Path(__file__).parent.parent / "sample"
LIMIT = 140_000  # bytes a picture may take
SERIF, SANS, MONO = "Liberation Serif", "Liberation Sans", "Liberation Mono"


def chromium(*arguments: str) -> None:
    """Run headless Chromium with a profile of its own, which is thrown away."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not browser:
        raise SystemExit("Chromium is needed to draw the sample's pictures: install the package chromium.")
    with tempfile.TemporaryDirectory() as profile:
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={profile}"]
        subprocess.run([browser, *options, *arguments], check=True, capture_output=True, timeout=120)


def screenshot(html: str, width: int, height: int) -> Image.Image:
    """The picture that a page of HTML makes, RGB, `width` x `height`."""
    with tempfile.TemporaryDirectory() as folder:
        page, shot = Path(folder, "page.html"), Path(folder, "shot.png")
        page.write_text(f'<!DOCTYPE html><meta charset="utf-8"><style>body{{margin:0}}svg{{display:block}}</style>{html}', encoding="utf-8")
        # Headless Chromium keeps some of the window for itself, so the window is higher than the page and the rest is cut off.
        chromium(f"--screenshot={shot}", f"--window-size={width},{height + 160}", page.as_uri())
        with Image.open(shot) as image:
            return image.convert("RGB").crop((0, 0, width, height))


def save(image: Image.Image, name: str) -> None:
    """Write `image` as data/sample/`name`, with fewer colours or less quality where it would be over the limit."""
    path = SAMPLE / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix in {".jpg", ".webp"}:
        for quality in (88, 80, 70, 60):
            image.save(path, quality=quality)
            if path.stat().st_size <= LIMIT:
                return
    elif path.suffix == ".gif":
        image.quantize(64, dither=Image.Dither.NONE).save(path)
    else:
        image.save(path, optimize=True)
        for colours in (256, 128, 64):
            if path.stat().st_size <= LIMIT:
                return
            image.quantize(colours).save(path, optimize=True)


def draw(name: str, width: int, height: int, body: str, defs: str = "") -> None:
    """Draw an SVG `body` into data/sample/`name`."""
    save(screenshot(svg(width, height, body, defs), width, height), name)


def svg(width: int, height: int, body: str, defs: str = "") -> str:
    shade = (
        '<linearGradient id="round"><stop offset="0" stop-color="#fff" stop-opacity=".28"/><stop offset=".35" stop-color="#fff" '
        'stop-opacity="0"/><stop offset="1" stop-color="#0b1830" stop-opacity=".42"/></linearGradient>'
        '<radialGradient id="glow"><stop offset="0" stop-color="#fff6c8"/><stop offset=".35" stop-color="#ffe58a" stop-opacity=".75"/>'
        '<stop offset="1" stop-color="#ffe58a" stop-opacity="0"/></radialGradient>'
        '<filter id="soft"><feGaussianBlur stdDeviation="6"/></filter><filter id="mist"><feGaussianBlur stdDeviation="18"/></filter>'
        '<marker id="tip" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse">'
        '<path d="M0 0L10 5L0 10z" fill="context-stroke"/></marker>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="{SANS}"><defs>{shade}{defs}</defs>{body}</svg>'
    )


def fade(id: str, *stops: tuple[float, str], across: bool = False) -> str:
    """A linear gradient, downwards unless `across`."""
    marks = "".join(f'<stop offset="{at}" stop-color="{colour}"/>' for at, colour in stops)
    return f'<linearGradient id="{id}" x1="0" y1="0" x2="{int(across)}" y2="{int(not across)}">{marks}</linearGradient>'


def rect(x: float, y: float, w: float, h: float, fill: str, more: str = "") -> str:
    return f'<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="{fill}" {more}/>'


def path(d: str, fill: str = "none", more: str = "") -> str:
    return f'<path d="{d}" fill="{fill}" {more}/>'


def line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 2, more: str = "") -> str:
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="{width}" stroke-linecap="round" {more}/>'


def circle(x: float, y: float, r: float, fill: str, more: str = "") -> str:
    return f'<circle cx="{x}" cy="{y}" r="{r}" fill="{fill}" {more}/>'


def ellipse(x: float, y: float, rx: float, ry: float, fill: str, more: str = "") -> str:
    return f'<ellipse cx="{x}" cy="{y}" rx="{rx}" ry="{ry}" fill="{fill}" {more}/>'


def words(x: float, y: float, text: str, size: float = 18, fill: str = "#22303c", anchor: str = "middle", more: str = "") -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}" text-anchor="{anchor}" {more}>{text}</text>'


def cloud(x: float, y: float, s: float = 1, fill: str = "#fff", opacity: float = 0.85) -> str:
    puffs = [(0, 0, 46, 20), (-34, 6, 30, 14), (36, 5, 34, 15), (-8, -14, 28, 18), (18, -10, 22, 16)]
    drawn = "".join(ellipse(x + a * s, y + b * s, rx * s, ry * s, fill) for a, b, rx, ry in puffs)
    return f'<g opacity="{opacity}">{drawn}</g>'


def gull(x: float, y: float, s: float = 1, colour: str = "#37475a") -> str:
    d = f"M{x - 16 * s} {y - 4 * s}Q{x - 8 * s} {y - 12 * s} {x} {y}Q{x + 8 * s} {y - 12 * s} {x + 16 * s} {y - 4 * s}"
    return path(d, more=f'stroke="{colour}" stroke-width="{2.4 * s}" stroke-linecap="round"')


def sea(y: float, width: int, height: int, crest: str = "#ffffff", opacity: float = 0.35, seed: int = 1) -> str:
    """Water from `y` down, in the gradient `water`, with short crests that grow towards the viewer."""
    chance = random.Random(seed)
    parts = [rect(0, y, width, height - y, "url(#water)")]
    for _ in range(int(width / 9)):
        depth = chance.random() ** 1.4
        cx, cy, r = chance.uniform(0, width), y + 6 + depth * (height - y - 8), 6 + depth * 26
        d = f"M{cx - r:.1f} {cy:.1f}Q{cx:.1f} {cy - r * 0.28:.1f} {cx + r:.1f} {cy:.1f}"
        parts.append(path(d, more=f'stroke="{crest}" stroke-width="{1 + depth * 2:.1f}" stroke-linecap="round" opacity="{opacity}"'))
    return "".join(parts)


def wave(y: float, width: int, height: int, fill: str, size: float = 14, length: float = 90, shift: float = 0) -> str:
    """One band of rolling water, from `y` to the bottom."""
    x, d = -length + shift, f"M{-length + shift} {y}"
    while x < width + length:
        d += f"q{length / 4} {-size} {length / 2} 0t{length / 2} 0"
        x += length
    return path(f"{d}V{height}H{-length}Z", fill)


def tower(cx: float, base: float, top: float, wide: float, narrow: float, fill: str, bands: str = "", id: str = "t") -> str:
    """A round tapered tower with `bands` cut to its outline, and shaded as a cylinder."""
    d = f"M{cx - wide / 2} {base}L{cx - narrow / 2} {top}H{cx + narrow / 2}L{cx + wide / 2} {base}Q{cx} {base + wide * 0.08} {cx - wide / 2} {base}Z"
    return (
        f'<clipPath id="{id}"><path d="{d}"/></clipPath>'
        + path(d, fill)
        + f'<g clip-path="url(#{id})">{bands}</g>'
        + path(d, "url(#round)")
    )


def lantern(cx: float, y: float, w: float, dome: str = "#2f3b47", glow: float = 0.0, iron: str = "#2f3b47") -> str:
    """A lantern room that stands on `y`: gallery, rail, low wall, panes, dome, ball and rod. `glow` is the radius of its shine."""
    h = w * 0.82
    parts = [circle(cx, y - h * 0.62, glow, "url(#glow)") if glow else ""]
    parts += [rect(cx - w * 0.86, y - w * 0.06, w * 1.72, w * 0.12, iron, f'rx="{w * 0.03}"')]
    rail = y - w * 0.34
    parts += [line(cx + i * w * 0.162, y, cx + i * w * 0.162, rail, iron, w * 0.022) for i in range(-5, 6)]
    parts += [line(cx - w * 0.83, rail, cx + w * 0.83, rail, iron, w * 0.03)]
    parts += [rect(cx - w / 2, y - h * 0.28, w, h * 0.24, "#eef1f2"), rect(cx - w / 2, y - h * 0.28, w, h * 0.24, "url(#round)")]
    parts += [rect(cx - w / 2, y - h, w, h * 0.73, "#fff2b8" if glow else "#bfe3ee")]
    parts += [ellipse(cx, y - h * 0.64, w * 0.17, h * 0.25, "#fffbe0" if glow else "#e6f6f2", 'stroke="#a98a3c" stroke-width="1.5"')]
    parts += [line(cx + i * w / 4, y - h, cx + i * w / 4, y - h * 0.27, iron, w * 0.03) for i in range(-2, 3)]
    parts += [line(cx - w / 2, y - h * 0.64, cx + w / 2, y - h * 0.64, iron, w * 0.02)]
    roof = y - h
    parts += [
        path(
            f"M{cx - w * 0.6} {roof}Q{cx - w * 0.45} {roof - w * 0.5} {cx} {roof - w * 0.56}Q{cx + w * 0.45} {roof - w * 0.5} {cx + w * 0.6} {roof}Z",
            dome,
        )
    ]
    parts += [
        path(
            f"M{cx - w * 0.6} {roof}Q{cx - w * 0.45} {roof - w * 0.5} {cx} {roof - w * 0.56}Q{cx + w * 0.45} {roof - w * 0.5} {cx + w * 0.6} {roof}Z",
            "url(#round)",
        )
    ]
    parts += [circle(cx, roof - w * 0.61, w * 0.08, dome), line(cx, roof - w * 0.66, cx, roof - w * 0.95, dome, w * 0.03)]
    return "".join(parts)


def window(x: float, y: float, w: float = 14, h: float = 22, fill: str = "#2b3a4a") -> str:
    return path(
        f"M{x - w / 2} {y + h}V{y + w / 2}A{w / 2} {w / 2} 0 0 1 {x + w / 2} {y + w / 2}V{y + h}Z",
        fill,
        'stroke="#ffffff88" stroke-width="2"',
    )


def grass(x0: float, x1: float, y: float, colours: tuple[str, ...], count: int, seed: int = 3, tall: float = 18) -> str:
    chance = random.Random(seed)
    parts = []
    for _ in range(count):
        x, lean, h = chance.uniform(x0, x1), chance.uniform(-6, 10), chance.uniform(0.4, 1) * tall
        base = y + chance.uniform(0, 14)
        parts.append(
            path(
                f"M{x:.1f} {base:.1f}q{lean / 3:.1f} {-h / 2:.1f} {lean:.1f} {-h:.1f}",
                more=f'stroke="{chance.choice(colours)}" stroke-width="1.8"',
            )
        )
    return "".join(parts)


def rocks(points: list[tuple[float, float, float]], fill: str = "#4a5560") -> str:
    """Boulders at (x, y, size), lit from the left."""
    parts = []
    for x, y, s in points:
        parts.append(
            path(f"M{x - s} {y}L{x - s * 0.7} {y - s * 0.55}L{x - s * 0.1} {y - s * 0.8}L{x + s * 0.6} {y - s * 0.5}L{x + s} {y}Z", fill)
        )
        parts.append(
            path(
                f"M{x - s * 0.7} {y - s * 0.55}L{x - s * 0.1} {y - s * 0.8}L{x + s * 0.05} {y - s * 0.3}L{x - s * 0.5} {y - s * 0.15}Z",
                "#ffffff33",
            )
        )
    return "".join(parts)


def ray(x: float, y: float, angle: float, length: float) -> tuple[float, float]:
    """The point `length` away from (x, y) under `angle` degrees, counted upwards from the right."""
    return x + length * math.cos(math.radians(angle)), y - length * math.sin(math.radians(angle))
