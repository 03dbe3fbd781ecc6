"""What commands print for people."""

from __future__ import annotations

from collections import Counter

from app.output import print_report
from ingest.report import LeftOut, Report


def test_what_was_left_out_is_one_line_a_kind(capsys):
    left_out = [LeftOut(f"{name}.docx", "charts without data", 2) for name in "abcd"] + [LeftOut("a.docx", "macros", 1)]
    print_report(Report(added=["a.docx"], seconds={"total": 1.0}, left_out=left_out), dry_run=False)
    said = capsys.readouterr().err.splitlines()
    assert said == ["Left out: charts without data: 8, in a.docx, b.docx, c.docx and 1 more", "Left out: macros: 1, in a.docx"]


def test_what_to_do_about_kinds_that_nobody_reads_is_told_once_a_kind(capsys):
    report = Report(seconds={"total": 1.0}, passed_over=Counter({".wpd": 3, ".7z": 2, ".pages": 1, ".xyz": 1}))
    print_report(report, dry_run=False)
    assert capsys.readouterr().err.splitlines() == [
        "Passed over, since no reader knows their kind: 3 .wpd, 2 .7z, 1 .pages, 1 .xyz.",
        ".wpd, .pages: Save them as .docx or PDF.",
        ".7z: Unpack them, and take in what is in them.",
    ]
    assert report.to_dict()["advice"] == {
        ".wpd": "Save them as .docx or PDF.",
        ".7z": "Unpack them, and take in what is in them.",
        ".pages": "Save them as .docx or PDF.",
    }
