"""What `diptych adapt` gains and loses, by route: on manuals, on clip art that the shipped head does not know, and on the sample.

    .venv/bin/python benchmarks/adapting.py [NAME...]      default: kicad gimp clipart sample

Everything goes into data/eval; manuals and clip art are fetched with apt-get once. The held-back fifth is what `adapt` decides by. The
questions of the gold, which took no part in that nor in what is learnt, are searched before, after, and with each map by itself, whether it
was switched on or not.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from clipart import apart, captioned, clips, unpack
from corpora import fetch
from PIL import Image

from ingest import ingest
from rag.adapt import Bench, Route, adapt, forget
from rag.adapt.pairs import pairs
from rag.embed.adapter import AS_IT_IS, ROUTES, Adapter
from rag.evaluate.questions import load_questions
from rag.evaluate.run import evaluate
from rag.evaluate.summary import summary
from rag.library import Library
from rag.records import Record
from rag.settings import Settings
from rag.storage.entries import File

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "data" / "eval"
WHAT = {"dense": "passages", "visual": "pictures"}
SHOWN = ("hit@1", "hit@10", "mrr", "ndcg")
GOLD = ("hit@1", "hit@5", "ndcg@10")
CLIP_ART = "clipart"
LEAST = 10  # pictures held back of a category that has a row


def opened(name: str) -> Library:
    """The library of a corpus, filled where it is not yet."""
    folder = FOLDER / f"adapted-{name}"
    library = Library.open(folder, Settings(library=folder, profile="packaged", text_model=None, joint_model=None))
    if name != CLIP_ART:
        docs = ROOT / "data" / "sample" if name == "sample" else FOLDER / "docs" / name
        if not docs.exists():
            fetch(name, FOLDER / "docs")
        ingest([docs], library)
    elif library.catalog.empty():
        _take_clip_art(library)
    return library


def _take_clip_art(library: Library) -> None:
    """What is akin to the test half of benchmarks/pictures.py, and so was not learnt from for the shipped head; a page for what one author
    made of a category, since who has seen one of a series has seen the others."""
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    root = FOLDER / "files" / "usr" / "share" / "openclipart"
    for package in ("openclipart-png", "openclipart-svg"):
        if not (root / package.rpartition("-")[2]).exists():
            unpack(package, FOLDER)
    found, known = clips(root), captioned(root / "png")
    test = {file for file, _ in known[len(known) // 2 :]}
    learnt = {clip.file for clip in apart(found, test)}
    ours = list({clip.digest: clip for clip in found if clip.file not in learnt and clip.title}.values())
    pages: dict[str, list[Record]] = defaultdict(list)
    vectors: dict[str, np.ndarray] = {}
    with library.writing():
        for done, clip in enumerate(ours, 1):
            with Image.open(clip.file) as image:
                picture = image.convert("RGBA")
            key = library.media.put(picture)
            [vectors[key]] = library.encoders.joint.look([picture]).visual
            category = clip.file.relative_to(root / "png").parts[0]
            text = "\n\n".join(filter(None, (clip.title, ", ".join(clip.keywords))))
            pages[f"{category}/{clip.author}"].append(Record("image", text, caption=clip.title, origin=clip.file.name, image=key))
            print(f"\r{done:,} of {len(ours):,} pictures", end="", flush=True)
        batch = [(File(Path("/clipart", page), page, Path("/clipart"), 1, 1, page), records) for page, records in pages.items()]
        library.add(batch, vectors)
    print()


def asked(library: Library, name: str, adapter: Adapter) -> dict[str, dict[str, float]]:
    """The metrics of the gold, by modality."""
    gold = ROOT / "data/gold/sample.jsonl" if name == "sample" else ROOT / f"benchmarks/gold/{name}.jsonl"
    with library.trying(adapter):
        return summary(evaluate(library, load_questions(gold), retrieval_only=True))["retrieval"]


def held_row(name: str, route: str, found: Route) -> str:
    cells = [name, WHAT[route], str(sum(found.pairs.values())), str(found.held_back), f"{found.strength:g}"]
    if found.before and found.after and found.gain:
        cells += [f"{found.before[each]:.3f} / {found.after[each]:.3f}" for each in SHOWN]
        cells += [f"{found.gain.interval[0]:+.3f} to {found.gain.interval[1]:+.3f}"]
    else:
        cells += [""] * (len(SHOWN) + 1)
    searched = f"{found.searched.a:.3f} / {found.searched.b:.3f} ({found.searched.n})" if found.searched else ""
    return f"| {' | '.join([*cells, searched, '**on**' if found.on else found.why])} |"


def gold_rows(name: str, library: Library, bench: Bench, routes: dict[str, Route]) -> list[str]:
    maps = {
        route: Adapter().but(route, bench.learnt(route, bench.of(route), routes[route].strength))
        for route in ROUTES
        if routes[route].before
    }
    tried = {"before": AS_IT_IS} | {f"words for {WHAT[route]}{'' if routes[route].on else ', forced'}": maps[route] for route in maps}
    rows = []
    for what, adapter in tried.items():
        metrics = asked(library, name, adapter)
        cells = [f"{metrics[kind][each]:.3f}" for kind in ("text", "image") for each in GOLD]
        rows.append(f"| {' | '.join([name, what, *cells])} |")
    return rows


def category_rows(bench: Bench, strength: float) -> list[str]:
    learn, held = bench.parted("visual")
    trial = Adapter(visual=bench.learnt("visual", learn, strength))
    rows = []
    for category in sorted({pair.section[0].split("/")[0] for pair in held}):
        of = [pair for pair in held if pair.section[0].split("/")[0] == category]
        before, after = (bench.ranks("visual", of, adapter) for adapter in (AS_IT_IS, trial))
        if len(before) >= LEAST:
            values = [f"{_mean(before, k):.3f} / {_mean(after, k):.3f}" for k in (5, 10, None)]
            rows.append(f"| {category} | {len(before)} | {' | '.join(values)} |")
    return rows


def _mean(found: Sequence[Sequence[int]], k: int | None) -> float:
    return float(np.mean([np.mean([1 / rank if k is None else rank <= k for rank in ranks]) for ranks in found]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", default=["kicad", "gimp", CLIP_ART, "sample"])
    for name in parser.parse_args().names:
        with opened(name) as library:
            forget(library)
            started = time.perf_counter()
            report = adapt(library)
            print(f"\n{name}: {time.perf_counter() - started:.0f} s\n")
            print(f"| | words for | pairs | held back | strength | {' | '.join(SHOWN)} | nDCG, 95 % | the whole search, MRR (of) | |")
            print("|---" * (len(SHOWN) + 8) + "|")
            print("\n".join(held_row(name, route, found) for route, found in report.routes.items()), flush=True)
            with library.trying(AS_IT_IS):
                bench = Bench(library, pairs(library), [], report.seed, lambda *_: None)
            if name == CLIP_ART:
                print("\n| category | held back | hit@5 | hit@10 | MRR |\n|---|---|---|---|---|")
                print("\n".join(category_rows(bench, report.routes["visual"].strength)), flush=True)
            else:
                print(f"\n| | | {' | '.join(f'{kind}, {each}' for kind in WHAT.values() for each in GOLD)} |")
                print("|---" * (2 * len(GOLD) + 2) + "|")
                print("\n".join(gold_rows(name, library, bench, dict(report.routes))), flush=True)
            forget(library)


if __name__ == "__main__":
    main()
