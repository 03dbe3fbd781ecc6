"""Charts, with matplotlib: figures for the documents, and those that only the reports print."""

from __future__ import annotations

import io
import math

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from PIL import Image

from canvas import save

plt.rcParams.update(
    {"font.family": "Liberation Sans", "font.size": 12, "axes.spines.top": False, "axes.spines.right": False, "axes.titleweight": "bold"}
)
BLUE, RED, GOLD, GREEN, GREY = "#2c6e9b", "#c8322e", "#e3a92b", "#5a9a56", "#8a949b"

VISITS = {
    2010: 28_400,
    2011: 29_150,
    2012: 27_900,
    2013: 31_200,
    2014: 46_300,
    2015: 36_800,
    2016: 35_100,
    2017: 38_250,
    2018: 40_020,
    2019: 41_870,
}
FOG_HOURS = {
    "Jan": 22,
    "Feb": 31,
    "Mar": 58,
    "Apr": 74,
    "May": 96,
    "Jun": 131,
    "Jul": 118,
    "Aug": 83,
    "Sep": 47,
    "Oct": 36,
    "Nov": 29,
    "Dec": 19,
}
SPENDING = {"Staff": 431, "Roof": 212, "Lights and lenses": 148, "Lightship": 96, "Café": 74, "Other": 39}
BIRDS = {1908: 1410, 1909: 980, 1910: 1650, 1911: 3240, 1912: 1530, 1913: 690, 1914: 410, 1915: 330, 1916: 300, 1917: 345, 1918: 280}
CANDELAS = {"Argand, 24 lamps": 310, "Six-wick paraffin": 720, "Mantle, 55 mm": 1_650, "Mantle, 85 mm": 2_480, "Electric, 1,500 W": 6_900}


def picture(figure: Figure) -> Image.Image:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, bbox_inches="tight", facecolor="white")
    plt.close(figure)
    return Image.open(buffer).convert("RGB")


def visits() -> Image.Image:
    figure, axes = plt.subplots(figsize=(7.6, 4.4))
    bars = axes.bar(list(map(str, VISITS)), list(VISITS.values()), color=[RED if year == 2014 else BLUE for year in VISITS])
    axes.bar_label(bars, [f"{n / 1000:.1f}" for n in VISITS.values()], fontsize=10, padding=2)
    axes.set(title="Visits to the museum by year", ylabel="visits, thousands")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value / 1000:.0f}")
    axes.annotate("200 years of\nSkerrin Head", ("2014", 46_300), xytext=(5.1, 44_500), fontsize=11, color=RED)
    return picture(figure)


def fog() -> Image.Image:
    figure, axes = plt.subplots(figsize=(7.2, 4.2))
    axes.fill_between(range(12), list(FOG_HOURS.values()), color=GREY, alpha=0.35)
    axes.plot(range(12), list(FOG_HOURS.values()), color="#44525d", marker="o", linewidth=2.5)
    axes.set_xticks(range(12), list(FOG_HOURS))
    axes.set(title="Hours of fog at Thornsay by month, 2019", ylabel="hours", ylim=(0, 145))
    axes.annotate("June: 131 h", (5, 131), xytext=(6.2, 136), fontsize=11)
    return picture(figure)


def money() -> Image.Image:
    figure, axes = plt.subplots(figsize=(6.6, 4.6))
    colours = [BLUE, RED, GOLD, GREEN, "#9a6fb0", GREY]
    axes.pie(
        list(SPENDING.values()),
        labels=[f"{name} {n}" for name, n in SPENDING.items()],
        colors=colours,
        startangle=90,
        counterclock=False,
        wedgeprops={"width": 0.42, "edgecolor": "white"},
    )
    axes.text(0, 0, "1,000\nthousand\ncrowns", ha="center", va="center", fontsize=13, weight="bold")
    axes.set_title("Where the money went, 2019")
    return picture(figure)


def birds() -> Image.Image:
    figure, axes = plt.subplots(figsize=(7.6, 4.4))
    axes.bar(list(map(str, BIRDS)), list(BIRDS.values()), color=[GREEN if year >= 1913 else GREY for year in BIRDS])
    axes.axvline(4.5, color=RED, linestyle="--")
    axes.text(4.6, 2900, "perches fitted, 1913", color=RED)
    axes.set(title="Birds found dead at the Thornsay lantern, autumn", ylabel="birds")
    return picture(figure)


def luminous_range(candelas: float, visibility: float) -> float:
    """Range in nautical miles by Allard's law for an eye threshold of 2e-7 lx; `visibility` is the meteorological range in miles."""
    low, high = 0.0, 80.0
    for _ in range(60):
        middle = (low + high) / 2
        lux = candelas * 0.05 ** (middle / visibility) / max(middle * 1852, 1e-6) ** 2
        low, high = (middle, high) if lux > 2e-7 else (low, middle)
    return low


def ranges() -> Image.Image:
    figure, axes = plt.subplots(figsize=(7.6, 4.8))
    strengths = [10 ** (1 + k / 20) for k in range(101)]
    for name, visibility, colour in (("clear air, 20 miles", 20, BLUE), ("light haze, 4 miles", 4, GOLD), ("mist, 1 mile", 1, GREY)):
        axes.plot(strengths, [luminous_range(c, visibility) for c in strengths], color=colour, linewidth=2.8, label=name)
    axes.set_xscale("log")
    axes.set(title="How far a light carries", xlabel="intensity, candelas", ylabel="range, nautical miles", ylim=(0, 36))
    axes.grid(alpha=0.25)
    axes.legend(frameon=False, title="visibility by day")
    return picture(figure)


def candelas() -> Image.Image:
    figure, axes = plt.subplots(figsize=(6.2, 3.8))
    bars = axes.barh(list(CANDELAS), list(CANDELAS.values()), color=[GREY, GREY, GOLD, GOLD, BLUE])
    axes.bar_label(bars, [f"{n:,}" for n in CANDELAS.values()], padding=3)
    axes.set(title="Strength of the bare burner", xlabel="candelas", xlim=(0, 8200))
    return picture(figure)


def profile() -> Image.Image:
    figure, axes = plt.subplots(figsize=(6.2, 3.8))
    angles = [k / 20 for k in range(-120, 121)]
    for name, width, colour in (("85 mm mantle", 1.9, GOLD), ("electric filament", 0.8, BLUE)):
        axes.plot(angles, [100 * math.exp(-0.5 * (a / width) ** 2) for a in angles], color=colour, linewidth=2.6, label=name)
    axes.set(title="Profile of the beam across the horizon", xlabel="degrees off the axis", ylabel="% of the peak")
    axes.legend(frameon=False)
    return picture(figure)


def everything() -> None:
    save(visits(), "web/images/visits-by-year.png")
    save(birds(), "guide/images/bird-strikes.png")
    save(ranges(), "guide/images/range-candela.png")


if __name__ == "__main__":
    everything()
