"""Mailboxes, Apple's and Outlook's messages, and pages saved as messages."""

import struct
from datetime import datetime
from email.message import EmailMessage

import pytest

from ingest.blocks import Document, Figure, Lost, Passed, Text
from ingest.readers import read
from ingest.readers.mail import outlook
from rag.errors import ReadError
from tests.ingest.old_office import attachment, compound, inner_message, msg
from tests.ingest.samples import picture

SENT = 10_000_000 * int((datetime(2025, 3, 4, 8, 30) - datetime(1601, 1, 1)).total_seconds())  # as Windows counts


@pytest.fixture
def told(tmp_path):
    def give(name: str, data: bytes):
        path = tmp_path / name
        path.write_bytes(data)
        return list(read(path, name, tmp_path, None))

    return give


def texts(blocks) -> list[tuple[str, str]]:
    return [(block.locator.heading, block.text) for block in blocks if isinstance(block, Text)]


def letter(subject: str, text: str) -> bytes:
    return f"From: a@example.org\nSubject: {subject}\n\n{text}\n".encode()


def test_a_mailbox_gives_its_messages_one_after_the_other(told):
    first = letter("One", "The bell rings.\n\n>From the tower it is heard.\n\nFrom here it is not:\nwe are too far.")
    envelope = b"From a@example.org Tue Mar  4 09:30:00 2025\n"
    found = told("in.mbox", envelope + first + b"\n" + envelope + letter("Two", "The horn, too."))
    assert texts(found) == [
        ("One", "From: a@example.org"),
        ("One", "The bell rings."),
        ("One", "From the tower it is heard."),
        ("One", "From here it is not:\nwe are too far."),
        ("Two", "From: a@example.org"),
        ("Two", "The horn, too."),
    ]
    assert [block.title for block in found if isinstance(block, Document)] == ["One", "Two"]


def test_a_message_that_is_too_long_is_lost_and_the_next_is_read(told, monkeypatch):
    monkeypatch.setattr("ingest.readers.mail.mailbox.MAX_BYTES", 500)
    envelope = b"From a@example.org Tue Mar  4 09:30:00 2025\n"
    found = told("in.mbox", envelope + letter("One", "word " * 200) + b"\n" + envelope + letter("Two", "Short."))
    assert [block.name for block in found if isinstance(block, Lost)] == ["message 1"] and texts(found)[-1] == ("Two", "Short.")
    with pytest.raises(ReadError, match="no mailbox"):
        told("none.mbox", b"only words\n\nand more\n")


def test_a_message_of_apple_mail_is_read_up_to_its_length(told):
    message = letter("Fog", "The horn sounds.")
    assert texts(told("a.emlx", b"%d\n" % len(message) + message + b"<?xml version='1.0'?><plist/>"))[-1] == ("Fog", "The horn sounds.")


def test_a_saved_page_is_read_with_the_pictures_that_came_with_it(told):
    saved = EmailMessage()
    saved["Subject"], saved["From"] = "The bell of Ness", "<Saved by a browser>"
    saved.set_content('<h1>Bell</h1><p>It rings.</p><img src="http://example.org/b.png" alt="The bell">', subtype="html")
    saved.add_related(picture(), "image", "png", filename="b.png")
    saved.get_payload()[1]["Content-Location"] = "http://example.org/b.png"
    found = told("a.mhtml", bytes(saved))
    assert texts(found) == [("Bell", "It rings.")] and found[0] == Document("The bell of Ness")
    assert [block.caption for block in found if isinstance(block, Figure)] == ["The bell"]


def test_a_message_of_outlook_is_read_with_what_is_attached(told):
    inner = inner_message({0x0037: "Inner", 0x1000: "The inner words."})
    made = msg(
        {
            0x0037: "Größe", 0x0C1A: "Jörg", 0x5D01: "joerg@example.org", 0x0E04: "Anna; Board",
            0x1013: '<p>Preis 640 € – <img src="cid:lamp"></p>'.encode("cp1252"),
        },
        [attachment("lamp.png", picture(), "lamp"), attachment("notes.md", b"# Oil\n\nColza."), attachment("inner", inner),
         attachment("a.exe", b"MZ")],
        sent=SENT, page=1252,
    )  # fmt: skip
    found = told("a.msg", made)
    assert found[0] == Document("Größe", "2025-03-04")
    assert texts(found) == [
        (
            "Größe",
            "From: Jörg <joerg@example.org>\nTo: Anna; Board\nDate: Tue, 04 Mar 2025 08:30:00 +0000\nAttachments: notes.md, inner, a.exe",
        ),
        ("Größe", "Preis 640 € –"),
        ("Größe > notes.md > Oil", "Colza."),
        ("Größe > Inner", "The inner words."),
    ]
    assert len([block for block in found if isinstance(block, Figure)]) == 1
    assert [block for block in found if isinstance(block, Passed)] == [Passed("attachments of unknown kinds")]


def test_text_that_is_kept_as_compressed_rtf_is_read(told):
    rtf = rb"{\rtf1\ansi The fee is 55 crowns, 55 crowns, 55 crowns.}"
    raw = b"".join(b"\0" + rtf[at : at + 8] for at in range(0, len(rtf), 8))
    packed = struct.pack("<4I", len(raw) + 12, len(rtf), 0x75465A4C, 0) + raw
    assert texts(told("a.msg", msg({0x0037: "Fee", 0x1009: packed})))[-1][1] == "The fee is 55 crowns, 55 crowns, 55 crowns."
    example = bytes.fromhex(  # that of [MS-OXRTFCP]
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert outlook._decompressed(example) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert outlook._decompressed(struct.pack("<4I", 99, 1 << 31, 0x75465A4C, 0) + b"x" * 40) == b""


def test_messages_in_messages_end_somewhere_and_bytes_that_are_shared_do_not_flood(told):
    tree = inner_message({0x0037: "Last", 0x1000: "x"})
    for depth in range(8):
        tree = inner_message({0x0037: f"Depth {depth}", 0x1000: f"words {depth}"}, [attachment("inner", tree)])
    found = told("a.msg", msg({0x0037: "Top", 0x1000: "words"}, [attachment("inner", tree)]))
    assert len([block for block in found if isinstance(block, Lost)]) == 1
    made = bytearray(
        msg({0x0037: "Top"}, [attachment(f"{number}.txt", b"word " * 4000 if number == 0 else b"word " * 900) for number in range(40)])
    )
    name = "__substg1.0_37010102".encode("utf-16-le")
    places = [at for at in range(0, len(made) - 128, 128) if made[at : at + len(name)] == name]
    for at in places[1:]:
        made[at + 116 : at + 128] = made[places[0] + 116 : places[0] + 128]
    with pytest.raises(ReadError, match="more bytes"):
        told("b.msg", bytes(made))
    with pytest.raises(ReadError, match="no message"):
        told("c.msg", compound({"Contents": b"x" * 600}))


def test_a_message_without_words_is_told(told):
    found = told("a.eml", b"From: a@example.org\nSubject: Empty\n\n")
    assert [block for block in found if isinstance(block, Passed)] == [Passed("messages without words")]
