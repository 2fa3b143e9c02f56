"""Headers that every response carries: what a browser may load, from where, and who may put a page into a frame."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FRAMED = "/widget"  # the only page that other sites may put into a frame, and only those of the setting
_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors "
)
HEADERS = {
    "Content-Security-Policy": f"{_POLICY}'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self)",
}


def origins(setting: str | None) -> list[str]:
    """Return the origins of `MOTCUA_EMBED_ORIGINS`, one by one."""
    return [origin for origin in (setting or "").split(",") if origin]


class SecurityHeaders:
    """ASGI middleware that adds the headers."""

    def __init__(self, app: ASGIApp, embed_origins: str | None = None) -> None:
        """Wrap `app`; pages of `embed_origins` may show the widget."""
        self._app = app
        policy = " ".join([f"{_POLICY}'self'", *origins(embed_origins)])
        self._framed = {**HEADERS, "Content-Security-Policy": policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through; add headers where a response starts."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._framed if scope["path"] == FRAMED else HEADERS)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)
