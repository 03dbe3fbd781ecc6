"""What the chat answers beside the page: pictures, pages of PDFs, files, the evidence that opens beside an answer, and names that are
typed. Read only."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from functools import cache, lru_cache, partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, TypeVar

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from app.chat import evidence
from app.chat.content import HASH, KEY, SIDES, WHERE, WIDTHS, content_type, original, published
from app.chat.language import ENGLISH, languages, spoken
from app.chat.names import choices
from rag.errors import DiptychError

if TYPE_CHECKING:
    from app.chat.shelf import Shelf
    from rag.storage.entries import File

T = TypeVar("T")

AT_ONCE = 3  # pictures and pages that are made at the same time
WAITING = 60  # requests that wait for their turn; the next ones are sent away
QUOTE = 6000  # characters that are marked on a page
TYPED = 100  # characters of a name that are looked for
LOCKED = {  # nothing in what is served runs, fetches, or is framed
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'; sandbox; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
KEPT = {"Cache-Control": "private,max-age=86400"}

Handler = Callable[[Request], Awaitable[Response]]


def routes() -> list[Route]:
    """All of them, below `/held/TOKEN/`."""
    below = f"/{WHERE}/{{token}}"
    return [
        Route(f"{below}/media/{{key}}", _picture),
        Route(f"{below}/file/{{hash}}", _file),
        Route(f"{below}/file/{{hash}}/page/{{number:int}}", _page),
        Route(f"{below}/names", _names),
        Route(f"{below}/panel/turn/{{conversation}}/{{number:int}}/{{kind}}/{{n:int}}", _turn),
        Route(f"{below}/panel/picture/{{name}}", _of_picture),
        Route(f"{below}/panel/record/{{id:int}}", _of_record),
        Route(f"{below}/panel/like/{{name}}", _like),
    ]


async def _picture(request: Request) -> Response:
    key = request.path_params["key"]
    library = _shelf(request).library
    if not KEY.fullmatch(key):
        raise HTTPException(404)
    path = await _made(partial(_media, library.media.path, key))
    if path is None:
        raise HTTPException(404)
    side = _size(request, "side", SIDES)
    if side is None:
        return FileResponse(path, headers=LOCKED | KEPT | {"ETag": f'"{key}"'})
    return await _drawn(request, f"{key}-{side}", partial(_thumbnail, path, side))


async def _page(request: Request) -> Response:
    file, path = await _original(request)
    if PurePath(file.source).suffix.lower() != ".pdf":
        raise HTTPException(404)
    number, width = request.path_params["number"], _size(request, "width", WIDTHS) or WIDTHS[1]
    quote = request.query_params.get("quote", "")[:QUOTE]
    box = _box(request.query_params.get("box", ""))
    tag = f"{file.hash}-{number}-{width}-{hash((quote, box)) & 0xFFFFFFFF:x}"
    return await _drawn(request, tag, partial(_leaf, path, file.hash, number, width, box, quote))


async def _file(request: Request) -> Response:
    file, path = await _original(request)
    kind = content_type(file.source)
    headers = LOCKED | KEPT | {"ETag": f'"{file.hash}"'}
    if kind == "application/pdf":  # browsers' own readers do not work in a sandbox
        headers["Content-Security-Policy"] = "frame-ancestors 'none'"
    if kind == "text/plain" and await _made(partial(_is_utf8, path)):
        kind += "; charset=utf-8"
    return FileResponse(
        path,
        headers=headers,
        media_type=kind or "application/octet-stream",
        filename=PurePath(file.source).name,
        content_disposition_type="inline" if kind else "attachment",
    )


async def _turn(request: Request) -> Response:
    of = request.path_params
    return await _told(request, lambda shelf: evidence.of_turn(shelf, of["conversation"], of["number"], of["kind"], of["n"]))


async def _of_picture(request: Request) -> Response:
    return await _told(request, lambda shelf: evidence.of_picture(shelf.library, request.path_params["name"]))


async def _of_record(request: Request) -> Response:
    return await _told(request, lambda shelf: evidence.of_record(shelf.library, request.path_params["id"]))


async def _like(request: Request) -> Response:
    return await _told(request, lambda shelf: evidence.like(shelf.library, request.path_params["name"]))


async def _names(request: Request) -> Response:
    """What can be asked alone, of what is typed (`q`), in the conversation `c`."""
    typed, conversation = request.query_params.get("q", "")[:TYPED], request.query_params.get("c", "")
    shelf = _shelf(request)
    with _spoken(request):
        found = await anyio.to_thread.run_sync(lambda: choices(shelf.library, typed, shelf.find(conversation)))
    return JSONResponse([asdict(choice) for choice in found], headers=LOCKED | {"Cache-Control": "no-store"})


async def _told(request: Request, tell: Callable[[Shelf], str | None]) -> Response:
    """A piece of HTML for the panel, in the reader's language."""
    shelf = _shelf(request)
    try:
        with _spoken(request):
            told = await anyio.to_thread.run_sync(tell, shelf)
    except DiptychError as error:
        return Response(f"{error} {error.hint}", 503, LOCKED, "text/plain")
    if told is None:
        raise HTTPException(404)
    return HTMLResponse(told, headers=LOCKED | {"Cache-Control": "no-store"})


