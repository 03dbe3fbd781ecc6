"""How things work: the lens, the clockwork, the optic train, stones, watches, leading lights, and the map of the coast."""

from __future__ import annotations

import math

from canvas import SERIF, circle, draw, ellipse, fade, line, path, ray, rect, words

INK, GLASS, RAY = "#22303c", "#bfe3ea", "#e8a013"


def fresnel() -> None:
    """Rays from the lamp meet each ring and leave level: refracting rings near the axis, reflecting prisms beyond."""
    body = rect(0, 0, 900, 700, "#fbf9f2") + words(450, 44, "Section through a Fresnel lens", 27, more='font-weight="bold"')
    fx, fy, glass = 170, 360, 430
    body += line(40, fy, 870, fy, "#999", 1.5, 'stroke-dasharray="9 6"')
    for dy in (-255, -215, -175, -128, -92, -58, 0, 58, 92, 128, 175, 215, 255):
        x = glass - (abs(dy) - 150) * 0.42 if abs(dy) > 150 else glass
        body += line(fx, fy, x, fy + dy, RAY, 2.2, 'opacity=".85"') + line(x, fy + dy, 800, fy + dy, RAY, 2.2, 'marker-end="url(#tip)"')
    body += path(f"M{glass - 12} {fy - 40}Q{glass + 50} {fy} {glass - 12} {fy + 40}Z", GLASS, f'stroke="{INK}" stroke-width="2.5"')
    for s in (-1, 1):
        for near, far in ((44, 72), (78, 108), (114, 146)):
            body += path(
                f"M{glass - 12} {fy + s * near}H{glass + 26}Q{glass + 16} {fy + s * (near + far) / 2} {glass + 4} {fy + s * far}H{glass - 12}Z",
                GLASS,
                f'stroke="{INK}" stroke-width="2.5"',
            )
        for mid in (175, 215, 255):
            x = glass - (mid - 150) * 0.42
            body += path(
                f"M{x - 26} {fy + s * (mid - 12)}L{x + 22} {fy + s * (mid - 16)}L{x + 4} {fy + s * (mid + 20)}Z",
                "#9cd0c4",
                f'stroke="{INK}" stroke-width="2.5"',
            )
    body += (
        circle(fx, fy, 40, "url(#glow)")
        + path(f"M{fx} {fy - 24}Q{fx + 16} {fy + 4} {fx} {fy + 16}Q{fx - 16} {fy + 4} {fx} {fy - 24}Z", "#f5b921")
        + rect(fx - 14, fy + 16, 28, 46, "#8a6a2c")
    )
    for text, x, y, tx, ty in [
        ("lamp at the focus", 60, 480, fx - 10, 424),
        ("reflecting prisms", 190, 108, 372, 120),
        ("bull's-eye", 530, 400, 450, 368),
        ("refracting rings", 540, 640, 448, 490),
        ("reflecting prisms", 230, 640, 375, 610),
    ]:
        body += words(x, y, text, 19, INK, "start") + line(
            x + (0 if tx < x else len(text) * 8.6), y - 8 if ty > y else y - 16, tx, ty, "#777", 1.4
        )
    body += words(720, 92, "level beam to the horizon", 19, "#a5700a")
    draw("guide/images/fresnel-section.png", 900, 700, body)


def gear(x: float, y: float, r: float, teeth: int, fill: str) -> str:
    points = []
    for k in range(teeth * 4):
        out = r + (9 if k % 4 in (1, 2) else 0)
        a = 2 * math.pi * k / (teeth * 4)
        points.append(f"{x + out * math.cos(a):.1f} {y + out * math.sin(a):.1f}")
    spokes = "".join(line(x, y, *ray(x, y, k * 60, r - 10), "#6b4d1c", 6) for k in range(6))
    return (
        path("M" + "L".join(points) + "Z", fill, 'stroke="#6b4d1c" stroke-width="2"')
        + circle(x, y, r - 12, "#fbf9f2")
        + spokes
        + circle(x, y, 10, "#6b4d1c")
    )


