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
