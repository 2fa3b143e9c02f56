"""Complaints, ideas and praise: nothing is written down before it was said, and then all of it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from actions import general_feedback
from actions.turn import Reply, Turn
from bot import clock
from bot.conversation.models import Conversation
from bot.tickets import feedback
from bot.tickets.feedback import Kind
from bot.tickets.tickets import listed


@pytest.fixture
def conversation(session: Session) -> int:
    row = Conversation(channel="rest", sender="a", created_at=clock.now())
    session.add(row)
    session.flush()
    return int(row.id)


def turn(session: Session, conversation: int, text: str, intent: str = "send_feedback", **slots: object) -> Turn:
    loop = slots.pop("active_loop", None)
    return Turn(session, "rest:a", conversation, "rest", text, intent, [], slots, None, loop)  # type: ignore[arg-type]


def summary(session: Session) -> str:
    (ticket,) = listed(session)
    return str(ticket.summary)


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("em muốn phản ánh", Kind.COMPLAINT, False),
        ("tôi muốn thưa cán bộ ra tòa", Kind.COMPLAINT, False),
        ("cho mình góp ý chút", Kind.IDEA, False),
        ("cán bộ xã vòi vĩnh 300 ngàn", Kind.COMPLAINT, True),
        ("khen chị ở quầy 2 nhiệt tình", Kind.PRAISE, True),
        ("phục vụ không tốt chút nào", Kind.COMPLAINT, True),
        ("nên có thêm ghế ngồi chờ", Kind.IDEA, True),
    ],
)
def test_what_sort_of_word_it_is(text: str, kind: Kind, says: bool) -> None:
    assert feedback.kind_of(text) is kind and feedback.says_something(text) is says


def test_a_bare_wish_is_asked_for_its_content(session: Session, conversation: int) -> None:
    reply = general_feedback.begin(turn(session, conversation, "tôi muốn phản ánh"))
    assert [m.kind for m in reply.messages] == ["info"] and listed(session) == []
    assert "đã ghi" not in reply.messages[0].text and "Cổng Dịch vụ công" in reply.messages[0].text
    told = general_feedback.told(
        turn(session, conversation, "chị ở quầy 3 bắt chờ hai tiếng", "ask_procedure_duration", **reply.slots)
    )
    assert told is not None and [m.kind for m in told.messages] == ["handoff"]
    assert "chị ở quầy 3 bắt chờ hai tiếng" in summary(session)


def test_more_is_added_to_the_same_ticket(session: Session, conversation: int) -> None:
    first = general_feedback.begin(turn(session, conversation, "cán bộ xã hách sạch với mẹ tôi"))
    more = general_feedback.told(turn(session, conversation, "hôm thứ năm ở phường 2 Bảo Lộc", "inform", **first.slots))
    assert more is not None and more.messages[0].kind == "info"
    assert "hách sạch" in summary(session) and "phường 2 Bảo Lộc" in summary(session)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("thôi khỏi", "cancel"),
        ("cho gặp nhân viên", "talk_to_human"),
        ("đăng ký tạm trú cần giấy tờ gì?", "ask_procedure_documents"),
        ("H36.12-261118-0042", "inform"),
        ("hồ sơ của tôi tới đâu rồi", "check_dossier"),
    ],
)
def test_what_is_no_content(session: Session, conversation: int, text: str, intent: str) -> None:
    pending = f"{general_feedback.ASKED}{Kind.IDEA.value}"
    with clock.frozen("2026-11-23T09:00:00+07:00"):
        assert general_feedback.told(turn(session, conversation, text, intent, pending=pending)) is None
    assert listed(session) == []


def test_praise_is_thanked_for_and_a_complaint_is_not(session: Session, conversation: int) -> None:
    def said(text: str) -> str:
        reply: Reply = general_feedback.begin(turn(session, conversation, text))
        return reply.messages[0].text

    assert "cảm ơn" in said("anh bưu tá rất nhiệt tình")
    assert "xin lỗi" in (complaint := said("cán bộ đòi phong bì")) and "cảm ơn" not in complaint


def test_inside_a_form_one_message_holds_it_all(session: Session, conversation: int) -> None:
    reply = general_feedback.begin(turn(session, conversation, "góp ý", active_loop="dossier_form"))
    assert "pending" not in reply.slots and "góp ý:" in reply.messages[0].text
