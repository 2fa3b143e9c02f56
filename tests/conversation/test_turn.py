"""One message, one transaction: it happened whole, or it did not happen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update
from talking import Chat, inbox_rows, kinds, outbox_rows, plain, tickets

from actions.general_service import TalkToHuman
from actions.turn import Reply, Turn
from bot.conversation import inbox, store, transcript
from bot.conversation.incoming import Incoming
from bot.conversation.models import Conversation, InboxMessage, TrackerState
from bot.conversation.turn import MAX_ATTEMPTS, Turns
from bot.db.engine import Database
from bot.tickets.tickets import open_ticket

NewChat = Callable[..., Chat]
HUMAN = "gặp nhân viên"


def tracker_of(database: Database, conversation_id: int) -> tuple[int, str] | None:
    with database.reading() as session:
        state = session.get(TrackerState, conversation_id)
        return state and (state.version, state.events)


def test_a_message_gets_its_replies_and_is_done(chat: NewChat, furnished: Database) -> None:
    citizen = chat()
    lines = citizen.say("xin chào")
    (message,) = inbox_rows(furnished)
    assert (message.state, message.text, message.attempts) == ("done", "xin chào", 0)
    assert message.done_at is not None
    stored = outbox_rows(furnished)
    assert [(row.inbox_id, row.text, row.custom) for row in stored] == [
        (message.id, line.text, line.custom) for line in lines
    ]
    assert lines and lines[0].custom["kind"] == "smalltalk"
    assert {row.state for row in stored} == {"fetched"}, "a pull channel's replies wait for nobody"
    assert message.seq < lines[0].seq


def test_a_channel_that_is_pushed_gets_its_replies_as_pending(furnished: Database, turns: Turns) -> None:
    accepted = inbox.accept(furnished, Incoming("telegram", "77", "1", "xin chào"))
    turns.run_next(accepted.conversation_id)
    assert {row.state for row in outbox_rows(furnished)} == {"pending"}


def test_the_same_message_twice_has_one_effect(chat: NewChat, furnished: Database, turns: Turns) -> None:
    citizen = chat()
    first = citizen.store(HUMAN, "id-1")
    done = turns.run_next(first.conversation_id)
    assert done and kinds(done.replies) == ["handoff"]
    again = citizen.store(HUMAN, "id-1")
    assert again.again and again.inbox_id == first.inbox_id
    assert turns.run_next(first.conversation_id) is None
    with furnished.reading() as session:
        assert transcript.replies_to(session, first.inbox_id) == done.replies
    assert len(inbox_rows(furnished)) == 1 and tickets(furnished) == 1


def test_the_same_message_id_of_two_senders_are_two_messages(chat: NewChat) -> None:
    one, two = chat().store("xin chào", "id-1"), chat().store("xin chào", "id-1")
    assert one.inbox_id != two.inbox_id and not two.again


def test_the_same_message_at_two_doors_at_once_is_stored_once(chat: NewChat, furnished: Database) -> None:
    for number in range(10):
        citizen, barrier = chat(), threading.Barrier(4)

        def store(_: int, citizen: Chat = citizen, barrier: threading.Barrier = barrier) -> int:
            barrier.wait(10)
            return citizen.store(HUMAN, "id-1").inbox_id

        with ThreadPoolExecutor(4) as pool:
            assert len(set(pool.map(store, range(4)))) == 1
        assert len(inbox_rows(furnished)) == number + 1


def test_order_is_kept_by_two_threads(chat: NewChat, furnished: Database, turns: Turns) -> None:
    citizen = chat()
    texts = [f"đăng ký khai sinh cần giấy tờ gì {number}" for number in range(12)]
    (conversation_id,) = {citizen.store(text).conversation_id for text in texts}

    def work(_: int) -> None:
        while turns.waiting():
            turns.run_next(conversation_id)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    with furnished.reading() as session:
        said = transcript.after(session, "rest", citizen.sender, 0)
    assert [line.text for line in said if line.sender == "citizen"] == texts
    assert [line.seq for line in said] == list(range(1, len(said) + 1))
    rows = inbox_rows(furnished)
    for message, following in zip(rows, [*rows[1:], None], strict=True):
        replies = [row.seq for row in outbox_rows(furnished) if row.inbox_id == message.id]
        assert replies, "every message was answered"
        assert message.seq < min(replies)
        assert following is None or max(replies) < following.seq


def broken(turn: Turn) -> Reply:
    """An action that does its work, and then fails."""
    open_ticket(turn.session, turn.conversation_id, "talk_to_human")
    raise RuntimeError(f"cannot answer {turn.text}")


def test_an_action_that_fails_leaves_nothing_and_is_tried_again(
    chat: NewChat, furnished: Database, turns: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizen = chat()
    citizen.say("xin chào")
    accepted = citizen.store(HUMAN)
    before = tracker_of(furnished, accepted.conversation_id), len(outbox_rows(furnished))
    with monkeypatch.context() as patch:
        patch.setattr(TalkToHuman, "answer", lambda _, turn: broken(turn))
        assert turns.run_next(accepted.conversation_id) is None
    assert tickets(furnished) == 0, "what the action did is undone"
    assert (tracker_of(furnished, accepted.conversation_id), len(outbox_rows(furnished))) == before
    message = inbox_rows(furnished)[-1]
    assert (message.state, message.attempts, message.seq) == ("waiting", 1, None)
    assert turns.waiting() == [accepted.conversation_id]
    done = turns.run_next(accepted.conversation_id)
    assert done and kinds(done.replies) == ["handoff"] and not done.failed
    assert tickets(furnished) == 1


def test_after_three_tries_the_citizen_is_told_and_the_staff_get_a_ticket(
    chat: NewChat, furnished: Database, turns: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizen = chat()
    accepted = citizen.store(HUMAN)
    later = citizen.store("cảm ơn")
    with monkeypatch.context() as patch:
        patch.setattr(TalkToHuman, "answer", lambda _, turn: broken(turn))
        for _ in range(MAX_ATTEMPTS - 1):
            assert turns.run_next(accepted.conversation_id) is None, "nobody is told before the last try"
        done = turns.run_next(accepted.conversation_id)
    assert done and done.failed and done.inbox_id == accepted.inbox_id
    assert kinds(done.replies) == ["handoff"] and done.replies[0].custom["ticket"]
    assert tickets(furnished) == 1
    assert [row.state for row in inbox_rows(furnished)] == ["failed", "waiting"]
    following = turns.run_next(accepted.conversation_id)
    assert following and following.inbox_id == later.inbox_id, "the conversation goes on"
    with furnished.reading() as session:
        assert transcript.replies_to(session, accepted.inbox_id) == done.replies


def test_a_turn_that_cannot_be_stored_leaves_no_memory_behind(
    chat: NewChat, furnished: Database, turns: Turns, second_turns: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a process has in memory after a failed turn has the number of what another one stores next."""
    citizen, other = chat(), chat()
    elsewhere = chat(citizen.sender, second_turns)
    for one in (citizen, other):
        one.say("đặt bưu điện tới nhà lấy hồ sơ đăng ký khai sinh")
    accepted = citizen.store("không đặt nữa")
    with monkeypatch.context() as patch:
        patch.setattr(store, "finish", lambda *_, **__: 1 / 0)
        assert turns.run_next(accepted.conversation_id) is None
    with furnished.unit_of_work() as session:  # the citizen takes it back, say
        session.execute(update(InboxMessage).where(InboxMessage.id == accepted.inbox_id).values(state="failed"))
    assert plain(elsewhere.say("Lê Thị Ngọc Bích")) == plain(other.say("Lê Thị Ngọc Bích"))
    assert plain(citizen.say("0912345678")) == plain(other.say("0912345678"))
    assert other.last[-1].custom == {"kind": "pickup_question", "slot": "commune"}