def _spoken(request: Request) -> contextlib.AbstractContextManager[None]:
    """The reader's language (`l`)."""
    wanted = request.query_params.get("l", ENGLISH)
    return spoken(wanted if wanted in languages() else ENGLISH)


def _shelf(request: Request) -> Shelf:
    shelf = published(request.path_params["token"])
    if shelf is None:
        raise HTTPException(404)
    return shelf


async def _original(request: Request) -> tuple[File, Path]:
    """The file that is named by its hash, and where its bytes lie."""
    shelf, hash = _shelf(request), request.path_params["hash"]
    found = await _made(partial(original, shelf.library, hash)) if HASH.fullmatch(hash) else None
    if found is None:
        raise HTTPException(404)
    return found


async def _drawn(request: Request, tag: str, draw: Callable[[], bytes | None]) -> Response:
    """A picture as WebP, or word that the browser has it already."""
    headers = LOCKED | KEPT | {"ETag": f'"{tag}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    data = await _made(draw)
    if data is None:
        raise HTTPException(404)
    return Response(data, headers=headers, media_type="image/webp")


async def _made(make: Callable[[], T]) -> T:
    """What `make` makes, a few at once on threads of their own."""
    if _turns().statistics().tasks_waiting >= WAITING:
        raise HTTPException(503, headers={"Retry-After": "1"})
    return await anyio.to_thread.run_sync(make, limiter=_turns())


@cache
def _turns() -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(AT_ONCE)


def _size(request: Request, name: str, sizes: tuple[int, ...]) -> int | None:
    """The next of the sizes that are made; None where none is asked for."""
    try:
        wanted = int(request.query_params[name])
    except (KeyError, ValueError):
        return None
    return next((size for size in sizes if size >= wanted), sizes[-1])


def _box(told: str) -> tuple[float, float, float, float] | None:
    with contextlib.suppress(ValueError):
        left, top, right, bottom = (min(max(float(each), 0.0), 1.0) for each in told.split(","))
        return left, top, right, bottom
    return None


def _media(path_of: Callable[[str], Path], key: str) -> Path | None:
    try:
        path = path_of(key)
    except OSError:
        return None
    return path if path.is_file() else None


@lru_cache(maxsize=512)
def _thumbnail(path: Path, side: int) -> bytes | None:
    from PIL import Image

    try:
        with Image.open(path) as image:
            image.draft("RGB", (side, side))
            image.thumbnail((side, side))
            return _webp(image.convert("RGBA") if "A" in image.getbands() or "transparency" in image.info else image.convert("RGB"))
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=96)
def _leaf(path: Path, hash: str, number: int, width: int, box: tuple[float, float, float, float] | None, quote: str) -> bytes | None:
    from ingest.page import marked

    image = marked(path, number, box, quote or None, width) if number > 0 else None
    return _webp(image) if image is not None else None


def _webp(image: object) -> bytes:
    from PIL.Image import Image

    assert isinstance(image, Image)
    out = io.BytesIO()
    image.save(out, "WEBP", quality=82, method=1)
    return out.getvalue()


def _is_utf8(path: Path) -> bool:
    try:
        path.read_text("utf-8")
    except (OSError, ValueError):
        return False
    return True