def clockwork() -> None:
    defs = fade("brass", (0, "#f0d48a"), (1, "#b58a3c")) + fade("iron", (0, "#5b6670"), (1, "#323b43"))
    body = rect(0, 0, 820, 760, "#fbf9f2") + words(410, 44, "The rotation machine", 27, more='font-weight="bold"')
    body += (
        ellipse(420, 190, 210, 26, "url(#brass)", 'stroke="#6b4d1c" stroke-width="2"')
        + rect(300, 84, 240, 92, "#bfe3ea", 'rx="12" stroke="#22303c" stroke-width="2"')
        + "".join(ellipse(420, 130, r, r * 0.42, "none", 'stroke="#22303c" stroke-width="1.6"') for r in (96, 70, 44, 18))
    )
    body += rect(330, 212, 180, 20, "#9aa7ad", 'rx="8"') + rect(410, 216, 20, 100, "#3c464e") + gear(420, 330, 46, 18, "url(#brass)")
    body += (
        rect(190, 300, 14, 340, "url(#iron)")
        + rect(620, 300, 14, 340, "url(#iron)")
        + rect(170, 630, 490, 18, "url(#iron)")
        + rect(170, 290, 490, 14, "url(#iron)", 'opacity=".25"')
    )
    body += gear(330, 420, 70, 28, "url(#brass)") + gear(470, 440, 56, 22, "url(#brass)") + gear(560, 380, 30, 12, "url(#brass)")
    body += rect(240, 500, 150, 92, "url(#brass)", 'rx="8" stroke="#6b4d1c" stroke-width="2"') + "".join(
        line(254 + k * 13, 502, 250 + k * 13, 590, "#6b4d1c", 2) for k in range(11)
    )
    body += (
        line(262, 592, 262, 690, "#444", 4)
        + path("M228 690H296V744H228Z", "url(#iron)")
        + words(262, 724, "180 kg", 17, "#fff", more='font-weight="bold"')
    )
    body += (
        line(560, 380, 560, 520, "#3c464e", 5)
        + path("M500 510L560 530L500 560ZM620 510L560 530L620 560Z", "#c9d4da", 'stroke="#22303c" stroke-width="2"')
        + line(390, 546, 440, 546, "#3c464e", 8)
        + line(440, 546, 440, 600, "#3c464e", 8)
        + rect(428, 596, 40, 14, "#8a5a34", 'rx="6"')
    )
    labels = [
        ("lens on its table", 640, 130, 540, 140, "start"),
        ("mercury trough", 640, 226, 512, 222, "start"),
        ("gear train", 700, 420, 532, 440, "start"),
        ("fan governor", 690, 540, 624, 536, "start"),
        ("drum with rope", 130, 480, 240, 530, "middle"),
        ("falling weight", 130, 716, 226, 716, "middle"),
        ("winding crank", 540, 690, 450, 614, "middle"),
    ]
    for text, x, y, tx, ty, anchor in labels:
        body += words(x, y, text, 19, INK, anchor) + line(
            x - 8 if anchor == "start" else x + (56 if tx > x else -20),
            y - 6 if anchor == "start" or tx > x else y - 20,
            tx,
            ty,
            "#777",
            1.4,
        )
    draw("guide/images/clockwork.png", 820, 760, body, defs)


def optic_train() -> None:
    defs = fade("beam", (0, "#ffe08a"), (1, "#fff7dc"), across=True)
    body = rect(0, 0, 980, 380, "#122437") + words(490, 44, "The optic train", 27, "#fff", more='font-weight="bold"')
    body += (
        circle(120, 200, 130, "url(#glow)")
        + path("M120 160Q142 200 120 222Q98 200 120 160Z", "#ffd24a")
        + rect(106, 222, 28, 50, "#b58a3c")
    )
    body += path("M330 130L960 70V330L330 270Z", "url(#beam)", 'opacity=".55"') + "".join(
        path(f"M310 {y}H330L{346 if abs(y - 185) < 30 else 338} {y + 14}L330 {y + 28}H310Z", "#bfe3ea", 'stroke="#fff"')
        for y in range(100, 290, 30)
    )
    body += (
        "".join(line(120, 195, 310, y, "#ffe9a8", 1.5, 'opacity=".7"') for y in range(114, 300, 30))
        + rect(520, 90, 12, 220, "#dff3f8", 'opacity=".85"')
        + "".join(rect(514, y, 24, 8, "#55636f") for y in (90, 196, 302))
    )
    for x, name, share in [
        (120, "lamp", "100"),
        (325, "lens", "62"),
        (526, "lantern pane", "54"),
        (820, "beam to the ship", "54, less the air"),
    ]:
        body += words(x, 340, name, 20, "#fff", more='font-weight="bold"') + words(x, 366, share, 19, "#ffd873")
    draw("guide/images/optic-train.png", 980, 380, body, defs)


