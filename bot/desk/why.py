"""Why did the assistant say that? What was understood of a message, what was answered, out of which record."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.accounts import problems
from bot.conversation.models import InboxMessage, OutboxMessage
from bot.conversation.understanding import RANKED
from bot.desk.access import AGENT, EVERYONE, DeskRoute, member_of, run
from bot.desk.render import page
from bot.http_json import HttpError, json_response
from bot.learning import items
from bot.learning.models import ReviewItem
from bot.privacy import audit
from bot.procedures import search
from bot.procedures.known import find
from bot.procedures.wording import ASPECT_TITLES
from bot.staff.accounts import Member

TOPICS = {
    "procedures": "thủ tục",
    "dossiers": "hồ sơ",
    "pickups": "bưu tá",
    "accounts": "tài khoản",
    "places": "nơi nộp",
    "person": "gặp nhân viên",
    "other": "việc khác",
}
OUTCOMES = {
    "answered": "đã trả lời",
    "asked": "đã hỏi lại",
    "not_understood": "chưa hiểu",
    "handed_off": "chuyển nhân viên",
    "guard": "cảnh báo lộ thông tin",
    "person": "nhân viên đang nhận",
    "held": "chờ duyệt",
    "failed": "máy lỗi",
    "off": "kênh đang tắt trả lời tự động",
    "limited": "nhắn quá nhanh",
}
REPORTED = "Đã báo. Câu này chờ người phụ trách xem lại."
NOT_LEARNT = "Tin này là nút bấm hoặc không có chữ để học; anh/chị mở phiếu việc nếu nội dung trả lời sai."
_LEAST = 1e-6  # a chance below it is none


async def why(request: Request) -> Response:
    """Show why a message was answered as it was; the look is written down."""
    inbox_id, member = int(request.path_params["inbox_id"]), member_of(request)
    return page(request, "why.html", **await run(request, _why, inbox_id, member))


def _why(session: Session, inbox_id: int, member: Member) -> dict[str, Any]:
    message = _message(session, inbox_id)
    subject = str(message.conversation_id)
    audit.record(session, actor=member.actor, action="conversation.read", subject=subject, reason="xem vì sao")
    understood = message.understood or {}
    replies = session.execute(
        select(OutboxMessage).where(OutboxMessage.inbox_id == inbox_id).order_by(OutboxMessage.seq)
    ).scalars()
    return {
        "message": message,
        "understood": understood,
        "ranking": understood.get("ranking") or [],
        "entities": [_entity(message.text, entity) for entity in understood.get("entities") or []],
        "problem": _problem(understood.get("problem")),
        "topic": TOPICS.get(message.topic or "", message.topic),
        "outcome": OUTCOMES.get(message.outcome or "", message.outcome),
        "procedures": [m for m in search.rank(session, message.text, RANKED) if m.score >= _LEAST],
        "replies": [_reply(session, row) for row in replies],
        "reported": session.execute(select(ReviewItem).where(ReviewItem.inbox_id == inbox_id)).scalar_one_or_none(),
        "may_read": member.role in AGENT,
    }


def _problem(kept: list[Any] | None) -> tuple[str, float] | None:
    """Return the problem with an account that the model heard, as people call it, and how surely."""
    if kept is None:
        return None
    known = problems.problems().get(str(kept[0]))
    return (known.title if known else str(kept[0])), float(kept[1])


def _entity(text: str, kept: list[Any]) -> dict[str, Any]:
    """Return an entity with the words that it covers; one without any came with a button, or from what went before."""
    name, start, end, extractor = kept
    return {"name": name, "words": text[start:end] if 0 <= start < end <= len(text) else "", "by": extractor}


def _reply(session: Session, row: OutboxMessage) -> dict[str, Any]:
    """Return one answer with the record that it was read from."""
    custom = row.custom or {}
    code = custom.get("code") if custom.get("kind") == "procedure" else None
    known = find(session, str(code)) if code else None
    fact = known.fact(str(custom.get("aspect"))) if known else None
    return {
        "text": row.text,
        "kind": custom.get("kind"),
        "code": custom.get("code"),
        "name": custom.get("name"),
        "aspect": ASPECT_TITLES.get(str(custom.get("aspect")), custom.get("aspect")),
        "as_of": custom.get("as_of"),
        "legal_basis": custom.get("legal_basis") or [],
        "source": known.procedure.source_title if known else None,
        "checked_at": fact.checked_at if fact else None,
        "page": f"/thu-tuc/{code}" if known else None,
        "at": row.created_at,
    }


async def wrong(request: Request) -> Response:
    """Report that an answer was wrong; it waits for a label from now on, without personal data."""
    inbox_id, member = int(request.path_params["inbox_id"]), member_of(request)
    kept = await run(request, _wrong, inbox_id, member)
    if request.headers.get("x-requested-with"):
        return json_response({"said": REPORTED if kept else NOT_LEARNT, "kept": kept})
    return RedirectResponse(f"/desk/why/{inbox_id}", 303)


def _wrong(session: Session, inbox_id: int, member: Member) -> bool:
    message = _message(session, inbox_id)
    kept = items.report(session, inbox_id, "reported")
    subject = str(message.conversation_id)
    audit.record(session, actor=member.actor, action="answer.reported", subject=subject, reason=f"tin {inbox_id}")
    return kept


def _message(session: Session, inbox_id: int) -> InboxMessage:
    message = session.get(InboxMessage, inbox_id)
    if message is None:
        raise HttpError(404, "not_found", "Không có tin nhắn này.")
    return message


routes = [
    DeskRoute("/desk/why/{inbox_id:id}", why, roles=EVERYONE),
    DeskRoute("/desk/why/{inbox_id:id}/wrong", wrong, roles=EVERYONE, methods=("POST",)),
]
