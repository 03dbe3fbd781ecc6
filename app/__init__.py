"""The edges of Diptych: command line, chat, batch. Nothing of what passes through them is traced to a third party."""

import os

os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