def dovetail() -> None:
    """One course: rings of blocks around a central stone, each joint with a dovetail."""
    cx, cy = 380, 400
    body = rect(0, 0, 760, 780, "#f6f1e4") + words(
        380, 46, "Course 31, seen from above", 27, more=f'font-weight="bold" font-family="{SERIF}"'
    )
    rings = [(300, 205, 18, "#b9b4a8"), (205, 115, 12, "#cbc6b8"), (115, 48, 6, "#ddd8ca")]
    for outer, inner, count, colour in rings:
        for k in range(count):
            a0, a1 = 360 / count * k, 360 / count * (k + 1)
            (x0, y0), (x1, y1), (x2, y2), (x3, y3) = (
                ray(cx, cy, a0, outer),
                ray(cx, cy, a1, outer),
                ray(cx, cy, a1, inner),
                ray(cx, cy, a0, inner),
            )
            tint = colour if k % 2 else "#a9a598"
            body += path(
                f"M{x0:.0f} {y0:.0f}A{outer} {outer} 0 0 0 {x1:.0f} {y1:.0f}L{x2:.0f} {y2:.0f}A{inner} {inner} 0 0 1 {x3:.0f} {y3:.0f}Z",
                tint,
                'stroke="#4f4a40" stroke-width="3"',
            )
        for k in range(count):  # the tail reaches from each block into its neighbour
            a, middle = 360 / count * k, (outer + inner) / 2
            wide, deep = (outer - inner) * 0.16, 360 / count * 0.2
            p = [
                ray(cx, cy, a, middle - wide * 0.6),
                ray(cx, cy, a + deep, middle - wide * 1.5),
                ray(cx, cy, a + deep, middle + wide * 1.5),
                ray(cx, cy, a, middle + wide * 0.6),
            ]
            tint = "#a9a598" if k % 2 else colour
            body += path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in p), tint, 'stroke="#4f4a40" stroke-width="2.5"') + line(
                *p[0], *p[3], tint, 3.5
            )
    body += circle(cx, cy, 48, "#efe9d9", 'stroke="#4f4a40" stroke-width="3"') + words(cx, cy + 6, "centre", 18, "#4f4a40")
    body += (
        line(80, 740, 680, 740, INK, 2)
        + line(80, 730, 80, 750, INK, 2)
        + line(680, 730, 680, 750, INK, 2)
        + rect(320, 724, 120, 30, "#f6f1e4")
        + words(380, 746, "9.2 metres", 19)
    )
    body += words(640, 110, "dovetail", 19, INK) + line(640, 118, 596, 202, "#777", 1.6)
    draw("guide/images/dovetail.png", 760, 780, body)


def watch_rota() -> None:
    body = rect(0, 0, 760, 760, "#fbf9f2") + words(380, 46, "Twenty-four hours at a three-keeper station", 25, more='font-weight="bold"')
    cx, cy = 380, 400
    kinds = {"watch": "#f2b632", "rest": "#2f4a73", "day work": "#7fae62", "meals": "#d9785a"}
    plan = [  # the kind of every two hours from noon, by keeper
        ["meals", "day work", "watch", "watch", "rest", "rest", "rest", "rest", "watch", "watch", "meals", "day work"],
        ["meals", "day work", "rest", "meals", "watch", "watch", "rest", "rest", "rest", "rest", "meals", "day work"],
        ["meals", "rest", "rest", "meals", "rest", "rest", "watch", "watch", "rest", "rest", "meals", "day work"],
    ]
    for ring, row in enumerate(plan):
        outer, inner = 290 - ring * 70, 226 - ring * 70
        for k, kind in enumerate(row):
            (x0, y0), (x1, y1), (x2, y2), (x3, y3) = (
                ray(cx, cy, 90 - 30 * (k + d), r) for d, r in ((0, outer), (1, outer), (1, inner), (0, inner))
            )
            body += path(
                f"M{x0:.1f} {y0:.1f}A{outer} {outer} 0 0 1 {x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}A{inner} {inner} 0 0 0 {x3:.1f} {y3:.1f}Z",
                kinds[kind],
                'stroke="#fbf9f2" stroke-width="3"',
            )
    for k, hour in enumerate(("noon", "2", "4", "6", "8", "10", "midnight", "2", "4", "6", "8", "10")):
        x, y = ray(cx, cy, 90 - 30 * k, 312)
        body += words(x, y + 6, hour, 18, INK, more='font-weight="bold"')
    body += "".join(
        words(cx, cy - 290 + 70 * k + 40, name, 15, "#111", more='font-weight="bold"')
        for k, name in enumerate(("Principal", "First", "Second"))
    )
    body += words(cx, cy + 6, "lit from", 17) + words(cx, cy + 28, "dusk to dawn", 17)
    for k, (kind, colour) in enumerate(kinds.items()):
        body += rect(130 + k * 140, 726, 20, 20, colour) + words(158 + k * 140, 742, kind, 18, INK, "start")
    draw("guide/images/watch-rota.png", 760, 760, body)


