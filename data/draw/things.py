"""Horn and bell, birds, flags, and small things of the museum."""

from __future__ import annotations

import math

from canvas import (
    circle,
    cloud,
    draw,
    ellipse,
    fade,
    grass,
    line,
    path,
    rect,
    sea,
    words,
)


def fog_horn() -> None:
    defs = (
        fade("sky", (0, "#c7d2d6"), (1, "#eef0ec"))
        + fade("water", (0, "#9db7bd"), (1, "#6f939c"))
        + fade("brass", (0, "#f0604f"), (0.5, "#cf2f25"), (1, "#8f1c17"))
    )
    body = (
        rect(0, 0, 860, 560, "url(#sky)")
        + sea(380, 860, 560, seed=5)
        + path("M0 400C120 370 300 380 400 430L380 560H0Z", "#7d9a62")
        + path("M400 430L440 500L420 560H380Z", "#6c6a62")
    )
    body += (
        rect(60, 220, 240, 190, "#faf7ee")
        + path("M44 224L90 150H270L316 224Z", "#5f6a74")
        + rect(90, 300, 50, 110, "#1f3f6b")
        + rect(190, 270, 60, 60, "#bfe0ea", 'stroke="#fff" stroke-width="5"')
        + rect(236, 112, 18, 60, "#8a5a48")
    )
    body += (
        path("M300 262H380C440 262 470 240 500 190V370C470 320 440 300 380 300H300Z", "url(#brass)")
        + ellipse(500, 280, 30, 92, "#6e120f")
        + ellipse(500, 280, 30, 92, "none", 'stroke="#f0604f" stroke-width="8"')
        + ellipse(503, 280, 16, 62, "#2d0605")
    )
    body += line(350, 300, 330, 420, "#444", 8) + line(430, 310, 420, 440, "#444", 8)
    body += "".join(
        path(
            f"M{550 + k * 62} {210 - k * 22}Q{600 + k * 70} 280 {550 + k * 62} {350 + k * 22}",
            more=f'stroke="#b32a27" stroke-width="{7 - k}" opacity="{0.75 - k * 0.14}" stroke-linecap="round"',
        )
        for k in range(5)
    )
    body += f'<g filter="url(#mist)" opacity=".75">{ellipse(720, 430, 240, 40, "#fff")}{ellipse(500, 470, 260, 36, "#fff")}{ellipse(760, 150, 160, 40, "#fff")}</g>'
    body += (
        path("M720 420h90l-14 26h-62z", "#55646c", 'opacity=".45"')
        + line(760, 420, 760, 360, "#55646c", 4, 'opacity=".45"')
        + grass(0, 390, 440, ("#5d7f44", "#8fb26a"), 120, 4)
    )
    draw("guide/images/fog-horn.png", 860, 560, body, defs)


