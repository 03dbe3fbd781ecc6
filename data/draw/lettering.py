"""Pictures that are read: notice board, plaque, warning, telegram, and two screens of software."""

from __future__ import annotations

import math

from canvas import MONO, SANS, SERIF, circle, draw, fade, line, path, rect, save, screenshot, words

BOLD = 'font-weight="bold"'


def board() -> None:
    defs = fade("sky", (0, "#bcdcea"), (1, "#eef4ea")) + fade("wood", (0, "#24507f"), (1, "#163659"))
    body = (
        rect(0, 0, 760, 620, "url(#sky)")
        + rect(0, 540, 760, 80, "#8fae6a")
        + rect(110, 90, 26, 500, "#5d4630")
        + rect(624, 90, 26, 500, "#5d4630")
        + path("M60 92L380 20L700 92Z", "#8a3a2c")
    )
    body += (
        rect(80, 84, 600, 420, "url(#wood)", 'rx="10" stroke="#f1e4bd" stroke-width="8"')
        + words(380, 146, "MUSEUM OF COAST LIGHTS", 34, "#f1e4bd", more=BOLD)
        + words(380, 184, "Opening hours", 27, "#ffffff")
    )
    rows = [
        ("April to June", "Tue to Sun", "10:00 – 17:00"),
        ("July and August", "every day", "9:30 – 18:30"),
        ("Sept. and October", "Wed to Sun", "10:00 – 16:30"),
        ("November to March", "Sat and Sun", "11:00 – 15:00"),
    ]
    for k, row in enumerate(rows):
        body += "".join(words(x, 240 + k * 44, cell, 23, "#ffffff", "start") for x, cell in zip((116, 340, 490), row, strict=True)) + line(
            112, 252 + k * 44, 650, 252 + k * 44, "#ffffff", 1, 'opacity=".3"'
        )
    body += words(380, 430, "Tower climb at Skerrin Head: 11:00 and 14:30", 24, "#ffe08a", more=BOLD) + words(
        380, 468, "Please do not feed the seal", 22, "#ffffff", more='font-style="italic"'
    )
    draw("web/images/opening-board.png", 760, 620, body, defs)


def plaque() -> None:
    defs = (
        fade("stone", (0, "#a9a79f"), (1, "#86847c"))
        + fade("bronze", (0, "#8a6a3a"), (0.5, "#6e5128"), (1, "#523a1a"))
        + '<filter id="rough"><feTurbulence type="fractalNoise" baseFrequency=".5" numOctaves="3" seed="6"/><feColorMatrix values="0 0 0 0 .2 0 0 0 0 .2 0 0 0 0 .2 0 0 0 .35 0"/></filter>'
    )
    body = (
        rect(0, 0, 820, 580, "url(#stone)")
        + rect(0, 0, 820, 580, "#fff", 'filter="url(#rough)"')
        + rect(94, 74, 640, 440, "#000", 'opacity=".35" filter="url(#soft)"')
        + rect(86, 64, 640, 440, "url(#bronze)", 'rx="8"')
        + rect(102, 80, 608, 408, "none", 'stroke="#e2c58a" stroke-width="3" rx="4"')
    )
    body += "".join(circle(x, y, 9, "#c9a864", 'stroke="#3d2a10" stroke-width="2"') for x in (124, 688) for y in (102, 466))
    rows = [
        ("NATHAN QUILL", 58, 168),
        ("1843 – 1921", 36, 220),
        ("Bell boy at Marrow Ledge,", 34, 290),
        ("later chief engineer", 34, 332),
        ("of the Varrow Light Service", 34, 374),
        ("HE WAS NEVER LATE", 38, 446),
    ]
    body += "".join(
        words(408, y + 2, text, size, "#2d1e0a", more=f'{BOLD} font-family="{SERIF}"')
        + words(406, y, text, size, "#f1dfb0", more=f'{BOLD} font-family="{SERIF}"')
        for text, size, y in rows
    )
    draw("pictures/IMG_0431.jpg", 820, 580, body, defs)


