"""Accounts of the staff, for administrators: add, disable, reset, put into a team. A new password is shown once."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.desk.access import ADMIN, DeskRoute, form_of, look, member_of, run
from bot.desk.render import page
from bot.privacy import audit
from bot.staff import accounts, teams
from bot.staff.accounts import Member, StaffError
from bot.staff.models import ROLES
from bot.text import capital


async def shown(request: Request) -> Response:
    """Show all accounts."""
    return await _page(request)


async def _page(request: Request, status: int = 200, **more: Any) -> Response:
    values = await look(request, _read)
    values |= {"roles": ROLES, "done": request.query_params.get("done")}
    return page(request, "staff.html", status, **{**values, **more})


def _read(session: Session) -> dict[str, Any]:
    rows = [
        {
            "username": one.username,
            "display_name": one.display_name,
            "role": one.role,
            "team": one.team,
            "active": bool(one.active),
            "is_locked": accounts.is_locked(one),
            "has_code": one.totp_step is not None,
        }
        for one in accounts.listed(session)
    ]
    return {"accounts": rows, "teams": teams.names(session)}


async def act(request: Request) -> Response:
    """Do what was asked for; a new password is in this answer and nowhere else."""
    form = await form_of(request)
    try:
        password = await run(request, _act, form, member_of(request))
    except StaffError as error:
        return await _page(request, 400, error=f"{capital(str(error))}.", given=form)
    if password is None:
        return RedirectResponse("/desk/staff?done=1", 303)
    return await _page(request, password=password, of=form.get("username", "").strip().lower())


def _act(session: Session, form: dict[str, str], member: Member) -> str | None:
    """Change one account; returns its new password if it got one."""
    what, username = form.get("do", ""), form.get("username", "").strip().lower()
    if username == member.username and what in ("disable", "reset", "role"):
        raise StaffError("không tự khóa, đặt lại hay đổi vai trò của mình được; nhờ một người quản trị khác")
    password = None
    if what == "add":
        password = accounts.add(session, username, form.get("name", ""), form.get("role", ""), form.get("team"))
    elif what == "reset":
        password = accounts.reset(session, username)
    elif what in ("disable", "enable"):
        accounts.set_active(session, username, active=what == "enable")
    elif what == "role":
        accounts.set_role(session, username, form.get("role", ""))
    elif what == "team":
        teams.set_team(session, username, form.get("team", ""))
    else:
        raise StaffError("chưa rõ anh/chị muốn làm gì, tải lại trang giúp")
    audit.record(session, actor=member.actor, action=f"staff.{what}", subject=username)
    return password


routes = [
    DeskRoute("/desk/staff", shown, roles=ADMIN),
    DeskRoute("/desk/staff", act, roles=ADMIN, methods=("POST",)),
]
