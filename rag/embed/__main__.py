"""`python -m rag.embed` makes the packaged models for ONNX Runtime; what could not be made or kept is told, with exit status 1."""

from __future__ import annotations

import sys

from rag.embed import prepare


def main() -> int:
    faults = prepare()
    for name, why in faults.items():
        print(f"{name}: {why}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