def warning() -> None:
    defs = fade("sky", (0, "#9fc3d6"), (1, "#e6ece4"))
    body = (
        rect(0, 0, 700, 640, "url(#sky)")
        + path("M0 520C200 490 460 500 700 530V640H0Z", "#7d9a62")
        + rect(330, 430, 36, 190, "#7d858b")
        + path("M40 60H660V450H40Z", "#f7c921", 'stroke="#1b1b1b" stroke-width="14" stroke-linejoin="round"')
    )
    body += (
        path("M140 110L214 240H66Z", "#1b1b1b", 'transform="translate(10 6)"')
        + path("M140 134L196 230H84Z", "#f7c921", 'transform="translate(10 6)"')
        + words(150, 226, "!", 74, "#1b1b1b", more=BOLD)
    )
    body += (
        words(440, 190, "DANGER", 86, "#1b1b1b", more=BOLD)
        + words(350, 296, "FOG HORN SOUNDS", 50, "#1b1b1b", more=BOLD)
        + words(350, 350, "WITHOUT WARNING", 50, "#1b1b1b", more=BOLD)
        + words(350, 414, "Keep 50 metres away", 38, "#1b1b1b")
    )
    draw("pictures/DSC_0093.jpg", 700, 640, body, defs)


def telegram() -> None:
    text = "LIGHTSHIP ADRIFT SINCE MIDNIGHT STOP<br>CHAIN PARTED STOP ALL SEVEN MEN WELL STOP<br>LAMP STILL BURNING STOP SEND TUG STOP<br>HOLLIS MASTER"
    html = f"""<body style="background:#8b6f4e"><div style="position:absolute;left:40px;top:36px;width:820px;height:488px;background:#f0e0b4;box-shadow:6px 8px 18px #0008;
    font-family:'{SERIF}';color:#2a2a2a"><div style="text-align:center;font-size:42px;letter-spacing:12px;padding-top:24px;font-weight:bold">TELEGRAM</div>
    <div style="text-align:center;font-size:19px;border-bottom:3px double #444;margin:6px 40px;padding-bottom:10px">Varrow Posts and Telegraphs – Osmere Head Office</div>
    <div style="display:flex;justify-content:space-between;margin:10px 44px;font-size:20px"><span>No. 118</span><span>Handed in: Ebbing Stone wireless</span><span>5 JAN 1938&nbsp; 3.25 AM</span></div>
    <div style="margin:14px 44px;font-size:20px">To: LIGHT SERVICE OSMERE</div>
    <div style="background:#fbf3d6;margin:18px 44px;padding:20px 24px;font:bold 24px/44px '{MONO}'">{text}</div></div>
    <div style="position:absolute;left:690px;top:400px;width:118px;height:118px;border:5px solid #7a2418aa;border-radius:50%;transform:rotate(-14deg);color:#7a2418aa;
    font:bold 19px/30px '{SANS}';text-align:center;box-sizing:border-box;padding-top:24px">OSMERE<br>5 JAN 38</div></body>"""
    save(screenshot(html, 900, 560), "pictures/scan_007.png")


