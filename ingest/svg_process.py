"""The process in which a drawing is rendered: SVG on standard input, PNG on standard output.

A process of its own, since a few hundred bytes of SVG can take hours, gigabytes or the whole stack; here that ends nothing else.
"""

from __future__ import annotations

import contextlib
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

MAX_MEMORY = 700_000_000  # bytes of address space
MAX_SECONDS = 20  # of processor time, for when nobody is left who would end it; the caller's patience is shorter
STACK = 64_000_000
REFUSED = 3  # exit status where resvg says why it will not draw
FAMILIES: dict[str, Any] = {
    "font_family": "DejaVu Sans",
    "sans_serif_family": "DejaVu Sans",
    "serif_family": "STIXGeneral",  # as narrow as Times
    "monospace_family": "DejaVu Sans Mono",
}


def main() -> int:
    _limit()
    import resvg_py

    try:
        png = resvg_py.svg_to_bytes(
            svg_string=sys.stdin.buffer.read().decode(),
            background="#ffffff",
            dpi=96,
            font_files=fonts(),
            **FAMILIES,
        )
    except ValueError as error:
        print(str(error), file=sys.stderr)
        return REFUSED
    sys.stdout.buffer.write(png)
    return 0


def fonts() -> list[str]:
    """DejaVu and STIX as matplotlib brings them: resvg leaves out words for which it has no font, and a server may have none."""
    spec = find_spec("matplotlib")
    if not spec or not spec.origin:
        return []
    folder = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
    return [str(path) for pattern in ("DejaVu*.ttf", "STIXGeneral*.ttf") for path in sorted(folder.glob(pattern))]


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has none
        return
    wanted = {resource.RLIMIT_AS: MAX_MEMORY, resource.RLIMIT_CPU: MAX_SECONDS, resource.RLIMIT_CORE: 0, resource.RLIMIT_STACK: STACK}
    for what, most in wanted.items():
        with contextlib.suppress(ValueError, OSError):  # a stricter limit stands already
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    sys.exit(main())
