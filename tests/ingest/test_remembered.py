"""OCR of pages that is not done again where the reading of a file was stopped."""

from PIL import Image

from ingest.readers.resumed import resuming
from ingest.remembered import remembering
from rag.pictures.ocr import Ocr


class Counting(Ocr):
    """An engine that reads the size of a picture, and counts."""

    def __init__(self):
        super().__init__()
        self.times = 0

    def read(self, image):
        self.times += 1
        return f"{image.size}"


def test_a_page_is_read_once_however_often_its_file_is_begun(tmp_path):
    engine, page, other = Counting(), Image.new("RGB", (60, 80), "white"), Image.new("RGB", (80, 60), "white")
    ocr = remembering(engine)
    assert ocr.name == engine.name
    for _ in range(2):
        with resuming(tmp_path / "a.parts"):
            assert (ocr.read(page), ocr.read(other), engine.times) == ("(60, 80)", "(80, 60)", 2)
    with resuming(tmp_path / "b.parts"):
        assert ocr.read(page) and engine.times == 3
    assert ocr.read(page) and engine.times == 4, "nothing is kept of a file that is read soon"