def leading() -> None:
    defs = fade("dusk", (0, "#1f3657"), (1, "#5f7fa6")) + fade("water", (0, "#2c4f6e"), (1, "#152d45"))
    body = rect(0, 0, 960, 440, "#fbf9f2")
    for k, (shift, text, colour) in enumerate(
        [(-46, "steer right", "#b32a27"), (0, "on the line", "#23804f"), (46, "steer left", "#b32a27")]
    ):
        x = 20 + k * 313
        body += (
            rect(x, 20, 294, 330, "url(#dusk)")
            + path(f"M{x} 240Q{x + 150} 196 {x + 294} 240V260H{x}Z", "#22354a")
            + rect(x, 252, 294, 98, "url(#water)")
        )
        for cx, base, tall in [(x + 147 + shift, 226, 120), (x + 147, 256, 70)]:
            body += (
                path(f"M{cx - 17} {base}L{cx - 11} {base - tall}H{cx + 11}L{cx + 17} {base}Z", "#f4f1e8")
                + rect(cx - 4, base - tall, 8, tall, "#c8322e")
                + circle(cx, base - tall - 8, 26, "#ff5a4a", 'opacity=".35" filter="url(#soft)"')
                + circle(cx, base - tall - 8, 8, "#ff6a55", 'stroke="#fff" stroke-width="2"')
            )
        body += words(x + 147, 400, text, 26, colour, more='font-weight="bold"')
    draw("web/images/leading-lights.png", 960, 440, body, defs)


def lantern_room() -> None:
    defs = fade("brass", (0, "#f0d48a"), (1, "#b58a3c"))
    body = rect(0, 0, 760, 820, "#eaf1f4") + words(380, 44, "The lantern room, cut open", 26, more='font-weight="bold"')
    body += (
        path("M180 250Q230 110 380 96Q530 110 580 250Z", "#3d4954")
        + path("M206 250Q250 136 380 122Q510 136 554 250Z", "#c3cdd3")
        + circle(380, 84, 20, "#3d4954")
        + line(380, 66, 380, 54, "#3d4954", 6)
    )
    body += (
        rect(190, 250, 380, 250, "#d8eef4")
        + "".join(line(x, 250, x, 500, "#3d4954", 7) for x in (193, 567))
        + "".join(line(190, y, 570, y, "#3d4954", 3, 'opacity=".5"') for y in (333, 416))
    )
    body += (
        rect(180, 500, 400, 70, "#f7f4ea", 'stroke="#3d4954" stroke-width="5"')
        + rect(90, 564, 580, 16, "#3d4954")
        + "".join(line(x, 564, x, 510, "#3d4954", 3) for x in (96, 120, 144, 168, 592, 616, 640, 664))
        + line(94, 508, 172, 508, "#3d4954", 5)
        + line(590, 508, 668, 508, "#3d4954", 5)
    )
    body += (
        ellipse(380, 380, 108, 118, "#bfe3ea", 'stroke="#22303c" stroke-width="3"')
        + "".join(ellipse(380, 380, 108 * f, 118 * f, "none", 'stroke="#22303c" stroke-width="1.6"') for f in (0.82, 0.62, 0.42, 0.22))
        + circle(380, 380, 70, "url(#glow)")
    )
    body += (
        rect(300, 498, 160, 22, "url(#brass)", 'stroke="#6b4d1c"')
        + rect(350, 520, 60, 110, "#5b6670")
        + path("M180 580H580L600 800H160Z", "#e9e3d4", 'stroke="#3d4954" stroke-width="5"')
        + rect(330, 640, 100, 70, "url(#brass)", 'stroke="#6b4d1c"')
        + "".join(rect(470 + k * 16, 780 - k * 24, 18, 24 * k + 20, "#a9927a") for k in range(6))
    )
    for text, x, y, tx, ty in [
        ("ventilator ball", 560, 90, 402, 86),
        ("copper dome", 640, 190, 552, 200),
        ("storm panes", 668, 330, 570, 330),
        ("lens", 96, 380, 272, 380),
        ("murette", 96, 470, 184, 530),
        ("gallery", 60, 640, 110, 580),
        ("clockwork", 90, 700, 330, 680),
        ("stair", 680, 730, 566, 720),
    ]:
        body += (
            line(x, y - 4, tx, ty, "#777", 1.5) + rect(x - len(text) * 5.4, y - 20, len(text) * 10.8, 28, "#eaf1f4") + words(x, y, text, 19)
        )
    draw("pictures/lantern-room.png", 760, 820, body, defs)


