"""What commands print for people."""

from __future__ import annotations

from app.output import print_report
from ingest.pipeline import Report
from ingest.plan import LeftOut


def test_what_was_left_out_is_one_line_a_kind(capsys):
    left_out = [LeftOut(f"{name}.docx", "charts without data", 2) for name in "abcd"] + [LeftOut("a.docx", "macros", 1)]
    print_report(Report(added=["a.docx"], seconds={"total": 1.0}, left_out=left_out), dry_run=False)
    said = capsys.readouterr().err.splitlines()
    assert said == ["Left out: charts without data: 8, in a.docx, b.docx, c.docx and 1 more", "Left out: macros: 1, in a.docx"]
