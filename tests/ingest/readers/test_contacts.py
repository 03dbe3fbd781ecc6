"""Cards of addresses: each under the name on it, in whichever version it was written."""

import pytest

from ingest.readers import read
from rag.errors import ReadError

NEW = "BEGIN:VCARD\nVERSION:3.0\nN:Dahl;Jens;;Dr.;\nORG:Boiler Works;Repairs\nitem1.TEL;TYPE=CELL,VOICE:+49 170 5551\n" + (
    "ADR;TYPE=WORK:;;Mill Lane 3;Aurich;;26603;Germany\nBDAY:19700203\nPHOTO;ENCODING=b:" + "QUJD" * 500 + "\nEND:VCARD\n"
)
OLD = "BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=BCrgen =\n Wei=C3=9F\nTEL;HOME;PREF:040 1234\nEND:VCARD\n"


def test_cards_of_both_versions(blocks):
    found, _ = blocks("a.vcf", (NEW + OLD).encode())
    assert [(each.text, each.locator.heading) for each in found] == [
        (
            "Name: Dr. Jens Dahl\nOrganization: Boiler Works, Repairs\nPhone (cell): +49 170 5551\n"
            "Address (work): Mill Lane 3, Aurich, 26603, Germany\nBirthday: 1970-02-03",
            "Dr. Jens Dahl",
        ),
        ("Name: Jürgen Weiß\nPhone (home): 040 1234", "Jürgen Weiß"),
    ]


def test_what_has_no_card_is_refused(tmp_path):
    (tmp_path / "a.vcf").write_text("FN:Nobody")
    with pytest.raises(ReadError, match="no card"):
        list(read(tmp_path / "a.vcf", "a.vcf", tmp_path, None))
