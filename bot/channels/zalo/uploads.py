"""Pictures and files of ours at Zalo: uploaded once, named by their id for some days (facts §1.3, §1.7)."""

from __future__ import annotations

import asyncio
import hashlib

from bot import clock
from bot.channels.zalo.api import Api
from bot.channels.zalo.limits import LARGEST_FILE, LARGEST_PICTURE, UPLOAD_GOOD_FOR
from bot.channels.zalo.models import ZaloUpload
from bot.db.engine import Database
from bot.db.upsert import upsert

PDF = "application/pdf"
_PICTURE_MARKS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


class NotUploadable(ValueError):
    """A picture or file that Zalo would not take: too large, or of another type."""


class Uploads:
    """What was uploaded for one account."""

    def __init__(self, database: Database, api: Api, oa_id: str) -> None:
        """Keep where to look and whom to call."""
        self._database, self._api, self._oa_id = database, api, oa_id

    async def picture(self, content: bytes, *, anew: bool = False) -> str:
        """Return the id of a picture; raises NotUploadable, ApiError or DeliveryError. `anew`: the known id is dead."""
        media_type = next((kind for mark, kind in _PICTURE_MARKS.items() if content.startswith(mark)), None)
        if media_type is None or len(content) > LARGEST_PICTURE:
            raise NotUploadable("picture")
        digest = _digest("image", content)
        known = None if anew else await asyncio.to_thread(self._known, digest)
        return known or await self._keep(digest, await self._api.upload_picture(content, media_type))

    async def file(self, content: bytes, name: str, *, anew: bool = False) -> str:
        """Return the token of a PDF; as for pictures. The name is what the citizen sees, so it counts as content."""
        if not content.startswith(b"%PDF-") or len(content) > LARGEST_FILE:
            raise NotUploadable("file")
        digest = _digest(f"file:{name}", content)
        known = None if anew else await asyncio.to_thread(self._known, digest)
        return known or await self._keep(digest, await self._api.upload_file(content, name, PDF))

    def _known(self, digest: str) -> str | None:
        with self._database.reading() as session:
            row = session.get(ZaloUpload, (self._oa_id, digest))
            return row.token if row is not None and clock.now() - row.uploaded_at < UPLOAD_GOOD_FOR else None

    async def _keep(self, digest: str, token: str) -> str:
        def write() -> None:
            with self._database.unit_of_work() as session:
                upsert(
                    session,
                    ZaloUpload,
                    keys={"oa_id": self._oa_id, "digest": digest},
                    values={"token": token, "uploaded_at": clock.now()},
                )

        await asyncio.to_thread(write)
        return token


def _digest(kind: str, content: bytes) -> str:
    return hashlib.sha256(kind.encode() + b"\0" + content).hexdigest()
