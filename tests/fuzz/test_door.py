"""The door of every channel: what was sent is stored within the widths of its columns, or is a BadMessage."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot import clock
from bot.conversation import guard, inbox
from bot.conversation.inbox import LONGEST_ID, LONGEST_TEXT, BadMessage
from bot.conversation.incoming import KINDS, Incoming
from bot.conversation.meanings import said
from bot.conversation.models import Address, InboxMessage
from bot.db.engine import Database
from fuzz.strategies import any_text, few, mixed

GROWS = "\ufb2c"  # one character that NFC makes three of
NOW = clock.parse("2026-11-23T09:00:00+07:00")
long_text = st.builds(
    lambda char, times: char * times, st.sampled_from([GROWS, "a", "ế", "😀", " "]), st.integers(0, 200)
)
buttons = mixed("btn:", "1", ".", "0", "999999999", "-1", "１", "geo:11.94,108.46", "slip:", "H36.12-261105-0001", ":")


def fits(row: Any) -> None:
    for column in row.__table__.columns:
        value, longest = getattr(row, column.key), getattr(column.type, "length", None)
        assert not isinstance(value, str) or longest is None or len(value) <= longest, column.name
        assert not isinstance(value, str) or (value.encode() is not None and "\x00" not in value)


@few()
@given(
    any_text | long_text,
    any_text | long_text,
    any_text | long_text | st.just(GROWS * LONGEST_TEXT),
    st.sampled_from([kind for kind in KINDS if kind != "command"]),
    st.none() | any_text | long_text,
)
def test_whatever_comes_fits_its_columns(
    small: Database, sender: str, message_id: str, text: str, kind: str, name: str | None
) -> None:
    incoming = Incoming("rest", sender, message_id, text, kind, NOW, name=name)
    try:
        accepted = inbox.accept(small, incoming)
    except BadMessage as error:
        assert len(str(error)) < 200 and (len(text) < 5 or text not in str(error))
        return
    assert inbox.accept(small, incoming).inbox_id == accepted.inbox_id, "once"
    with small.reading() as session:
        row = session.get(InboxMessage, accepted.inbox_id)
        fits(row)
        assert len(row.text) <= LONGEST_TEXT and len(row.message_id) <= LONGEST_ID
        fits(session.execute(select(Address).where(Address.id == row.address_id)).scalar_one())


@few()
@given(st.lists(st.tuples(any_text, long_text), max_size=4))
def test_many_at_once_are_stored_as_one_by_one(small: Database, sent: list[tuple[str, str]]) -> None:
    arrived = [Incoming("zalo", sender, f"many-{text}", text, "text", NOW) for sender, text in sent]
    for each, again in zip(inbox.accept_many(small, arrived), arrived, strict=True):
        if isinstance(each, BadMessage):
            with pytest.raises(BadMessage):
                inbox.accept(small, again)
        else:
            assert inbox.accept(small, again).inbox_id == each.inbox_id


@few()
@given(buttons | any_text)
def test_a_button_is_one_of_the_talk_or_nothing(small: Database, text: str) -> None:
    taken = SimpleNamespace(kind="text", text=text, conversation_id=1, last_seq=0, offered=[])
    with small.reading() as session:
        found = said(session, taken)  # type: ignore[arg-type]
    if text.startswith("btn:"):
        assert found is None, "nobody was offered a button"
    else:
        assert found is not None and len(found.text) <= max(len(text), 40)


@few()
@given(mixed("OTP", "mã", "là", "mật khẩu", "cccd", "068090001234", "0912345678", "123456", "thẻ", "4111111111111111"))
def test_what_is_masked_stays_masked(text: str) -> None:
    screened = guard.screen(text)
    assert guard.screen(screened.text).text == screened.text
    assert "4111111111111111" not in screened.text or "4111111111111111" not in text or screened.found is None
