"""Painted scenes: dusk at the lighthouse, a sail at sunset, beams at night, a storm glass of weather."""

from __future__ import annotations

import math
import random

from canvas import SERIF, circle, draw, ellipse, fade, gull, lantern, line, path, rect, sea, tower, wave, window, words

GRAIN = (
    '<filter id="grain"><feTurbulence type="fractalNoise" baseFrequency=".8" numOctaves="2" seed="4"/>'
    '<feColorMatrix values="0 0 0 0 .5 0 0 0 0 .5 0 0 0 0 .5 0 0 0 .22 0"/></filter>'
    '<filter id="clouds" x="0" y="0" width="1" height="1"><feTurbulence type="fractalNoise" baseFrequency=".004 .016" numOctaves="5" seed="11"/>'
    '<feColorMatrix values="0 0 0 0 1 0 0 0 0 .78 0 0 0 0 .66 1.6 0 0 0 -.62"/></filter>'
    '<filter id="ripple" x="0" y="0" width="1" height="1"><feTurbulence type="fractalNoise" baseFrequency=".008 .09" numOctaves="3" seed="2"/>'
    '<feColorMatrix values="0 0 0 0 1 0 0 0 0 .85 0 0 0 0 .6 1.5 0 0 0 -.6"/></filter>'
)


def dusk() -> None:
    defs = (
        GRAIN
        + fade("sky", (0, "#1d2a52"), (0.35, "#6b4a7c"), (0.62, "#e07a5f"), (0.8, "#f7b267"), (1, "#ffe3a3"))
        + fade("water", (0, "#e89a66"), (0.35, "#7c5673"), (1, "#1b2444"))
    )
    body = (
        rect(0, 0, 900, 600, "url(#sky)")
        + rect(0, 0, 900, 380, "#fff", 'filter="url(#clouds)" opacity=".8"')
        + circle(250, 372, 150, "url(#glow)")
        + circle(250, 372, 34, "#fff4cf")
    )
    body += (
        rect(0, 384, 900, 216, "url(#water)")
        + rect(0, 384, 900, 216, "#fff", 'filter="url(#ripple)" opacity=".55"')
        + "".join(
            ellipse(250 + ((k * 37) % 40 - 20), 392 + k * 12, 26 + k * 4, 2.5, "#fff1c4", f'opacity="{0.8 - k * 0.05}"') for k in range(14)
        )
    )
    body += path("M900 350C800 352 720 366 650 384H500L560 420L520 450L640 480L700 600H900Z", "#191c2e") + path(
        "M900 350C800 352 720 366 650 384", more='stroke="#e58a5f" stroke-width="2" opacity=".7"'
    )
    body += (
        path("M760 150L-20 60V190Z", "#fff3c0", 'opacity=".28" filter="url(#soft)"')
        + tower(760, 366, 180, 62, 40, "#3a3350")
        + lantern(760, 180, 38, "#15172a", 70, "#15172a")
        + rect(800, 330, 70, 32, "#211f36")
        + path("M794 332l14-18h54l14 18z", "#15172a")
        + rect(826, 340, 9, 9, "#ffd873")
    )
    body += (
        gull(430, 190, 1, "#2a2140")
        + gull(470, 175, 0.8, "#2a2140")
        + gull(400, 215, 0.7, "#2a2140")
        + rect(0, 0, 900, 600, "#fff", 'filter="url(#grain)" opacity=".5"')
    )
    draw("pictures/IMG_0412.jpg", 900, 600, body, defs)


