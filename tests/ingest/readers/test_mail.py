"""E-mail: headers, body, pictures, and what is attached."""

from email.message import EmailMessage
from email.policy import SMTP

import pytest

from rag.errors import ReadError
from tests.ingest.samples import picture


def message(subject: str = "Fog signal", **headers: str) -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    made["Subject"] = subject
    made["From"] = "Jörg Keeper <joerg@example.org>"
    made["To"] = "Anna <anna@example.org>, Board <board@example.org>"
    made["Date"] = "Tue, 04 Mar 2025 09:30:00 +0100"
    for name, value in headers.items():
        made[name] = value
    return made


ADDRESSED = "From: Jörg Keeper <joerg@example.org>\nTo: Anna <anna@example.org>, Board <board@example.org>"
HEAD = ADDRESSED + "\nDate: Tue, 04 Mar 2025 09:30:00 +0100"


def test_a_plain_message_is_read_under_its_subject(blocks):
    made = message("Nebelhorn für die Größe", Cc="C <c@example.org>")
    made.set_content("Dear Anna,\n\nthe horn is broken.\nPlease come.\n\n> On Monday it was well.\n\n-- \nJörg\n")
    found, figures = blocks("a.eml", bytes(made))
    assert not figures and {text.locator.heading for text in found} == {"Nebelhorn für die Größe"}
    assert [text.text for text in found] == [
        HEAD.replace("\nDate", "\nCc: C <c@example.org>\nDate"),
        "Dear Anna,",
        "the horn is broken.\nPlease come.",
        "> On Monday it was well.",
        "-- \nJörg",
    ]


def test_of_two_forms_the_html_is_read_with_the_pictures_that_came_with_it(blocks, tmp_path):
    (tmp_path / "secret.png").write_bytes(picture(seed=7))
    made = message()
    made.set_content("plain form")
    made.add_alternative(
        f"""<h2>Report</h2><p>As seen:</p><img src="cid:lens%40x" alt="The lens"><img src="http://127.0.0.1:9/track.png">
        <img src="secret.png"><img src="file://{tmp_path}/secret.png">""",
        subtype="html",
    )
    made.get_payload()[1].add_related(picture(), "image", "png", cid="<lens@x>", filename="image001.png")
    found, (figure,) = blocks("a.eml", bytes(made))
    assert [text.text for text in found] == [HEAD, "As seen:"]
    assert (figure.caption, figure.origin, figure.data) == ("The lens", None, picture())
    assert figure.locator.heading == "Fog signal > Report"


def test_an_html_form_without_words_leaves_the_plain_one(blocks):
    made = message()
    made.set_content("plain form")
    made.add_alternative("<html><body></body></html>", subtype="html")
    assert [text.text for text in blocks("a.eml", bytes(made))[0]][1:] == ["plain form"]


def test_what_is_attached_is_read_as_its_kind_is(blocks):
    made = message()
    made.set_content("See attached.")
    made.add_attachment(b"# Lens\n\nGlass bends light.", "application", "octet-stream", filename="../../notes/Länge.md")
    made.add_attachment(picture(), "image", "png", filename="tower.png")
    made.add_attachment(picture(size=(16, 16)), "image", "png", filename="logo.png")
    made.add_attachment(b"%PDF-broken", "application", "pdf", filename="broken.pdf")
    made.add_attachment(b"MZ", "application", "octet-stream", filename="a.exe")
    made.add_attachment("Third.", filename="more.txt")
    found, (figure,) = blocks("a.eml", bytes(made))
    assert found[0].text == HEAD + "\nAttachments: Länge.md, tower.png, logo.png, broken.pdf, a.exe, more.txt"
    assert [(text.locator.heading, text.text) for text in found[1:]] == [
        ("Fog signal", "See attached."),
        ("Fog signal > Länge.md > Lens", "Glass bends light."),
        ("Fog signal > more.txt", "Third."),
    ]
    assert (figure.origin, figure.locator.heading, figure.data) == ("tower.png", "Fog signal > tower.png", picture())


