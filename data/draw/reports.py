"""The reports: two printed from HTML by Chromium with figures inside, and one typed report as page images without a text layer."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Mapping
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

import charts
from canvas import SAMPLE, chromium, circle, fade, line, path, rect, screenshot, sea, svg, wave, words

HEAD = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>
@page {{ size: A4; margin: 22mm 20mm 24mm; @bottom-left {{ content: "{footer}"; font: 8.5pt 'Liberation Sans'; color: #555 }}
@bottom-right {{ content: counter(page); font: 8.5pt 'Liberation Sans'; color: #555 }} }}
body {{ font: 11pt/1.5 'Liberation Serif'; color: #1c242b; margin: 0 }} h1 {{ font: bold 24pt 'Liberation Serif'; margin: 0 0 4pt }} h2 {{ font: bold 15pt 'Liberation Serif'; margin: 16pt 0 4pt; break-after: avoid }}
figure {{ margin: 12pt 0; break-inside: avoid; text-align: center }} img {{ max-width: 100%; max-height: 88mm }} figcaption {{ font: italic 9.5pt 'Liberation Serif'; margin-top: 3pt }}
table {{ border-collapse: collapse; margin: 8pt 0; break-inside: avoid }} td, th {{ border-bottom: .6pt solid #999; padding: 2pt 10pt 2pt 0; text-align: left }} .by {{ color: #555; margin-bottom: 14pt }} .new {{ break-before: page }}
{more}</style>"""

ANNUAL = """<h1>Annual Report 2019</h1><div class="by">Trust of the Museum of Coast Lights, Tessaly Quay. Laid before the members on 18 March 2020 by the director, Anneke Brill.</div>
<h2>The year in brief</h2>
<p>The museum received 41,870 visits in 2019, the second best figure in its history. Forty per cent of the visitors came from outside the county, and one in six was a child. Sixty-three volunteers gave 9,400 hours of work, most of it with a duster. The museum closed on eleven days only, nine of them on account of the roof.</p>
<figure><img src="visits.png"><figcaption>Figure 1: Visits to the museum by year, 2010 to 2019</figcaption></figure>
<p>The rise since 2016 is owed to the Sunday tours of Skerrin Head, which were fully booked on 44 of 52 Sundays, and to the school programme, which brought in 187 classes.</p>
<h2 class="new">Weather and fog</h2>
<p>The wardens of Thornsay keep up the old weather book. In 2019 they recorded 744 hours of fog, of which 131 fell in June alone. Warm air over cold water makes fog, and the sea off the coast is coldest, compared with the air, in early summer. The longest unbroken fog lasted fifty-two hours, from 11 to 13 June.</p>
<figure><img src="fog.png"><figcaption>Figure 2: Hours of fog at Thornsay in each month of 2019</figcaption></figure>
<p>On 8 December a gust of 103 knots was measured at Skerrin Head, the strongest since the mast was put up in 1999. It took the weathercock of the museum, which has not been found.</p>
<h2 class="new">The new buoy off Candle Rock</h2>
<p>In September the Service laid a sensor buoy one cable east of the Maiden. It measures waves, current and the temperature of the water, and sends them every ten minutes. It cost 88,000 crowns and is powered by four solar panels. School classes have named it the Nephew.</p>
<figure><img src="sensor.png"><figcaption>Figure 3: The sensor buoy with its solar panels, mast and antenna</figcaption></figure>
<h2>Money</h2>
<p>Income was 1,036 thousand crowns, and spending exactly one million. The largest single work was the roof of the lens hall, at 212 thousand, of which the lottery fund gave half. The lightship was docked for three weeks and had 140 metres of seams caulked anew.</p>
<figure><img src="money.png"><figcaption>Figure 4: Spending in 2019, in thousands of crowns</figcaption></figure>
<table><tr><th>Income, thousands of crowns</th><th>2018</th><th>2019</th></tr><tr><td>Tickets</td><td>318</td><td>341</td></tr><tr><td>County grant</td><td>250</td><td>250</td></tr><tr><td>Lottery fund</td><td>0</td><td>106</td></tr><tr><td>Café and shop</td><td>187</td><td>203</td></tr><tr><td>Gifts and legacies</td><td>94</td><td>136</td></tr></table>
<h2>Collection</h2>
<p>Seventy-one objects were added. The finest is the sea chest of the keeper Edmund Rooke, given by a family in Farne Hythe, with a cat's collar in it. A loan of nine lamps went to the technical museum at Saint-Vire and came back with ten, a matter which is being looked into.</p>
<h2>What comes next</h2>
<p>In 2020 we mean to float the third-order lens on a new bearing and light it for the first time. An appeal for 56,000 crowns opens in May. The upper gallery is to have a reading room, which will be named after Ismay Corrigan.</p>"""

