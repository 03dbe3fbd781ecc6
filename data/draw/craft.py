"""Ships, buoys, horns, bells and birds."""

from __future__ import annotations

import math

from canvas import (
    circle,
    cloud,
    draw,
    ellipse,
    fade,
    grass,
    gull,
    lantern,
    line,
    path,
    rect,
    rocks,
    sea,
    wave,
    words,
)


def lightship() -> None:
    defs = (
        fade("sky", (0, "#b9c9d3"), (1, "#eef1ea"))
        + fade("water", (0, "#5f8d99"), (1, "#2d5b6b"))
        + fade("hull", (0, "#d8372c"), (1, "#96201b"))
    )
    body = rect(0, 0, 860, 600, "url(#sky)") + cloud(150, 110, 1.5) + cloud(700, 90, 1.2) + sea(400, 860, 600, seed=31)
    body += line(430, 360, 430, 150, "#4a3a2c", 16) + line(200, 360, 200, 190, "#4a3a2c", 8) + line(660, 360, 660, 190, "#4a3a2c", 8)
    body += "".join(line(430, 150, x, 350, "#55606a", 2) for x in (150, 210, 330, 530, 650, 720)) + "".join(
        line(420, y, 440, y, "#2b221a", 3) for y in range(200, 350, 14)
    )
    body += (
        lantern(430, 190, 74, "#2f3b47", 110)
        + circle(430, 60, 22, "#b8271f")
        + line(430, 60, 430, 120, "#4a3a2c", 5)
        + circle(430, 60, 22, "url(#round)")
    )
    body += (
        rect(300, 310, 100, 56, "#f7f3e6")
        + rect(470, 310, 120, 56, "#f7f3e6")
        + "".join(circle(x, 336, 9, "#2b3a4a", 'stroke="#b58a3c" stroke-width="3"') for x in (325, 375, 500, 545))
    )
    body += path("M90 350C200 372 640 372 770 340L742 470H150C120 440 100 400 90 350Z", "url(#hull)") + path(
        "M90 350C200 372 640 372 770 340", more='stroke="#f7f3e6" stroke-width="9"'
    )
    body += path("M140 454H746L742 476H150Z", "#2c2320") + words(
        430, 432, "EBBING STONE", 58, "#ffffff", more='font-weight="bold" letter-spacing="5"'
    )
    body += (
        path("M104 398L60 520", more='stroke="#333" stroke-width="5" stroke-dasharray="9 5"')
        + path("M668 300h54v30h-54z", "#ffffff", 'stroke="#777"')
        + line(670, 346, 700, 346, "#333", 3)
    )
    body += (
        wave(466, 860, 600, "#4d7e8c", 12, 120)
        + wave(508, 860, 600, "#3a6a79", 14, 150, 60)
        + wave(556, 860, 600, "#2a5565", 12, 110, 10)
        + gull(620, 130)
        + gull(670, 160, 0.8)
        + gull(230, 240, 0.9)
    )
    draw("web/images/lightship.png", 860, 600, body, defs)


def lightship_section() -> None:
    defs = fade("water", (0, "#cfe6ec"), (1, "#7fb2c2"))
    body = (
        rect(0, 0, 960, 620, "#fbf8f0")
        + rect(0, 290, 960, 330, "url(#water)")
        + words(24, 44, "The Constance Amery, cut open", 24, anchor="start", more='font-weight="bold"')
    )
    body += path(
        "M110 210C240 232 720 232 850 200L818 400C800 440 760 450 700 452H250C170 448 126 330 110 210Z",
        "#f7efe0",
        'stroke="#b8271f" stroke-width="12"',
    )
    body += line(126, 312, 834, 312, "#8a6a48", 6) + "".join(line(x, 222, x, 448, "#8a6a48", 5) for x in (250, 400, 560, 700))
    rooms = [
        (190, 272, "mess"),
        (325, 272, "lamp room"),
        (480, 272, "cabins"),
        (630, 272, "master"),
        (768, 272, "store"),
        (200, 372, "chain"),
        (200, 392, "locker"),
        (325, 386, "water"),
        (480, 386, "coal"),
        (630, 386, "provisions"),
        (752, 386, "oil"),
    ]
    body += "".join(words(x, y, text, 18, "#3a2c20") for x, y, text in rooms)
    body += (
        rect(150, 284, 60, 6, "#6b4d33")
        + rect(300 - 22, 290, 20, 22, "#3b3b3b")
        + "".join(rect(430 + k * 62, 286, 48, 8, "#4878a8") + rect(430 + k * 62, 298, 48, 8, "#4878a8") for k in range(2))
    )
    body += "".join(circle(282 + k * 26, 420, 11, "#a9cfe0", 'stroke="#5b8296"') for k in range(4)) + "".join(
        circle(432 + (k * 23) % 110, 424 + (k * 7) % 14, 8, "#2b2b2b") for k in range(14)
    )
    body += "".join(rect(585 + k * 28, 408, 22, 30, "#b58a5c", 'stroke="#6b4d33"') for k in range(4)) + "".join(
        ellipse(184 + k * 10, 414, 10, 6, "none", 'stroke="#555" stroke-width="4"') for k in range(6)
    )
    body += (
        line(480, 222, 480, 96, "#4a3a2c", 12)
        + lantern(480, 126, 52, "#2f3b47", 50)
        + line(150, 212, 150, 130, "#4a3a2c", 6)
        + line(760, 212, 760, 130, "#4a3a2c", 6)
    )
    body += (
        path("M122 250C90 340 80 430 96 528", more='stroke="#444" stroke-width="6" stroke-dasharray="10 5"')
        + path("M54 540A44 44 0 0 0 142 540Z", "#3a3a3a")
        + line(98, 528, 98, 545, "#3a3a3a", 8)
    )
    body += (
        path("M0 590Q480 570 960 594V620H0Z", "#c9b384")
        + words(276, 560, "mushroom anchor, two tons", 18, "#3a2c20")
        + line(150, 554, 136, 554, "#3a2c20", 2)
        + words(610, 110, "lantern with eight lamps, lowered by day", 18, "#3a2c20", "start")
        + line(606, 104, 520, 104, "#3a2c20", 2)
    )
    draw("web/images/lightship-section.png", 960, 620, body, defs)


