"""The lights of the coast: stone, brick, iron and steel, each on its own ground."""

from __future__ import annotations

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
    tower,
    wave,
    window,
    words,
)

IRON = "#2f3b47"


def skerrin() -> None:
    defs = (
        fade("sky", (0, "#5fb0dd"), (0.75, "#d6eef7"))
        + fade("water", (0, "#3f8fb5"), (1, "#1f5f86"))
        + fade("turf", (0, "#86b84e"), (1, "#4c7f35"))
    )
    red = "".join(rect(300, y, 240, 74, "#c8322e") for y in (300, 450))
    body = (
        rect(0, 0, 640, 820, "url(#sky)")
        + circle(120, 120, 44, "#fff4c4")
        + cloud(480, 130, 1.2)
        + cloud(150, 230, 0.9)
        + cloud(560, 330, 0.7)
    )
    body += sea(560, 640, 820, seed=4) + path("M0 700C120 640 260 628 400 640S600 690 640 720V820H0Z", "url(#turf)")
    body += path("M400 640C500 655 590 690 640 720V760C560 720 480 700 420 690Z", "#6b5f52")
    body += tower(420, 660, 250, 130, 82, "#fbfaf4", red) + lantern(420, 250, 72, "#b32a27")
    body += "".join(window(420, y) for y in (275, 395, 545)) + path("M404 664V628A16 16 0 0 1 436 628V666Z", "#1f3f6b")
    body += (
        rect(180, 610, 150, 62, "#f7f4ea")
        + path("M168 612L190 570H320L342 612Z", "#5b6672")
        + rect(206, 548, 20, 30, "#e6dfcf")
        + rect(284, 548, 20, 30, "#e6dfcf")
    )
    body += rect(240, 630, 24, 42, "#1f3f6b") + rect(196, 628, 24, 22, "#2b3a4a") + rect(286, 628, 24, 22, "#2b3a4a")
    body += grass(0, 640, 740, ("#4c7f35", "#9cc960", "#3d6a2c"), 260) + gull(230, 340, 1.1) + gull(270, 320, 0.8) + gull(560, 450, 0.9)
    draw("guide/images/skerrin-head.png", 640, 820, body, defs)


def marrow() -> None:
    defs = fade("sky", (0, "#3b4652"), (0.7, "#8d99a3"), (1, "#c2c6c4")) + fade("water", (0, "#4b6a74"), (1, "#1d3a45"))
    d = "M250 640C300 560 318 430 322 250H398C402 430 420 560 470 640Z"
    joints = "".join(line(230, y, 490, y, "#5c6468", 1.4) for y in range(262, 640, 18))
    joints += "".join(
        line(x, y, x, y + 18, "#5c6468", 1.2) for r, y in enumerate(range(262, 630, 18)) for x in range(240 + 14 * (r % 2), 490, 28)
    )
    body = rect(0, 0, 720, 760, "url(#sky)") + "".join(
        cloud(x, y, s, "#2e3741", 0.6) for x, y, s in [(120, 90, 2.2), (420, 60, 2.6), (640, 130, 2), (260, 170, 1.6)]
    )
    body += sea(540, 720, 760, "#dfe9ea", 0.3, 9) + rocks([(240, 660, 90), (480, 664, 100), (360, 668, 120)], "#23292d")
    body += (
        f'<clipPath id="shaft"><path d="{d}"/></clipPath>'
        + path(d, "#8d9497")
        + f'<g clip-path="url(#shaft)">{joints}</g>'
        + path(d, "url(#round)")
    )
    body += "".join(window(360, y, 12, 20) for y in (290, 370, 450)) + lantern(360, 250, 74, "#39434b", 120)
    spray = "".join(
        path(
            f"M{x} 650C{x - 30} {y + 60} {x + 10} {y + 20} {x + lean} {y}C{x + lean + 30} {y + 60} {x + 50} 600 {x + 90} 650Z",
            "#f4f8f8",
            f'opacity="{o}"',
        )
        for x, y, lean, o in [(180, 380, 60, 0.75), (230, 450, 30, 0.8), (150, 500, 0, 0.7), (430, 470, 40, 0.7), (500, 520, 10, 0.6)]
    )
    drops = "".join(circle(200 + (i * 53) % 330, 360 + (i * 97) % 250, 2 + i % 4, "#ffffff", 'opacity=".75"') for i in range(70))
    body += (
        f'<g filter="url(#soft)">{spray}</g>'
        + drops
        + wave(650, 720, 760, "#3b5b65", 22, 180)
        + wave(690, 720, 760, "#254550", 20, 150, 60)
    )
    body += wave(728, 720, 760, "#16323d", 14, 120, 20) + gull(560, 320, 1.2, "#eef2f2") + gull(140, 290, 0.9, "#eef2f2")
    draw("guide/images/marrow-ledge.png", 720, 760, body, defs)