def lamps() -> None:
    defs = fade("brass", (0, "#f0d48a"), (1, "#a87c32")) + fade("glass", (0, "#ffffff"), (1, "#cfe3ea"))
    body = rect(0, 0, 1000, 460, "#f6efe0") + words(
        500, 46, "The lamps of Skerrin Head", 28, more=f'font-weight="bold" font-family="{SERIF}"'
    )

    def flame(x: float, y: float, s: float) -> str:
        return circle(x, y - 10 * s, 40 * s, "url(#glow)") + path(
            f"M{x} {y - 34 * s}Q{x + 15 * s} {y - 8 * s} {x} {y}Q{x - 15 * s} {y - 8 * s} {x} {y - 34 * s}Z", "#f5a81e"
        )

    body += (
        rect(78, 250, 44, 90, "url(#brass)", 'rx="8"')
        + rect(84, 130, 32, 120, "url(#glass)", 'opacity=".7" stroke="#8aa"')
        + flame(100, 246, 1.1)
        + path("M60 150Q40 220 60 290", more='stroke="#9aa7ad" stroke-width="9"')
    )
    body += (
        rect(250, 250, 100, 90, "url(#brass)", 'rx="10"')
        + "".join(flame(262 + k * 15, 248 - (k in (2, 3)) * 8, 1) for k in range(6))
        + rect(250, 150, 100, 100, "url(#glass)", 'opacity=".35" stroke="#8aa"')
    )
    body += (
        rect(488, 260, 24, 90, "url(#brass)")
        + circle(500, 200, 80, "url(#glow)")
        + path("M472 256Q460 160 500 140Q540 160 528 256Z", "#fffbe2", 'stroke="#c9b88c" stroke-width="2"')
        + "".join(line(476 + k * 8, 250, 480 + k * 7, 156, "#d9c98c", 1) for k in range(7))
        + line(512, 320, 560, 300, "#8a6a2c", 6)
    )
    body += (
        rect(676, 270, 48, 70, "#8a949b", 'rx="6"')
        + "".join(line(676, y, 724, y, "#555", 3) for y in (284, 300, 316))
        + circle(700, 200, 100, "url(#glow)")
        + path(
            "M680 270Q676 240 656 222A58 58 0 1 1 744 222Q724 240 720 270Z", "url(#glass)", 'opacity=".8" stroke="#8aa" stroke-width="2"'
        )
        + path("M684 262L680 200L690 184L700 200L710 184L720 200L716 262", more='stroke="#d98a14" stroke-width="3"')
    )
    body += (
        rect(870, 300, 60, 40, "#444d55", 'rx="6"')
        + rect(880, 190, 40, 110, "#2f3b47", 'rx="5"')
        + "".join(rect(884 + c * 12, 198 + r * 17, 8, 10, "#e9fbff") for c in range(3) for r in range(6))
        + circle(900, 240, 90, "url(#glow)", 'opacity=".7"')
    )
    for k, (year, name) in enumerate(
        [("1814", "Argand lamp"), ("1879", "six wicks"), ("1908", "vapour and mantle"), ("1936", "electric, 1,500 W"), ("2014", "diodes")]
    ):
        body += words(100 + k * 200, 390, year, 28, "#8a3a1c", more='font-weight="bold"') + words(100 + k * 200, 422, name, 19)
    draw("pictures/lamps-through-time.png", 1000, 460, body, defs)


