"""The scenes of a film: where its picture changes and what it changes to, each by the frame that stands still longest.

Four small grey pictures a second are compared. Two are one picture where at most SAME of their cells differ by more than LEVELS; cells
that move all the time beside what stands (a speaker in the corner) do not count. What stands for SETTLED seconds is a scene until something
else stands; where it only gains (a slide that fills point by point) it goes on, and is shown as it was at last. What never stands is parted
at cuts.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rag.pictures.copies import Index, fingerprint
from rag.speech.sound import Sound, View

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

EVERY = 0.25  # seconds
LEVELS = 24  # of 255
SAME = 0.0015  # of the cells: fewer are changed by a pointer, more by a word
STEADY = 0.02  # of the cells, from one picture to the next: where more change, something moves
SETTLED = 1.0  # seconds
PASSING = 2.0  # seconds: what moves for less is the change from one scene to another
AWAY = 10.0  # seconds for which a picture that stands may be out of sight
CUT = 0.35  # of the cells, from one picture to the next
USUAL = 0.2  # of how much changes in what moves, by the latest change
LONGEST_MOVING = 60.0  # seconds of what moves without a cut
LIVELY, MOST_LIVELY = 0.25, 0.12  # how often a cell must have changed lately, and how much of a picture may be left out for it
GAIN, LOSS = 0.12, 0.98  # of that, by a change, and from one picture to the next
GROUND = 12  # of 255, from the commonest grey of a picture
PLAIN, ALL = 0.5, 0.97  # shares that make a picture a plain one, and what is new all on its ground
MOST = 300  # scenes of a film: those that stand longest
QUALITY = 90  # of their pictures, as JPEG


@dataclass(frozen=True)
class Scene:
    """What a film shows from `start` to `end`, in seconds; `picture` is a JPEG."""

    start: float
    end: float
    picture: bytes


@dataclass(frozen=True)
class _Stretch:
    """A part of a film in which nothing moves, or which moves all the time; `view` is the last of it at rest, or the calmest."""

    start: float
    end: float
    view: View
    stood: float  # seconds for which the view stood
    jump: float  # share of the cells that changed when it began; of what moves, the usual one
    unrest: float  # the same of its view
    counted: np.ndarray = field(repr=False)  # the cells that count

    @property
    def stands(self) -> bool:
        return self.stood >= SETTLED


def scenes(film: Sound, tell: Callable[[float], None] = lambda _: None) -> list[Scene]:
    """In the order of their time; where a picture is a copy of one before it, they have the same. `tell` hears how far it is. Raises
    ReadError where no picture can be decoded."""
    found: list[tuple[float, float, str]] = []
    marks: dict[str, bytes] = {}
    pictures: dict[str, bytes] = {}
    index = Index(marks.__getitem__)
    for stretch in _parted(_stretches(_told(film.views(EVERY), tell), film.about().seconds)):
        image = stretch.view.picture()
        mark = fingerprint(image)
        if not mark:  # black, or all but
            continue
        name = index.find(mark)
        if name is None:
            name = str(len(marks))
            marks[name] = mark
            index.add(name, mark)
        if name not in pictures:
            pictures[name] = _jpeg(image)
        found.append((stretch.start, stretch.end, name))
        if len(found) > MOST:
            *_, gone = shortest = min(found, key=lambda each: each[1] - each[0])
            found.remove(shortest)
            if all(name != gone for *_, name in found):
                del pictures[gone]
    return [Scene(start, end, pictures[name]) for start, end, name in found]


def _told(views: Iterable[View], tell: Callable[[float], None]) -> Iterator[View]:
    for view in views:
        tell(view.at)
        yield view


def _jpeg(image: Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _stretches(views: Iterable[View], seconds: float) -> Iterator[_Stretch]:
    """The parts in which nothing moves, however short: where all moves, each has one view."""
    import numpy as np

    held: _Stretch | None = None
    first = before = np.zeros(0)
    lively = np.zeros(0)
    calm, at = 1.0, 0.0
    for view in views:
        if held is None:
            counted = np.ones(view.grey.shape, bool)
            lively = np.zeros(view.grey.shape)
            moved = 1.0
        else:
            changed = _differ(view.grey, before)
            lively = np.minimum(lively * LOSS + changed * GAIN, 2 * LIVELY) if changed.mean() < CUT else lively * 0
            counted = lively < LIVELY
            if counted.mean() < 1 - MOST_LIVELY:
                counted = np.ones(view.grey.shape, bool)
            moved = float((changed & counted).mean())
        if held is None or moved > STEADY or _apart(first, view.grey, counted) > SAME:
            if held is not None:
                yield replace(held, end=view.at, stood=view.at - held.start)
            held, first, calm = _Stretch(view.at, view.at, view, 0.0, moved, moved, counted), view.grey, 1.0
        else:
            held = replace(held, counted=counted)
            if moved <= max(calm, SAME / 2):
                held, calm = replace(held, view=view, unrest=moved), moved
        before, at = view.grey, view.at
    if held is not None:
        end = max(seconds, at + EVERY)
        yield replace(held, end=end, stood=end - held.start)


def _parted(stretches: Iterable[_Stretch]) -> Iterator[_Stretch]:
    """The scenes of these."""
    stood: _Stretch | None = None  # what stands, or stood last
    moving: _Stretch | None = None  # what moved since
    for each in stretches:
        length = moving.end - moving.start if moving else 0.0
        if not each.stands:
            cut = length >= PASSING and moving is not None and each.jump >= max(CUT, 2 * moving.jump)
            if cut or length >= LONGEST_MOVING:
                yield from (scene for scene in (stood, moving) if scene)
                stood, moving = None, replace(each, jump=0.0)
            else:
                moving = _longer(moving, each) if moving else replace(each, jump=0.0)
            continue
        if moving and _alike(each, moving):  # only what does not count moved
            each, moving, length = replace(each, start=moving.start), None, 0.0
        goes_on = stood is not None and length < AWAY and (_alike(stood, each) or _gains(stood, each))
        if goes_on and stood:
            newer = each if each.stood >= stood.stood or _gains(stood, each) else stood
            stood = replace(newer, start=stood.start, end=each.end, stood=max(stood.stood, each.stood))
        else:
            if stood:
                yield replace(stood, end=each.start if length < PASSING else stood.end)
            if moving and length >= PASSING:
                yield moving
            stood = replace(each, start=moving.start) if moving and not stood and length < PASSING else each
        moving = None
    if moving and (stood is None or moving.end - moving.start >= PASSING):
        yield from (scene for scene in (stood, moving) if scene)
    elif stood:
        yield replace(stood, end=moving.end) if moving else stood


def _longer(moving: _Stretch, more: _Stretch) -> _Stretch:
    """What moves, and goes on to; it is seen by what stood longest of it, or is calmest."""
    seen = more if (more.stood, -more.unrest) > (moving.stood, -moving.unrest) else moving
    return replace(seen, start=moving.start, end=more.end, jump=moving.jump + (more.jump - moving.jump) * USUAL)


def _differ(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    import numpy as np

    return np.maximum(one, other) - np.minimum(one, other) > LEVELS


def _apart(one: np.ndarray, other: np.ndarray, counted: np.ndarray) -> float:
    return float((_differ(one, other) & counted).mean())


def _alike(one: _Stretch, other: _Stretch) -> bool:
    return _apart(one.view.grey, other.view.grey, one.counted & other.counted) <= SAME


def _gains(before: _Stretch, after: _Stretch) -> bool:
    """Whether all that is new stands on plain ground, where nothing stood before, and something did stand elsewhere."""
    import numpy as np

    changed = _differ(before.view.grey, after.view.grey) & before.counted & after.counted
    ground = _commonest(before.view.grey)
    plain = np.abs(before.view.grey.astype(int) - ground) <= GROUND
    written = (~plain & ~changed).mean() >= SAME
    on_ground = changed.any() and plain[changed].mean() >= ALL
    return bool(plain.mean() >= PLAIN and written and on_ground and abs(ground - _commonest(after.view.grey)) <= GROUND)


def _commonest(grey: np.ndarray) -> int:
    import numpy as np

    return int(np.bincount(grey.ravel()).argmax())