def pellan() -> None:
    defs = fade("sky", (0, "#f6c98a"), (0.6, "#fbe9c6")) + fade("water", (0, "#7fb3a8"), (1, "#3f7d7a"))
    body = rect(0, 0, 640, 640, "url(#sky)") + circle(520, 150, 50, "#fff3d0") + cloud(160, 110, 1, "#fff6e4")
    for row, (y, colour) in enumerate([(330, "#3e6b4f"), (370, "#2d553f"), (420, "#1f4231")]):
        body += "".join(
            path(f"M{x} {y - 120 + (i * 37) % 50}l36 70h-18l30 60h-20l30 70h-116l30-70h-20l30-60h-18z", colour)
            for i, x in enumerate(range(-20 + 30 * row, 680, 74))
        )
    body += path("M0 470C160 440 420 440 640 480V640H0Z", "#c4b078") + path("M0 560C200 530 420 550 640 530V640H0Z", "url(#water)")
    faces = [(222, 262, "#f9d94e"), (262, 378, "#f2c531"), (378, 418, "#c99a1d")]
    for left, right, colour in faces:
        squeeze = lambda x: 320 + (x - 320) * 0.74  # noqa: E731
        body += path(f"M{left} 500L{squeeze(left):.0f} 250H{squeeze(right):.0f}L{right} 500Z", colour)
    body += "".join(
        line(
            320 + (262 - 320) * (0.74 + 0.26 * (y - 250) / 250), y, 320 + (378 - 320) * (0.74 + 0.26 * (y - 250) / 250), y, "#b58a1644", 1.5
        )
        for y in range(262, 500, 12)
    )
    body += (
        window(320, 290, 22, 34)
        + window(320, 370, 22, 34)
        + path("M300 502V450A20 20 0 0 1 340 450V502Z", "#1f3f6b")
        + lantern(320, 250, 92, "#1f5a3c", 0, "#1f5a3c")
    )
    body += rect(278, 178, 84, 50, "#39a86a", 'opacity=".55"') + grass(0, 640, 510, ("#8a9a4a", "#6d7f38", "#b5a75a"), 220, 5)
    body += (
        path("M70 574q40 22 96 0l-10 20h-72z", "#7a3b2a") + line(116, 574, 116, 510, "#5b4636", 3) + path("M119 514l34 52h-34z", "#efe6d2")
    )
    draw("guide/images/pellan-point.png", 640, 640, body, defs)


def quillon() -> None:
    defs = fade("sky", (0, "#9fd0e6"), (0.8, "#f3f1dc")) + fade("water", (0, "#69b4b3"), (1, "#2f7c8c"))
    body = rect(0, 0, 760, 640, "url(#sky)") + cloud(150, 120, 1.3) + cloud(600, 90, 1) + sea(430, 760, 640, seed=12)
    body += path("M0 438C140 424 260 430 330 442C220 452 90 456 0 452Z", "#e8d7a2")
    legs = [(250, 290), (330, 345), (380, 380), (430, 415), (510, 470)]
    for foot, head in legs:
        body += line(foot, 545, head, 330, "#5a3f38", 8)
    for a, b in [(0, 1), (1, 2), (2, 3), (3, 4)]:
        body += line(legs[a][1], 350, legs[b][0], 470, "#7a5a50", 3) + line(legs[b][1], 350, legs[a][0], 470, "#7a5a50", 3)
    body += line(262, 470, 498, 470, "#5a3f38", 6) + line(278, 400, 482, 400, "#5a3f38", 5)
    body += (
        rect(240, 318, 280, 14, "#4a4f55")
        + "".join(line(x, 318, x, 292, IRON, 2) for x in range(244, 520, 23))
        + line(242, 292, 518, 292, IRON, 3)
    )
    body += path("M272 318V230H330V318Z", "#ffffff") + path("M330 318V230H430V318Z", "#f4f1e8") + path("M430 318V230H488V318Z", "#d5d2c8")
    body += "".join(line(272, y, 488, y, "#c9c4b4", 1) for y in range(240, 318, 9))
    body += (
        path("M256 234L320 168H440L504 234Z", "#c23b2e")
        + path("M440 168L504 234H430Z", "#96281f")
        + window(300, 252, 18, 28)
        + window(460, 252, 18, 28)
        + rect(366, 262, 30, 56, "#1f3f6b")
    )
    body += (
        lantern(380, 170, 62, "#c23b2e", 70)
        + rect(462, 158, 16, 40, "#8a5a48")
        + path("M470 150q14 -20 4 -40q-8 -18 10 -34", more='stroke="#ffffffaa" stroke-width="7" stroke-linecap="round"')
    )
    body += (
        line(346, 330, 346, 548, "#d8c9a0", 3)
        + line(362, 330, 362, 548, "#d8c9a0", 3)
        + "".join(line(346, y, 362, y, "#d8c9a0", 2) for y in range(340, 548, 14))
    )
    body += (
        wave(540, 760, 640, "#3f93a0", 9, 90)
        + wave(580, 760, 640, "#2a7484", 10, 120, 40)
        + gull(590, 230)
        + gull(640, 260, 0.8)
        + gull(120, 260, 0.9)
    )
    draw("guide/images/quillon-spit.png", 760, 640, body, defs)


