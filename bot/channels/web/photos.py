"""Photos that the page sends: taken in bounded pieces, a few per visitor, and read two at a time. None is kept."""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore

from starlette.requests import Request

from bot.dossiers import slip_photo
from bot.dossiers.slip_photo import SlipReading
from bot.http_json import HttpError

AT_ONCE = 2  # readings that run; each may take a core and 200 MB
MOST_WAITING = 8  # photos in memory, those being read among them
MOST_PER_VISITOR, WITHIN_SECONDS = 10, 600.0
MOST_VISITORS = 5_000  # remembered; then the one who has been silent longest is forgotten


def expect_picture(request: Request) -> None:
    """Raise HttpError 415 for a body that is announced as anything but a picture."""
    # A form of another site cannot send this type, so it cannot speak in the visitor's name.
    if not request.headers.get("content-type", "").lower().startswith("image/"):
        raise HttpError(415, "wrong_type", "Dạ, chỗ này chỉ nhận ảnh. Anh/chị gửi ảnh chụp giấy hẹn giúp em.")


async def receive(request: Request) -> bytes:
    """Return the picture that a request brings; raises HttpError 413 as soon as it is known to be too large."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:12]) > slip_photo.LARGEST_BYTES:
        raise _too_large()
    image = bytearray()
    async for chunk in request.stream():
        image += chunk
        if len(image) > slip_photo.LARGEST_BYTES:
            raise _too_large()
    return bytes(image)


def _too_large() -> HttpError:
    limit = f"{slip_photo.LARGEST_BYTES // 1024 // 1024} MB"
    return HttpError(413, "body_too_large", f"Dạ, ảnh lớn quá {limit}. Anh/chị gửi ảnh nhỏ hơn, hoặc gõ mã giúp em.")


class PhotoDesk:
    """Reads photos for one process and counts them by visitor."""

    def __init__(self) -> None:
        """Open the desk; its threads start with the first photo."""
        self._readers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="photo")
        self._places = BoundedSemaphore(MOST_WAITING)
        self._sent: dict[str, deque[float]] = {}

    def count(self, visitor: str) -> None:
        """Count a photo of a visitor; raises HttpError 429 for one too many."""
        # Time that passes, not the time of day: a clock that stands still for a demo must not stop this one.
        now = time.monotonic()
        times = self._sent.pop(visitor, None) or deque(maxlen=MOST_PER_VISITOR)
        self._sent[visitor] = times  # last in line again
        if len(self._sent) > MOST_VISITORS:
            del self._sent[next(iter(self._sent))]
        if len(times) == MOST_PER_VISITOR and times[0] > now - WITHIN_SECONDS:
            minutes = math.ceil((times[0] + WITHIN_SECONDS - now) / 60)
            raise HttpError(
                429,
                "too_many_photos",
                f"Dạ, anh/chị gửi nhiều ảnh quá. Khoảng {minutes} phút nữa anh/chị gửi tiếp, hoặc gõ mã hồ sơ giúp em.",
            )
        times.append(now)

    async def read(self, image: bytes) -> SlipReading:
        """Return what a picture holds; raises HttpError 503 when too many wait already."""
        if not self._places.acquire(blocking=False):
            raise HttpError(503, "busy", "Dạ, nhiều người đang gửi ảnh quá. Anh/chị chờ chút rồi gửi lại giúp em.")
        reading = asyncio.get_running_loop().run_in_executor(self._readers, self._read, image)
        # Shielded: a visitor who leaves cancels nothing, so that the place is always given back.
        return await asyncio.shield(reading)

    def _read(self, image: bytes) -> SlipReading:
        try:
            return slip_photo.read(image)
        finally:
            self._places.release()