def test_only_one_of_two_processes_takes_a_conversation(
    chat: NewChat, furnished: Database, turns: Turns, second_turns: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one turn runs, another process leaves its conversation alone, and does not wait for it."""
    if furnished.is_sqlite:
        pytest.skip("SQLite has one writer: the second process waits at BEGIN IMMEDIATE")
    citizen, other = chat(), chat()
    accepted, elsewhere = citizen.store(HUMAN), other.store("xin chào")
    answer, meanwhile = TalkToHuman.answer, []

    def while_running(action: TalkToHuman, turn: Turn) -> Reply:
        with ThreadPoolExecutor(1) as pool:
            for conversation_id in (accepted.conversation_id, elsewhere.conversation_id):
                meanwhile.append(pool.submit(second_turns.run_next, conversation_id).result(10))
        return answer(action, turn)

    monkeypatch.setattr(TalkToHuman, "answer", while_running)
    done = turns.run_next(accepted.conversation_id)
    assert meanwhile[0] is None
    assert meanwhile[1] is not None and meanwhile[1].inbox_id == elsewhere.inbox_id
    assert done and kinds(done.replies) == ["handoff"]
    assert [row.attempts for row in inbox_rows(furnished)] == [0, 0]


def test_two_processes_answer_every_message_once(
    chat: NewChat, furnished: Database, turns: Turns, second_turns: Turns
) -> None:
    people = [chat() for _ in range(6)]
    texts = ("xin chào", HUMAN, "góp ý: chờ lâu quá", "lệ phí khai sinh", HUMAN)
    for text in texts:
        for citizen in people:
            citizen.store(text)
    taken: list[list[int]] = [[], []]

    def work(number: int) -> None:
        mine = (turns, second_turns)[number]
        while waiting := mine.waiting():
            for conversation_id in waiting:
                done = mine.run_next(conversation_id)
                if done:
                    taken[number].append(done.inbox_id)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    rows = inbox_rows(furnished)
    assert sorted(taken[0] + taken[1]) == [row.id for row in rows], "each once, by one of the two"
    if not furnished.is_sqlite:  # there the first writer may keep the second one waiting
        assert taken[0] and taken[1], "both had work"
    assert {(row.state, row.attempts) for row in rows} == {("done", 0)}
    assert tickets(furnished) == 2 * len(people)
    for row in rows:
        customs = [reply.custom["kind"] for reply in outbox_rows(furnished) if reply.inbox_id == row.id]
        assert customs and (row.text != HUMAN or customs == ["handoff"])


def test_nobody_answers_in_place_of_the_staff(chat: NewChat, furnished: Database, turns: Turns) -> None:
    citizen = chat()
    citizen.say("xin chào")
    with furnished.unit_of_work() as session:
        session.execute(update(Conversation).values(mode="staff"))
    assert citizen.say("lệ phí khai sinh bao nhiêu") == []
    assert inbox_rows(furnished)[-1].state == "done"
    assert turns.waiting() == []


def test_a_button_means_what_it_meant_and_shows_its_title(chat: NewChat, furnished: Database) -> None:
    citizen = chat()
    citizen.say("xin chào")
    lines = citizen.press("Nhận kết quả tại nhà")
    assert lines and lines[0].custom["kind"].startswith("pickup_")
    assert inbox_rows(furnished)[-1].text == "Nhận kết quả tại nhà"


@pytest.mark.parametrize(
    "payload", ["btn:999.0", "btn:2.99", "btn:", "btn:x.y", "btn:1", "btn:-1.0", "btn:²·.0", "btn:2.0.0"]
)
def test_a_button_that_never_was_is_told_kindly(chat: NewChat, payload: str) -> None:
    citizen = chat()
    citizen.say("xin chào")
    assert kinds(citizen.say(payload)) == ["fallback"]


def test_a_button_of_somebody_else_is_not_pressed(chat: NewChat) -> None:
    owner, stranger = chat(), chat()
    owner.say("gặp nhân viên")
    owner.say("xin chào")
    payload = owner.last[0].buttons[0]["payload"]
    assert kinds(owner.say(payload)) != ["fallback"]
    assert kinds(stranger.say(payload)) == ["fallback"]


def test_what_is_remembered_of_a_long_conversation_does_not_grow(chat: NewChat, furnished: Database) -> None:
    citizen = chat()
    sizes = []
    for number in range(40):
        citizen.say(("lệ phí khai sinh", "bao lâu xong", "cảm ơn", "xin chào")[number % 4])
        with furnished.reading() as session:
            sizes.append(len(session.execute(select(TrackerState.events)).scalar_one()))
    assert max(sizes[20:]) < 1.2 * max(sizes[:20])


def test_a_shared_location_is_answered_and_not_kept(furnished: Database, turns: Turns) -> None:
    chat = Chat(furnished, turns)
    (line,) = chat.say("geo:11.94042,108.45832")
    assert line.custom["kind"] == "place" and line.custom["units"][0]["name"].endswith("Đà Lạt")
    assert [row.text for row in inbox_rows(furnished)] == ["Vị trí của tôi"]