def test_attached_messages_are_read_three_deep(blocks):
    made = None
    for level in range(5, -1, -1):
        outer = message(f"Level {level}")
        outer.set_content(f"Words of level {level}.")
        if made and level % 2:
            outer.add_attachment(made)
        elif made:
            outer.add_attachment(bytes(made), "application", "octet-stream", filename="forwarded.eml")
        made = outer
    found, _ = blocks("a.eml", bytes(made))
    assert [(text.locator.heading, text.text) for text in found if text.text.startswith("Words")] == [
        (" > ".join(f"Level {each}" for each in range(level + 1)), f"Words of level {level}.") for level in range(4)
    ]


def test_no_more_than_a_number_of_attachments_is_read(blocks, monkeypatch):
    monkeypatch.setattr("ingest.readers.mail.reader.MAX_ATTACHED", 3)
    made = message()
    for number in range(5):
        made.add_attachment(f"File {number}.", filename=f"{number}.txt")
    assert [text.text for text in blocks("a.eml", bytes(made))[0]][1:] == ["File 0.", "File 1.", "File 2."]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Content-Type: text/plain; charset=iso-8859-1\n\nGr\xf6\xdfe", "Größe"),
        (b"Content-Type: text/plain; charset=no-such\n\nGr\xc3\xb6\xc3\x9fe", "Größe"),
        (b"Content-Type: text/plain; charset=us-ascii\n\nGr\xc3\xb6\xc3\x9fe", "Größe"),
        (b"Content-Type: text/plain; charset=utf-8\n\nDie Gr\xf6\xdfe der Lampe", "Die Größe der Lampe"),
        (b"Content-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=utf-8\n\nGr=C3=B6=C3=9Fe=\n", "Größe"),
        (b"Content-Transfer-Encoding: base64\nContent-Type: text/plain; charset=utf-8\n\nR3LDtsOfZQ", "Größe"),
        (b"Content-Type: multipart/mixed\n\nno boundary, Gr\xc3\xb6\xc3\x9fe", "no boundary, Größe"),
        (b"Content-Type: ;;;=\n\nGr\xc3\xb6\xc3\x9fe", "Größe"),
        (b"Content-Type: text/plain; format=flowed\n\nIt goes \non here.\n> quoted \n> on\n", "It goes on here.\n> quoted \n> on"),
    ],
)
def test_charsets_and_encodings_that_are_wrong(blocks, content, words):
    found, _ = blocks("a.eml", b"Subject: Words\n" + content)
    assert [text.text for text in found] == [words]


@pytest.mark.parametrize(
    ("subject", "heading"),
    [
        (b"=?utf-8?Q?Gr=C3=B6=C3=9Fe?= of\n it", "Größe of it"),
        (b"Gr\xc3\xb6\xc3\x9fe", "Größe"),
        (b"=?no-such?Q?a=FF?= =?utf-8?B?!!!?=", None),
        (b"a" * 100_000, None),
    ],
)
def test_subjects_that_are_wrong(blocks, subject, heading):
    (text,), _ = blocks("a.eml", b"Subject: " + subject + b"\nMIME-Version: 1.0\n\nWords")
    assert text.text == "Words" and (text.locator.heading == heading if heading else len(text.locator.heading) <= 20_000)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no message at all", "no headers"),
        (b"Subject: a\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nMII", "encrypted"),
        (b"Subject: a\nContent-Type: multipart/encrypted; boundary=x\n\n--x\n\n--x--", "encrypted"),
    ],
)
def test_what_is_no_message_that_can_be_read_is_refused(blocks, content, reason):
    with pytest.raises(ReadError, match=reason) as refused:
        blocks("a.eml", content)
    assert refused.value.hint


def test_parts_nested_without_end(blocks):
    opened = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))
    with pytest.raises(ReadError, match="nested too deeply"):
        blocks("a.eml", b"Subject: a\n" + opened + b"\nWords")


