"""A folder of about forty files that is changed between two ingests; each of its texts tells its file, its edition and its parts."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from PIL import Image, ImageDraw

from rag.storage.entries import Stored
from tests.ingest.pages import Page, column, write_pdf

WORDS = (
    "lamp keeper tide signal harbour beacon storm oil tower cliff rope anchor ledger chart bell fog pilot quay mast lens sail "
    "winter gull pier island channel rock tender flag watch copper brass slate bridge ferry cargo north wind sand reef"
).split()
PARTS = 4
MARK = re.compile(r"Part (\d+) of (\d+) of (\w+), edition (\d+)\.")


class Growing:
    """`change` writes new editions, takes files away, renames some and adds others; the same seed does the same."""

    def __init__(self, folder: Path, seed: int, texts: int = 20):
        self.folder = folder
        self._random = random.Random(seed)
        self._edition = 1
        self._made = 0
        for kept in ("pictures", "plates"):
            (folder / kept).mkdir(parents=True)
        for number in range(6):
            self._picture(folder / "plates" / f"plate{number}.png")  # shown by pages, and never changed
        for number in range(texts):
            self._text((".txt", ".html", ".md")[number % 3])
        for _ in range(texts // 2):
            self._loose_picture()
        self._archive("old")
        self._pdf()

    def change(self) -> None:
        self._edition += 1
        texts = sorted(path for path in self.folder.iterdir() if path.suffix in (".txt", ".html", ".md"))
        self._random.shuffle(texts)
        for path in texts[:5]:
            path.write_text(self._written(path.stem, path.suffix))
        texts[5].unlink()
        texts[6].rename(self.folder / f"renamed{self._edition}{texts[6].suffix}")
        self._text(texts[5].suffix)
        pictures = sorted((self.folder / "pictures").iterdir())
        self._picture(pictures[0])
        pictures[1].unlink()
        pictures[2].rename(pictures[2].with_name(f"again{self._edition}.png"))
        self._loose_picture()
        (archive,) = self.folder.glob("*.zip")
        archive.unlink()
        self._archive(f"old{self._edition}")

    def _text(self, suffix: str) -> None:
        self._made += 1
        name = f"note{self._made}"
        (self.folder / f"{name}{suffix}").write_text(self._written(name, suffix))

    def _loose_picture(self) -> None:
        self._made += 1
        self._picture(self.folder / "pictures" / f"view{self._made}.png")

    def _picture(self, path: Path) -> None:
        path.write_bytes(self._pixels())

    def _pixels(self) -> bytes:
        """So little contrast that nobody looks for letters in it."""
        base = [self._random.randrange(20, 200) for _ in range(3)]
        image = Image.new("RGB", (200, 150), tuple(base))
        left, top = self._random.randrange(100), self._random.randrange(70)
        ImageDraw.Draw(image).rectangle((left, top, left + 80, top + 60), fill=tuple(value + 8 for value in base))
        out = io.BytesIO()
        image.save(out, "PNG")
        return out.getvalue()

    def _written(self, name: str, suffix: str) -> str:
        parts = []
        for number in range(1, PARTS + 1):
            words = " ".join(self._random.choices(WORDS, k=25)).capitalize()
            text = f"Part {number} of {PARTS} of {name}, edition {self._edition}. {words}."
            if suffix == ".html":
                plate = self._random.randrange(6)
                text = f"<h2>{name} {number}</h2><p>{text}</p>"
                if number % 2 == 0:
                    text += f'<figure><img src="plates/plate{plate}.png"><figcaption>{name} shows plate {plate}</figcaption></figure>'
            elif suffix == ".md":
                text = f"## {name} {number}\n\n{text}"
            parts.append(text)
        return "\n\n".join(parts) + "\n"

    def _archive(self, name: str) -> None:
        with zipfile.ZipFile(self.folder / f"{name}.zip", "w") as archive:
            for number in (1, 2):
                archive.writestr(f"inside{number}.md", self._written(f"inside{number}", ".md"))
            archive.writestr("view.png", self._pixels())

    def _pdf(self) -> None:
        lines = [line for line in self._written("report", ".txt").splitlines() if line]
        cut = [line[at : at + 90] for line in lines for at in range(0, len(line), 90)]
        write_pdf(self.folder / "report.pdf", Page(words=column(60, 60, cut)))


def torn(records: Iterable[Stored]) -> list[str]:
    """Sources whose records are not all parts of one edition, each once."""
    texts: dict[str, str] = defaultdict(str)
    for stored in records:
        if stored.record.modality == "text":
            texts[stored.source] += " " + " ".join(stored.record.text.split())
    wrong = []
    for source, text in texts.items():
        marks = MARK.findall(text)
        if not marks:  # none of these files
            continue
        whole = [int(number) for number, *_ in marks] == list(range(1, PARTS + 1))
        if not whole or len({(name, edition) for _, _, name, edition in marks}) != 1:
            wrong.append(f"{source}: {marks}")
    return wrong