def coast_map() -> None:
    defs = fade("water", (0, "#cfe6ee"), (1, "#a5cfde"))
    d = "M0 0H300C330 60 310 110 340 150C390 180 420 210 400 260C380 300 350 320 362 370C372 420 420 430 452 450C500 470 470 510 440 540C420 580 470 620 520 640C560 660 560 700 600 720C640 740 650 790 640 860H0Z"
    body = (
        rect(0, 0, 860, 860, "url(#water)")
        + path(d, more='stroke="#7fb2c6" stroke-width="1.5" transform="translate(10 3)" opacity=".7"')
        + path(d, more='stroke="#7fb2c6" stroke-width="1.2" transform="translate(20 6)" opacity=".45"')
        + path(d, "#f3ead0", 'stroke="#a5906a" stroke-width="3"')
    )
    body += "".join(
        path(f"M{x} {y}l14 -26l14 26z", "#c9b384")
        for x, y in [(120, 260), (150, 280), (90, 300), (180, 420), (220, 440), (140, 470), (210, 250)]
    ) + "".join(
        path(f"M{x} {y}l9 -24l9 24z", "#7fa06a") for x, y in [(330, 500), (350, 515), (310, 520), (370, 496), (296, 500), (340, 532)]
    )
    body += (
        path("M60 380Q160 350 200 380T362 366", more='stroke="#7fb2c6" stroke-width="5"')
        + ellipse(552, 618, 20, 14, "#e3ddb2", 'stroke="#a5906a" stroke-width="3"')
        + path("M470 470Q540 492 566 540", more='stroke="#e3cf94" stroke-width="12" stroke-linecap="round"')
    )
    spots = [
        (318, 92, "Halverick Low", "start"),
        (412, 232, "Skerrin Head", "start"),
        (552, 612, "Thornsay", "start"),
        (440, 160, "Marrow Ledge", "start"),
        (566, 544, "Quillon Spit", "start"),
        (438, 560, "Pellan Point", "end"),
        (736, 650, "Ebbing Stone", "middle"),
        (606, 726, "Osmere", "start"),
    ]
    for x, y, name, anchor in spots:
        body += circle(x, y, 20, "#f5c83a", 'opacity=".45"') + path(
            "M0 -13L3.6 -4.4L13 -4L5.6 1.8L8.2 11L0 5.6L-8.2 11L-5.6 1.8L-13 -4L-3.6 -4.4Z", "#b8271f", f'transform="translate({x} {y})"'
        )
        shift = {"start": 26, "end": -26, "middle": 0}[anchor]
        body += words(x + shift, y + (6 if anchor != "middle" else 42), name, 20, INK, anchor, f'font-family="{SERIF}" font-weight="bold"')
    body += (
        circle(486, 640, 6, INK)
        + words(474, 662, "Tessaly Quay", 18, INK, "end", f'font-family="{SERIF}"')
        + words(170, 690, "VARROW", 44, "#a5906a", more=f'font-family="{SERIF}" letter-spacing="12"')
        + words(680, 360, "The Eastern Deeps", 24, "#4d8aa0", more=f'font-family="{SERIF}" font-style="italic"')
    )
    body += words(600, 60, "The Varrow Coast", 38, INK, more=f'font-family="{SERIF}" font-weight="bold"') + words(
        600, 94, "and its eight lights", 22, INK, more=f'font-family="{SERIF}" font-style="italic"'
    )
    ring = circle(0, 0, 38, "none", 'stroke="#22303c" stroke-width="2"')
    body += (
        f'<g transform="translate(790 790)">{ring}{path("M0 -34L8 0L0 34L-8 0Z", INK)}{path("M0 -34L8 0H-8Z", "#b8271f")}{words(0, -44, "N", 20)}</g>'
        + line(60, 810, 208, 810, INK, 4)
        + "".join(line(x, 802, x, 818, INK, 2) for x in (60, 134, 208))
        + "".join(words(x, 840, t, 16) for x, t in ((60, "0"), (134, "10"), (208, "20 miles")))
    )
    draw("guide/images/coast-map.png", 860, 860, body, defs)


def everything() -> None:
    for one in (fresnel, clockwork, optic_train, dovetail, watch_rota, leading, lantern_room, lamps, coast_map):
        one()


if __name__ == "__main__":
    everything()