def halverick() -> None:
    defs = fade("sky", (0, "#8fb8d8"), (1, "#f8ecd8")) + fade("sand", (0, "#ecd9a8"), (1, "#cdb074"))
    body = rect(0, 0, 560, 760, "url(#sky)") + cloud(120, 160, 1.1) + cloud(430, 250, 0.9) + rect(0, 560, 560, 60, "#5d93ae")
    body += path("M0 610C100 560 190 590 280 612S460 570 560 600V760H0Z", "url(#sand)")
    left, right = lambda y: 280 - 28 - (y - 150) * 0.12, lambda y: 280 + 28 + (y - 150) * 0.12
    for y in range(150, 620, 58):
        end = min(y + 58, 630)
        body += (
            line(left(y), y, right(end), end, "#7d8890", 4)
            + line(right(y), y, left(end), end, "#98a3aa", 4)
            + line(left(y), y, right(y), y, "#8a949b", 4)
        )
    body += line(left(150), 150, left(632), 632, "#67727a", 8) + line(right(150), 150, right(632), 632, "#525c64", 8)
    body += (
        rect(226, 138, 108, 14, IRON)
        + "".join(line(x, 138, x, 108, IRON, 2.5) for x in range(230, 335, 17))
        + line(228, 108, 332, 108, IRON, 3)
    )
    body += (
        circle(280, 92, 80, "url(#glow)")
        + rect(262, 86, 36, 50, "#33414d", 'rx="4"')
        + path("M264 86a16 22 0 0 1 32 0z", "#e9fbff")
        + line(280, 62, 280, 34, IRON, 3)
    )
    for x, y in [(196, 300), (196, 372)]:
        body += path(f"M{x - 70} {y + 30}L{x - 50} {y - 34}H{x + 34}L{x + 14} {y + 30}Z", "#1e3f73", 'stroke="#dfe7ee" stroke-width="3"')
        body += "".join(line(x - 70 + k * 21 + 20, y - 34, x - 70 + k * 21, y + 30, "#8fb4e0", 1) for k in range(1, 4)) + line(
            x - 60, y - 2, x + 24, y - 2, "#8fb4e0", 1
        )
    body += rect(300, 590, 70, 52, "#c9cdd0") + rect(300, 590, 70, 8, "#8a949b") + words(335, 624, "HL 8", 16, "#444")
    body += grass(0, 560, 660, ("#8a9a4a", "#b5a75a", "#74863e", "#cdbb72"), 420, 8, 46)
    draw("guide/images/halverick-low.png", 560, 760, body, defs)


def thornsay() -> None:
    defs = (
        fade("sky", (0, "#3d7fb8"), (0.8, "#cfe6f2"))
        + fade("water", (0, "#2f7fa6"), (1, "#154a6b"))
        + fade("turf", (0, "#7fb05a"), (1, "#4d7d3b"))
    )
    spiral = "".join(
        path(f"M280 {y}Q380 {y + 20} 480 {y - 56}V{y - 14}Q380 {y + 62} 280 {y + 44}Z", "#1b1f24") for y in range(160, 700, 88)
    )
    body = rect(0, 0, 720, 760, "url(#sky)") + cloud(560, 120, 1.3) + cloud(130, 180, 1) + sea(560, 720, 760, seed=21)
    body += path("M90 640C150 570 260 548 380 548S620 580 660 640Z", "url(#turf)") + path(
        "M90 640C130 628 180 650 240 640S340 652 420 640S560 654 660 640C640 690 560 700 380 700S110 690 90 640Z", "#4a4a4f"
    )
    body += "".join(rect(x, 640, 12, 34 + (x * 7) % 18, "#5b5b61") for x in range(130, 640, 15))
    body += tower(380, 580, 200, 104, 66, "#fafafa", spiral) + lantern(380, 200, 60, "#1b1f24", 0)
    body += (
        rect(470, 538, 92, 44, "#f4f1e8")
        + path("M462 540l14-26h80l14 26z", "#6a737b")
        + rect(505, 554, 16, 28, "#1f3f6b")
        + path("M560 548l44-16v44l-44-14z", "#b8302a")
    )
    body += "".join(circle(120 + (i * 61) % 520, 590 + (i * 29) % 42, 2.6, "#e58fb0") for i in range(70))
    body += (
        wave(690, 720, 760, "#1f6288", 9, 100)
        + wave(722, 720, 760, "#164f70", 10, 130, 30)
        + "".join(gull(x, y, s) for x, y, s in [(250, 300, 1), (210, 330, 0.8), (500, 380, 0.9), (560, 350, 0.7)])
    )
    draw("web/images/thornsay.png", 720, 760, body, defs)