def relief_boat() -> None:
    defs = (
        fade("sky", (0, "#6f8594"), (1, "#d8dcd4"))
        + fade("water", (0, "#587f86"), (1, "#234a55"))
        + fade("boat", (0, "#2a5aa8"), (1, "#143264"))
    )
    body = (
        rect(0, 0, 860, 580, "url(#sky)")
        + cloud(200, 90, 1.7, "#eef0ec", 0.6)
        + cloud(640, 70, 1.4, "#eef0ec", 0.5)
        + sea(300, 860, 580, seed=14)
    )
    body += (
        path("M690 580L720 300C730 180 736 90 738 0H860V580Z", "#80888c")
        + "".join(line(694, y, 860, y, "#5d666a", 2) for y in range(20, 580, 40))
        + rocks([(720, 480, 110), (820, 470, 120)], "#262c30")
    )
    body += (
        line(740, 70, 470, 40, "#4a3a2c", 12)
        + line(740, 20, 470, 40, "#555", 3)
        + line(474, 42, 474, 250, "#3a3a3a", 3)
        + ellipse(474, 254, 26, 7, "#8a6a48")
    )
    body += wave(380, 860, 580, "#47707a", 20, 210, 30)
    body += (
        path("M150 350C240 400 480 404 600 346L566 436C480 462 270 460 192 432Z", "url(#boat)")
        + path("M150 350C240 400 480 404 600 346", more='stroke="#f2ead6" stroke-width="9"')
        + path("M170 384C260 424 480 426 588 380", more='stroke="#ffffff66" stroke-width="3"')
    )
    for k in range(6):
        x, y = 225 + k * 58, 366 - abs(k - 2.5) * 4
        body += line(x, y + 10, x - 70, y + 110, "#d8b98a", 6) + path(f"M{x - 66} {y + 100}l-16 34l14 6l14 -36z", "#e8cfa4")
        body += (
            path(
                f"M{x - 20} {y + 14}Q{x - 18} {y - 40} {x + 4} {y - 44}Q{x + 24} {y - 38} {x + 22} {y + 14}Z",
                "#e2b01e" if k % 2 else "#c9971a",
            )
            + circle(x + 4, y - 58, 13, "#e8b998")
            + path(f"M{x - 14} {y - 58}Q{x + 2} {y - 86} {x + 22} {y - 58}Z", "#b8871a")
        )
        body += line(x + 4, y - 24, x - 10, y + 12, "#a87c12", 8)
    body += (
        wave(440, 860, 580, "#356069", 18, 170)
        + wave(492, 860, 580, "#264d58", 20, 190, 80)
        + wave(545, 860, 580, "#1b3d48", 14, 140, 20)
        + gull(330, 180, 1.2, "#f4f6f6")
        + gull(390, 150, 0.9, "#f4f6f6")
    )
    draw("guide/images/relief-boat.jpg", 860, 580, body, defs)


