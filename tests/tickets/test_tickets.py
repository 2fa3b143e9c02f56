"""Work for a person: one open ticket per conversation and topic, and an honest word about when."""

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation.models import Conversation
from bot.tickets import answers, tickets


@pytest.fixture
def conversation(session: Session) -> int:
    row = Conversation(channel="rest", sender="a", created_at=clock.now())
    session.add(row)
    session.flush()
    return int(row.id)


def test_asking_twice_opens_one_ticket(session: Session, conversation: int) -> None:
    first = tickets.open_ticket(session, conversation, "talk_to_human")
    assert tickets.open_ticket(session, conversation, "talk_to_human").number == first.number
    assert tickets.open_ticket(session, conversation, "feedback").number != first.number


def test_a_closed_ticket_is_not_used_again(session: Session, conversation: int) -> None:
    first = tickets.open_ticket(session, conversation, "feedback")
    first.state = "closed"
    session.flush()
    assert tickets.open_ticket(session, conversation, "feedback").number != first.number


def test_the_place_in_the_queue(session: Session, conversation: int) -> None:
    numbers = [tickets.open_ticket(session, conversation, topic) for topic in ("feedback", "pickup", "dossier")]
    assert [tickets.position(session, ticket) for ticket in numbers] == [1, 2, 3]
    numbers[0].state = "taken"
    session.flush()
    assert tickets.position(session, numbers[2]) == 2


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23T09:00:00+07:00", True),
        ("2026-11-23T12:00:00+07:00", False),
        ("2026-11-23T17:00:00+07:00", False),
        ("2026-11-24T09:00:00+07:00", False),  # Ngày Văn hóa Việt Nam
        ("2026-11-22T09:00:00+07:00", False),  # Sunday
    ],
)
def test_hand_over_says_whether_somebody_is_there(
    session: Session, conversation: int, moment: str, is_open: bool
) -> None:
    with clock.frozen(moment):
        message = answers.handoff(session, conversation, "talk_to_human")
    assert message.fields["open_now"] is is_open
    assert message.fields["ticket"] in message.text


def test_what_is_said_anew_is_added_and_nothing_twice(session: Session, conversation: int) -> None:
    tickets.open_ticket(session, conversation, "feedback", "chờ lâu")
    tickets.open_ticket(session, conversation, "feedback", "ở xã Di Linh")
    again = tickets.open_ticket(session, conversation, "feedback", "chờ lâu")
    assert again.summary == "chờ lâu\nở xã Di Linh"
    tickets.open_ticket(session, conversation, "feedback", "a" * 20_000)
    assert len(str(again.summary)) == tickets.LONGEST_SUMMARY


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-23T05:00:00+07:00", "2026-11-23T07:00:00+07:00"),
        ("2026-11-23T12:10:00+07:00", "2026-11-23T13:30:00+07:00"),
        ("2026-11-23T21:00:00+07:00", "2026-11-25T07:00:00+07:00"),  # the 24th is a holiday
        ("2026-11-28T10:00:00+07:00", "2026-11-30T07:00:00+07:00"),
    ],
)
def test_when_somebody_is_there_again(moment: str, opens: str) -> None:
    assert tickets.next_open(clock.parse(moment)) == clock.parse(opens)


def test_at_night_nobody_is_promised_an_answer_by_phone(session: Session, conversation: int) -> None:
    with clock.frozen("2026-11-23T22:30:00+07:00"):
        text = answers.handoff(session, conversation, "talk_to_human").text
    assert "nói chuyện ngay" not in text and "7:00–11:30" in text and "7:00 thứ tư 25/11/2026" in text
    with clock.frozen("2026-11-23T12:10:00+07:00"):
        assert "13:30 hôm nay" in answers.handoff(session, conversation, "system").text
