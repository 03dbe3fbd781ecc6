"""What floats: the lightship, the relief boat, and buoys."""

from __future__ import annotations

from canvas import (
    circle,
    cloud,
    draw,
    ellipse,
    fade,
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
        upright = "".join(rect(x - 48 + k * 16, 200, 16, 180, colours[k % len(colours)]) for k in range(6))
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


def everything() -> None:
    for one in (lightship, lightship_section, relief_boat, bell_buoy, buoys):
        one()


if __name__ == "__main__":
    everything()
