"""Settings that editors change at the desk: canned phrases, and topics whose answers are looked at before they go."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.conversation import drafts
from bot.desk.access import EDITOR, DeskRoute, form_of, look, member_of, run
from bot.desk.render import page
from bot.privacy import audit
from bot.staff.accounts import Member
from bot.tickets import phrases
from bot.tickets.phrases import PhraseError

# Topics of bot.conversation.understanding that answers are about; what hands over or asks back is never held.
TOPICS = {
    "procedures": "Thủ tục: giấy tờ, lệ phí, thời hạn, nơi nộp",
    "dossiers": "Tình trạng hồ sơ",
    "pickups": "Bưu điện đến nhà",
    "accounts": "Tài khoản, nộp và đóng tiền trên mạng",
    "places": "Địa chỉ, tên xã, phường mới",
    "other": "Chuyện khác",
}


async def shown(request: Request) -> Response:
    """Show phrases and topics."""
    return await _page(request)


async def _page(request: Request, status: int = 200, **more: Any) -> Response:
    values = await look(request, _read)
    values["done"] = request.query_params.get("done")
    return page(request, "settings.html", status, topics=TOPICS, longest=phrases.LONGEST, **{**values, **more})


def _read(session: Session) -> dict[str, Any]:
    kept = [{"id": one.id, "shortcut": one.shortcut, "text": one.text} for one in phrases.listed(session)]
    return {"phrases": kept, "approved": drafts.approved_topics(session)}


async def change_phrase(request: Request) -> Response:
    """Add, change or delete a canned phrase."""
    form = await form_of(request)
    try:
        done = await run(request, _phrase, form, member_of(request))
    except PhraseError as error:
        return await _page(request, 400, error=str(error), given=form)
    return RedirectResponse(f"/desk/settings?done={done}", 303)


def _phrase(session: Session, form: dict[str, str], member: Member) -> str:
    what, number = form.get("do", "add"), form.get("id", "")
    phrase_id = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    if what == "delete":
        shortcut = phrases.remove(session, phrase_id)
    elif what == "change":
        shortcut = phrases.change(
            session, phrase_id, form.get("shortcut", ""), form.get("text", ""), member.id
        ).shortcut
    else:
        what = "add"
        shortcut = phrases.add(session, form.get("shortcut", ""), form.get("text", ""), member.id).shortcut
    audit.record(session, actor=member.actor, action=f"phrase.{what}", subject=f"/{shortcut}")
    return {"add": "added", "change": "changed", "delete": "deleted"}[what]


async def choose_topics(request: Request) -> Response:
    """Let answers about the ticked topics be looked at before they are sent, and no others."""
    form = await form_of(request)
    await run(request, _topics, {topic for topic in TOPICS if form.get(topic)}, member_of(request))
    return RedirectResponse("/desk/settings?done=topics", 303)


def _topics(session: Session, wanted: set[str], member: Member) -> None:
    now = set(drafts.approved_topics(session))
    for topic in TOPICS:
        if (topic in wanted) != (topic in now):
            on = topic in wanted
            drafts.switch(session, topic, on=on, staff_id=member.id)
            audit.record(session, actor=member.actor, action="approve.on" if on else "approve.off", subject=topic)


routes = [
    DeskRoute("/desk/settings", shown, roles=EDITOR),
    DeskRoute("/desk/settings/phrases", change_phrase, roles=EDITOR, methods=("POST",)),
    DeskRoute("/desk/settings/topics", choose_topics, roles=EDITOR, methods=("POST",)),
]
