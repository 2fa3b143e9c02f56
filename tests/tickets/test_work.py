"""Working on tickets: one owner, terms that the law sets, the alert before a breach, closing that tells."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation import ticket_telling
from bot.conversation.models import Address, Conversation, OutboxMessage
from bot.conversation.staffing import StaffingError
from bot.conversation.ways import Ways
from bot.db.engine import Database
from bot.staff.accounts import Member
from bot.staff.models import Staff
from bot.tickets import chats, tickets, timers, work
from bot.tickets.models import Chat, Note, Ticket
from bot.tickets.work import WorkError

MONDAY = "2026-11-23T09:00:00+07:00"  # the 24th is a holiday


@pytest.fixture(autouse=True)
def _monday():
    with clock.frozen(MONDAY):
        yield


def member(session: Session, username: str, role: str = "agent", team: str | None = None) -> Member:
    row = Staff(
        username=username,
        display_name=f"Bạn {username}",
        role=role,
        team=team,
        active=1,
        failed=0,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return Member(row.id, username, row.display_name, role, team)


def talk(session: Session, sender: str = "a", channel: str = "web") -> int:
    row = Conversation(channel=channel, sender=sender, created_at=clock.now(), mode="bot", last_seq=0)
    session.add(row)
    session.flush()
    session.add(Address(channel=channel, sender=sender, conversation_id=row.id, created_at=clock.now()))
    session.flush()
    return int(row.id)


def at(day: str, hour: str = "17:00") -> object:
    return clock.parse(f"2026-{day}T{hour}:00+07:00")


# --- one owner ---


def test_the_second_hears_who_was_first(session: Session) -> None:
    hoa, nam = member(session, "hoa"), member(session, "nam")
    ticket = work.open_by_hand(session, "feedback", "ghế chờ ít")
    assert work.take(session, ticket.id, hoa).taken_by == hoa.id
    with pytest.raises(WorkError, match="Bạn hoa đang giữ phiếu T-"):
        work.take(session, ticket.id, nam)
    assert work.find(session, ticket.id).taken_by == hoa.id
    assert work.take(session, ticket.id, hoa).taken_by == hoa.id  # pressed twice


def test_two_at_the_same_moment_and_one_owner(database: Database) -> None:
    with database.unit_of_work() as session:
        people = [member(session, name) for name in ("hoa", "nam", "an", "vy")]
        ticket_id = work.open_by_hand(session, "feedback", "ghế chờ ít").id
    start, told = Barrier(len(people)), []

    def take(who: Member) -> None:
        start.wait()
        try:
            with database.unit_of_work() as session:
                work.take(session, ticket_id, who)
            told.append(who.id)
        except WorkError as error:
            told.append(str(error))

    threads = [Thread(target=take, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [one for one in told if isinstance(one, int)]
    assert len(winners) == 1 and len(told) == len(people)
    with database.reading() as session:
        assert work.find(session, ticket_id).taken_by == winners[0]


def test_only_the_owner_or_who_is_over_them_goes_on(session: Session) -> None:
    hoa, nam, lead = member(session, "hoa"), member(session, "nam"), member(session, "lan", "supervisor")
    ticket = work.open_by_hand(session, "feedback", "ghế chờ ít")
    work.take(session, ticket.id, hoa)
    for what in (
        lambda: work.close(session, ticket.id, nam, "xong"),
        lambda: work.pass_on(session, ticket.id, nam, to="nam"),
        lambda: work.set_timer(session, ticket.id, nam, "view", extended=False),
    ):
        with pytest.raises(WorkError, match="đang giữ"):
            what()
    work.pass_on(session, ticket.id, lead, to="nam")
    assert work.find(session, ticket.id).taken_by == nam.id
    work.pass_on(session, ticket.id, nam, team="Di Linh")
    found = work.find(session, ticket.id)
    assert (found.state, found.taken_by, found.team) == ("open", None, "Di Linh")


def test_what_cannot_be_passed_or_closed(session: Session) -> None:
    hoa = member(session, "hoa")
    ticket = work.open_by_hand(session, "feedback", "ghế chờ ít")
    with pytest.raises(WorkError, match="Không có đồng nghiệp"):
        work.pass_on(session, ticket.id, hoa, to="khong.co")
    with pytest.raises(WorkError, match="chọn người hoặc nhóm"):
        work.pass_on(session, ticket.id, hoa)
    for bad in ("", "  \n ", "a" * (work.LONGEST_RESOLUTION + 1)):
        with pytest.raises(WorkError, match="Kết quả cần"):
            work.close(session, ticket.id, hoa, bad)
    closed = work.close(session, ticket.id, hoa, "Đã thêm 10 ghế.")
    assert (closed.state, closed.taken_by, closed.resolution) == ("closed", hoa.id, "Đã thêm 10 ghế.")
    assert closed.closed_at == clock.now()
    with pytest.raises(WorkError, match="đã xong rồi"):
        work.take(session, ticket.id, hoa)
    with pytest.raises(WorkError, match="đã xong rồi"):
        work.close(session, ticket.id, hoa, "lần nữa")
    with pytest.raises(WorkError, match="Không có phiếu"):
        work.take(session, 10**6, hoa)


# --- opened by hand ---


def test_two_people_without_a_conversation_are_two_tickets(session: Session) -> None:
    first = work.open_by_hand(session, "feedback", "ghế chờ ít")
    assert work.open_by_hand(session, "feedback", "bãi xe hẹp").id != first.id
    assert work.open_by_hand(session, "feedback", "ghế chờ ít").id == first.id  # sent twice by one click
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        assert work.open_by_hand(session, "feedback", "ghế chờ ít").id != first.id
    assert first.number == f"T-{first.id:06d}"


def test_of_one_conversation_they_are_one(session: Session) -> None:
    conversation = talk(session)
    first = work.open_by_hand(session, "dossier_late", "trễ 3 ngày", "H36.12-261118-0042", conversation)
    again = work.open_by_hand(session, "dossier_late", "gọi lần hai", "H36.12-261118-0042", conversation)
    assert again.id == first.id and again.summary == "trễ 3 ngày\ngọi lần hai"
    assert first.due_at == at("11-25")  # the next working day


@pytest.mark.parametrize(
    ("topic", "summary", "subject", "says"),
    [("nothing", "a", None, "loại việc"), ("feedback", " ", None, "Nội dung"), ("feedback", "a", "b" * 41, "dài quá")],
)
def test_bad_words_open_nothing(session: Session, topic: str, summary: str, subject: str | None, says: str) -> None:
    with pytest.raises(WorkError, match=says):
        work.open_by_hand(session, topic, summary, subject)


# --- the terms of domain.md §6.1 ---


def test_a_data_request_is_acknowledged_in_two_working_days(session: Session) -> None:
    ticket = work.open_by_hand(session, "data_request", "xin xóa dữ liệu")
    assert ticket.due_at == at("11-26")  # Monday; the holiday of Tuesday does not count
    assert "2 ngày làm việc" in timers.basis(ticket) and "Luật 91/2025/QH15" in timers.basis(ticket)


def test_taken_is_acknowledged_and_the_shortest_term_runs(session: Session) -> None:
    hoa = member(session, "hoa")
    ticket = work.open_by_hand(session, "data_request", "xin xóa dữ liệu")
    with pytest.raises(WorkError, match="nhận phiếu trước"):
        work.set_timer(session, ticket.id, hoa, "delete", extended=False)
    with clock.frozen("2026-11-25T10:00:00+07:00"):
        ticket = work.take(session, ticket.id, hoa)
    assert ticket.taken_at == at("11-25", "10:00") and ticket.due_at == at("12-03")


@pytest.mark.parametrize(
    ("key", "extended", "day"),
    [
        ("view", False, "2026-12-03"), ("view", True, "2026-12-13"), ("view_processor", False, "2026-12-08"),
        ("object", False, "2026-12-08"), ("object", True, "2026-12-23"), ("object_processor", True, "2026-12-28"),
        ("delete", False, "2026-12-13"), ("delete", True, "2027-01-02"), ("delete_processor", False, "2026-12-23"),
    ],
)  # fmt: skip
def test_the_term_is_that_of_what_is_asked(session: Session, key: str, extended: bool, day: str) -> None:
    hoa = member(session, "hoa")
    ticket = work.open_by_hand(session, "data_request", "về dữ liệu của tôi")
    work.take(session, ticket.id, hoa)
    ticket.warned_at = clock.now()
    session.flush()
    work.set_timer(session, ticket.id, hoa, key, extended=extended, why="hồ sơ ở ba nơi" if extended else "")
    found = work.find(session, ticket.id)
    assert found.due_at == clock.parse(f"{day}T17:00:00+07:00") and found.warned_at is None
    (note,) = session.query(Note).filter_by(ticket_id=ticket.id)
    assert "NĐ 356/2025" in note.text and ("hồ sơ ở ba nơi" in note.text) is extended


def test_longer_only_with_a_reason_and_where_the_law_has_it(session: Session) -> None:
    hoa = member(session, "hoa")
    request = work.open_by_hand(session, "data_request", "về dữ liệu của tôi")
    work.take(session, request.id, hoa)
    with pytest.raises(WorkError, match="lý do"):
        work.set_timer(session, request.id, hoa, "view", extended=True, why=" ")
    parcel = work.open_by_hand(session, "delivery_problem", "bì rách", "HN-7K3M9Q")
    assert parcel.due_at == at("12-01")  # five working days
    with pytest.raises(WorkError, match="không có gia hạn"):
        work.set_timer(session, parcel.id, hoa, "beyond", extended=True, why="xa")
    work.set_timer(session, parcel.id, hoa, "beyond", extended=False)
    assert work.find(session, parcel.id).due_at == at("12-03")  # seven
    with pytest.raises(WorkError, match="chọn loại việc"):
        work.set_timer(session, parcel.id, hoa, "view", extended=False)


# --- the alert ---


def test_the_alert_comes_once_and_before_the_breach(session: Session) -> None:
    ticket = tickets.open_ticket(session, talk(session), "dossier_late", "trễ", subject="H36.12-261118-0042")
    due = ticket.due_at
    assert work.warn(session) == 0 and timers.standing(ticket) == "running"
    near = timers.warn_from(ticket.created_at, due)
    assert due - timedelta(days=2) <= near <= due - timedelta(hours=2)
    with clock.frozen(near - timedelta(minutes=1)):
        assert work.warn(session) == 0
    with clock.frozen(near):
        assert work.warn(session) == 1 and work.warn(session) == 0
        found = work.find(session, ticket.id)
        assert found.warned_at == near and timers.standing(found) == "soon"
        assert timers.say_left(found).startswith("Sắp quá hạn, còn ")
    with clock.frozen(due + timedelta(days=3)):
        assert timers.standing(found) == "late" and timers.say_left(found) == "Quá hạn 3 ngày"


def test_a_request_that_came_without_a_term_gets_one_and_each_clock_its_alert(session: Session) -> None:
    hoa = member(session, "hoa")
    ticket = tickets.open_ticket(session, talk(session), "data_request")
    ticket.due_at = None  # as the assistant opens it
    session.flush()
    assert work.warn(session) == 0
    assert work.find(session, ticket.id).due_at == at("11-26")
    with clock.frozen("2026-11-26T15:30:00+07:00"):
        assert work.warn(session) == 1
        work.take(session, ticket.id, hoa)
        assert work.warn(session) == 0
    with clock.frozen("2026-12-02T17:00:00+07:00"):
        assert work.warn(session) == 1


def test_closed_tickets_and_those_without_a_term_are_left_alone(session: Session) -> None:
    hoa = member(session, "hoa")
    work.open_by_hand(session, "feedback", "ghế chờ ít")
    late = work.open_by_hand(session, "dossier_late", "trễ", "H36.12-261118-0042")
    work.close(session, late.id, hoa, "Đã nhắc xã.")
    with clock.frozen("2027-01-05T09:00:00+07:00"):
        assert work.warn(session) == 0


def test_more_than_one_goes_at_a_time_and_the_nearest_first(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "AT_ONCE", 2)
    for number in range(3):
        work.open_by_hand(session, "dossier_late", f"trễ {number}")
    with clock.frozen("2026-11-25T16:00:00+07:00"):
        assert [work.warn(session), work.warn(session), work.warn(session)] == [2, 1, 0]


# --- with the conversation ---


def test_closing_tells_the_citizen_in_the_words_of_the_staff(session: Session) -> None:
    hoa, conversation = member(session, "hoa"), talk(session)
    ticket = tickets.open_ticket(session, conversation, "dossier_late", "trễ", subject="H36.12-261118-0042")
    ticket_telling.take(session, ticket.id, hoa)
    told = ticket_telling.close(session, ticket.id, hoa, "Xã hẹn trả ngày 30/11.", Ways(looking=["web"]), tell=True)
    (message,) = session.query(OutboxMessage).filter_by(conversation_id=conversation)
    assert told and ticket.number in message.text and "Xã hẹn trả ngày 30/11." in message.text
    assert len(message.text) <= 2_000


def test_closing_in_silence_tells_nobody(session: Session) -> None:
    hoa, conversation = member(session, "hoa"), talk(session)
    ticket = tickets.open_ticket(session, conversation, "feedback", "ghế chờ ít")
    assert not ticket_telling.close(session, ticket.id, hoa, "Đã chuyển trung tâm.", Ways(), tell=False)
    assert session.query(OutboxMessage).count() == 0
    by_hand = work.open_by_hand(session, "feedback", "bãi xe hẹp")
    assert not ticket_telling.close(session, by_hand.id, hoa, "Đã chuyển.", Ways(), tell=True)


def test_a_ticket_and_its_chat_have_one_owner(session: Session) -> None:
    hoa, nam, conversation = member(session, "hoa"), member(session, "nam"), talk(session)
    ticket = tickets.open_ticket(session, conversation, "talk_to_human")
    ticket_telling.take(session, ticket.id, hoa)
    chat = chats.going_on(session, conversation)
    assert chat is not None and (chat.state, chat.staff_id) == ("taken", hoa.id)
    assert session.get(Conversation, conversation).mode == "staff"
    with pytest.raises(WorkError, match="đang giữ"):
        ticket_telling.take(session, ticket.id, nam)
    ticket_telling.pass_on(session, ticket.id, hoa, to="nam")
    assert (chat.staff_id, work.find(session, ticket.id).taken_by) == (nam.id, nam.id)
    ticket_telling.close(session, ticket.id, nam, "Đã hướng dẫn xong.", Ways(looking=["web"]), tell=True)
    session.expire_all()
    assert session.get(Chat, chat.id).state == "ended" and session.get(Conversation, conversation).mode == "bot"
    closed = session.get(Ticket, ticket.id)
    assert (closed.state, closed.resolution) == ("closed", "Đã hướng dẫn xong.")


def test_somebody_waiting_is_not_closed_away(session: Session) -> None:
    hoa, conversation = member(session, "hoa"), talk(session)
    ticket = tickets.open_ticket(session, conversation, "talk_to_human")
    with pytest.raises(StaffingError, match="chưa nhận"):
        ticket_telling.close(session, ticket.id, hoa, "xong", Ways(), tell=False)