TRIALS = """<h1>Trials of Burners and Lamps at Tessaly Quay, 1929 to 1931</h1><div class="by">Orla Fenwick, Sc.D., physicist to the Varrow Light Service. Proceedings of the Service, volume 14, number 3.</div><div class="columns">
<p><b>Summary.</b> Five sources of light were measured on the bench and behind a lens of the first order. An electric lamp of 1,500 watts gave nearly three times the strength of the best oil burner. It is advised that the shore stations be electrified, beginning with Skerrin Head, and that the rock stations keep the vapour burner until a cable or a safe generator can be had.</p>
<h2>1. The question</h2><p>The Service burns 212 tonnes of paraffin a year. A third of it is carried by boat to places where a cask may be lost in the landing. The Board asked in April 1929 whether the electric lamp, long in use ashore, could be trusted with a light that must not fail.</p>
<h2>2. The bench</h2><p>All trials were made in the long rope-walk behind the workshops, which is 214 metres in length and can be made wholly dark. Strength was compared with a standard lamp through a flicker photometer at forty metres. Each figure is the mean of twelve readings by two observers, who did not know which lamp was burning. Readings were rejected on nights when the fish-smoking house next door was at work.</p>
<h2>3. The burners</h2><p>In the vapour burner, paraffin is forced by air at five bars through a hot tube, where it turns to gas; the gas burns inside a mantle of woven silk soaked in thorium and cerium nitrate. Mantles of 55 and of 85 millimetres were tried. The larger lived for eight nights on the average, the smaller for fourteen.</p>
<figure><img src="burner.png"><figcaption>Figure 1: The vapour burner in section, with mantle, vaporiser tube and air pump</figcaption></figure>
<h2>4. Strength</h2><p>The bare strengths are given in Figure 2. The 85 mm mantle gave 2,480 candelas and burned 1.3 litres of paraffin in an hour. The six-wick burner, which it replaced, gave 720 candelas for 2.1 litres. The electric lamp gave 6,900.</p>
<figure><img src="candelas.png"><figcaption>Figure 2: Strength of five light sources, in candelas, without a lens</figcaption></figure>
<h2>5. The beam</h2><p>A small source makes a narrow beam. Behind the lens the filament gave a beam of 1.9 degrees between the half-strength points, against 4.5 degrees for the mantle. The flash is therefore stronger but shorter; at the speed of the Skerrin optic it would last a fifth of a second, which tired eyes may miss. We advise that the optic be slowed by one third.</p>
<figure><img src="profile.png"><figcaption>Figure 3: Strength across the beam for the mantle and for the electric filament</figcaption></figure>
<h2>6. Failure</h2><p>Forty electric lamps were burned until they died. The median life was 940 hours; the shortest was 211. No warning was given by any of them. We therefore designed a changer, in which a second lamp swings into the focus within four seconds when the current of the first fails, and behind it, as a third resort, an acetylene burner.</p>
<h2>7. Cost</h2><table><tr><th>Source</th><th>Crowns a night</th></tr><tr><td>Six wicks</td><td>4.10</td></tr><tr><td>Mantle, 85 mm</td><td>2.75</td></tr><tr><td>Electric, own generator</td><td>3.30</td></tr><tr><td>Electric, from the mains</td><td>0.95</td></tr></table>
<h2>8. Acknowledgement</h2><p>Mr Lionel Stamp sat in the dark for 163 nights as second observer, and asks for nothing but that his mother be told it was for science.</p></div>"""

