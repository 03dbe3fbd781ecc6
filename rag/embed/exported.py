"""The packaged models for ONNX Runtime: written once from the weights in their packages, kept, and made anew where they are damaged.

`python -m rag.embed` makes them all; else each is made when it is first needed.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rag.embed.sources import fingerprint

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

VERSION = 1  # of what is written: another makes all of them anew
AHEAD = 2  # batches for each core that are under way or wait to be taken
Batch = TypeVar("Batch")
Found = TypeVar("Found")

faults: dict[str, str] = {}
"""What could not be made or kept in this process, by its name, and why: for `diptych doctor`."""


def session(name: str, weights: Path, build: Callable[[Path], bytes]) -> InferenceSession:
    """The model `name`, which `build` makes of the folder `weights`; one thread runs it, and several may at once.

    A file that is cut short or is no model is made anew. Where no folder can be written to, it is made for this process alone. Raises
    whatever keeps it from being made.
    """
    import onnxruntime

    file = f"{name}-{fingerprint(str(weights)).rpartition('@')[2]}-{VERSION}-{onnxruntime.__version__}.onnx"
    for folder in folders():
        with suppress(Exception):  # none yet, or damaged: ONNX Runtime raises several kinds
            return opened(folder / file)
    model = build(weights)
    for folder in folders():
        try:
            _kept(model, folder, name, file)
            break
        except OSError as error:
            faults[name] = f"it cannot be kept in {folder}: {error.strerror or error}"
    else:
        return opened(model)
    faults.pop(name, None)
    return opened(folder / file)


def folders() -> tuple[Path, ...]:
    """Where the files lie: in the environment, where that may be written to, else in the user's data folder."""
    from rag.settings import encoders_folder

    return Path(sys.prefix) / "share" / "diptych", encoders_folder()


def cores() -> int:
    """How many threads compute at once: as many as this process may use cores, or as OMP_NUM_THREADS says."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    if told.isdecimal() and int(told):
        return int(told)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def each(run: Callable[[Batch], Found], batches: Iterable[Batch]) -> Iterator[Found]:
    """`run` of each batch, in their order, on all cores: one batch a core is faster than one on all of them, and goes on while what is
    found is put to use."""
    batches = list(batches)
    if len(batches) < 2 or cores() < 2:
        yield from map(run, batches)
        return
    waiting = deque(batches)
    running: deque[Future[Found]] = deque()
    with ThreadPoolExecutor(cores()) as pool:
        while waiting or running:
            while waiting and len(running) < AHEAD * cores():
                running.append(pool.submit(run, waiting.popleft()))
            yield running.popleft().result()


@cache
def quick_in_eight_bits() -> bool:
    """Whether the processor multiplies numbers of eight bits by instructions of their own (VNNI, AMX), as Linux tells it."""
    try:
        told = Path("/proc/cpuinfo").read_text()
    except OSError:
        return False
    flags = next((line.split(":")[1].split() for line in told.splitlines() if line.startswith("flags")), [])
    return not {"avx512_vnni", "avx_vnni", "amx_int8"}.isdisjoint(flags)


@cache
def graphics() -> bool:
    """Whether torch has a graphics processor here; it is imported only where there may be one."""
    apple = sys.platform == "darwin" and os.uname().machine == "arm64"
    if not apple and not any(Path("/dev", name).exists() for name in ("nvidiactl", "kfd", "dxg")):
        return False
    from sentence_transformers.util import get_device_name

    return get_device_name() != "cpu"


def opened(model: Path | bytes) -> InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # which is for inputs of one shape
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _kept(model: bytes, folder: Path, name: str, file: str) -> None:
    """Write `file` whole or not at all, and take away what other versions left."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as making:
        part = Path(making, file)
        with part.open("wb") as out:
            out.write(model)
            out.flush()
            os.fsync(out.fileno())
        part.replace(folder / file)
    for other in folder.glob(f"{name}-*.onnx"):
        if other.name != file:
            with suppress(OSError):
                other.unlink()
