"""A uvicorn that ends the open pages first: it waits for its connections before it tells the application to stop."""

from __future__ import annotations

import socket

import uvicorn

from bot.channels.web.web import Web


class Server(uvicorn.Server):
    """Serves an application with a web channel."""

    def __init__(self, config: uvicorn.Config, web: Web) -> None:
        """Keep the channel."""
        super().__init__(config)
        self._web = web

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, without waiting for pages that would stay open."""
        self._web.close()
        await super().shutdown(sockets)
