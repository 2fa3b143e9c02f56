"""A uvicorn that ends the open pages first: it waits for its connections before it tells the application to stop."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn


class Server(uvicorn.Server):
    """Serves an application with streams that stay open."""

    def __init__(self, config: uvicorn.Config, *close: Callable[[], None]) -> None:
        """Keep what ends the streams."""
        super().__init__(config)
        self._close = close

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, without waiting for pages that would stay open."""
        for close in self._close:
            close()
        await super().shutdown(sockets)
