"""OCR of pages that is remembered while an ingest lasts."""

from PIL import Image

from ingest.remembered import RememberedOcr
from rag.pictures.ocr import Ocr
from rag.storage.catalog import Catalog


class Counting(Ocr):
    """An engine that reads the size of a picture, and counts."""

    def __init__(self):
        super().__init__()
        self.times = 0

    def read(self, image):
        self.times += 1
        return f"{image.size}"


def test_a_page_is_read_once_until_the_ingest_is_done(tmp_path):
    catalog, engine = Catalog(tmp_path), Counting()
    page, other = Image.new("RGB", (60, 80), "white"), Image.new("RGB", (80, 60), "white")
    for _ in range(2):
        ocr = RememberedOcr(engine, catalog)
        assert (ocr.read(page), ocr.read(other), engine.times) == ("(60, 80)", "(80, 60)", 2)
    catalog.remember("k.png", ocr.name, "a figure's words")
    catalog.forget_unfinished(["a key"])
    assert ocr.read(page) and engine.times == 2, "the ingest goes on"
    catalog.forget_unfinished()
    assert ocr.read(page) and engine.times == 3
    assert catalog.recall("k.png", ocr.name) == "a figure's words"
    catalog.close()
