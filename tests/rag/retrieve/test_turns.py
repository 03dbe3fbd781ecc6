"""Searches take turns: a few at once, who came first first, and none is lost to an error."""

from __future__ import annotations

import threading
import time

import pytest

from rag.retrieve.turns import Turns


def test_no_more_than_so_many_at_once_and_all_of_them_in_the_end():
    turns, most, at_work, done = Turns(3), 0, 0, 0
    guard = threading.Lock()

    def work() -> None:
        nonlocal most, at_work, done
        for _ in range(20):
            with turns.one():
                with guard:
                    at_work += 1
                    most = max(most, at_work)
                time.sleep(0.0005)
                with guard:
                    at_work -= 1
                    done += 1

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, done) == (3, 240)


def test_who_asks_again_waits_behind_those_who_wait():
    turns, order = Turns(1), []
    holding, go = threading.Event(), threading.Event()

    def again() -> None:
        with turns.one():
            holding.set()
            go.wait(10)
        with turns.one():
            order.append("again")

    def wait_for(name: str) -> None:
        with turns.one():
            order.append(name)

    threads = [threading.Thread(target=again)]
    threads[0].start()
    assert holding.wait(10)
    for number, name in enumerate(("first", "second"), 1):
        threads.append(threading.Thread(target=wait_for, args=(name,)))
        threads[-1].start()
        while len(turns._waiting) < number:
            time.sleep(0.001)
    go.set()
    for thread in threads:
        thread.join(10)
    assert order == ["first", "second", "again"]


def test_an_error_gives_the_turn_on():
    turns = Turns(1)
    with pytest.raises(ValueError, match="broken"), turns.one():
        raise ValueError("broken")
    with turns.one():
        pass
