"""All pages of the desk in one list, and what they share."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from bot.conversation.exchange import Answering
from bot.conversation.ways import Ways
from bot.db import keys
from bot.db.engine import Database
from bot.desk import (
    chats,
    figures,
    handing,
    learning,
    live,
    phone,
    practice,
    settings,
    sign_in,
    staff_page,
    tickets,
    why,
)
from bot.desk.access import AGENT, EVERYONE, Desk, DeskRoute, member_of
from bot.desk.live import Live
from bot.desk.render import STATIC
from bot.staff.second_factor import SecondFactor


def desk(database: Database, engine: Answering, ways: Ways, secret_key: str | None) -> Desk:
    """Return what the pages share. Raises bot.db.keys.KeyProblem."""
    return Desk(database, ways, SecondFactor(keys.load(secret_key, database)), engine, Live(database))


async def home(request: Request) -> Response:
    """Lead to the page that somebody of this role works on."""
    return RedirectResponse("/desk/phone" if member_of(request).role in AGENT else "/desk/learning", 303)


routes: list[BaseRoute] = [
    DeskRoute("/desk", home, roles=EVERYONE),
    DeskRoute("/desk/", home, roles=EVERYONE),
    *sign_in.routes,
    *live.routes,
    *chats.routes,
    *phone.routes,
    *handing.routes,
    *why.routes,
    *tickets.routes,
    *figures.routes,
    *learning.routes,
    *practice.routes,
    *settings.routes,
    *staff_page.routes,
    Mount("/desk/static", StaticFiles(directory=STATIC)),
]