def hogget() -> None:
    defs = (
        fade("sky", (0, "#7cc0e6"), (1, "#eef7f2"))
        + fade("water", (0, "#3d8bb0"), (1, "#2a6c92"))
        + fade("turf", (0, "#8cbf58"), (1, "#558a3c"))
    )
    body = rect(0, 0, 720, 560, "url(#sky)") + cloud(140, 110, 1.2) + cloud(560, 80, 1) + cloud(610, 200, 0.7) + sea(370, 720, 560, seed=2)
    body += path("M0 400C150 370 420 372 560 410L600 470L560 560H0Z", "url(#turf)") + path(
        "M560 410L600 470L560 560H720V545C660 520 620 450 560 410Z", "#8a7a64"
    )
    body += path("M200 430L300 150L400 430Z", "#f8f6ee") + path("M300 150L400 430L335 430Z", "#c6c4bc")
    body += "".join(line(300 - (y - 150) * 0.357, y, 300 + (y - 150) * 0.357, y, "#cfcabb", 2) for y in range(180, 430, 22))
    body += rect(295, 70, 10, 84, "#5d4630") + rect(264, 92, 72, 10, "#5d4630") + grass(0, 560, 450, ("#4c7f35", "#9cc960"), 200, 6)
    body += (
        "".join(ellipse(x, y, 15, 10, "#fbfbf6") + circle(x + 14, y - 4, 6, "#333") for x, y in [(470, 452), (510, 470), (90, 470)])
        + gull(480, 200)
        + gull(520, 220, 0.8)
    )
    draw("guide/images/hogget-beacon.png", 720, 560, body, defs)


def cottages() -> None:
    defs = fade("sky", (0, "#a9d3ea"), (1, "#f6f1df")) + fade("turf", (0, "#8dbb5a"), (1, "#5c8b41"))
    body = (
        rect(0, 0, 820, 540, "url(#sky)") + cloud(640, 90, 1.2) + cloud(200, 70, 0.9) + path("M0 300Q400 250 820 300V540H0Z", "url(#turf)")
    )
    for x in (110, 310, 510):
        body += (
            rect(x, 220, 200, 110, "#fbf8ef")
            + path(f"M{x - 8} 224L{x + 16} 160H{x + 184}L{x + 208} 224Z", "#646f7a")
            + rect(x + 86, 130, 28, 44, "#e5dccb")
            + rect(x + 82, 126, 36, 8, "#8a5a48")
        )
        body += path(f"M{x + 100} 118q16 -18 4 -40q-10 -20 14 -40", more='stroke="#ffffffcc" stroke-width="9" stroke-linecap="round"')
        body += (
            rect(x + 84, 256, 32, 74, "#1d3f78")
            + circle(x + 110, 294, 2.5, "#e2c25a")
            + "".join(
                rect(x + k, 250, 36, 34, "#bfe0ea", 'stroke="#fff" stroke-width="4"') + line(x + k + 18, 250, x + k + 18, 284, "#fff", 3)
                for k in (24, 140)
            )
        )
    body += "".join(rect(100 + k * 16, 346, 6, 34, "#f7f4ea") for k in range(39)) + rect(96, 354, 630, 5, "#f7f4ea")
    for row in range(4):
        body += path(f"M{110 - row * 14} {402 + row * 34}H{720 + row * 14}", more='stroke="#6b4d33" stroke-width="20"')
        body += "".join(
            circle(130 - row * 12 + k * (26 + row), 396 + row * 34, 9, "#4f9a45")
            + circle(126 - row * 12 + k * (26 + row), 392 + row * 34, 4, "#9ad07a")
            for k in range(22)
        )
    body += (
        rect(742, 320, 6, 60, "#5d4630")
        + rect(742, 320, 60, 4, "#5d4630")
        + "".join(rect(750 + k * 17, 324, 13, 30, c) for k, c in enumerate(("#e2c25a", "#fff", "#c23b2e")))
    )
    draw("guide/images/keepers-cottage.png", 820, 540, body, defs)


def everything() -> None:
    for one in (skerrin, marrow, pellan, quillon, halverick, thornsay, hogget, cottages):
        one()


if __name__ == "__main__":
    everything()
