"""The templates of the desk: every page knows who is signed in, and which pages their role opens."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot import clock
from bot.desk.access import ADMIN, AGENT, EDITOR, EVERYONE, SUPERVISOR
from bot.staff.accounts import ROLE_NAMES

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
# Address, name, key of the keyboard, roles: in the order of the menu.
MENU = (
    ("/desk/phone", "Điện thoại", "d", AGENT),
    ("/desk/chats", "Trò chuyện", "t", AGENT),
    ("/desk/tickets", "Phiếu việc", "p", AGENT),
    ("/desk/learning", "Học thêm", "h", EDITOR),
    ("/desk/figures", "Số liệu", "s", SUPERVISOR),
    ("/desk/practice", "Luyện tập", "l", EVERYONE),
    ("/desk/settings", "Thiết đặt", "c", EDITOR),
    ("/desk/staff", "Nhân sự", "n", ADMIN),
)
_pages = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=select_autoescape(),
    trim_blocks=True,
    lstrip_blocks=True,
)


def _moment(value: datetime | None) -> str:
    """Return a time as it is read at the desk: the hour today, else day and hour."""
    if value is None:
        return ""
    local = clock.to_vietnam(value)
    return f"{local:%H:%M}" if local.date() == clock.today() else f"{local:%H:%M %d/%m/%Y}"


def _ago(value: datetime | None) -> str:
    """Return how long ago something was, in one short word: "7 phút"."""
    if value is None:
        return ""
    minutes = max(0, int((clock.now() - value).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} phút" if minutes else "vừa xong"
    return f"{minutes // 60} giờ" if minutes < 2880 else f"{minutes // 1440} ngày"


_pages.filters.update(moment=_moment, ago=_ago)
_pages.globals.update(ROLE_NAMES=ROLE_NAMES)


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a template filled with values, for whoever is signed in."""
    signed_in = getattr(request.state, "signed_in", None)
    me = signed_in.member if signed_in and signed_in.proved else None
    shown = {
        "me": me,
        "csrf": signed_in.csrf if signed_in else "",
        "menu": [entry for entry in MENU if me and me.role in entry[3]],
        "path": request.url.path,
        **values,
    }
    return HTMLResponse(_pages.get_template(template).render(**shown), status)
