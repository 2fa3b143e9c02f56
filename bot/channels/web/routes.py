"""The citizen's page, its twin for the frame on other sites, and the script that puts the frame there."""

from __future__ import annotations

import html
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels.headers import origins
from bot.channels.web import sessions
from bot.channels.web.calls import Calls
from bot.channels.web.sessions import PAGE, WIDGET
from bot.channels.web.web import CHANNEL, Web, web_of

__all__ = ["CHANNEL", "Web", "routes"]

_STATIC = Path(__file__).resolve().parent / "static"
_INDEX = (_STATIC / "index.html").read_text(encoding="utf-8")
_DOOR = 'data-door="web"'
_NOT_SHARED = {"Cache-Control": "private, no-cache"}  # no proxy keeps the cookie for others
# The script is part of other sites' pages; they may demand this of everything they load.
_FOR_OTHER_SITES = {"Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin"}
_page, _widget = Calls(PAGE), Calls(WIDGET)


async def page(request: Request) -> Response:
    """Serve the page; a new visitor gets a session, an old one keeps it for thirty days more.

    Who follows a dossier comes back for months: the session must not run out under them.
    """
    return _with_session(_page, request, FileResponse(_STATIC / "index.html", headers=_NOT_SHARED))


async def widget(request: Request) -> Response:
    """Serve the page as it stands in a frame: it has a session of its own, and knows whom it may talk to."""
    parents = html.escape(" ".join(origins(web_of(request).embed_origins)))
    framed = _INDEX.replace(_DOOR, f'data-door="widget" data-parents="{parents}"', 1)
    return _with_session(_widget, request, HTMLResponse(framed, headers=_NOT_SHARED))


async def script(_request: Request) -> Response:
    """Serve the script that other sites put into their pages."""
    return FileResponse(_STATIC / "widget.js", media_type="text/javascript", headers=_FOR_OTHER_SITES)


def _with_session(calls: Calls, request: Request, response: Response) -> Response:
    web_of(request).sessions.give(calls.door, request, response, calls.session(request) or sessions.new())
    return response


routes = [
    Route("/", page),
    Route("/widget", widget),
    Route("/widget.js", script),
    *_page.routes(),
    *_widget.routes(),
    Mount("/static/web", StaticFiles(directory=_STATIC)),
]