def raw(body: bytes, charset: str, subject: bytes = b"x", more: bytes = b"") -> bytes:
    """A message of bytes as they are."""
    kind = b"Content-Type: text/plain; charset=" + charset.encode()
    return b"From: a@example.org\r\nSubject: " + subject + b"\r\n" + more + kind + b"\r\n\r\n" + body + b"\r\n"


@pytest.mark.parametrize(
    ("charset", "encoding", "text"),
    [
        ("iso-8859-1", "cp1252", "The rope costs 12 € – “new”"),
        ("us-ascii", "cp1252", "It’s 40 € each"),
        ("utf-8", "cp1252", "Größe: 3 € – bald"),
        ("iso-8859-1", "utf-8", "Größe: 3 € – bald"),
        ("gb2312", "gbk", "镕基路灯塔今晚点灯"),
        ("ks_c_5601-1987", "cp949", "똠방각하 등대지기"),
        ("shift_jis", "cp932", "灯台①の鍵は髙橋さん"),
        ("x-unknown", "cp1251", "Маяк построен в 1871 году, смотритель живет рядом."),
        ("utf-16", "utf-8", "Größe"),
        ("rot13", "utf-8", "plain words"),
    ],
)
def test_a_charset_is_taken_as_browsers_take_it(blocks, charset, encoding, text):
    found, _ = blocks("a.eml", raw(text.encode(encoding), charset))
    assert found[-1].text == text


@pytest.mark.parametrize(
    ("subject", "charset", "read"),
    [
        (b"=?iso-8859-1?Q?40_=80_=96_neu?=", "us-ascii", "40 € – neu"),
        (b"=?utf-8?B?R3LDtsM=?= =?utf-8?B?n2U=?=", "us-ascii", "Größe"),  # a letter parted between two words
        (b'"=?utf-8?Q?Gr=C3=B6=C3=9Fe?="', "us-ascii", '"Größe"'),
        (b"Re:=?iso-8859-1?q?_Gr=F6=DFe?=", "us-ascii", "Re: Größe"),
        (b"=?x-none?Q?caf=E9?=", "us-ascii", "café"),
        ("Маяк горит".encode("koi8-r"), "koi8-r", "Маяк горит"),
        (b"=?utf-8?B?not base64!?=", "us-ascii", None),
    ],
)
def test_a_subject_is_read_however_it_is_encoded(blocks, subject, charset, read):
    found, _ = blocks("a.eml", raw(b"words", charset, subject))
    assert found[-1].text == "words" and (read is None or found[-1].locator.heading == read)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (b"filename*0*=gb2312''%C8%D8; filename*1*=%8F%A1.txt", "蓉彙.txt"),
        (b'filename="=?iso-8859-1?Q?Preis_=80.txt?="', "Preis €.txt"),
        (b"filename=\"utf-8''na%C3%AFve.txt\"", "naïve.txt"),
        (b"filename*=iso-8859-1'de'40%80.txt", "40€.txt"),
        ("filename=Größe.txt".encode("latin-1"), "Größe.txt"),
    ],
)
def test_the_name_of_what_is_attached_is_read_however_it_is_encoded(blocks, header, name):
    part = b"--b\r\nContent-Disposition: attachment; " + header + b"\r\n\r\nattached words\r\n--b--\r\n"
    data = b"From: a@example.org\r\nSubject: s\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + part
    found, _ = blocks("a.eml", data)
    assert [(text.locator.heading, text.text) for text in found[1:]] == [(f"s > {name}", "attached words")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_message_that_was_saved_in_utf_16_is_read(blocks, encoding):
    told = "From: a@example.org\nSubject: Die Lampe\nContent-Type: text/plain; charset=utf-8\n\nDie Lampe brennt für zwölf Stunden.\n"
    texts, _ = blocks("a.eml", told.encode(encoding))
    assert texts[-1].text == "Die Lampe brennt für zwölf Stunden." and texts[-1].locator.heading == "Die Lampe"