def sailing() -> None:
    defs = (
        GRAIN
        + fade("sky", (0, "#4f9fd0"), (0.7, "#cdeaf2"), (1, "#fdf3d6"))
        + fade("water", (0, "#5fb0c4"), (1, "#17607e"))
        + fade("sail", (0, "#ffffff"), (1, "#e4d9bd"), across=True)
    )
    body = (
        rect(0, 0, 900, 640, "url(#sky)")
        + rect(0, 0, 900, 380, "#fff", 'filter="url(#clouds)" opacity=".9"')
        + rect(0, 400, 900, 240, "url(#water)")
        + rect(0, 400, 900, 240, "#fff", 'filter="url(#ripple)" opacity=".4"')
    )
    body += path("M0 402C120 380 220 384 330 402Z", "#6f8f7a", 'opacity=".7"')
    hull = (
        path("M270 470C360 492 560 492 660 456L620 524C540 546 380 546 310 524Z", "#123a5c")
        + path("M270 470C360 492 560 492 660 456", more='stroke="#f5efe0" stroke-width="7"')
        + path("M292 500C380 520 560 520 640 490", more='stroke="#c8322e" stroke-width="5"')
    )
    sails = (
        path("M440 90C360 210 310 330 296 440C350 454 410 452 440 444Z", "url(#sail)")
        + path("M456 70C540 190 600 320 620 420C560 440 500 444 456 440Z", "url(#sail)")
        + path("M620 424C650 438 690 440 730 430C700 360 660 300 600 260Z", "#f2e9d2", 'opacity=".95"')
    )
    rig = (
        line(448, 50, 448, 480, "#5d4630", 9)
        + line(448, 452, 640, 436, "#5d4630", 6)
        + line(660, 458, 740, 430, "#5d4630", 6)
        + line(448, 60, 736, 432, "#5d4630", 1.5)
        + "".join(line(320 + k * 14, 400 - k * 62, 440, 396 - k * 62, "#cbbf9f", 1.5) for k in range(5))
        + path("M448 50l46 12l-46 14z", "#c8322e")
    )
    body += (
        f'<g transform="rotate(5 450 480)">{rig}{sails}{hull}</g>'
        + path("M240 540Q460 500 720 536Q600 572 460 566Q320 572 240 540Z", "#ffffff", 'opacity=".5" filter="url(#soft)"')
        + wave(560, 900, 640, "#1c6a88", 10, 130)
        + wave(604, 900, 640, "#134f6b", 12, 170, 50)
        + gull(160, 210, 1.1)
        + gull(210, 190, 0.8)
        + rect(0, 0, 900, 640, "#fff", 'filter="url(#grain)" opacity=".4"')
    )
    draw("pictures/IMG_0455.jpg", 900, 640, body, defs)


def night() -> None:
    chance = random.Random(18)
    defs = (
        fade("sky", (0, "#050a1c"), (0.7, "#14264a"), (1, "#2c466c"))
        + fade("water", (0, "#1a2f52"), (1, "#060c1c"))
        + fade("beam", (0, "#fff6c8"), (1, "#fff6c8"))
    )
    body = rect(0, 0, 900, 600, "url(#sky)") + "".join(
        circle(chance.uniform(0, 900), chance.uniform(0, 420), chance.uniform(0.5, 1.9), "#fff", f'opacity="{chance.uniform(0.3, 1):.2f}"')
        for _ in range(420)
    )
    body += (
        path("M-40 300C200 200 500 120 940 20L940 110C560 190 240 290 -40 400Z", "#8ea6d8", 'opacity=".16" filter="url(#mist)"')
        + circle(720, 110, 34, "#f5f1da")
        + circle(706, 104, 30, "#0c1731")
    )
    for a, b in [((-60, 110), (-60, 240)), ((960, 120), (960, 250)), ((250, -80), (380, -80))]:
        body += path(f"M450 224L{a[0]} {a[1]}L{b[0]} {b[1]}Z", "url(#beam)", 'opacity=".34" filter="url(#soft)"')
    body += sea(430, 900, 600, "#9fb8e6", 0.25, 40) + path(
        "M250 470C330 420 400 404 450 404S600 424 680 470C600 486 330 486 250 470Z", "#080d18"
    )
    body += (
        tower(450, 420, 250, 74, 48, "#1c2742")
        + lantern(450, 250, 46, "#0a0f1d", 120, "#0a0f1d")
        + window(450, 300, 9, 14, "#ffd873")
        + rect(520, 392, 60, 28, "#0d1424")
        + rect(540, 402, 8, 9, "#ffd873")
    )
    draw("pictures/night-beams.webp", 900, 600, body, defs)


