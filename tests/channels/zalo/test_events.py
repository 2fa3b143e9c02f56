"""Every event of the facts, in every shape that sources give it, as what it means to us."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fakes.zalo import OA_ID, World
from fakes.zalo_webhooks import Webhooks
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.zalo import events
from bot.channels.zalo.events import Blocked, Delivered, HumanAnswered, Said, Withdrawn
from bot.conversation.incoming import KINDS, Incoming
from bot.places.location import shared
from channels.zalo.conftest import CITIZEN, MORNING

W = Webhooks(World(fixed=MORNING))


def said(event: dict[str, Any]) -> Incoming:
    found = events.read(event, OA_ID)
    assert len(found) == 1 and isinstance(found[0], Said), found
    return found[0].incoming


def test_a_text_with_its_ids_and_its_time() -> None:
    event = W.message(
        CITIZEN, "user_send_text", {"text": "Hồ sơ của tôi tới đâu rồi?", "msg_id": "m-01", "quote_msg_id": "m-00"}
    )
    found = said(event)
    assert found == Incoming("zalo", CITIZEN, "m-01", "Hồ sơ của tôi tới đâu rồi?", "text", MORNING)


def test_a_pressed_button_is_a_text_like_any_other() -> None:
    assert said(W.message(CITIZEN, "user_send_text", {"text": "btn:12.0"})).text == "btn:12.0"


@pytest.mark.parametrize(
    ("name", "kind", "text", "media"),
    [
        ("user_send_image", "photo", "", "https://f1.zdn.vn/p.jpg"),
        ("user_send_gif", "sticker", "", None),
        ("user_send_file", "file", "", None),
        ("user_send_audio", "voice", "", "https://f1.zdn.vn/a.amr"),
        ("user_send_video", "file", "", None),
        ("user_send_sticker", "sticker", "", None),
        ("user_send_link", "text", "https://example.org/trang", None),
        ("user_send_business_card", "text", "0900001234", None),
        ("user_send_location", "text", "geo:11.94,108.46", None),
    ],
)
def test_every_kind_of_attachment(name: str, kind: str, text: str, media: str | None) -> None:
    found = said(W.media(CITIZEN, name))
    assert (found.kind, found.text, found.media.get("url")) == (kind, text, media)
    assert found.kind in KINDS


def test_a_caption_comes_with_its_picture() -> None:
    found = said(W.media(CITIZEN, "user_send_image", "giấy hẹn của em"))
    assert (found.kind, found.text) == ("photo", "giấy hẹn của em")


@pytest.mark.parametrize(
    "payload",
    [{"name": "giay-hen.JPG", "type": "jpg"}, {"name": "x", "type": "image/png"}, {"name": "a.webp", "type": ""}],
)
def test_a_picture_sent_as_a_file_is_a_photo(payload: dict[str, str]) -> None:
    assert said(W.media(CITIZEN, "user_send_file", **payload)).kind == "photo"


@pytest.mark.parametrize("size", ["18324", 18324])
def test_the_size_of_a_file_may_be_text_or_number(size: Any) -> None:
    assert said(W.media(CITIZEN, "user_send_file", size=size)).kind == "file"


def test_several_pictures_in_one_event_are_several_messages() -> None:
    event = W.media(CITIZEN, "user_send_image", "ba ảnh")
    event["message"]["attachments"] *= 3
    found = [one.incoming for one in events.read(event, OA_ID) if isinstance(one, Said)]
    assert [one.kind for one in found] == ["photo"] * 3 and len({one.message_id for one in found}) == 3
    assert [one.text for one in found] == ["ba ảnh", "", ""]


@pytest.mark.parametrize(
    "message",
    [
        {
            "attachments": [
                {"type": "location", "payload": {"coordinates": {"latitude": 11.9404, "longitude": 108.4583}}}
            ]
        },
        {"location": {"latitude": "11.9404", "longitude": "108.4583"}},
        {"attachments": [], "location": {"latitude": 11.9404, "longitude": 108.4583}},
    ],
)
def test_both_shapes_of_a_location_are_one_geo_address(message: dict[str, Any]) -> None:
    found = said(W.message(CITIZEN, "user_send_location", message))
    assert found.text == "geo:11.94,108.46" and shared(found.text) is not None


@pytest.mark.parametrize(
    "place",
    [{}, {"latitude": "x", "longitude": "y"}, {"latitude": "nan", "longitude": "1"}, {"latitude": 991, "longitude": 1}],
)
def test_a_location_that_is_none_is_something_unknown(place: dict[str, Any]) -> None:
    assert said(W.message(CITIZEN, "user_send_location", {"location": place})).kind == "unknown"


@pytest.mark.parametrize(
    "event",
    [
        W.submit_info(CITIZEN, {"name": "Nguyễn Thị Ví Dụ", "phone": "84900001234", "user_dob": "01/01/1980"}),
        W.submit_info(CITIZEN, {"name": "Nguyễn Thị Ví Dụ", "phone": 84900001234, "address": "x", "city": "y"}),
        W.submit_info(CITIZEN, {"phone": 900001234}),
        W.submit_info(CITIZEN, {"phone": "0900 001 234"}, key="shared_info"),
        W.submit_info(CITIZEN, '{"phone": "+84900001234"}'),
        W.message(CITIZEN, "user_submit_info", {"text": '{"phone": "84900001234"}'}),
    ],
)
def test_every_shape_of_a_contact_form_is_the_phone_as_typed_text(event: dict[str, Any]) -> None:
    found = said(event)
    assert (found.kind, found.text) == ("text", "0900001234"), "typed by hand: not vouched for"


@pytest.mark.parametrize(
    "info", [None, "", "{", {}, {"phone": "x"}, {"phone": None}, {"phone": True}, [], {"phone": "1" * 40}]
)
def test_a_form_without_a_phone_means_nothing(info: Any) -> None:
    assert events.read(W.submit_info(CITIZEN, info), OA_ID) == []


def test_who_follows_begins_and_is_open_again() -> None:
    blocked, start = events.read(W.follow(CITIZEN), OA_ID)
    assert blocked == Blocked(CITIZEN, False)
    assert isinstance(start, Said) and (start.incoming.kind, start.incoming.text) == ("command", "start")
    again = events.read(W.follow(CITIZEN), OA_ID)[1]
    assert isinstance(again, Said) and again.incoming.message_id == start.incoming.message_id, "the same event again"


def test_who_leaves_is_closed_and_who_withdraws_too() -> None:
    assert events.read(W.follow(CITIZEN, "unfollow"), OA_ID) == [Blocked(CITIZEN, True)]
    event = {"event_name": "user_withdraw", "user_id": CITIZEN, "user_id_by_app": "5", "timestamp": "1790000000000"}
    assert events.read(event, OA_ID) == [Blocked(CITIZEN, True), Withdrawn(CITIZEN)]


def test_a_person_of_ours_who_answered_is_told_from_an_echo() -> None:
    human = W.from_account(
        CITIZEN, "oa_send_text", {"text": "Chào ông/bà", "msg_id": "m-02"}, admin="9000000000000000001"
    )
    echo = W.from_account(CITIZEN, "oa_send_text", {"text": "Chào ông/bà", "msg_id": "m-02"})
    assert events.read(human, OA_ID) == [HumanAnswered(CITIZEN)]
    assert events.read(echo, OA_ID) == []


OA_SENT = "text image file sticker gif list consent template anonymous_text".split()


@pytest.mark.parametrize("name", [f"oa_send_{kind}" for kind in OA_SENT])
@pytest.mark.parametrize("admin", [None, "9000000000000000001"])
def test_what_the_account_sent_is_never_answered(name: str, admin: str | None) -> None:
    event = W.from_account(CITIZEN, name, {"text": "x", "msg_id": "m-03"}, admin=admin)
    assert not any(isinstance(one, Said) for one in events.read(event, OA_ID))
    assert events.name_of(event) == "oa_send"


def test_the_ids_decide_who_wrote_and_not_the_name() -> None:
    ours = W.from_account(CITIZEN, "user_send_text", {"text": "x", "msg_id": "m-04"})
    assert events.read(ours, OA_ID) == []
    others = W.message(CITIZEN, "user_send_text", {"text": "x"})
    others["recipient"] = {"id": "3999999999999999999"}
    assert events.read(others, OA_ID) == [], "another account of the same app"
    assert events.read({**W.follow(CITIZEN), "oa_id": "3999999999999999999"}, OA_ID) == []


def test_a_receipt_of_a_notice_is_told_from_the_chats() -> None:
    notice = {"phone": "84900001234", "msg_id": "f0e1d2", "tracking_id": "123.0"}
    (found,) = events.read(W.receipt(notice), OA_ID)
    assert found == Delivered("123.0", MORNING)
    for name, message in (("user_received_message", {"msg_id": "m-02"}), ("user_seen_message", {"msg_ids": ["m-02"]})):
        assert events.read(W.from_account(CITIZEN, name, message), OA_ID) == []
        assert events.read(W.message(CITIZEN, name, message), OA_ID) == [], "whichever direction"


@pytest.mark.parametrize("name", sorted(events.IGNORED - {"user_received_message"}))
def test_known_events_of_no_consequence(name: str) -> None:
    event = W.message(CITIZEN, name, {"text": "x"})
    assert events.read(event, OA_ID) == [] and events.name_of(event) == name


@pytest.mark.parametrize("name", ["user_click_button", "something_new", "", None, 7, "oa_", "x" * 5000])
def test_unknown_events_mean_nothing_and_make_no_label(name: Any) -> None:
    event = W.message(CITIZEN, "user_send_text", {"text": "x"}, event_name=name)
    assert events.read(event, OA_ID) == [] and events.name_of(event) in ("unknown", "oa_send")


def test_without_an_id_the_same_event_still_has_the_same_one() -> None:
    event = W.message(CITIZEN, "user_send_text", {"text": "x", "msg_id": None})
    again, later = dict(event), {**event, "timestamp": "1790000000999"}
    ids = [said(one).message_id for one in (event, again, later)]
    assert ids[0] == ids[1] != ids[2] and len(ids[0]) == 64


@pytest.mark.parametrize("msg_id", ["m" * 126, " m", "m\n", "\ud800"])
def test_an_odd_id_is_hashed_or_taken_but_never_breaks(msg_id: str) -> None:
    assert 0 < len(said(W.message(CITIZEN, "user_send_text", {"text": "x", "msg_id": msg_id})).message_id) <= 128


def test_ids_may_come_as_numbers_and_times_too() -> None:
    event = W.message(
        CITIZEN, "user_send_text", {"text": "x"}, sender={"id": int(CITIZEN)}, timestamp=int(W.world.now_ms)
    )
    found = said(event)
    assert found.sender == CITIZEN and found.sent_at == MORNING


@pytest.mark.parametrize("timestamp", [None, "", "x", "-1", "9" * 30, 1e30, True, "0"])
def test_a_time_that_is_none_is_left_out(timestamp: Any) -> None:
    assert said(W.message(CITIZEN, "user_send_text", {"text": "x"}, timestamp=timestamp)).sent_at is None


def test_the_time_is_in_milliseconds() -> None:
    event = W.message(CITIZEN, "user_send_text", {"text": "x"}, timestamp=str(int(W.world.now_ms) + 250))
    assert said(event).sent_at == MORNING + timedelta(milliseconds=250)


@pytest.mark.parametrize("sender", [None, {}, {"id": ""}, {"id": None}, {"id": "a' OR 1=1"}, {"id": "7" * 99}, "x", []])
def test_without_a_sender_nothing_was_said(sender: Any) -> None:
    assert events.read(W.message(CITIZEN, "user_send_text", {"text": "x"}, sender=sender), OA_ID) == []


NAMES = sorted({*events._READERS, *events.IGNORED, "oa_send_text", "something_new"})
KEYS = ["id", "text", "msg_id", "attachments", "payload", "url", "coordinates", "latitude", "phone"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)
FIELDS = ["sender", "recipient", "message", "timestamp", "info", "follower", "user_id", "oa_id", "shared_info"]


@given(st.sampled_from(NAMES), st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_whatever_comes_reading_it_raises_nothing(name: str, fields: dict[str, Any]) -> None:
    event = {**W.message(CITIZEN, name, {"text": "x"}), **fields}
    for one in events.read(event, OA_ID):
        if isinstance(one, Said):
            assert one.incoming.kind in KINDS and one.incoming.sender.isdecimal()