def tide_app() -> None:
    curve = "M" + "L".join(f"{20 + k * 3.36:.1f} {150 - 70 * math.cos((k - 20.3) / 51.5 * 2 * math.pi):.1f}" for k in range(101))
    rows = [("High", "04:52", "5.1 m"), ("Low", "11:06", "0.9 m"), ("High", "17:18", "5.3 m"), ("Low", "23:31", "0.8 m")]
    cells = "".join(
        f'<div style="display:flex;justify-content:space-between;padding:15px 22px;border-bottom:1px solid #dfe8ee"><b style="color:{"#14679c" if kind == "High" else "#a0672a"}">{kind} water</b><span>{time}</span><b>{height}</b></div>'
        for kind, time, height in rows
    )
    html = f"""<body style="background:#c9d6de;font:20px '{SANS}';color:#1c2b36"><div style="position:absolute;left:30px;top:24px;width:400px;height:752px;border-radius:40px;background:#0f1a22;box-shadow:0 8px 22px #0007">
    <div style="position:absolute;left:14px;top:14px;width:372px;height:724px;border-radius:28px;background:#fff;overflow:hidden">
    <div style="background:#14679c;color:#fff;padding:14px 22px 18px"><div style="display:flex;justify-content:space-between;font-size:15px"><span>09:41</span><span>5G&nbsp; 82 %</span></div>
    <div style="font-size:27px;font-weight:bold;padding-top:12px">Tessaly Quay</div><div style="font-size:18px;opacity:.9">Tide table · Saturday 12 July</div></div>
    <svg width="372" height="240"><rect width="372" height="240" fill="#eaf4fa"/><path d="{curve}V240H20Z" fill="#8fc4e2"/><path d="{curve}" fill="none" stroke="#14679c" stroke-width="3"/>
    <line x1="156" y1="20" x2="156" y2="240" stroke="#c8322e" stroke-width="2"/><text x="162" y="34" font-size="15" fill="#c8322e">now</text></svg>{cells}
    <div style="padding:16px 22px;font-size:18px;color:#51626e">Springs · sunrise 04:38 · sunset 21:17</div>
    <div style="position:absolute;bottom:0;width:100%;display:flex;justify-content:space-around;background:#f1f5f8;padding:16px 0;font-size:16px"><b style="color:#14679c">Tides</b><span>Wind</span><span>Charts</span><span>Log</span></div>
    </div></div></body>"""
    save(screenshot(html, 460, 800), "pictures/tide-table-app.png")


def weather_panel() -> None:
    def tile(name: str, value: str, unit: str, colour: str) -> str:
        return f'<div style="background:#1c2a35;border-radius:12px;padding:18px 22px"><div style="color:#8fa7b8;font-size:18px">{name}</div><div style="font-size:46px;font-weight:bold;color:{colour}">{value}<span style="font-size:22px;color:#8fa7b8"> {unit}</span></div></div>'

    tiles = (
        tile("Wind", "34", "kn W", "#ffd166")
        + tile("Gust", "47", "kn", "#ff8a5c")
        + tile("Pressure", "987.4", "hPa", "#7fd1ff")
        + tile("Air", "8.6", "°C", "#9be7a4")
        + tile("Humidity", "91", "%", "#7fd1ff")
        + tile("Visibility", "2.1", "miles", "#d9b3ff")
    )
    trace = "M" + "L".join(
        f"{k * 17} {h}"
        for k, h in enumerate(
            [
                20,
                22,
                26,
                25,
                32,
                38,
                40,
                52,
                60,
                64,
                78,
                84,
                92,
                96,
                110,
                116,
                118,
                121,
                120,
                118,
                112,
                108,
                100,
                96,
                90,
                86,
                80,
                78,
                70,
                66,
                60,
                58,
                50,
                46,
                44,
                40,
                38,
                36,
                34,
                33,
                30,
                29,
                28,
                27,
                25,
                24,
                22,
                20,
                19,
                18,
            ]
        )
    )
    html = f"""<body style="background:#0f1920;color:#e8f0f5;font-family:'{SANS}'"><div style="padding:24px 30px"><div style="display:flex;justify-content:space-between;align-items:baseline"><b style="font-size:28px">Weather station · Skerrin Head</b>
    <span style="color:#ff8a5c;font-size:20px;font-weight:bold">GALE WARNING</span></div><div style="color:#8fa7b8;font-size:17px;padding:6px 0 18px">Sensor mast 64 m · updated 16:20</div>
    <div style="display:grid;grid-template-columns:repeat(3,1fr);gap:14px">{tiles}</div>
    <div style="background:#1c2a35;border-radius:12px;margin-top:14px;padding:16px 22px"><div style="color:#8fa7b8;font-size:18px">Pressure, last 24 hours</div><svg width="840" height="140"><path d="{trace}" fill="none" stroke="#7fd1ff" stroke-width="3.5"/></svg></div></div></body>"""
    save(screenshot(html, 960, 580), "pictures/weather-station.png")


def everything() -> None:
    for one in (board, plaque, warning, telegram, tide_app, weather_panel):
        one()


if __name__ == "__main__":
    everything()
