"""Kinds of files that no reader knows and that people have: what to do with them."""

from __future__ import annotations

_UNPACK = "Unpack them, and take in what is in them."
_WORDS = "Save them as .docx or PDF."
_SHEETS = "Save them as .xlsx or .csv."
_SLIDES = "Save them as .pptx or PDF."
_PRINT = "Print them to PDF, or convert them to it."

_ADVICE = {
    _UNPACK: ".7z .rar .tar .gz .tgz .bz2 .tbz .tbz2 .xz .txz .zst .lz .lzma .z .cab .arj .lzh .lha .iso .dmg .jar .ace",
    _WORDS: ".wpd .wp .wp5 .wp6 .wps .wri .sxw .pages .hwp .hwpx .lwp .abw .fodt .ott .dotx .dotm .uot .602 .cwk",
    _SHEETS: ".numbers .sxc .wk1 .wk3 .wk4 .123 .wb2 .wq1 .qpw .et .dif .slk .sylk .fods .ots .xlt .xltx .xltm .gnumeric",
    _SLIDES: ".key .sxi .fodp .otp .potx .dps",
    _PRINT: ".djvu .djv .xps .oxps .ps .eps .chm .hlp .pub .vsd .vsdx .odg .fodg .mpp .ai .indd .dwg .dxf .wmf .emf .psd .xcf .cdr",
    "Export them as PDF or Markdown.": ".one .onetoc2 .onepkg .enex .nsf",
    "Convert them to EPUB.": ".mobi .azw .azw3 .kf8 .kfx .fb2 .lit .pdb .prc .lrf",
    "Export their messages as .eml or .mbox.": ".pst .ost .olm .dbx .oft",
    "Export their tables as .csv.": ".mdb .accdb .dbf .sqlite .sqlite3 .db .parquet .feather .sav .dta .sas7bdat .rds .rdata",
    "Save them as .mp3 or .mp4, or write down what is said in them (.txt).": ".mid .midi .ra .rm .ape .wv .mpg .mpeg .vob .3gp .flv .m2ts",
}  # fmt: skip
_BY_SUFFIX = {suffix: advice for advice, suffixes in _ADVICE.items() for suffix in suffixes.split()}


def advice(suffix: str) -> str:
    """What to do with files of that suffix; nothing where nothing is known."""
    return _BY_SUFFIX.get(suffix.lower(), "")
