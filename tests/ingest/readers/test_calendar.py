"""Calendars and invitations: when and where each entry is, who is asked, what is said of it."""

import pytest

from ingest.blocks import Text
from ingest.readers import read
from rag.errors import ReadError

EVENT = """BEGIN:VEVENT
DTSTAMP:20250301T100000Z
DTSTART;TZID=Europe/Berlin:20250514T093000
DTEND;TZID=Europe/Berlin:20250514T110000
SUMMARY:Boiler inspection\\, second
LOCATION:Cellar of Hill
  Street 4
DESCRIPTION:Bring the key.\\nMr Dahl comes.
ORGANIZER;CN="Holm, Petra":mailto:petra@example.org
ATTENDEE;CN=Jens Dahl;PARTSTAT=NEEDS-ACTION:mailto:jens@example.org
RRULE:FREQ=YEARLY;UNTIL=20290101
BEGIN:VALARM
DESCRIPTION:Reminder
END:VALARM
END:VEVENT
"""


def calendar(*entries: str, more: str = "") -> str:
    zone = "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:STANDARD\nDTSTART:19701025T030000\nEND:STANDARD\nEND:VTIMEZONE\n"
    return f"BEGIN:VCALENDAR\n{more}{zone}{''.join(entries)}END:VCALENDAR\n".replace("\n", "\r\n")


def test_an_event_is_told_line_by_line_under_its_summary(blocks):
    found, _ = blocks("a.ics", calendar(EVENT).encode())
    assert [each.text for each in found] == [
        "Event: Boiler inspection, second\nStart: 2025-05-14 09:30 (Europe/Berlin)\nEnd: 2025-05-14 11:00 (Europe/Berlin)\n"
        "Location: Cellar of Hill Street 4\nRepeats: yearly, until 2029-01-01\nOrganizer: Holm, Petra <petra@example.org>\n"
        "Attendee: Jens Dahl <jens@example.org> (needs action)",
        "Bring the key.\nMr Dahl comes.",
    ]
    assert {each.locator.heading for each in found} == {"Boiler inspection, second"}


def test_whole_days_end_on_their_last_and_what_is_cancelled_says_so(blocks):
    days = "BEGIN:VEVENT\nSUMMARY:Fair\nDTSTART;VALUE=DATE:20250731\nDTEND;VALUE=DATE:20250802\nEND:VEVENT\n"
    task = "BEGIN:VTODO\nSUMMARY:Paint\nDUE:20250301T120000Z\nSTATUS:COMPLETED\nEND:VTODO\n"
    found, _ = blocks("a.ics", calendar(days, task, more="METHOD:CANCEL\n").encode())
    assert [each.text for each in found] == [
        "Event: Fair\nStart: 2025-07-31\nEnd: 2025-08-01\nStatus: cancelled",
        "Task: Paint\nDue: 2025-03-01 12:00 (UTC)\nStatus: completed",
    ]


def test_an_invitation_in_a_mail_is_read_once(tmp_path):
    part = f"--M\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n{calendar(EVENT)}\r\n"
    mail = f"Subject: Boiler\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=M\r\n\r\n{part}{part}--M--\r\n"
    path = tmp_path / "a.eml"
    path.write_text(mail, newline="")
    found = [each for each in read(path, "a.eml", tmp_path, None) if isinstance(each, Text) and "Hill Street" in each.text]
    assert [each.locator.heading for each in found] == ["Boiler > attachment.ics > Boiler inspection, second"]


def test_what_is_no_calendar_is_refused_and_what_is_cut_short_gives_what_is_whole(tmp_path, blocks):
    (tmp_path / "b.ics").write_text("Words: and no calendar")
    with pytest.raises(ReadError, match="no calendar"):
        list(read(tmp_path / "b.ics", "b.ics", tmp_path, None))
    cut = calendar(EVENT.replace("Boiler", "Chimney"), EVENT)
    found, _ = blocks("a.ics", cut[: cut.rindex("ATTENDEE")].encode())
    assert {each.locator.heading for each in found} == {"Chimney inspection, second"}
