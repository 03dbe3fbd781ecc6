"""Files to records: `ingest(paths, library)` is the way in, `ingest_loader(loader, library)` that of LangChain's document loaders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.loaders import ingest_loader
    from ingest.pipeline import ingest
    from ingest.report import Report

__all__ = ["Report", "ingest", "ingest_loader"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from ingest import loaders, pipeline, report

        return getattr({"Report": report, "ingest": pipeline, "ingest_loader": loaders}[name], name)
    raise AttributeError(f"module 'ingest' has no attribute {name!r}")
