"""One citizen on several channels: what is under way follows, what is a secret does not get looser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select, update
from talking import Chat, kinds, outbox_rows

from bot import clock
from bot.conversation import transcript
from bot.conversation.models import Address, Conversation
from bot.conversation.turn import Turns
from bot.conversation.ways import Ways
from bot.db.engine import Database
from bot.dossiers import proof
from bot.dossiers.notices import subscriptions
from bot.pickups.models import Pickup

Begin = Callable[..., Chat]
CODE, TAIL = "H36.12-261118-0042", "2345"


def link(giver: Chat, taker: Chat) -> None:
    """Let `giver` ask for a code and `taker` type it."""
    *_, told = giver.say("nối kênh")
    assert told.custom["topic"] == "link_code"
    code = re.search(r"LK-\w{4}-\w{4}", told.text)
    assert code
    *_, done = taker.say(code[0])
    assert done.custom["topic"] == "linked", done.text


def conversation_of(database: Database, chat: Chat) -> int:
    with database.reading() as session:
        return int(transcript.of_address(session, chat.channel, chat.sender) or 0)


def test_both_channels_are_one_conversation(chat: Begin, furnished: Database) -> None:
    web, phone = chat(channel="web"), chat("77", channel="telegram")
    web.say("xin chào"), phone.say("xin chào")
    link(web, phone)
    assert conversation_of(furnished, web) == conversation_of(furnished, phone)
    web.say("gửi kết quả về nhà giúp em, hồ sơ H36.14-261102-0076")
    assert kinds(phone.say("2468"))[-1] == "pickup_question", "the form goes on where the citizen is now"
    with furnished.reading() as session:
        said = transcript.after(session, "web", web.sender, 0)
    assert "2468" not in [line.text for line in said if line.sender == "citizen"]
    assert len([line for line in said if line.sender == "citizen"]) >= 3


def test_what_was_proved_and_followed_goes_along(chat: Begin, furnished: Database) -> None:
    web, phone = chat(channel="web"), chat("77", channel="telegram")
    phone.say(f"hồ sơ {CODE} số cuối {TAIL}")
    phone.say("báo tin cho tôi khi hồ sơ này có thay đổi")
    web.say("xin chào")
    link(web, phone)
    asker = f"web:{web.sender}"
    with furnished.reading() as session:
        assert subscriptions.followed_by(session, asker) == [CODE]
        assert subscriptions.followed_by(session, "telegram:77") == []
        assert proof.proved(session, asker, CODE)
    with clock.frozen(clock.now() + proof.identities.PROOF_LASTS * 2), furnished.reading() as session:
        assert not proof.proved(session, asker, CODE), "on a page a proof does not last as long as on one's own phone"


def test_linking_opens_no_lock(chat: Begin, furnished: Database) -> None:
    web, phone = chat(channel="web"), chat("77", channel="telegram")
    web.say("xin chào")
    for wrong in range(5):
        phone.say(f"hồ sơ {CODE} số cuối 000{wrong}")
    link(web, phone)
    *_, answer = phone.say("hồ sơ H36.12-261118-0033 số cuối 4567")
    assert answer.custom["kind"] == "dossier_locked"


def test_bookings_go_along(chat: Begin, furnished: Database) -> None:
    web, phone = chat(channel="web"), chat("77", channel="telegram")
    web.say("xin chào"), phone.say("xin chào")
    with furnished.unit_of_work() as session:
        session.execute(update(Pickup).values(conversation_id=conversation_of(furnished, phone)))
    link(web, phone)
    with furnished.reading() as session:
        owners = set(session.execute(select(Pickup.conversation_id)).scalars())
    assert owners <= {conversation_of(furnished, web)}


def test_the_other_side_is_told_and_may_part_again(chat: Begin, furnished: Database) -> None:
    web, phone = chat(channel="web"), chat("77", channel="telegram")
    web.say("xin chào"), phone.say("xin chào")
    before = conversation_of(furnished, phone)
    link(web, phone)
    told = [row for row in outbox_rows(furnished) if row.custom.get("topic") == "linked" and row.inbox_id is None]
    assert [row.buttons[0]["title"] for row in told] == ["Gỡ kênh"]
    with furnished.reading() as session:
        line = transcript.after(session, "web", web.sender, told[0].seq - 1)[0]
    *_, parted = web.say(line.buttons[0]["payload"])
    assert parted.custom["topic"] == "unlinked" and "Telegram" in parted.text
    assert conversation_of(furnished, phone) == before != conversation_of(furnished, web)
    assert kinds(phone.say("xin chào")) == ["smalltalk"], "it is answered as before"


def test_an_old_button_does_not_mean_another_message(chat: Begin) -> None:
    web, phone = chat(channel="web"), chat("77", channel="telegram")
    web.say("dang ky ket hon can giay to gi"), phone.say("xin chào")
    old = next(button for line in phone.last for button in line.buttons)
    link(web, phone)
    *_, answer = phone.say(old["payload"])
    assert "nút này đã cũ" in answer.text


@pytest.mark.parametrize("typed", ["LK-2222-3333", "lk 9999 zzzz"])
def test_a_made_up_code_joins_nothing(chat: Begin, furnished: Database, typed: str) -> None:
    phone = chat("77", channel="telegram")
    *_, answer = phone.say(typed)
    assert answer.custom["topic"] == "link_failed"


def test_ones_own_code_joins_nothing(chat: Begin) -> None:
    web = chat(channel="web")
    code = re.search(r"LK-\w{4}-\w{4}", web.say("nối kênh")[-1].text)
    assert code and web.say(code[0])[0].custom["topic"] == "link_failed"


def test_the_code_is_not_kept_in_the_transcript(chat: Begin, furnished: Database) -> None:
    web, phone = chat(channel="web"), chat("77", channel="telegram")
    web.say("xin chào")
    link(web, phone)
    from talking import inbox_rows

    assert not [row for row in inbox_rows(furnished) if re.search(r"LK-\w{4}-\w{4}", row.text)]


def test_what_waits_is_answered_in_the_joined_conversation(chat: Begin, furnished: Database, turns: Turns) -> None:
    web, phone = chat(channel="web"), chat("77", channel="telegram")
    web.say("xin chào"), phone.say("xin chào")
    code = re.search(r"LK-\w{4}-\w{4}", web.say("nối kênh")[-1].text)
    assert code
    first, second = phone.store(code[0]), phone.store("lệ phí khai sinh")
    assert turns.run_next(first.conversation_id) is not None
    assert turns.run_next(first.conversation_id) is None
    done = turns.run_next(conversation_of(furnished, web))
    assert done is not None and done.inbox_id == second.inbox_id
    assert phone.store("lệ phí khai sinh", message_id="again").again is False


def test_the_same_message_again_after_linking_has_no_second_effect(chat: Begin, furnished: Database) -> None:
    web, phone = chat(channel="web"), chat("77", channel="telegram")
    web.say("xin chào")
    first = phone.store("xin chào", message_id="tg-1")
    phone.turns.run_next(first.conversation_id)
    link(web, phone)
    assert phone.store("xin chào", message_id="tg-1").again


def test_six_channels_are_too_many(chat: Begin, furnished: Database) -> None:
    web = chat(channel="web")
    web.say("xin chào")
    for number in range(4):
        link(web, chat(f"{number}", channel="telegram"))
    code = re.search(r"LK-\w{4}-\w{4}", web.say("nối kênh")[-1].text)
    assert code and chat("9", channel="zalo").say(code[0])[0].custom["topic"] == "link_failed"
    with furnished.reading() as session:
        assert len(session.execute(select(Address.id)).all()) == 6
        assert session.execute(select(Conversation.id).where(Conversation.mode == "closed")).all()


def test_ways_of_linked_channels(chat: Begin, furnished: Database) -> None:
    web, phone = chat(channel="web"), chat("77", channel="telegram")
    web.say("xin chào")
    link(web, phone)
    from fakes.channel import FakeChannel

    ways = Ways([FakeChannel("telegram")], looking=["web"])
    with furnished.reading() as session:
        way = ways.choose(session, conversation_of(furnished, web), "info")
    assert (way.channel, way.state) == ("telegram", "pending")
