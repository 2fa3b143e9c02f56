"""Linking: a one-time code of one channel, typed on another, makes both one conversation.

What somebody has under way (bookings, dossiers followed, guides, tickets, proofs) goes along; what was said before
stays where it was said.
"""

from __future__ import annotations

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from bot import clock
from bot.accounts import runs
from bot.conversation.exchange import Said
from bot.conversation.models import Address, Conversation, InboxMessage, OutboxMessage
from bot.conversation.taking import Taken
from bot.conversation.ways import Ways
from bot.dossiers import proof
from bot.dossiers.notices import subscriptions
from bot.linking import codes, wishes
from bot.messages import Message, button, say
from bot.pickups import access
from bot.privacy import consent
from bot.tickets import tickets

NAMES = {"web": "trang web", "zalo": "Zalo", "telegram": "Telegram", "rest": "ứng dụng", "phone": "cuộc gọi"}
MOST_ADDRESSES = 5  # a person has a phone or two, not a dozen
_UNLINK = button("Gỡ kênh", "unlink_channel")
_LOCK = text("SELECT id FROM conversations WHERE id = :id FOR UPDATE")


def answer(session: Session, taken: Taken, said: Said | None, ways: Ways) -> Message | None:
    """Return the answer to a message that links channels or parts them; None for every other message."""
    meaning = said.meaning if said else None
    if code := codes.find(taken.text):
        return _redeem(session, taken, code, ways)
    wish = "unlink" if meaning == _UNLINK.meaning else wishes.wish(taken.text) if meaning is None else None
    if wish == "link":
        return _give_code(session, taken)
    return _part(session, taken) if wish == "unlink" else None


def _give_code(session: Session, taken: Taken) -> Message:
    code = codes.issue(session, taken.conversation_id)
    minutes = int(codes.VALID_FOR.total_seconds()) // 60
    return say(
        "info",
        f"Dạ, mã nối của anh/chị là {code}. Anh/chị mở kênh kia (Zalo, Telegram hoặc trang web) rồi gửi đúng mã này "
        f"vào đó trong {minutes} phút.\nMã này như chìa khóa: ai hỏi xin anh/chị cũng đừng đưa.",
        topic="link_code",
        code=code,
    )


def _redeem(session: Session, taken: Taken, code: str, ways: Ways) -> Message:
    """Join the conversation that the code was given out in, and say so; the caller holds the one it was typed in."""
    taken.text = codes.masked(taken.text)
    target = codes.use(session, code)
    if target is None:
        return _failed(
            "mã này không còn dùng được. Mã chỉ sống 10 phút và dùng một lần; "
            "anh/chị nhắn “nối kênh” ở bên kia để lấy mã mới ạ."
        )
    if target == taken.conversation_id:
        return _failed("hai bên đã nối sẵn rồi, anh/chị cứ dùng tiếp bình thường ạ.")
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_LOCK, {"id": target})
    into = session.get(Conversation, target)
    if into.mode == "closed" or len(_addresses(session, target)) >= MOST_ADDRESSES:
        return _failed(f"em chỉ nối được tối đa {MOST_ADDRESSES} kênh cho một người ạ.")
    join(session, session.get(Conversation, taken.conversation_id), into, answering=taken.inbox_id)
    here, there = NAMES.get(taken.channel, taken.channel), NAMES.get(into.channel, into.channel)
    ways.tell(session, into.id, _told(here), but_not=taken.address_id)
    return say(
        "info",
        f"Dạ, xong rồi ạ. Từ giờ {here} này và {there} là một: lịch hẹn, hồ sơ đang theo dõi và việc đang làm dở "
        "anh/chị xem ở đâu cũng được. Đang dở việc gì, anh/chị nhắn “nhắc lại” là em hỏi tiếp ở đây.\n"
        "Máy dùng chung thì anh/chị nhắn “gỡ kênh” khi xong nhé.",
        topic="linked",
    )


def _failed(why: str) -> Message:
    return say("info", f"Dạ, {why}", topic="link_failed")


def _part(session: Session, taken: Taken) -> Message:
    """Give every channel but the first its own conversation again, and say so."""
    home = session.get(Conversation, taken.conversation_id)
    parted = []
    for address in _addresses(session, taken.conversation_id):
        if (address.channel, address.sender) == (home.channel, home.sender):
            continue
        own = session.execute(
            select(Conversation).where(Conversation.channel == address.channel, Conversation.sender == address.sender)
        ).scalar_one()
        own.mode = "bot"
        address.conversation_id = own.id
        parted.append(NAMES.get(address.channel, address.channel))
    session.flush()
    if not parted:
        return say("info", "Dạ, hiện chưa có kênh nào được nối thêm nên không có gì để gỡ ạ.", topic="unlinked")
    kept = NAMES.get(home.channel, home.channel)
    return say(
        "info",
        f"Dạ, em đã gỡ {' và '.join(sorted(set(parted)))}. Lịch hẹn và hồ sơ đang theo dõi ở lại bên {kept} ạ.",
        topic="unlinked",
    )


def _told(channel: str) -> Message:
    return say(
        "info",
        f"Dạ, {channel} vừa được nối vào cuộc trò chuyện này bằng mã của anh/chị. "
        "Nếu không phải anh/chị làm, anh/chị bấm Gỡ kênh ngay giúp em.",
        _UNLINK,
        topic="linked",
    )


def _addresses(session: Session, conversation_id: int) -> list[Address]:
    return list(
        session.execute(
            select(Address).where(Address.conversation_id == conversation_id).order_by(Address.id)
        ).scalars()
    )


def join(session: Session, home: Conversation, into: Conversation, *, answering: int | None = None) -> None:
    """Let everything that goes on in `home` go on in `into`; the caller holds both.

    `answering`: the message that is being answered stays where it was said.
    """
    before, after = home.id, into.id
    asker, now_asker = f"{home.channel}:{home.sender}", f"{into.channel}:{into.sender}"
    consent.follow(session, (asker, before), (now_asker, after))
    proof.follow(session, asker, now_asker)
    subscriptions.follow(session, asker, now_asker)
    access.follow(session, before, after)
    runs.follow(session, before, after)
    tickets.follow(session, before, after)
    for table, still in (
        (InboxMessage, (InboxMessage.state.in_(("waiting", "fetching")), InboxMessage.id != (answering or 0))),
        (Address, ()),
    ):
        session.execute(
            update(table)
            .where(table.conversation_id == before, *still)
            .values(conversation_id=after)
            .execution_options(synchronize_session=False)
        )
    # What was held back for the next contact is written anew there: its number belongs to the conversation.
    for held in session.execute(
        select(OutboxMessage).where(OutboxMessage.conversation_id == before, OutboxMessage.state == "held")
    ).scalars():
        into.last_seq += 1
        held.conversation_id, held.seq = after, into.last_seq
    session.execute(
        update(Conversation)
        .where(Conversation.id == before)
        .values(mode="closed", last_message_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    session.flush()
