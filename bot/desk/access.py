"""Who may open which page of the desk: every route says its roles, and no route is without."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl, quote

from sqlalchemy.orm import Session
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.conversation.exchange import Answering
from bot.conversation.ways import Ways
from bot.db.engine import Database
from bot.http_json import HttpError, read_body
from bot.privacy import audit
from bot.staff import sessions
from bot.staff.accounts import Member
from bot.staff.second_factor import SecondFactor
from bot.staff.sessions import SignedIn
from bot.text import compose

COOKIE = "mc_desk"
LARGEST_FORM = 256 * 1024
AGENT = frozenset({"agent", "supervisor", "admin"})
SUPERVISOR = frozenset({"supervisor", "admin"})
EDITOR = frozenset({"content_editor", "supervisor", "admin"})
ADMIN = frozenset({"admin"})
EVERYONE = AGENT | EDITOR
ANYBODY: frozenset[str] = frozenset()  # signed in or not: the sign-in pages only

if TYPE_CHECKING:
    from bot.desk.live import Live

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Desk:
    """What the pages of the desk share in one process."""

    database: Database
    ways: Ways
    second_factor: SecondFactor
    engine: Answering
    live: Live


class _NumberConvertor(Convertor[int]):
    """A number in an address; Starlette's own takes any length, and neither Python nor a database does."""

    regex = "[0-9]{1,18}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("id", _NumberConvertor())


class DeskRoute(Route):
    """A route of the desk with the roles that may use it; `proved` is False where the password alone is enough."""

    def __init__(
        self,
        path: str,
        handler: Handler,
        *,
        roles: frozenset[str],
        methods: Sequence[str] = ("GET",),
        proved: bool = True,
    ) -> None:
        """Guard `handler`."""
        self.roles, self.proved = roles, proved
        super().__init__(path, _guarded(handler, roles, proved), methods=list(methods))


def desk_of(request: Request) -> Desk:
    """Return what the pages share in this process."""
    return cast(Desk, request.app.state.desk)


def member_of(request: Request) -> Member:
    """Return who is signed in; only behind a guard."""
    return cast(SignedIn, request.state.signed_in).member


async def run(request: Request, work: Callable[..., Any], *args: Any) -> Any:
    """Run `work(session, *args)` in one transaction, on a thread."""

    def in_transaction() -> Any:
        with desk_of(request).database.unit_of_work() as session:
            return work(session, *args)

    return await asyncio.to_thread(in_transaction)


async def look(request: Request, work: Callable[..., Any], *args: Any) -> Any:
    """Run `work(session, *args)` with a session that only reads, on a thread."""

    def reading() -> Any:
        with desk_of(request).database.reading() as session:
            return work(session, *args)

    return await asyncio.to_thread(reading)


async def form_of(request: Request) -> dict[str, str]:
    """Return the posted form, its texts in NFC; raises HttpError 400 or 413."""
    given = getattr(request.state, "form", None)
    if given is not None:
        return cast(dict[str, str], given)
    body = await read_body(request, LARGEST_FORM)
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=500)
    except (UnicodeDecodeError, ValueError) as error:
        raise HttpError(400, "bad_form", "Nội dung gửi lên chưa đúng, anh/chị tải lại trang rồi thử lại.") from error
    request.state.form = {name: compose(value.encode("utf-8", "ignore").decode())[0] for name, value in pairs}
    return cast(dict[str, str], request.state.form)


def token_of(request: Request) -> str:
    """Return the token of the cookie; "" without one."""
    return request.cookies.get(COOKIE, "")


def give_cookie(request: Request, response: Response, token: str) -> None:
    """Put the token into a cookie that scripts cannot read and other sites cannot send."""
    response.set_cookie(
        COOKIE, token, path="/desk", httponly=True, samesite="strict", secure=request.url.scheme == "https"
    )


def _guarded(handler: Handler, roles: frozenset[str], proved: bool) -> Handler:
    async def guarded(request: Request) -> Response:
        token = token_of(request)
        signed_in = await look(request, sessions.read, token) if token else None
        request.state.signed_in = signed_in
        if roles:
            if signed_in is None or (proved and not signed_in.proved):
                return _sign_in_first(request, signed_in)
            if signed_in.member.role not in roles:
                await run(request, _refused, signed_in.member, request.url.path)
                raise HttpError(403, "no_role", "Vai trò của anh/chị không mở được trang này.")
            if signed_in.stale:
                await run(request, sessions.seen, token)
        if request.method == "POST" and signed_in is not None:
            await _check_csrf(request, signed_in)
        response = await handler(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return guarded


def _refused(session: Session, member: Member, path: str) -> None:
    audit.record(session, actor=member.actor, action="desk.refused", subject=path)


async def _check_csrf(request: Request, signed_in: SignedIn) -> None:
    given = request.headers.get("x-csrf") or (await form_of(request)).get("csrf", "")
    if not hmac.compare_digest(given.encode(), signed_in.csrf.encode()):
        raise HttpError(403, "csrf", "Trang này mở đã lâu, anh/chị tải lại trang rồi thử lại.")


def _sign_in_first(request: Request, signed_in: SignedIn | None) -> Response:
    """Lead a page to the sign-in; tell a script, which keeps what was being written."""
    where = "/desk/second-factor" if signed_in is not None else "/desk/sign-in"
    if request.headers.get("x-requested-with") or request.method != "GET":
        raise HttpError(401, "signed_out", "Phiên làm việc đã hết, anh/chị đăng nhập lại; chữ đang gõ vẫn còn.")
    return RedirectResponse(f"{where}?next={quote(request.url.path)}", 303, {"Cache-Control": "no-store"})
