"""A `text_model` of one's own, with either profile: a library is made with it, searched, and kept to it."""

from __future__ import annotations

import pytest

from ingest import ingest
from rag import Library, Settings
from rag.errors import OtherEncoder
from tests.models import tiny_clip, tiny_text


@pytest.mark.parametrize("profile", ["packaged", "clip"])
def test_a_text_model_serves_with_either_profile(profile, coast, tmp_path):
    joint = str(tiny_clip(tmp_path / "clip")) if profile == "clip" else None
    settings = Settings(profile=profile, text_model=str(tiny_text(tmp_path / "text")), joint_model=joint, library=tmp_path / "library")
    with Library.open(settings.library, settings) as library:
        assert not ingest([coast], library).failed
        assert library.encoders.text.dimension == 24
        passage = next(stored.record for stored in library.catalog.all_records() if stored.record.image is None)
        first = library.search(passage.words, modality="text")[0]
        assert first.routes.dense == 1 and first.own == passage.text
        assert "Marta Quill" in library.search("Who built the light at Hollin Point? Marta Quill", modality="text", k=5)[0].text
        picture = library.search(image=coast / "pictures" / "boat.png", modality="image")[0]
        assert picture.origin == "pictures/boat.png" and picture.routes.visual == 1
        assert library.search(image=coast / "pictures" / "boat.png", modality="text").hits
    with pytest.raises(OtherEncoder, match="text"):
        Library.open(settings.library, Settings(profile=profile, joint_model=joint, library=settings.library))


def test_an_encoder_of_long_texts_does_not_make_passages_of_many_pages(tmp_path):
    model = tiny_text(tmp_path / "text", context=4096, document="keep: ")
    (tmp_path / "log.md").write_text("# Log\n\n" + "The harbour was calm and the lamp was lit at dusk. " * 60)
    settings = Settings(text_model=str(model), library=tmp_path / "library")
    with Library.open(settings.library, settings) as library:
        assert not ingest([tmp_path / "log.md"], library).failed
        encoder = library.encoders.text
        assert encoder.max_tokens > 4000
        lengths = [len(encoder.tokenizer.encode(stored.record.words).ids) for stored in library.catalog.all_records()]
        assert len(lengths) > 3 and 256 < max(lengths) <= 512