TYPED = [
    """VARROW LIGHT SERVICE                          Form 22

Station:  QUILLON SPIT
Date:     11 March 1907
Subject:  Collision of a schooner with the lighthouse


To the Superintendent, Osmere.

Sir,

I have to report that on the night of the 9th of March,
at ten minutes past four in the morning, the three-masted
schooner AMARANTH, laden with slates, drove into the
lighthouse under bare poles and carried away two of the
nine piles on the weather side.

The wind was south-west, force ten, with heavy rain. The
light was burning brightly. I had the watch. Assistant
keeper Giles Hone was below, asleep.

The blow threw the kitchen stove over. The fire was put
out by Hone with the soup, there being no water at hand.
The house leaned towards the north-east by eleven
degrees and stayed so.

The schooner's jib-boom came in through the bedroom
window and went out again with my bed.
""",
    """                         - 2 -

The lens did not break, but the clockwork stopped. We
turned the optic by hand from a quarter past four until
sunrise, twenty minutes each, by the kitchen clock.

The schooner's crew of six were taken off at eight
o'clock by the Osmere lifeboat. Her master, Mr. Silas
Brandreth, states that he took our red flash for the
harbour light.

Damage, as far as I can tell:

    two piles carried away             400 crowns
    floor beams and gallery            165 crowns
    three panes of the lantern          27 crowns
    stove, bed and bedding              18 crowns
                                    -------------
    together                           610 crowns

I ask that the shipwrights be sent before the spring
tides of the 28th.

I ask also for a new bed.

        Your obedient servant,

        MATTHIAS ORDE
        Principal Keeper
""",
]


def burner() -> Image.Image:
    body = (
        rect(0, 0, 560, 640, "#ffffff")
        + path("M236 60Q280 20 324 60L316 230H244Z", "#fff3c4", 'stroke="#b58a3c" stroke-width="3"')
        + "".join(line(246 + k * 11, 226, 250 + k * 9.6, 60, "#d9c98c", 1.5) for k in range(7))
    )
    body += (
        rect(232, 230, 96, 22, "#8a949b")
        + rect(264, 252, 32, 120, "#c9a864", 'stroke="#6b4d1c" stroke-width="2"')
        + path("M350 120V250Q350 300 300 300", more='stroke="#b8563a" stroke-width="14"')
        + rect(190, 372, 180, 100, "#d9b45c", 'rx="14" stroke="#6b4d1c" stroke-width="3"')
    )
    body += (
        line(280, 472, 280, 540, "#5b6670", 12)
        + rect(180, 536, 200, 60, "#9aa7ad", 'rx="10" stroke="#444" stroke-width="2"')
        + line(380, 566, 440, 566, "#444", 8)
        + rect(436, 540, 14, 52, "#444")
        + circle(230, 420, 24, "#fff", 'stroke="#444" stroke-width="3"')
        + line(230, 420, 242, 404, "#c8322e", 3)
    )
    for text, x, y, tx, ty, anchor in [
        ("mantle", 120, 130, 242, 140, "middle"),
        ("vaporiser tube", 470, 180, 360, 190, "middle"),
        ("nozzle", 120, 320, 262, 320, "middle"),
        ("paraffin", 450, 426, 372, 426, "middle"),
        ("gauge", 110, 426, 204, 422, "middle"),
        ("air pump", 100, 566, 178, 566, "middle"),
    ]:
        body += words(x, y + 6, text, 21, anchor=anchor) + line(
            x + (42 if tx > x else -(62 if len(text) > 9 else 44)), y, tx, ty, "#777", 1.5
        )
    return screenshot(svg(560, 640, body), 560, 640)


