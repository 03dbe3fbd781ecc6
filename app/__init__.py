"""The edges of Diptych: command line, chat, batch. Nothing of what passes through them is traced to a third party."""

import gc
import os

os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads wait for each other longer than what they are given here takes
gc.set_threshold(20_000, 20, 20)  # what a command imports makes many objects, and no garbage
