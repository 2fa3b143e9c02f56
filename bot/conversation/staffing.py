"""What the staff do in a conversation: take it over, write, pass it on, give it back to the assistant.

Everything holds the conversation's row first, as a turn does: the assistant never talks over a person, and of two
people who take the same conversation one gets it.
"""

from __future__ import annotations

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation import drafts
from bot.conversation.models import Conversation, Draft
from bot.conversation.ways import Ways
from bot.messages import Button, Message, say
from bot.staff.accounts import Member
from bot.staff.models import Staff
from bot.text import clean
from bot.tickets import chats
from bot.tickets.models import Chat, Note, Ticket

LONGEST_REPLY, LONGEST_NOTE = 2_000, 4_000  # characters; the narrowest channel takes 2,000
_HOLD = text("SELECT id FROM conversations WHERE id = :id FOR NO KEY UPDATE")
_OVERRULES = frozenset({"supervisor", "admin"})


class StaffingError(ValueError):
    """Something that cannot be done in a conversation now; the text is one sentence for the member of the staff."""


def take(session: Session, conversation_id: int, member: Member) -> Chat:
    """Give the conversation to a member of the staff; from now on the assistant is silent in it.

    Raises StaffingError when somebody else has it.
    """
    conversation = _held(session, conversation_id)
    if conversation.mode == "closed":
        raise StaffingError("Cuộc trò chuyện này đã nhập vào cuộc khác, anh/chị mở cuộc đó nhé.")
    chat = chats.begin(session, conversation_id, None)
    if chat.state == "taken" and chat.staff_id != member.id and member.role not in _OVERRULES:
        raise StaffingError(f"{name_of(session, chat.staff_id)} đang nhận cuộc này rồi.")
    if chat.staff_id == member.id and chat.state == "taken":
        return chat
    now = clock.now()
    chat.state, chat.staff_id, chat.taken_at = "taken", member.id, chat.taken_at or now
    conversation.mode = "staff"
    ticket = session.get(Ticket, chat.ticket_id) if chat.ticket_id else None
    if ticket is not None and ticket.state != "closed":
        ticket.state, ticket.taken_by, ticket.taken_at = "taken", member.id, ticket.taken_at or now
    drafts.drop(session, conversation_id)
    session.flush()
    return chat


def reply(session: Session, conversation_id: int, member: Member, said: str, ways: Ways) -> int:
    """Send what a member of the staff wrote; returns its number. Raises StaffingError.

    Only who has the conversation writes in it.
    """
    said = clean(said)
    if not said:
        raise StaffingError("Tin trả lời đang trống.")
    if len(said) > LONGEST_REPLY:
        raise StaffingError(f"Tin trả lời dài quá {LONGEST_REPLY} ký tự, anh/chị tách làm hai giúp.")
    conversation = _held(session, conversation_id)
    chat = _mine(session, conversation_id, member)
    chat.replied_at = chat.replied_at or clock.now()
    ways.tell(session, conversation_id, say("staff", said, name=member.name))
    session.refresh(conversation)
    return int(conversation.last_seq)


def give_back(session: Session, conversation_id: int, member: Member, ways: Ways) -> None:
    """End the chat and let the assistant answer again; the citizen is told once, and nothing loops back to a person.

    Raises StaffingError.
    """
    conversation = _held(session, conversation_id)
    chat = _mine(session, conversation_id, member)
    conversation.mode = "bot"
    chats.end(session, chat, clock.now())
    ways.tell(session, conversation_id, _given_back(member))


def pass_on(
    session: Session, conversation_id: int, member: Member, *, to: str | None = None, team: str | None = None
) -> None:
    """Pass a chat to a colleague (`to`, a username), or let it wait for a team. Raises StaffingError."""
    _held(session, conversation_id)
    chat = _mine(session, conversation_id, member)
    if to:
        other = session.execute(select(Staff).where(Staff.username == to, Staff.active == 1)).scalar()
        if other is None:
            raise StaffingError("Không có đồng nghiệp này, hoặc tài khoản đã khóa.")
        chat.staff_id = other.id
        if chat.ticket_id:
            session.get(Ticket, chat.ticket_id).taken_by = other.id
    elif team:
        # The assistant stays silent: the citizen was promised a person.
        chat.state, chat.staff_id, chat.team = "waiting", None, team
    else:
        raise StaffingError("Anh/chị chọn người hoặc nhóm nhận giúp.")
    session.flush()


def note(session: Session, member: Member, written: str, *, conversation_id: int | None, ticket_id: int | None) -> None:
    """Keep a note for colleagues. Raises StaffingError."""
    written = clean(written)
    if not 0 < len(written) <= LONGEST_NOTE:
        raise StaffingError(f"Ghi chú cần từ 1 đến {LONGEST_NOTE} ký tự.")
    session.add(
        Note(conversation_id=conversation_id, ticket_id=ticket_id, staff_id=member.id, text=written, at=clock.now())
    )
    session.flush()


def send_draft(session: Session, draft_id: int, member: Member, ways: Ways, changed: str | None = None) -> bool:
    """Send an answer that waited to be looked at, or `changed` in its place; False when it vanished meanwhile.

    Raises StaffingError.
    """
    draft = session.get(Draft, draft_id)
    if draft is None:
        return False
    _held(session, draft.conversation_id)
    session.refresh(draft)
    if draft.state != "waiting":
        return False
    if changed is not None and not 0 < len(clean(changed)) <= LONGEST_REPLY:
        raise StaffingError(f"Câu trả lời cần từ 1 đến {LONGEST_REPLY} ký tự.")
    for place, message in enumerate(draft.messages):
        words = message["text"] if changed is None else clean(changed)
        custom = dict(message["custom"])
        shown = Message(
            words,
            str(custom.pop("kind")),
            custom,
            tuple(Button(one["title"], one["payload"]) for one in message.get("buttons") or []),
        )
        if changed is None or place == 0:
            ways.tell(session, draft.conversation_id, shown)
    draft.state, draft.decided_by, draft.decided_at = "sent" if changed is None else "changed", member.id, clock.now()
    session.flush()
    return True


def name_of(session: Session, staff_id: int | None) -> str:
    """Return how a member of the staff is called."""
    row = session.get(Staff, staff_id) if staff_id else None
    return str(row.display_name) if row is not None else "Đồng nghiệp"


def _given_back(member: Member) -> Message:
    return say(
        "info",
        f"Dạ, {member.name} đã trao đổi xong với anh/chị. Từ giờ em (trợ lý AI) trả lời tiếp ạ; "
        "cần gặp lại nhân viên, anh/chị nhắn “nhân viên” nha.",
        topic="given_back",
    )


def _held(session: Session, conversation_id: int) -> Conversation:
    """Return the conversation, held until the transaction ends; a turn of it waits, or is waited for."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_HOLD, {"id": conversation_id})
    found = session.get(Conversation, conversation_id, populate_existing=True)
    if found is None:
        raise StaffingError("Không có cuộc trò chuyện này.")
    return found


def _mine(session: Session, conversation_id: int, member: Member) -> Chat:
    chat = chats.going_on(session, conversation_id)
    if chat is None or chat.state != "taken":
        raise StaffingError("Anh/chị chưa nhận cuộc trò chuyện này.")
    if chat.staff_id != member.id and member.role not in _OVERRULES:
        raise StaffingError(f"{name_of(session, chat.staff_id)} đang nhận cuộc này.")
    return chat
