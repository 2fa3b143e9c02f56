"""What the doors of the web channel share in one process: the keys, the open pages, the reading of photos."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import cast

from starlette.requests import Request

from bot.channels.web.live import Live
from bot.channels.web.photos import PhotoDesk
from bot.channels.web.sessions import Sessions
from bot.conversation.heads import Head, heads
from bot.db import keys
from bot.db.engine import Database

CHANNEL = "web"


class Web:
    """The web channel of one process."""

    def __init__(self, database: Database, secret_key: str | None, embed_origins: str | None) -> None:
        """Read or make the keys; raises bot.db.keys.KeyProblem. Must be used inside one event loop."""
        self.database = database
        self.sessions = Sessions(keys.load(secret_key, database))
        self.photos = PhotoDesk()
        self.live = Live(self._look)
        self.embed_origins = embed_origins

    def close(self) -> None:
        """End the open pages; called before the server waits for its connections to end."""
        self.live.end_all()

    def _look(self, senders: Collection[str]) -> Mapping[str, Head]:
        with self.database.reading() as session:
            return heads(session, CHANNEL, senders)


def web_of(request: Request) -> Web:
    """Return what the doors share in this process."""
    return cast(Web, request.app.state.web)
