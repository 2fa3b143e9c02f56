"""Faults as a page for whoever sits before a browser; programs keep the JSON of the contract."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from bot.http_json import HttpError
from bot.pages.render import page

Handler = Callable[[Request, Exception], Awaitable[Response]]
_OF_PROGRAMS = ("/api/", "/webhooks/")
_TITLES = {404: "Không có trang này"}
_OTHER_TITLE = "Trang này chưa mở được"
_SAID = {
    404: "Địa chỉ chưa đúng, hoặc trang đã đổi chỗ.",
    405: "Địa chỉ này không phải một trang để xem.",
}
_OTHER_SAID = "Máy bên em đang trục trặc, anh/chị chờ chút rồi mở lại giúp em."


def readable(handler: Handler) -> Handler:
    """Return a handler of faults that answers like `handler`, as a page where a browser opens an address."""

    async def answered(request: Request, error: Exception) -> Response:
        answer = await handler(request, error)
        if not wants_page(request):
            return answer
        status = answer.status_code
        headers = {name: value for name, value in answer.headers.items() if name == "allow"}
        said = error.message if isinstance(error, HttpError) else _SAID.get(status, _OTHER_SAID)
        return page("fault.html", status, headers, title=_TITLES.get(status, _OTHER_TITLE), said=said)

    return answered


def wants_page(request: Request) -> bool:
    """Return whether somebody opens an address in a browser: scripts and programs do not ask for text/html."""
    return (
        (request.method in ("GET", "HEAD") or request.url.path.startswith("/desk/"))
        and "x-requested-with" not in request.headers
        and "text/html" in request.headers.get("accept", "").lower()
        and not request.url.path.startswith(_OF_PROGRAMS)
    )
