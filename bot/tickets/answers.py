"""What is said when a person takes over, or something is written down for one."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot import clock
from bot.messages import Message, say
from bot.tickets import chats, tickets

# Seen 2026-09, not confirmed by the centre (unverified); extensions per counter.
CENTRE_PHONE = "0263.3540.616"

_DONE = {
    "talk_to_human": "Dạ, em đã chuyển lời cho nhân viên.",
    "not_understood": "Dạ, em chưa hiểu được ý anh/chị nên đã chuyển cho nhân viên.",
    "system": "Dạ, em xin lỗi, máy bên em vừa trục trặc nên chưa trả lời được. Em đã báo nhân viên.",
    "feedback": "Dạ, em đã ghi lại góp ý của anh/chị và chuyển cho người phụ trách. Em cảm ơn ạ.",
    "dossier_withdraw": "Dạ, em đã ghi yêu cầu rút hồ sơ {subject}.",
    "dossier_late": "Dạ, em đã ghi phiếu nhờ nhân viên nhắc cơ quan giải quyết hồ sơ {subject}.",
    "dossier_missing": "Dạ, em đã nhờ nhân viên xem rõ hồ sơ {subject} còn thiếu giấy gì.",
    "delivery_problem": (
        "Dạ, em xin lỗi vì chuyện này. Em đã ghi phiếu khiếu nại về lịch {subject}."
        " Anh/chị giữ phiếu gửi và biên lai để đối chiếu nha."
    ),
    "account": "Dạ, em xin lỗi vì chưa giúp được. Em đã chuyển cho nhân viên, kèm những cách mình vừa thử.",
    "data_request": "Dạ, em đã ghi yêu cầu về dữ liệu cá nhân của anh/chị. Nhân viên sẽ xác minh rồi trả lời.",
}


def handoff(
    session: Session,
    conversation_id: int | None,
    topic: str,
    summary: str | None = None,
    *,
    subject: str | None = None,
    working_days: int | None = None,
    said: str | None = None,
    note: str | None = None,
) -> Message:
    """Open a ticket and tell the citizen its number, whether somebody is there, and the answer time if one is set.

    `said` stands in for what the topic alone says was done; `note` is a line of its own after it.
    """
    ticket = tickets.open_ticket(session, conversation_id, topic, summary, subject=subject, working_days=working_days)
    open_now = tickets.desk_open()
    done = said or _DONE.get(topic, _DONE["talk_to_human"]).format(subject=subject or "của anh/chị")
    if ticket.due_at:
        wait = f"Số phiếu {ticket.number}; nhân viên trả lời chậm nhất {clock.say_time(ticket.due_at)}."
    elif open_now:
        wait = f"Số phiếu {ticket.number}, nhân viên đang trong giờ làm việc."
        chat = chats.going_on(session, conversation_id) if conversation_id is not None else None
        if chat is not None and chat.state == "waiting" and (told := chats.say_wait(session, chat)):
            wait = f"{wait} {told}"
    else:
        wait = f"Số phiếu {ticket.number}. Giờ này nhân viên đã nghỉ, {tickets.say_again()} mới có người xem ạ."
    return say(
        "handoff",
        "\n".join([f"{done} {wait}", *([note] if note else []), _by_phone(open_now)]),
        ticket=ticket.number,
        open_now=open_now,
        position=tickets.position(session, ticket),
        **({"answer_by": clock.to_vietnam(ticket.due_at).isoformat()} if ticket.due_at else {}),
    )


def _by_phone(open_now: bool) -> str:
    """Return the line to call; outside of the hours nobody is promised that somebody answers there."""
    line = f"Trung tâm Phục vụ hành chính công tỉnh: {CENTRE_PHONE} (số chưa kiểm chứng)"
    if open_now:
        return f"Muốn nói chuyện ngay, anh/chị gọi {line}."
    hours = " và ".join(f"{start:%-H:%M}–{end:%-H:%M}" for start, end in tickets.DESK_HOURS)
    return f"Giờ này gọi cũng chưa có người nghe; thứ hai–thứ sáu, {hours} (giờ tham khảo), anh/chị gọi {line}."