def barometer() -> None:
    defs = (
        fade("wall", (0, "#3f5a4c"), (1, "#263b31"))
        + '<radialGradient id="wood"><stop offset=".75" stop-color="#8a5430"/><stop offset="1" stop-color="#4a2a16"/></radialGradient>'
    )
    body = (
        rect(0, 0, 640, 680, "url(#wall)")
        + "".join(line(x, 0, x, 680, "#ffffff", 1, 'opacity=".06"') for x in range(0, 640, 32))
        + circle(328, 352, 280, "#000", 'opacity=".4" filter="url(#soft)"')
        + circle(320, 340, 276, "url(#wood)")
        + circle(320, 340, 222, "#d9b45c")
        + circle(320, 340, 208, "#fdf9ec")
    )
    for k in range(61):
        a = math.radians(-150 + k * 5)
        long = 22 if k % 10 == 0 else 12
        body += line(
            320 + 196 * math.sin(a),
            340 - 196 * math.cos(a),
            320 + (196 - long) * math.sin(a),
            340 - (196 - long) * math.cos(a),
            "#222",
            3 if k % 10 == 0 else 1.5,
        )
        if k % 10 == 0:
            body += words(
                320 + 160 * math.sin(a),
                346 - 160 * math.cos(a),
                str(28 + k // 20) + (".0" if k % 20 == 0 else ".5"),
                20,
                more='font-weight="bold"',
            )
    for text, angle in [("STORMY", -130), ("RAIN", -60), ("CHANGE", 0), ("FAIR", 60), ("VERY DRY", 130)]:
        a = math.radians(angle)
        body += words(
            320 + 112 * math.sin(a), 346 - 112 * math.cos(a), text, 19, "#7a2418", more=f'font-weight="bold" font-family="{SERIF}"'
        )
    body += (
        f'<g transform="rotate(-109 320 340)">{path("M320 160L329 350H311Z", "#1b2b3a")}{circle(320, 400, 14, "#1b2b3a")}{line(320, 340, 320, 392, "#1b2b3a", 5)}</g><g transform="rotate(-40 320 340)">{line(320, 340, 320, 190, "#c9962c", 4)}</g>'
        + circle(320, 340, 13, "#c9962c", 'stroke="#6b4d1c" stroke-width="2"')
    )
    body += (
        words(320, 450, "T. ABERNOT", 20, more=f'font-family="{SERIF}"')
        + words(320, 474, "OSMERE", 17, more=f'font-family="{SERIF}"')
        + path("M170 250A180 180 0 0 1 300 158", more='stroke="#fff" stroke-width="18" stroke-linecap="round" opacity=".5"')
        + circle(320, 40, 16, "none", 'stroke="#d9b45c" stroke-width="8"')
    )
    draw("pictures/IMG_0471.jpg", 640, 680, body, defs)


def poster() -> None:
    rays = "".join(
        path(
            f"M300 420L{300 + 700 * math.cos(a):.0f} {420 - 700 * math.sin(a):.0f}L{300 + 700 * math.cos(a + 0.13):.0f} {420 - 700 * math.sin(a + 0.13):.0f}Z",
            "#ffd98a",
        )
        for a in (k * 0.262 for k in range(12))
    )
    body = (
        rect(0, 0, 600, 860, "#f7efd9")
        + '<clipPath id="frame"><rect x="24" y="24" width="552" height="640"/></clipPath><g clip-path="url(#frame)">'
        + rect(24, 24, 552, 640, "#f9b25a")
        + rays
    )
    body += (
        circle(300, 420, 120, "#fff0bd")
        + rect(24, 440, 552, 230, "#1f7a8c")
        + "".join(
            path(f"M24 {470 + k * 34}q70 -16 138 0t138 0t138 0t138 0", more='stroke="#7fd0d0" stroke-width="5" opacity=".6"')
            for k in range(5)
        )
    )
    body += (
        path("M24 520C140 470 260 480 330 530C300 600 200 640 24 660Z", "#e8cf8a")
        + path("M380 470L412 240H468L500 470Z", "#fdf6e3")
        + path("M391 390L400 330H480L489 390Z", "#c8322e")
        + path("M440 240H468L500 470H440Z", "#00000022")
        + rect(410, 200, 60, 40, "#1d3557")
        + path("M402 204L440 160L478 204Z", "#c8322e")
        + path("M340 474C400 452 500 452 560 474L600 540H320Z", "#2f5d46")
    )
    body += "".join(
        path(f"M{x} {y}L{x + 34} {y - 52}L{x + 70} {y}Z", a)
        + path(f"M{x + 34} {y - 52}L{x + 48} {y}H{x + 22}Z", b)
        + line(x + 34, y - 52, x + 34, y + 30, "#5d4630", 4)
        for x, y, a, b in [(70, 580, "#c8322e", "#fff"), (180, 560, "#1d3557", "#ffd98a")]
    )
    body += (
        path("M130 440l44 0l-8 16h-30z", "#8a2d22")
        + path("M150 436V380l34 50z", "#fff")
        + "</g>"
        + rect(24, 24, 552, 640, "none", 'stroke="#1d3557" stroke-width="6"')
    )
    body += (
        words(300, 736, "OSMERE", 84, "#1d3557", more='font-weight="bold" letter-spacing="10"')
        + words(300, 782, "SUN, SAND AND SEVEN LIGHTS", 29, "#c8322e", more='font-weight="bold"')
        + words(300, 828, "By Coast Railway, 3 crowns return · 1934", 23, "#1d3557")
    )
    draw("pictures/poster-1934.webp", 600, 860, body)


def everything() -> None:
    for one in (dusk, sailing, night, barometer, poster):
        one()


if __name__ == "__main__":
    everything()
