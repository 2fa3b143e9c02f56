"""What each kind of update becomes, made by a citizen on the fake."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from fakes.telegram import FakeTelegram
from fakes.telegram_people import Person

from bot.channels.telegram.reading import LARGEST_FETCHED, Seen, read
from bot.channels.telegram.updates import parse
from bot.clock import UTC
from bot.conversation.incoming import COMMANDS, KINDS, Incoming

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
STAMP = int(NOW.timestamp())
JPEG = b"\xff\xd8\xff" + b"x" * 500


@pytest.fixture
def an() -> Person:
    # Never served: nothing here goes over the network.
    telegram = FakeTelegram(clock=lambda: STAMP)
    telegram.server_close()
    return telegram.person(77)


def seen(raw: dict[str, Any]) -> Seen:
    update = parse(raw)
    assert update is not None
    return read(update, raw, NOW)


def incoming(raw: dict[str, Any]) -> Incoming:
    found = seen(raw).incoming
    assert found is not None
    assert found.kind in KINDS
    assert found.channel == "telegram"
    return found


def test_a_text(an: Person) -> None:
    raw = an.says("Hồ sơ của tôi tới đâu rồi?")
    found = incoming(raw)
    assert (found.kind, found.text, found.sender, found.name) == ("text", "Hồ sơ của tôi tới đâu rồi?", "77", "An")
    assert found.message_id == "tg:77:1"
    assert (found.sent_at, found.order) == (NOW, raw["update_id"])
    assert not found.media


def test_each_message_and_each_edit_has_an_id_of_its_own_that_stays(an: Person) -> None:
    first, second = an.says("một"), an.says("hai")
    edit, again = an.edits(1, "một, sửa"), an.edits(1, "một, sửa nữa")
    ids = [incoming(raw).message_id for raw in (first, second, edit, again)]
    assert len(set(ids)) == 4
    assert ids == [incoming(raw).message_id for raw in (first, second, edit, again)]
    assert incoming(edit).text == "một, sửa"


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        ("/start", "command", "start"),
        ("/help", "command", "help"),
        ("/huy", "command", "cancel"),
        ("/nhanvien", "command", "human"),
        ("/start@motcua_test_bot", "command", "start"),
        ("/HUY", "command", "cancel"),
        ("/hủy", "command", "cancel"),
        ("/hu\u0309y", "command", "cancel"),  # the same letters, taken apart
        ("/nhanvien tôi cần gặp gấp", "command", "human"),
        ("/start LK-7K4P-QD2M", "text", "LK-7K4P-QD2M"),
        ("/start@motcua_test_bot  tracuu ", "text", "tracuu"),
        ("/help giấy khai sinh", "text", "giấy khai sinh"),
        ("/huy lịch hẹn", "text", "hủy lịch hẹn"),
        ("/restart", "text", "/restart"),
        ('/book_delivery{"x":1}', "text", '/book_delivery{"x":1}'),
        ("/startling", "text", "/startling"),
        ("tôi gõ /start", "text", "tôi gõ /start"),
    ],
)
def test_commands_and_what_only_looks_like_one(an: Person, typed: str, kind: str, text: str) -> None:
    found = incoming(an.says(typed))
    assert (found.kind, found.text) == (kind, text)
    assert kind == "text" or text in COMMANDS


def test_a_pressed_button_is_its_payload_and_is_answered(an: Person) -> None:
    found = seen(an.calls_back("btn:7.3.0"))
    assert found.incoming is not None
    assert (found.incoming.kind, found.incoming.text, found.incoming.sender) == ("text", "btn:7.3.0", "77")
    assert found.callback
    assert found.incoming.sent_at == NOW


def test_a_button_without_payload_or_in_a_group_is_answered_and_left_at_that(an: Person) -> None:
    raw = an.calls_back("btn:7.3.0")
    raw["callback_query"]["message"]["chat"]["type"] = "group"
    game = an.calls_back("x")
    del game["callback_query"]["data"]
    for pressed in (raw, game):
        assert seen(pressed).incoming is None
        assert seen(pressed).callback


def test_only_the_senders_own_card_is_a_contact(an: Person) -> None:
    own = incoming(an.shares_contact("84900001234"))
    assert (own.kind, own.text) == ("contact", "+84900001234")
    assert incoming(an.shares_contact("+84900001234")).text == "+84900001234"
    for of in (78, 0):
        other = incoming(an.shares_contact("84900005678", of=of))
        assert (other.kind, other.text, other.media) == ("unknown", "", {})


def test_a_location_is_kept_to_a_kilometre(an: Person) -> None:
    found = incoming(an.shares_location(11.940419, 108.458313))
    assert (found.kind, found.text) == ("text", "geo:11.94,108.46")


def test_a_location_that_moves_is_said_once(an: Person) -> None:
    raw = an.shares_location(11.94, 108.46)
    moved = {"update_id": 9, "edited_message": {**raw["message"], "edit_date": STAMP + 60}}
    assert seen(moved).incoming is None


def test_of_a_photo_the_largest_copy_that_may_be_fetched(an: Person) -> None:
    raw = an.sends_photo(JPEG, "giấy hẹn")
    found = incoming(raw)
    sizes = raw["message"]["photo"]
    assert (found.kind, found.text) == ("photo", "giấy hẹn")
    assert found.media == {"file_id": sizes[1]["file_id"], "size": len(JPEG)}
    sizes[1]["file_size"] = LARGEST_FETCHED + 1
    assert incoming(raw).media["file_id"] == sizes[0]["file_id"]
    sizes[0]["file_size"] = LARGEST_FETCHED + 1
    assert incoming(raw).media["size"] > LARGEST_FETCHED  # fetching says so; nothing is silently dropped


@pytest.mark.parametrize(("name", "kind"), [("giay-hen.jpg", "image/jpeg"), ("IMG_1.HEIC", "application/octet-stream")])
def test_a_picture_sent_as_a_file_is_a_photo(an: Person, name: str, kind: str) -> None:
    found = incoming(an.sends_file(name, kind, JPEG))
    assert (found.kind, found.media["size"]) == ("photo", len(JPEG))


def test_other_files_are_files_and_have_nothing_to_fetch(an: Person) -> None:
    for raw in (
        an.sends_file("don.pdf", "application/pdf", b"%PDF"),
        an.sends(video={"file_id": "v"}),
        an.sends(animation={"file_id": "a"}, document={"file_id": "a", "mime_type": "image/gif"}),
    ):
        assert (incoming(raw).kind, incoming(raw).media) == ("file", {})


def test_voice_sticker_and_the_unknown(an: Person) -> None:
    voice = incoming(an.sends_voice(b"OggS" * 10, seconds=4))
    assert voice.kind == "voice"
    assert (voice.media["seconds"], voice.media["size"]) == (4, 40)
    assert incoming(an.sends(sticker={"file_id": "s", "emoji": "🙂"})).kind == "sticker"
    assert incoming(an.sends(dice={"value": 3})).kind == "unknown"
    assert incoming(an.sends(a_kind_of_next_year={"x": 1})).kind == "unknown"


def test_a_forwarded_text_is_a_text(an: Person) -> None:
    assert incoming(an.says("đọc giúp em", forward_origin={"type": "hidden_user"})).text == "đọc giúp em"


@pytest.mark.parametrize(("after", "is_blocked"), [("blocks", True), ("unblocks", False)])
def test_a_door_shut_and_opened(an: Person, after: str, is_blocked: bool) -> None:
    found = seen(getattr(an, after)())
    assert found.blocked == ("77", is_blocked)
    assert found.incoming is None


def test_groups_bots_and_what_telegram_says_itself_are_left_alone(an: Person) -> None:
    group = an.says("xin chào")
    group["message"]["chat"] = {"id": -5, "type": "supergroup"}
    bot = an.says("xin chào")
    bot["message"]["from"]["is_bot"] = True
    post = {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "x"}}
    pinned = an.sends(pinned_message={"message_id": 1})
    assert [seen(raw).result for raw in (group, bot, post, pinned)] == ["group", "bot", "bot", "service"]
    joined = {"chat": {"id": -5, "type": "group"}, "new_chat_member": {"status": "member"}}
    for raw in (group, bot, post, pinned, {"update_id": 2, "my_chat_member": joined}, {"update_id": 3, "poll": {}}):
        assert seen(raw).incoming is None
        assert seen(raw).blocked is None


@pytest.mark.parametrize(
    "raw",
    [
        None, [], 7, "x", {}, {"update_id": "1"}, {"update_id": -1}, {"update_id": 10**30},
        {"update_id": 1, "message": {}}, {"update_id": 1, "message": []},
        {"update_id": 1, "message": {"message_id": 1, "date": 10**12, "chat": {"id": 1, "type": "private"}}},
        {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 10**25, "type": "private"}}},
        {"update_id": 1, "callback_query": {"id": 5}},
        {"update_id": 1, "callback_query": {"id": "x" * 300, "from": {"id": 1}}},
    ],
)  # fmt: skip
def test_what_does_not_have_telegrams_form_is_none(raw: object) -> None:
    assert parse(raw) is None
