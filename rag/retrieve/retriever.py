"""The search as a LangChain retriever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

if TYPE_CHECKING:
    from langchain_core.callbacks import CallbackManagerForRetrieverRun


class LibraryRetriever(BaseRetriever):
    """Documents of `Library.search`: `page_content` is the hit's text, `metadata` the rest of the hit."""

    library: Any
    k: int | None = None
    modality: str | None = None
    source: str | None = None
    rerank: bool | None = None

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        hits = self.library.search(query, k=self.k, modality=self.modality, source=self.source, rerank=self.rerank)
        documents = []
        for hit in hits:
            fields = hit.to_dict()
            documents.append(Document(page_content=fields.pop("text"), metadata=fields))
        return documents
