"""The packaged joint encoder: what it sees in photographs, and how pictures and words meet."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from rag.embed import Encoders, names
from rag.embed.clip import ClipEncoder
from rag.embed.imagenet import first_names
from rag.embed.packaged import ConseEncoder
from rag.embed.remembered import remembered
from tests.rag.embed.photos import photos
from tests.rag.embed.test_head import drawings

ASKED = {"temple": "a Chinese palace with a curved roof", "flower": "a flower in bloom", "officer": "an officer of the navy in uniform"}


@pytest.fixture(scope="module")
def looked(packaged: Encoders):
    return packaged.joint.look(list(photos().values()))


def test_guesses_name_what_photographs_and_drawings_show(packaged: Encoders, looked) -> None:
    temple, _, officer = looked.guesses
    assert {"city", "building", "palace"} & {name for name, _ in temple}
    assert officer[0][0] == "military uniform"
    heart, *_, star = packaged.joint.look(drawings()).guesses
    assert all("heart" in name for name, _ in heart) and "tree" not in dict(star)
    for guesses in (temple, officer):
        chances = [chance for _, chance in guesses]
        assert len(guesses) <= 3 and chances == sorted(chances, reverse=True) and chances[0] < 1 and chances[-1] >= names.FLOOR


def test_what_is_likelier_is_oftener_right(packaged: Encoders) -> None:
    """Of what lies right at a name and what lies as near to it as any picture, by the steps between."""
    usual = names.names()[1]
    near = np.tile(usual, (4, 1))
    near[:, 7] += np.array([0.2, 0.3, 0.4, 0.5])
    chances = [dict(each).get(names.names()[0][7], 0.0) for each in names.guesses(near, np.zeros((4, 1000)))]
    assert chances == sorted(chances) and chances[0] == 0 and chances[-1] > 0.8
    near[3, 7] = usual[7] + 0.25
    [surer] = names.guesses(near[3:], np.eye(1, 1000, 7))
    assert surer[0][0] == names.names()[0][7], "what the classifier is sure of needs less likeness"


def test_the_names_are_the_classes_and_more_each_once(packaged: Encoders) -> None:
    found, usual = names.names()
    assert list(found[:1000]) == first_names() and len(found) > 1500
    more = [name.lower() for name in found[1000:]]
    assert len(set(more)) == len(more) and not set(more) & {name.lower() for name in first_names()}
    assert {"dog", "tree", "house"} <= set(more) and not {"black", "gnome", "right arrow"} & set(more)
    seen = packaged.joint.seen([*drawings(), *photos().values()])[1]
    likeness = packaged.joint.placed(seen) @ packaged.joint.names.T
    assert np.corrcoef(likeness.mean(axis=0), usual)[0, 1] > 0.4, "what is near to any picture is so here too"


def test_a_text_encoder_of_ones_own_has_the_guesses_of_the_classifier(packaged: Encoders) -> None:
    temple, flower, officer = ConseEncoder(packaged.text, "cpu").look(list(photos().values())).guesses
    assert (temple[0][0], flower[0][0], officer[0][0]) == ("palace", "daisy", "military uniform")


def test_a_blank_picture_shows_nothing(packaged: Encoders) -> None:
    assert packaged.joint.look([Image.new("RGB", (300, 200), "white")]).guesses == [[]]


def test_words_find_their_picture(packaged: Encoders, looked) -> None:
    scores = packaged.joint.encode_query(list(ASKED.values())) @ looked.visual.T
    assert scores.argmax(axis=1).tolist() == [0, 1, 2]


def test_a_picture_finds_passages_about_it(packaged: Encoders, looked) -> None:
    passages = packaged.text.encode_passages(
        ["The palace has two bell towers.", "The daisy blooms in May.", "She served in the navy as an officer in uniform."]
    )
    assert (looked.prose @ passages.T).argmax(axis=1).tolist() == [0, 1, 2]


def test_vectors_are_of_unit_length(packaged: Encoders, looked) -> None:
    words = packaged.joint.encode_query([*ASKED.values(), ""])
    assert looked.visual.shape == (3, packaged.joint.dimension)
    assert words.shape == (4, packaged.joint.dimension)
    assert looked.prose.shape == (3, packaged.text.dimension)
    for vectors in (looked.visual, looked.prose, words):
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    nothing = packaged.joint.look([])
    assert nothing.visual.shape == (0, packaged.joint.dimension)
    assert nothing.prose.shape == (0, packaged.text.dimension)
    assert nothing.guesses == []
    assert packaged.joint.encode_query([]).shape == (0, packaged.joint.dimension)


def test_order_and_company_change_nothing(packaged: Encoders, looked) -> None:
    pictures = list(photos().values()) * 6  # more than two batches
    together = packaged.joint.look(pictures)
    for at in (0, 1, 2, 15, 16, 17):
        assert np.abs(together.visual[at] - looked.visual[at % 3]).max() < 1e-4
        assert np.abs(together.prose[at] - looked.prose[at % 3]).max() < 1e-4


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "YCbCr", "I;16", "I", "F"])
def test_any_mode_looks_the_same(packaged: Encoders, mode: str) -> None:
    drawn = Image.new("L", (200, 120), 255)
    ImageDraw.Draw(drawn).ellipse((60, 20, 140, 100), fill=0)
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(drawn, dtype=np.uint16) * 257)
    else:
        picture = drawn.convert("RGB").convert(mode) if mode in ("P", "CMYK", "YCbCr", "RGBA") else drawn.convert(mode)
    plain, other = packaged.joint.look([drawn.convert("RGB"), picture]).visual
    assert plain @ other > 0.98


@pytest.mark.parametrize("size", [(1, 1), (2, 900), (900, 2), (1, 5000)])
def test_any_size_is_taken(packaged: Encoders, size: tuple[int, int]) -> None:
    visual = packaged.joint.look([Image.new("RGB", size, "navy")]).visual
    assert np.linalg.norm(visual) == pytest.approx(1, abs=1e-5)


def test_transparent_parts_are_white(packaged: Encoders) -> None:
    clear = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    ImageDraw.Draw(clear).rectangle((40, 80, 160, 180), fill=(200, 30, 30, 255))
    white = Image.new("RGB", (200, 200), "white")
    ImageDraw.Draw(white).rectangle((40, 80, 160, 180), fill=(200, 30, 30))
    one, other = packaged.joint.look([clear, white]).visual
    assert one == pytest.approx(other, abs=1e-5)


def test_a_drawing_is_found_wherever_it_stands_on_the_page(packaged: Encoders) -> None:
    def page(size: tuple[int, int], left: int, top: int, ground: str) -> Image.Image:
        drawn = Image.new("RGB", size, ground)
        ImageDraw.Draw(drawn).polygon([(left, top + 90), (left + 40, top), (left + 80, top + 90)], fill="darkred")
        return drawn

    one, other = packaged.joint.look([page((100, 110), 10, 10, "white"), page((600, 500), 480, 30, "white")]).visual
    assert one @ other > 0.999


def test_class_texts_are_kept_between_runs_and_made_anew_when_damaged(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.embed.remembered._cache", lambda: tmp_path / "cache")
    made = []

    def encode(texts):
        made.append(len(texts))
        return np.eye(len(texts), dtype=np.float32)

    for _ in range(2):
        assert remembered("tiny", ["a", "b"], encode).tolist() == [[1, 0], [0, 1]]
    assert made == [2]
    [kept] = (tmp_path / "cache").iterdir()
    kept.write_bytes(kept.read_bytes()[:-1])
    assert remembered("tiny", ["a", "b"], encode).tolist() == [[1, 0], [0, 1]]
    assert made == [2, 2]


def test_a_picture_finds_itself_smaller_and_cropped(packaged: Encoders, looked) -> None:
    changed = []
    for picture in photos().values():
        width, height = picture.size
        changed.append(picture.resize((width // 3, height // 3)))
        changed.append(picture.crop((width // 12, height // 12, width * 11 // 12, height * 11 // 12)))
    scores = packaged.joint.look(changed).visual @ looked.visual.T
    assert scores.argmax(axis=1).tolist() == [0, 0, 1, 1, 2, 2]
    assert scores.max(axis=1).min() > 0.7


def test_any_text_encoder_will_do(clip: ClipEncoder) -> None:
    class Letters:
        """Prose in the tiny CLIP's 16 dimensions."""

        name, dimension, max_tokens = clip.name, clip.dimension, 77
        encode_passages = staticmethod(clip.encode_passages)

    joint = ConseEncoder(Letters(), "cpu")
    looked = joint.look(list(photos().values()))
    assert looked.prose.shape == (3, 16)
    assert looked.visual.shape == (3, joint.dimension) == joint.encode_query(["a", "b", "c"]).shape