def fog_bell() -> None:
    defs = (
        fade("wall", (0, "#e9ded0"), (1, "#cdbda6"))
        + fade("bronze", (0, "#5d7f6a"), (0.4, "#a87c3a"), (0.75, "#7a5424"), (1, "#4d3416"), across=True)
        + fade("wood", (0, "#8a6038"), (1, "#5d3f24"))
    )
    body = (
        rect(0, 0, 640, 640, "url(#wall)")
        + "".join(rect(((k * 97) % 640) - 40, (k // 7) * 44, 88, 40, "#ffffff", 'opacity=".13"') for k in range(84))
        + rect(0, 560, 640, 80, "#8f8474")
    )
    body += (
        rect(110, 80, 36, 500, "url(#wood)")
        + rect(494, 80, 36, 500, "url(#wood)")
        + rect(80, 70, 480, 44, "url(#wood)")
        + line(146, 220, 230, 114, "#5d3f24", 20)
        + line(494, 220, 410, 114, "#5d3f24", 20)
    )
    body += rect(292, 112, 56, 46, "#3a3a3a") + path(
        "M206 470C240 430 226 300 250 220C266 170 290 152 320 152C350 152 374 170 390 220C414 300 400 430 434 470L446 500H194Z",
        "url(#bronze)",
    )
    body += "".join(
        path(f"M{a} {y}Q320 {y + 18} {b} {y}", more='stroke="#3d2a10" stroke-width="4" opacity=".6"')
        for a, b, y in [(240, 400, 250), (228, 412, 400), (214, 426, 448)]
    )
    body += (
        words(320, 322, "KETTERING", 27, "#2d1e0a", more='font-weight="bold" letter-spacing="3"')
        + words(320, 358, "OSMERE 1842", 25, "#2d1e0a", more='font-weight="bold"')
        + circle(320, 512, 20, "#2b2b2b")
    )
    body += (
        line(512, 300, 444, 452, "#333", 10)
        + circle(440, 462, 22, "#222")
        + rect(470, 250, 96, 72, "#394652", 'rx="6"')
        + circle(500, 286, 22, "#b58a3c", 'stroke="#e8cf8a" stroke-width="4" stroke-dasharray="6 4"')
        + circle(538, 286, 14, "#b58a3c", 'stroke="#e8cf8a" stroke-width="3" stroke-dasharray="5 3"')
    )
    draw("guide/images/fog-bell.png", 640, 640, body, defs)


def tern() -> None:
    defs = fade("sky", (0, "#6fb4dc"), (1, "#e3f3f5")) + fade("water", (0, "#4b9cb5"), (1, "#2c7692"))
    body = rect(0, 0, 760, 540, "url(#sky)") + cloud(150, 120, 1.2) + cloud(620, 90, 1) + sea(430, 760, 540, seed=8)
    body += path("M400 270C430 200 500 110 690 70C640 150 560 220 470 280Z", "#e9eef1") + path(
        "M690 70C660 100 600 120 560 134C610 110 650 84 690 70Z", "#4a545c"
    )
    body += path("M380 280C330 210 250 140 110 130C180 190 260 250 330 300Z", "#d6dee3") + path(
        "M110 130C150 150 190 158 230 170C190 150 150 134 110 130Z", "#4a545c"
    )
    body += path(
        "M230 300C270 256 350 252 420 268C480 282 540 300 620 330L706 318L650 346L712 376L610 356C520 360 420 372 330 352C280 342 250 330 230 300Z",
        "#fbfcfc",
    )
    body += (
        path("M330 352C420 372 520 360 610 356C520 340 420 346 330 340Z", "#c9d4da")
        + path("M226 304C236 268 290 256 336 268C316 284 276 292 226 304Z", "#15181b")
        + circle(262, 296, 4.5, "#15181b")
        + circle(261, 295, 1.5, "#fff")
    )
    body += (
        path("M232 298L168 314L234 312Z", "#d9381e")
        + path("M168 308Q150 330 140 352Q148 352 156 346Q166 330 178 312Z", "#9fb3bd", 'stroke="#5c717b"')
        + line(420, 362, 440, 378, "#d9381e", 5)
        + line(440, 360, 462, 376, "#d9381e", 5)
    )
    draw("guide/images/tern.png", 760, 540, body, defs)


def puffin() -> None:
    defs = fade("sky", (0, "#8cc7e4"), (1, "#eaf5f3")) + fade("turf", (0, "#7fb354"), (1, "#4a7c37"))
    body = (
        rect(0, 0, 640, 620, "url(#sky)")
        + cloud(510, 100, 1)
        + path("M0 380H640V620H0Z", "#4a93b0")
        + path("M0 470C160 430 420 440 640 500V620H0Z", "url(#turf)")
    )
    body += path("M292 520l-30 16h58l8-20zM372 520l-24 18h60l0-20z", "#ef7d22") + path(
        "M250 300C226 380 236 500 320 520C420 530 452 430 426 300C410 220 280 220 250 300Z", "#fbfbf8"
    )
    body += path(
        "M330 200C420 210 470 330 452 430C446 480 424 510 400 520C430 440 420 340 372 290C330 270 290 270 262 300C256 240 280 200 330 200Z",
        "#1a1d21",
    ) + path("M430 460C450 500 470 520 486 524C462 530 436 522 412 508Z", "#1a1d21")
    body += (
        circle(318, 178, 78, "#1a1d21")
        + ellipse(298, 180, 52, 48, "#f1f1ee")
        + path("M318 100A78 78 0 0 1 396 178L350 250C370 200 350 140 318 100Z", "#1a1d21")
    )
    body += (
        path("M262 140C200 150 160 180 140 214C190 232 240 228 268 216Z", "#ef7d22")
        + path("M262 140C240 146 226 152 214 160L222 226C240 226 256 222 268 216Z", "#4a6a8c")
        + path("M224 156L232 226", more='stroke="#f5d76a" stroke-width="7"')
        + path("M192 170L198 228M172 184L176 224", more='stroke="#b8481a" stroke-width="5"')
        + line(146, 212, 262, 196, "#7a2e10", 3)
    )
    body += (
        circle(290, 166, 12, "#f1f1ee")
        + circle(290, 166, 9, "#111", 'stroke="#d9381e" stroke-width="3"')
        + circle(287, 163, 2.4, "#fff")
        + path("M276 152l26-4l-8-12z", "#4a545c")
        + grass(0, 640, 530, ("#4a7c37", "#9fd070", "#3a642b"), 240, 7, 30)
    )
    body += "".join(circle(60 + (k * 71) % 540, 540 + (k * 37) % 60, 5, "#e58fb0") for k in range(24))
    draw("guide/images/puffin.png", 640, 620, body, defs)


def flags() -> None:
    """Signals of the station to the mainland, flown one at a time."""

    def flag(x: int, y: int, pattern: str, meaning: str) -> str:
        edge = rect(0, 0, 150, 96, "none", 'stroke="#444" stroke-width="2"')
        return (
            rect(x - 6, y - 14, 6, 150, "#6b4d33")
            + f'<g transform="translate({x} {y})">{pattern}{edge}</g>'
            + words(x + 75, y + 128, meaning, 18, "#1d2b36", more='font-weight="bold"')
        )

    red, blue, yellow, white, black = "#d0312d", "#1f4f9c", "#f4c822", "#ffffff", "#1b1b1b"
    whole = lambda c: rect(0, 0, 150, 96, c)  # noqa: E731
    patterns = [
        (whole(white) + rect(56, 0, 38, 96, blue), "BOAT COMING"),
        (whole(red) + path("M0 0L150 96M150 0L0 96", more=f'stroke="{white}" stroke-width="18"'), "NO LANDING"),
        (whole(yellow) + circle(75, 48, 28, black), "SEND DOCTOR"),
        ("".join(rect(k * 37.5, 0, 37.5, 96, (black, yellow)[k % 2]) for k in range(4)), "OIL WANTED"),
        (whole(blue) + rect(38, 24, 74, 48, white), "ALL WELL"),
        ("".join(rect((k % 4) * 37.5, (k // 4) * 32, 37.5, 32, (white, red)[(k + k // 4) % 2]) for k in range(12)), "FOG EXPECTED"),
    ]
    body = rect(0, 0, 720, 460, "#f4eedd") + words(360, 44, "Station flags, Thornsay 1902", 26, more='font-weight="bold"')
    body += "".join(flag(70 + (k % 3) * 220, 90 + (k // 3) * 185, *pattern) for k, pattern in enumerate(patterns))
    draw("pictures/signal-flags.gif", 720, 460, body)


def ship_in_bottle() -> None:
    defs = fade("wall", (0, "#5b3a29"), (1, "#2f1d14")) + fade("glass", (0, "#d7f0ee"), (0.5, "#a9d3d2"), (1, "#6fa3a6"))
    body = (
        rect(0, 0, 860, 480, "url(#wall)")
        + rect(0, 390, 860, 90, "#8a5a34")
        + "".join(line(0, 396 + k * 18, 860, 400 + k * 18, "#6d4526", 2) for k in range(5))
    )
    body += path(
        "M120 120H560C620 120 640 190 690 200H770V290H690C640 300 620 370 560 370H120C70 370 70 120 120 120Z",
        "url(#glass)",
        'opacity=".5" stroke="#e9fbfa" stroke-width="5"',
    ) + rect(766, 206, 50, 78, "#b58a5c", 'rx="8"')
    body += (
        path("M100 300Q200 280 320 300T600 296L560 366H120Q94 340 100 300Z", "#2f7fa6", 'opacity=".85"')
        + path("M190 280H500L468 326H226Z", "#6b2f1c")
        + path("M190 280H500", more='stroke="#e8cf8a" stroke-width="5"')
        + line(500, 280, 570, 256, "#4a2f1c", 5)
    )
    for x, tall in [(250, 130), (345, 150), (430, 126)]:
        body += line(x, 280, x, 280 - tall, "#4a2f1c", 5)
        body += "".join(
            path(
                f"M{x - 34 + k * 6} {280 - tall * (0.28 + 0.26 * k)}Q{x} {268 - tall * (0.28 + 0.26 * k)} {x + 34 - k * 6} {280 - tall * (0.28 + 0.26 * k)}L{x + 30 - k * 6} {280 - tall * (0.5 + 0.25 * k)}H{x - 30 + k * 6}Z",
                "#f7f0dc",
                'stroke="#c9b88c"',
            )
            for k in range(2)
        )
    body += (
        path("M560 258L440 160L470 270Z", "#f1e7cb", 'opacity=".9"')
        + path("M130 140H540Q590 142 610 170", more='stroke="#ffffff" stroke-width="10" stroke-linecap="round" opacity=".6"')
        + path("M180 372h60l14 30h-88zM480 372h60l14 30h-88z", "#4a2f1c")
    )
    draw("pictures/IMG_0488.jpg", 860, 480, body, defs)


def compass() -> None:
    defs = (
        fade("wood", (0, "#7a4b2a"), (1, "#4f2f1a"))
        + '<radialGradient id="brass"><stop offset=".8" stop-color="#f0d48a"/><stop offset=".9" stop-color="#b58a3c"/><stop offset="1" stop-color="#7a5a20"/></radialGradient>'
    )
    body = rect(0, 0, 640, 640, "url(#wood)") + "".join(
        path(f"M0 {k * 32}Q320 {k * 32 + 18 - (k * 13) % 36} 640 {k * 32 + 4}", more='stroke="#3a210f" stroke-width="2" opacity=".45"')
        for k in range(21)
    )
    body += (
        circle(330, 336, 262, "#000", 'opacity=".35" filter="url(#soft)"')
        + circle(320, 320, 262, "url(#brass)")
        + circle(320, 320, 216, "#fbf6e6", 'stroke="#6b4d1c" stroke-width="5"')
    )
    for k in range(72):
        a, long = math.radians(k * 5), 24 if k % 6 == 0 else 12
        body += line(
            320 + 210 * math.sin(a),
            320 - 210 * math.cos(a),
            320 + (210 - long) * math.sin(a),
            320 - (210 - long) * math.cos(a),
            "#333",
            2 if k % 6 else 4,
        )
    for k in range(16):
        r = 160 if k % 4 == 0 else 120 if k % 2 == 0 else 80
        half = f"M320 {320 - r}L{320 + 18} {320 - 34}L320 320Z"
        body += f'<g transform="rotate({k * 22.5} 320 320)">{path(half, "#1d2b36")}{path(half.replace(str(338), str(302)), "#c9b88c")}</g>'
    body += (
        words(320, 160, "N", 42, "#b8271f", more='font-weight="bold"')
        + words(320, 512, "S", 38, more='font-weight="bold"')
        + words(490, 333, "E", 38, more='font-weight="bold"')
        + words(150, 333, "W", 38, more='font-weight="bold"')
    )
    body += (
        f'<g transform="rotate(24 320 320)">{path("M320 140L336 320H304Z", "#c9271f")}{path("M320 500L336 320H304Z", "#22303c")}</g>'
        + circle(320, 320, 16, "#b58a3c", 'stroke="#5d4516" stroke-width="3"')
        + path("M160 220A190 190 0 0 1 330 122", more='stroke="#fff" stroke-width="16" stroke-linecap="round" opacity=".4"')
    )
    draw("pictures/IMG_0467.jpg", 640, 640, body, defs)


def everything() -> None:
    for one in (fog_horn, fog_bell, tern, puffin, flags, ship_in_bottle, compass):
        one()


if __name__ == "__main__":
    everything()