def bell_buoy() -> None:
    defs = (
        fade("sky", (0, "#9cc7da"), (1, "#f0efe0"))
        + fade("water", (0, "#4f95a3"), (1, "#23606f"))
        + fade("can", (0, "#3aa367"), (1, "#1d6b41"))
    )
    body = (
        rect(0, 0, 680, 620, "url(#sky)")
        + cloud(150, 110, 1.2)
        + cloud(530, 150, 0.9)
        + sea(370, 680, 620, seed=19)
        + wave(420, 680, 620, "#45899a", 18, 200, 40)
    )
    cage = (
        "".join(line(x1, 380, x2, 150, "#1d6b41", 9) for x1, x2 in [(250, 305), (430, 375)])
        + line(280, 270, 400, 270, "#1d6b41", 7)
        + rect(298, 140, 84, 12, "#1d6b41")
    )
    bell = (
        path("M290 320Q300 210 340 206Q380 210 390 320L404 336H276Z", "#b8892e")
        + path("M290 320Q300 210 340 206Q380 210 390 320L404 336H276Z", "url(#round)")
        + line(340, 206, 340, 152, "#5d4a20", 6)
    )
    clappers = "".join(line(340 + s * 74, 262, 340 + s * 66, 318, "#444", 4) + circle(340 + s * 64, 324, 9, "#333") for s in (-1, 1))
    top = path("M340 60L376 122H304Z", "#2b8a55") + line(340, 122, 340, 142, "#1d6b41", 6)
    hull = (
        path("M190 380H490L462 470Q340 500 218 470Z", "url(#can)")
        + rect(180, 372, 320, 20, "#1a5a38", 'rx="8"')
        + words(340, 446, "MAIDEN", 40, "#fff", more='font-weight="bold" letter-spacing="4"')
    )
    seal = (
        path("M372 374Q400 330 470 344Q520 350 548 336Q540 356 524 366Q500 384 440 378Z", "#6d747a")
        + circle(378, 350, 23, "#7b838a")
        + circle(370, 345, 3.5, "#111")
        + circle(358, 355, 4, "#222")
        + "".join(line(360, 358, 340, 356 + d, "#ddd", 1) for d in (0, 6, 12))
    )
    body += (
        f'<g transform="rotate(-11 340 420)">{cage}{bell}{clappers}{top}{hull}{seal}</g>'
        + wave(470, 680, 620, "#377b8b", 16, 160)
        + wave(520, 680, 620, "#2a6877", 18, 190, 70)
        + wave(575, 680, 620, "#1d5362", 12, 120, 20)
        + gull(520, 240)
        + gull(130, 260, 0.8)
    )
    draw("guide/images/bell-buoy.png", 680, 620, body, defs)


def buoys() -> None:
    defs = fade("sky", (0, "#d7ecf5"), (1, "#f9fbf6")) + fade("water", (0, "#7fbccb"), (1, "#4d93a8"))
    body = rect(0, 0, 1000, 480, "url(#sky)") + words(500, 46, "Buoys of the Varrow Coast", 28, more='font-weight="bold"')

    def pillar(x: int, colours: list[str], striped: bool = False) -> str:
        d = f"M{x - 46} 380L{x - 20} 200H{x + 20}L{x + 46} 380Z"
        upright = "".join(rect(x - 48 + k * 16, 200, 16, 180, colours[k % 2]) for k in range(6))
        banded = "".join(rect(x - 50, 200 + k * 180 / len(colours), 100, 180 / len(colours) + 1, c) for k, c in enumerate(colours))
        fill = upright if striped else banded
        return (
            f'<clipPath id="p{x}"><path d="{d}"/></clipPath><g clip-path="url(#p{x})">{fill}</g>'
            + path(d, "url(#round)")
            + line(x, 200, x, 100, "#333", 5)
        )

    cone = lambda x, y, up: path(f"M{x - 20} {y + 15 * up}H{x + 20}L{x} {y - 17 * up}Z", "#1b1b1b")  # noqa: E731
    body += (
        rect(62, 250, 92, 130, "#c92a2a")
        + rect(62, 250, 92, 130, "url(#round)")
        + line(108, 250, 108, 160, "#333", 5)
        + rect(88, 134, 40, 34, "#c92a2a")
    )
    body += (
        path("M224 380L270 230L316 380Z", "#23955a")
        + path("M224 380L270 230L316 380Z", "url(#round)")
        + line(270, 230, 270, 160, "#333", 5)
        + path("M248 168H292L270 128Z", "#23955a")
    )
    body += pillar(432, ["#1b1b1b", "#f1c21b"]) + cone(432, 118, 1) + cone(432, 156, 1)
    body += pillar(594, ["#1b1b1b", "#c92a2a", "#1b1b1b"]) + circle(594, 112, 18, "#1b1b1b") + circle(594, 152, 18, "#1b1b1b")
    body += pillar(756, ["#c92a2a", "#ffffff"], True) + circle(756, 122, 20, "#c92a2a")
    body += pillar(908, ["#f1c21b"]) + path("M892 104l32 32M924 104l-32 32", more='stroke="#d2a400" stroke-width="9"')
    body += rect(0, 372, 1000, 108, "url(#water)") + wave(380, 1000, 480, "#5fa6b8", 7, 80)
    labels = [
        (108, "port hand", "red can"),
        (270, "starboard", "green cone"),
        (432, "north cardinal", "pass north"),
        (594, "isolated danger", "keep off"),
        (756, "safe water", "all round"),
        (908, "special", "yellow"),
    ]
    body += "".join(words(x, 428, a, 20, "#0f2f3a", more='font-weight="bold"') + words(x, 454, b, 17, "#0f2f3a") for x, a, b in labels)
    draw("guide/images/buoys.png", 1000, 480, body, defs)


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
    for one in (
        lightship,
        lightship_section,
        relief_boat,
        bell_buoy,
        buoys,
        fog_horn,
        fog_bell,
        tern,
        puffin,
        flags,
        ship_in_bottle,
        compass,
    ):
        one()


if __name__ == "__main__":
    everything()
