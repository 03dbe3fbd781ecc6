"""What processes hold in memory: the proportional set size, in which shared memory counts by its part (Linux)."""

from __future__ import annotations

from pathlib import Path


def tree(pid: int) -> list[int]:
    """A process and those that it started, and those that they did."""
    try:
        tasks = [task.read_text().split() for task in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return []
    return [pid, *(each for children in tasks for child in children for each in tree(int(child)))]


def megabytes(pid: int) -> float:
    """What one process holds now; 0 where it has ended."""
    try:
        return int(Path(f"/proc/{pid}/smaps_rollup").read_text().split("\nPss:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        return 0.0
