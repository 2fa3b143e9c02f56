"""The numbers are right: each against rows made by hand, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import bindparam, event, text
from sqlalchemy.orm import Session

from bot import clock
from bot.accounts import runs
from bot.accounts.guides import guides
from bot.conversation.understanding import OUTCOMES, TOPICS
from bot.db.base import UtcDateTime
from bot.desk.models import Call
from bot.dossiers.notices.models import DossierSubscription
from bot.reports import (
    centres,
    contacts,
    dossier_shares,
    guide_figures,
    monthly,
    pickup_figures,
    ticket_figures,
    waiting,
)
from bot.reports.period import Month, month
from bot.reports.tables import Table, shown
from bot.staff.models import Staff
from bot.text import capital
from bot.tickets.models import Chat, Ticket

from .conftest import AFTER, BEFORE, FIRST, LAST, NOVEMBER, Rows


def by_name(table: Table) -> dict[str, tuple[object, ...]]:
    return {str(row[0]): row[1:] for row in table.rows}


# --- the month ---


def test_the_month_is_vietnams() -> None:
    assert NOVEMBER.start == clock.parse("2026-11-01T00:00+07:00") and NOVEMBER.end == clock.parse(AFTER + "+07:00")
    assert Month(2026, 12).moved(1) == Month(2027, 1) and NOVEMBER.moved(-11) == Month(2025, 12)
    assert month(" 2026-11 ") == NOVEMBER and str(NOVEMBER) == "2026-11"
    for bad in ("2026-13", "2026-1", "11/2026", "", "2026-11-01", "９999-01", "1999-01"):
        with pytest.raises(ValueError, match="2026-11"):
            month(bad)


# --- contacts ---


@pytest.fixture
def written(rows: Rows) -> None:
    """Ten messages of November and two beside it."""
    rows.message("a", BEFORE, "procedures", "answered")
    rows.message("a", AFTER, "procedures", "answered")
    rows.message("a", FIRST, "procedures", "answered")
    rows.message("a", LAST, "procedures", "asked")
    rows.message("b", "2026-11-10T10:00", "procedures", "not_understood")
    rows.message("b", "2026-11-10T10:01", "dossiers", "handed_off")
    rows.message("b", "2026-11-10T10:02", "person", "person")
    rows.message("c", "2026-11-10T10:03", "other", "guard", "web")
    rows.message("c", "2026-11-10T10:04", "dossiers", "held", "web")
    rows.message("c", "2026-11-10T10:05", "dossiers", "failed", "web")
    rows.message("c", "2026-11-10T10:06", None, None, "web")
    rows.message("d", "2026-11-10T10:07", "dossiers", "answered", "telegram")


@pytest.mark.usefixtures("written")
def test_by_channel(session: Session) -> None:
    table = contacts.channels_table(contacts.contacts(session, NOVEMBER))
    # talks, messages, by the assistant, by a person, not, unknown
    assert by_name(table) == {
        "Zalo": (2, 5, 2, 2, 1, 0),
        "Telegram": (1, 1, 1, 0, 0, 0),
        "Trang web": (1, 4, 1, 1, 1, 1),
    }
    assert table.total == ("Tổng cộng", 4, 10, 4, 3, 2, 1)


@pytest.mark.usefixtures("written")
def test_by_topic_and_who_answered(session: Session) -> None:
    found = contacts.contacts(session, NOVEMBER)
    table = contacts.topics_table(found)
    assert by_name(table) == {
        "Thủ tục": (3, 2, 0, 1, 0, pytest.approx(2 / 3)),
        "Hồ sơ": (4, 1, 2, 1, 0, pytest.approx(1 / 4)),
        "Cần nhân viên": (1, 0, 1, 0, 0, 0.0),
        "Khác": (1, 1, 0, 0, 0, 1.0),
        "Chưa phân loại": (1, 0, 0, 0, 1, None),
    }
    assert table.total is not None and table.total[1:6] == (10, 4, 3, 2, 1)
    assert table.total[6] == pytest.approx(4 / 9)  # of those that it is known of
    matrix = by_name(contacts.matrix_table(found))
    assert matrix["Hồ sơ"] == (1, 1, 2, 4) and matrix["Thủ tục"] == (3, 0, 0, 3)


def test_one_talk_over_two_channels_is_one(session: Session, rows: Rows) -> None:
    talk, _ = rows.talk("a")
    rows.message("a", FIRST, "other", "answered")
    linked = rows.message("a-web", FIRST, "other", "answered", "web")
    linked.conversation_id = talk
    session.flush()
    table = contacts.channels_table(contacts.contacts(session, NOVEMBER))
    assert [row[1] for row in table.rows] == [1, 1] and table.total is not None and table.total[1] == 1


@pytest.mark.usefixtures("written")
def test_no_text_of_anybody_is_read(session: Session) -> None:
    said: list[str] = []
    engine = session.get_bind()

    def listen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement.lower())

    event.listen(engine, "before_cursor_execute", listen)
    try:
        figures = monthly.collect(session, NOVEMBER)
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    assert len(said) > 10
    for statement in said:
        for column in (
            "inbox.text",
            "understood",
            "owner_",
            "recipient_",
            "phone",
            "tickets.summary",
            "sender",
            "address,",
        ):
            assert column not in statement, statement
    assert "bí mật" not in repr(figures).lower()


def test_every_outcome_and_topic_has_its_place() -> None:
    assert set(OUTCOMES) == contacts.BY_BOT | contacts.BY_PERSON | contacts.NOT
    assert len(OUTCOMES) == len(contacts.BY_BOT) + len(contacts.BY_PERSON) + len(contacts.NOT)
    assert set(TOPICS) == set(contacts.MESSAGE_TOPICS) - {None}


def test_reported_answers(session: Session) -> None:
    insert = text(
        "INSERT INTO review_items (text, shape, why, state, asked_at) VALUES ('-', '-', :why, :state, :at)"
    ).bindparams(bindparam("at", type_=UtcDateTime))
    for why, state, at in (
        ("reported", "open", FIRST), ("reported", "open", LAST), ("reported", "trained", LAST),
        ("reported", "accepted", LAST), ("reported", "rejected", LAST), ("reported", "open", BEFORE),
        ("reported", "open", AFTER), ("unsure", "open", LAST),
    ):  # fmt: skip
        session.execute(insert, {"why": why, "state": state, "at": clock.parse(at)})
    table = contacts.reports_table(session, NOVEMBER)
    assert [row[1] for row in table.rows] == [2, 2, 1] and table.total == ("Tổng cộng", 5)


def test_calls(session: Session, rows: Rows) -> None:
    staff = rows.add(Staff(username="a", display_name="A", role="agent", created_at=clock.now()))
    ticket = rows.add(Ticket(number="T-1", topic="feedback", state="open", created_at=clock.now()))
    for number, at in enumerate((BEFORE, FIRST, LAST, AFTER)):
        talk, _ = rows.talk(f"call {number}", "phone")
        rows.add(
            Call(
                conversation_id=talk,
                staff_id=staff.id,
                began_at=clock.parse(at),
                ticket_id=ticket.id if number == 1 else None,
            )
        )
    assert [row[1] for row in contacts.calls_table(session, NOVEMBER).rows] == [2, 1]


# --- waiting ---


def test_the_middle_and_nine_of_ten() -> None:
    assert waiting.middle_and_ninth([]) == (None, None)
    assert waiting.middle_and_ninth([4]) == (4, 4)
    assert waiting.middle_and_ninth([10, 1, 3, 2]) == (2.5, 10)
    assert waiting.middle_and_ninth(range(1, 11)) == (5.5, 9)
    assert waiting.middle_and_ninth(range(1, 101)) == (50.5, 90)


def test_waits(session: Session, rows: Rows) -> None:
    def chat(began: str, taken: float | None, replied: float | None, state: str) -> None:
        talk, _ = rows.talk(f"chat {began} {taken} {replied}")
        at = clock.parse(began)
        took, said = (at + timedelta(minutes=one) if one is not None else None for one in (taken, replied))
        rows.add(Chat(conversation_id=talk, state=state, waiting_since=at, taken_at=took, replied_at=said))

    chat("2026-11-23T09:00", 2, 3, "ended")  # Monday, inside the hours
    chat("2026-11-23T09:01", 4, 9, "taken")
    chat("2026-11-23T09:02", 6, None, "ended")
    chat("2026-11-23T09:03", None, None, "waiting")
    chat("2026-11-22T20:00", 720, 721.5, "ended")  # Sunday evening
    chat(BEFORE, 1, 1, "ended")
    chat(AFTER, 1, 1, "ended")
    inside, outside, whole = waiting.waiting_table(session, NOVEMBER).rows
    assert inside[1:] == (4, 4.0, 6.0, 6.0, 9.0, 1, 1)
    assert outside[1:] == (1, 720.0, 720.0, 721.5, 721.5, 0, 0)
    assert whole[1:] == (5, 5.0, 720.0, 9.0, 721.5, 1, 1)


# --- tickets ---


def test_tickets_and_their_terms(session: Session, rows: Rows) -> None:
    def ticket(
        topic: str, at: str, state: str, due: str | None = None, closed: str | None = None, taken: str | None = None
    ) -> None:
        number = f"T-{session.query(Ticket).count()}"
        due_at, closed_at, taken_at = (clock.parse(one) if one else None for one in (due, closed, taken))
        rows.add(
            Ticket(number=number, topic=topic, state=state, created_at=clock.parse(at), due_at=due_at,
                   closed_at=closed_at, taken_at=taken_at)
        )  # fmt: skip

    ticket("dossier_late", FIRST, "open", "2026-12-02T17:00")  # now is 9:00 of that day
    ticket("dossier_late", FIRST, "taken", "2026-12-02T08:59")
    ticket("dossier_late", FIRST, "closed", "2026-11-05T17:00", "2026-11-05T17:00")
    ticket("dossier_late", LAST, "closed", "2026-11-05T17:00", "2026-11-05T17:01")
    ticket("dossier_late", BEFORE, "open")
    ticket("dossier_late", AFTER, "open")
    ticket("feedback", FIRST, "closed", None, "2026-11-02T09:00")
    ticket("feedback", FIRST, "open")
    table = ticket_figures.tickets_table(session, NOVEMBER)
    # opened, open, open and late, in time, late, closed without a term
    assert {name: row[:6] for name, row in by_name(table).items()} == {
        "Hồ sơ trễ hạn": (4, 1, 1, 1, 1, 0),
        "Góp ý, phản ánh": (2, 1, 0, 0, 0, 1),
    }
    assert table.total == ("Tổng cộng", 6, 2, 1, 1, 1, 1, "")
    ticket("data_request", "2026-11-23T09:00", "taken", taken="2026-11-26T17:00")  # the 24th is a holiday
    ticket("data_request", "2026-11-23T09:00", "taken", taken="2026-11-26T17:01")
    ticket("data_request", "2026-11-23T09:00", "open")
    ticket("data_request", "2026-11-30T09:00", "open")
    acknowledged = ticket_figures.acknowledged_table(session, NOVEMBER)
    assert [row[1] for row in acknowledged.rows] == [1, 2, 1] and "Luật 91/2025" in acknowledged.note


# --- dossiers ---


def test_shares_by_centre_and_month(session: Session, rows: Rows) -> None:
    for at, channel in ((FIRST, "online"), (LAST, "online"), (LAST, "in_person"), (LAST, "post"), (LAST, None)):
        rows.dossier(at, channel)
    rows.dossier(BEFORE, "online", returned_at="2026-11-20T09:00", return_method="post")
    rows.dossier(AFTER, "online", returned_at=LAST, return_method="counter")
    rows.dossier(None, "online", agency="Trung tâm B", returned_at=AFTER, return_method="post")
    rows.dossier(FIRST, "in_person", agency="Trung tâm B")
    rows.dossier(FIRST, "online", agency=None)
    table = dossier_shares.shares_table(session, NOVEMBER)
    assert by_name(table) == {
        "Trung tâm A": (5, 2, 1, 0.5, 2, 1, 0, 0.5),
        "Trung tâm B": (1, 0, 0, 0.0, 0, 0, 0, None),
        dossier_shares.NO_AGENCY: (1, 1, 0, 1.0, 0, 0, 0, None),
    }
    assert table.total == ("Tổng cộng", 7, 3, 1, 0.5, 2, 1, 0, 0.5)
    alone = dossier_shares.shares_table(session, NOVEMBER, "Trung tâm B")
    assert by_name(alone) == {"Trung tâm B": (1, 0, 0, 0.0, 0, 0, 0, None)} and alone.total is None
    assert "chỉ tiêu" in table.note  # the province's own is not known, and that is said
    trend = by_name(dossier_shares.trend_table(session, NOVEMBER))
    assert len(trend) == 12 and trend["11/26"] == (7, 0.5, 2, 0.5)
    assert trend["10/26"] == (1, 1.0, 0, None) and trend["12/25"] == (0, None, 0, None)
    assert by_name(dossier_shares.trend_table(session, NOVEMBER, "Trung tâm B"))["11/26"] == (1, 0.0, 0, None)


def test_followed(session: Session, rows: Rows) -> None:
    birth = rows.dossier(FIRST, "online", procedure_name="Đăng ký khai sinh")
    nameless = rows.dossier(FIRST, "online")
    for asker, dossier, at in (
        ("a", birth, FIRST), ("b", birth, LAST), ("c", birth, BEFORE), ("d", birth, AFTER), ("a", nameless, LAST),
    ):  # fmt: skip
        rows.add(DossierSubscription(asker=asker, code=dossier.code, since=clock.parse(at)))
    table = dossier_shares.followed_table(session, NOVEMBER)
    assert table.rows == (("Đăng ký khai sinh", 2), ("Không ghi thủ tục", 1))


# --- pickups and settlement ---


def test_pickups_by_state_and_office(session: Session, rows: Rows) -> None:
    one, two = rows.office("A", "Bưu cục A"), rows.office("B", "Bưu cục B")
    rows.pickup(one, FIRST, "confirmed")
    rows.pickup(one, LAST, "delivered")
    rows.pickup(two, LAST, "delivered")
    rows.pickup(None, LAST, "cancelled")
    rows.pickup(one, BEFORE, "confirmed")
    rows.pickup(one, AFTER, "confirmed")
    table = pickup_figures.states_table(session, NOVEMBER)
    assert [column.title for column in table.columns] == ["Bưu cục", "Đã xác nhận", "Xong", "Đã hủy", "Cộng"]
    assert table.rows == (("Bưu cục A", 1, 1, 0, 2), ("Bưu cục B", 0, 1, 0, 1), (pickup_figures.OUTSIDE, 0, 0, 1, 1))
    assert table.total == ("Tổng cộng", 1, 2, 1, 4)
    assert pickup_figures.states_table(session, NOVEMBER, "Bưu cục B").rows == (("Bưu cục B", 1, 1),)


def test_settlement_never_adds_postage_and_fees(session: Session, rows: Rows) -> None:
    one, two = rows.office("A", "Bưu cục A"), rows.office("B", "Bưu cục B")
    paid = rows.dossier(FIRST, "online", amount_due=50_000, payment_state="paid")
    owed = rows.dossier(FIRST, "online", amount_due=7_000_000_000, payment_state="unpaid")  # a land tax
    silent = rows.dossier(FIRST, "online", amount_due=20_000)
    waived = rows.dossier(FIRST, "online", amount_due=99_000, payment_state="waived")
    first = rows.pickup(one, BEFORE, "delivered", FIRST, fee=25_000, dossier_code=paid.code)
    rows.done(first, LAST)  # reported twice, done once
    rows.pickup(one, FIRST, "delivered", LAST, fee=30_000, payment="before", dossier_code=owed.code)
    rows.pickup(one, FIRST, "delivered", LAST, fee=None, dossier_code=silent.code)
    rows.pickup(one, FIRST, "delivered", AFTER, fee=1_000_000, dossier_code=waived.code)
    rows.pickup(two, FIRST, "delivered", LAST, fee=10_000, service="collect", procedure_code="1", dossier_code=None)
    rows.pickup(two, FIRST, "delivered", LAST, fee=15_000, service="both", procedure_code="1", dossier_code=waived.code)
    rows.pickup(two, FIRST, "returned", fee=40_000)
    rows.pickup(None, FIRST, "delivered", LAST, fee=33_000)
    postage = pickup_figures.settlement_table(session, NOVEMBER)
    # delivered, collected, both, all; prepaid, on receipt, without a postage
    assert by_name(postage) == {
        "Bưu cục A": (3, 0, 0, 3, 30_000, 25_000, 1),
        "Bưu cục B": (0, 1, 1, 2, 0, 25_000, 0),
        pickup_figures.OUTSIDE: (1, 0, 0, 1, 0, 33_000, 0),
    }
    assert postage.total == ("Tổng cộng", 4, 1, 1, 6, 30_000, 83_000, 1)
    fees = pickup_figures.fees_table(session, NOVEMBER)
    # dossiers with a fee, written as paid, as not paid, without an amount, collected, handed on
    assert by_name(fees) == {
        "Bưu cục A": (3, 50_000, 7_000_020_000, 0, None, None),
        "Bưu cục B": (0, 0, 0, 0, None, None),
        pickup_figures.OUTSIDE: (0, 0, 0, 1, None, None),
    }
    assert fees.total == ("Tổng cộng", 3, 50_000, 7_000_020_000, 1, None, None)
    money = [column.title for table in (postage, fees) for column in table.columns if column.kind == "dong"]
    assert not [title for title in money if "ước" in title and "phí" in title]
    assert shown(None, "dong") == "chưa có số" and shown(7_000_020_000, "dong") == "7.000.020.000 đ"
    assert by_name(pickup_figures.settlement_table(session, NOVEMBER, "Bưu cục B")) == {
        "Bưu cục B": (0, 1, 1, 2, 0, 25_000, 0)
    }


# --- guides ---


def test_guides_of_the_month_only(session: Session) -> None:
    goal = "vneid_level_2"
    steps = [step.id for step in guides()[goal].steps]

    def walk(key: str, at: str, channel: str, *events: tuple[int, str]) -> None:
        with clock.frozen(clock.parse(at)):
            for place, what in events:
                runs.record(session, channel, key, goal, guides()[goal].version, steps[place], what)

    walk("before", BEFORE, "web", (0, "shown"), (0, "left"))
    walk("after", AFTER, "web", (0, "shown"), (0, "left"))
    walk("stopped", FIRST, "web", (0, "shown"), (0, "done"), (1, "shown"), (1, "left"))
    walk("counter", LAST, "counter", (0, "shown"), (0, "left"))
    walk("through", LAST, "web", *[(place, what) for place in range(len(steps)) for what in ("shown", "done")])
    through, stops = guide_figures.guides_tables(session, NOVEMBER)
    ((name, *numbers),) = through.rows
    assert name == capital(guides()[goal].title) and numbers == [3, 1, 2, 0, pytest.approx(1 / 3)]
    titles = [step.title for step in guides()[goal].steps]
    assert [row[1:] for row in stops.rows] == [(f"1. {titles[0]}", 1), (f"2. {titles[1]}", 1)]


# --- all of it ---


def test_an_empty_month_holds_no_number_it_has_not(session: Session) -> None:
    figures = monthly.collect(session, NOVEMBER)
    assert len({table.key for table in figures.tables}) == len(figures.tables)
    assert figures.table("topics").rows == () and figures.table("settlement").rows == ()  # type: ignore[union-attr]
    assert figures.table("waiting").rows[2][1:] == (0, None, None, None, None, 0, 0)  # type: ignore[union-attr]


def test_a_centre_has_what_can_be_split_by_it(session: Session, rows: Rows) -> None:
    rows.office("A", "Bưu cục A")
    rows.dossier(FIRST, "online")
    assert centres.centres(session) == ["Bưu cục A", "Trung tâm A"]
    figures = monthly.collect(session, NOVEMBER, "Trung tâm A")
    assert [table.key for table in figures.tables] == ["shares", "trend", "pickups", "settlement", "fees"]