def sensor() -> Image.Image:
    defs = (
        fade("sky", (0, "#b4dcf0"), (1, "#f2f7ee"))
        + fade("water", (0, "#5aa3b8"), (1, "#246a82"))
        + fade("yellow", (0, "#ffe066"), (1, "#d9a400"))
    )
    body = (
        rect(0, 0, 720, 520, "url(#sky)")
        + sea(330, 720, 520, seed=6)
        + line(360, 300, 360, 60, "#55636f", 10)
        + circle(360, 52, 12, "#ffe58a")
        + line(390, 190, 390, 70, "#333", 3)
        + "".join(line(376, 90 + k * 18, 404, 90 + k * 18, "#333", 3) for k in range(4))
    )
    body += (
        path("M250 300L300 180H420L470 300Z", "#55636f", 'opacity=".35"')
        + path("M262 290L300 196L352 196L346 290Z", "#1e3f73", 'stroke="#dfe7ee" stroke-width="4"')
        + path("M458 290L420 196L368 196L374 290Z", "#274f8f", 'stroke="#dfe7ee" stroke-width="4"')
        + "".join(line(290 - k * 9, 220 + k * 23, 430 + k * 9, 220 + k * 23, "#8fb4e0", 1.5) for k in range(3))
    )
    body += (
        path("M190 300H530L500 390Q360 420 220 390Z", "url(#yellow)")
        + rect(180, 290, 360, 20, "#b88900", 'rx="8"')
        + words(360, 362, "NEPHEW", 36, "#22303c", more='font-weight="bold" letter-spacing="4"')
        + wave(384, 720, 520, "#4a97ae", 12, 130)
        + wave(430, 720, 520, "#337f98", 14, 160, 40)
        + wave(480, 720, 520, "#226a83", 12, 130, 10)
    )
    return screenshot(svg(720, 520, body, defs), 720, 520)


def printed(name: str, title: str, footer: str, body: str, figures: Mapping[str, Image.Image], more: str = "") -> None:
    with tempfile.TemporaryDirectory() as folder:
        for figure, image in figures.items():
            image.save(Path(folder, f"{figure}.png"))
        page = Path(folder, "page.html")
        page.write_text(HEAD.format(title=title, footer=footer, more=more) + body, encoding="utf-8")
        target = SAMPLE / "reports" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        chromium("--no-pdf-header-footer", f"--print-to-pdf={target}", page.as_uri())


def typed(name: str, pages: list[str]) -> None:
    """Pages as a scanner sees them: grey paper, ink of uneven strength, a slight turn, some dust."""
    chance = random.Random(1907)
    font = ImageFont.truetype("LiberationMono-Regular.ttf", 31)
    sheets = []
    for number, text in enumerate(pages):
        sheet = Image.new("L", (1240, 1754), 236)
        pen = ImageDraw.Draw(sheet)
        for row, typed_line in enumerate(text.splitlines()):
            for column, letter in enumerate(typed_line):
                pen.text(
                    (130 + column * 18.6, 150 + row * 46 + chance.choice((0, 0, 0, 1))), letter, font=font, fill=chance.randint(24, 70)
                )
        for _ in range(60):
            x, y = chance.uniform(0, 1240), chance.uniform(0, 1754)
            pen.ellipse((x, y, x + 2, y + 2), fill=190)
        sheets.append(
            sheet.rotate((0.5, -0.4)[number % 2], resample=Image.Resampling.BICUBIC, fillcolor=228).filter(ImageFilter.GaussianBlur(0.5))
        )
    target = SAMPLE / "reports" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    sheets[0].save(target, save_all=True, append_images=sheets[1:], resolution=150, quality=62)


def everything() -> None:
    printed(
        "annual-report-2019.pdf",
        "Annual Report 2019",
        "Museum of Coast Lights · Annual Report 2019",
        ANNUAL,
        {"visits": charts.visits(), "fog": charts.fog(), "money": charts.money(), "sensor": sensor()},
    )
    columns = ".columns { columns: 2; column-gap: 8mm; font-size: 10pt; text-align: justify } h2 { font-size: 12pt; margin-top: 9pt }"
    printed(
        "lamp-trials-1931.pdf",
        "Trials of Burners and Lamps",
        "Proceedings of the Varrow Light Service, vol. 14, no. 3",
        TRIALS,
        {"burner": burner(), "candelas": charts.candelas(), "profile": charts.profile()},
        columns,
    )
    typed("keeper-report-1907.pdf", TYPED)


if __name__ == "__main__":
    everything()
