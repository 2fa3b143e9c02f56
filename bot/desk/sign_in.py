"""Signing in: name and password, then six digits of the phone; signing out; one's own password."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.desk.access import (
    ANYBODY,
    COOKIE,
    EVERYONE,
    DeskRoute,
    desk_of,
    form_of,
    give_cookie,
    look,
    member_of,
    run,
    token_of,
)  # fmt: skip
from bot.desk.render import page
from bot.privacy import audit
from bot.staff import accounts, second_factor, sessions
from bot.staff.accounts import StaffError
from bot.text import clean

# The same words for an unknown name, a wrong password, a locked and a disabled account.
_WRONG = (
    "Tên đăng nhập hoặc mật khẩu chưa đúng. Sai 5 lần liền thì tài khoản nghỉ 15 phút; "
    "quên mật khẩu thì nhờ người quản trị đặt lại."
)
_WRONG_CODE = "Mã chưa đúng hoặc đã dùng rồi. Anh/chị chờ mã mới trên điện thoại rồi nhập lại nhé."


async def ask(request: Request) -> Response:
    """Show the form for name and password."""
    signed_in = request.state.signed_in
    if signed_in and signed_in.proved:
        return RedirectResponse(_next(request.query_params.get("next")), 303)
    return page(request, "sign_in.html", next=_next(request.query_params.get("next")))


async def take(request: Request) -> Response:
    """Check name and password; then the second factor is asked for."""
    form = await form_of(request)
    token = await run(request, _begin, form.get("username", ""), form.get("password", ""))
    if token is None:
        return page(request, "sign_in.html", 403, next=_next(form.get("next")), error=_WRONG, name=form.get("username"))
    response = RedirectResponse(f"/desk/second-factor?next={_next(form.get('next'))}", 303)
    give_cookie(request, response, token)
    return response


def _begin(session: Session, username: str, password: str) -> str | None:
    row = accounts.check_password(session, username, password)
    if row is not None:
        return sessions.begin(session, row)
    # Somebody may have typed a password into the field of the name: only a name that exists is written down.
    known = clean(username).lower() if accounts.is_known(session, username) else "?"
    audit.record(session, actor="?", action="staff.sign_in_failed", subject=known)
    return None


async def ask_code(request: Request) -> Response:
    """Ask for the six digits; who has no second factor yet gets one, as a QR code."""
    return await _code_page(request)


async def take_code(request: Request) -> Response:
    """Check the six digits and open the desk."""
    form = await form_of(request)
    token = await run(request, _prove, desk_of(request).second_factor, member_of(request), token_of(request), form)
    if token is None:
        return await _code_page(request, 403, error=_WRONG_CODE, next=_next(form.get("next")))
    response = RedirectResponse(_next(form.get("next")), 303)
    give_cookie(request, response, token)
    return response


def _prove(session: Session, factor: Any, member: accounts.Member, token: str, form: dict[str, str]) -> str | None:
    if not factor.check(session, member, form.get("code", "")):
        audit.record(session, actor=member.actor, action="staff.code_failed", subject=member.username)
        return None
    audit.record(session, actor=member.actor, action="staff.sign_in", subject=member.username)
    return sessions.prove(session, token)


async def _code_page(request: Request, status: int = 200, **values: Any) -> Response:
    member = member_of(request)
    values.setdefault("next", _next(request.query_params.get("next")))
    if not await look(request, second_factor.is_set, member):
        secret = await run(request, desk_of(request).second_factor.begin, member)
        values |= {"secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))}
        values |= {"qr": second_factor.qr_svg(member, secret)}
    return page(request, "second_factor.html", status, **values)


async def leave(request: Request) -> Response:
    """End the session of this browser."""
    await run(request, sessions.end, token_of(request))
    response = RedirectResponse("/desk/sign-in", 303)
    response.delete_cookie(COOKIE, path="/desk")
    return response


async def own(request: Request) -> Response:
    """Show one's own account."""
    return page(request, "own.html")


async def change(request: Request) -> Response:
    """Change one's own password."""
    form = await form_of(request)
    try:
        await run(request, _change, member_of(request), form, token_of(request))
    except StaffError as error:
        return page(request, "own.html", 400, error=f"{str(error)[0].upper()}{str(error)[1:]}.")
    return page(request, "own.html", done="Mật khẩu đã đổi.")


def _change(session: Session, member: accounts.Member, form: dict[str, str], token: str) -> None:
    accounts.change_password(session, member, form.get("old", ""), form.get("new", ""))
    sessions.end_others(session, member.id, token)  # whoever else was in with the old one is out
    audit.record(session, actor=member.actor, action="staff.password", subject=member.username)


def _next(given: str | None) -> str:
    """Return where to go on: inside the desk only, so that no link leads people elsewhere after they signed in."""
    usable = given and given.startswith("/desk/") and not given.startswith("/desk/sign") and "\\" not in given
    return given if usable and given else "/desk/"


routes = [
    DeskRoute("/desk/sign-in", ask, roles=ANYBODY),
    DeskRoute("/desk/sign-in", take, roles=ANYBODY, methods=("POST",)),
    DeskRoute("/desk/second-factor", ask_code, roles=EVERYONE, proved=False),
    DeskRoute("/desk/second-factor", take_code, roles=EVERYONE, proved=False, methods=("POST",)),
    DeskRoute("/desk/sign-out", leave, roles=EVERYONE, proved=False, methods=("POST",)),
    DeskRoute("/desk/me", own, roles=EVERYONE),
    DeskRoute("/desk/me", change, roles=EVERYONE, methods=("POST",)),
]
