"""The REST channel as contract §1 promises it, with everything that callers and citizens may send."""

from __future__ import annotations

import json
import logging
import threading
import time
import unicodedata
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from contract import check_error, check_reply
from dialogues import BOOKING, DIALOGUES, VARIED
from httpx import Response
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from starlette.testclient import TestClient
from talking import inbox_rows, outbox_rows, tickets

from actions.service import SmallTalk
from actions.turn import Reply, Turn
from bot import app as application
from bot.conversation import inbox
from bot.conversation.engine import Engine
from bot.conversation.incoming import Incoming
from bot.conversation.models import TrackerState
from bot.db.engine import Database
from bot.pickups.models import Pickup
from bot.settings import Settings

URL = "/webhooks/rest/webhook"
Send = Callable[..., Response]
Say = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def send(client: TestClient) -> Send:
    """Post a message; keyword arguments are further fields of the body."""

    def _send(message: Any, sender: Any = "c1", **fields: Any) -> Response:
        # Lone surrogates can be written in JSON, though not in UTF-8: json.dumps escapes them.
        body = json.dumps({"sender": sender, "message": message, **fields})
        return client.post(URL, content=body.encode(), headers={"content-type": "application/json"})

    return _send


@pytest.fixture
def say(send: Send) -> Say:
    """Post a message and return the replies, each of which fits the contract."""

    def _say(message: str, sender: str = "c1", **fields: Any) -> list[dict[str, Any]]:
        response = send(message, sender, **fields)
        assert response.status_code == 200, response.text
        replies = response.json()
        for reply in replies:
            check_reply(reply)
            assert reply["recipient_id"] == sender
        return replies

    return _say


def kinds(replies: list[dict[str, Any]]) -> list[str]:
    return [reply["custom"]["kind"] for reply in replies]


# --- the promise ---


def test_the_form_of_an_answer(say: Say) -> None:
    replies = say("đăng ký khai sinh cần giấy tờ gì?")
    assert kinds(replies) == ["procedure"]
    assert replies[0]["custom"]["code"] == "1.001193" and replies[0]["custom"]["aspect"] == "documents"
    assert set(replies[0]) <= {"recipient_id", "text", "buttons", "custom"}


def test_without_marks_it_is_the_same_answer(say: Say) -> None:
    def shown(replies: list[dict[str, Any]]) -> list[Any]:
        # payloads are opaque, and hold the conversation
        return [(r["text"], r["custom"], [b["title"] for b in r.get("buttons", [])]) for r in replies]

    assert shown(say("dang ky khai sinh can giay to gi?", "c2")) == shown(say("đăng ký khai sinh cần giấy tờ gì?"))


def test_the_same_message_id_again_gives_the_same_answer_and_has_one_effect(say: Say, furnished: Database) -> None:
    first = say("gặp nhân viên", message_id="m1")
    assert kinds(first) == ["handoff"]
    assert say("gặp nhân viên", message_id="m1") == first
    assert say("một câu khác hẳn", message_id="m1") == first, "the id says which message it is"
    assert len(inbox_rows(furnished)) == 1 and tickets(furnished) == 1


def test_a_repeated_summary_books_once(say: Say, furnished: Database) -> None:
    for text in BOOKING:
        replies = say(text)
    for _ in range(6):  # answer what is left to ask, and confirm
        if "pickup_summary" in kinds(replies):
            break
        replies = say(replies[-1]["buttons"][0]["payload"])
    assert "pickup_summary" in kinds(replies)
    summary = next(reply for reply in replies if reply["custom"]["kind"] == "pickup_summary")
    assert "0912345678" not in json.dumps(summary, ensure_ascii=False), "the phone is masked"
    confirm = replies[-1]["buttons"][0]["payload"]
    booked = say(confirm, message_id="yes")
    assert "pickup_booked" in kinds(booked)
    assert say(confirm, message_id="yes") == booked
    say(confirm)  # the old button, pressed once more
    with furnished.reading() as session:
        assert session.execute(select(func.count()).select_from(Pickup)).scalar_one() == 1


def test_messages_of_one_sender_at_once_are_all_answered(say: Say, furnished: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: say("gặp nhân viên", message_id=f"m{n % 4}"), range(8)))
    assert {kind for replies in answers for kind in kinds(replies)} == {"handoff"}
    assert len(inbox_rows(furnished)) == 4 and tickets(furnished) == 1
    assert len(outbox_rows(furnished)) == 4


def test_a_stored_message_is_answered_by_the_next_process(furnished: Database, engine: Engine) -> None:
    """What a dead process left waiting needs nobody to ask for it."""
    inbox.accept(furnished, Incoming("rest", "c9", "left", "gặp nhân viên"))
    with TestClient(application.build(Settings(), furnished, engine)):
        until = time.monotonic() + 10
        while not outbox_rows(furnished) and time.monotonic() < until:
            time.sleep(0.05)
    assert [row.custom["kind"] for row in outbox_rows(furnished)] == ["handoff"]


def test_an_answer_that_takes_too_long_can_be_fetched_later(
    furnished: Database, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, may_go_on = SmallTalk.answer, threading.Event()

    def slow(action: SmallTalk, turn: Turn) -> Reply:
        may_go_on.wait(20)
        return answer(action, turn)

    monkeypatch.setattr(SmallTalk, "answer", slow)
    body = {"sender": "c1", "message": "xin chào", "message_id": "m1"}
    with TestClient(application.build(Settings(reply_timeout_seconds=0.2), furnished, engine)) as client:
        late = client.post(URL, json=body)
        assert late.status_code == 503 and late.json()["error"]["code"] == "not_yet"
        may_go_on.set()
        until = time.monotonic() + 10
        while (again := client.post(URL, json=body)).status_code == 503 and time.monotonic() < until:
            time.sleep(0.05)
    assert kinds(again.json()) == ["smalltalk"]
    assert len(inbox_rows(furnished)) == 1


def test_a_failing_action_is_answered_by_the_staff_and_never_by_a_500(
    send: Send, furnished: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SmallTalk, "answer", lambda *_: 1 / 0)
    response = send("xin chào", message_id="m1")
    assert response.status_code == 200, response.text
    assert kinds(response.json()) == ["handoff"]
    assert tickets(furnished) == 1
    assert send("xin chào", message_id="m1").json() == response.json()


# --- what callers get wrong ---


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"null", b"[]", b"[[[]]]", b'"text"', b"12", b"{}", b"\xff\xfe", b"\x00", b"NaN",
        b'{"sender": "c1"}', b'{"message": "xin"}', b'{"sender": null, "message": "xin"}',
        b'{"sender": "c1", "message": null}', b'{"sender": "c1", "message": 12}',
        b'{"sender": "c1", "message": ["xin"]}', b'{"sender": "c1", "message": {"text": "xin"}}',
        b'{"sender": 1, "message": "xin"}', b'{"sender": "c1", "message": true}',
        b'{"sender": "c1", "message": "xin", "message_id": 5}', b'{"sender": "c1", "message": "xin", "message_id": {}}',
        b'{"sender": "c1", "message": "xin"', b'{"sender": "c1", "message": "\xc3\x28"}',
        b'{"sender": "", "message": "xin"}', b'{"sender": "  ", "message": "xin"}',
        b'{"sender": "c1", "message": ""}', b'{"sender": "c1", "message": " \\n\\t "}',
        b'{"sender": "c1", "message": "\\u200b\\u202e"}', b'{"sender": "c1", "message": "\\u0000"}',
        b'{"sender": "c1", "message": "xin", "message_id": ""}',
        b"[" * 30_000, b'{"a":' * 10_000,
        b'{"sender": "c1", "message": "xin", "x": 1' + b"0" * 5000 + b"",
    ],
    ids=lambda body: body[:44].decode("latin-1"),
)  # fmt: skip
def test_a_wrong_body_is_a_clear_error(client: TestClient, furnished: Database, body: bytes) -> None:
    response = client.post(URL, content=body, headers={"content-type": "application/json"})
    check_error(response.status_code, response.json())
    assert response.status_code == 400
    assert inbox_rows(furnished) == []


def test_lengths(send: Send, furnished: Database) -> None:
    assert send("a" * 4_000).status_code == 200
    assert send("ă" * 4_000).status_code == 200
    for response in (send("a" * 4_001), send("xin", "c" * 129), send("xin", message_id="m" * 129)):
        check_error(response.status_code, response.json())
        assert response.status_code == 400
    assert len(inbox_rows(furnished)) == 2


@pytest.mark.parametrize("how", ["one piece", "many pieces"])
def test_a_body_over_64_kib_is_refused(client: TestClient, furnished: Database, how: str) -> None:
    body = json.dumps({"sender": "c1", "message": "xin", "metadata": {"x": "a" * 66_000}}).encode()
    pieces = (body[at : at + 1000] for at in range(0, len(body), 1000))
    response = client.post(URL, content=body if how == "one piece" else pieces)
    check_error(response.status_code, response.json())
    assert response.status_code == 413
    assert inbox_rows(furnished) == []


@pytest.mark.parametrize(
    "metadata", [{}, None, {"a": [1, {"b": None}]}, {"conversation_id": 999}, {"paused": {"x": 1}}]
)
def test_metadata_is_taken_and_obeyed_in_nothing(say: Say, metadata: Any) -> None:
    assert kinds(say("ừ", metadata=metadata)) == ["smalltalk"]


@pytest.mark.parametrize("metadata", [[], "x", 5, True, [{}]])
def test_metadata_of_another_type_is_a_clear_error(send: Send, metadata: Any) -> None:
    response = send("xin chào", metadata=metadata)
    check_error(response.status_code, response.json())


def test_fields_nobody_knows_are_ignored(say: Say) -> None:
    assert kinds(say("xin chào", input_channel="x", extra=[1, 2])) == ["smalltalk"]


@pytest.mark.parametrize(("method", "path", "status"), [("GET", URL, 405), ("POST", "/webhooks/x/webhook", 404)])
def test_other_ways_of_asking(client: TestClient, method: str, path: str, status: int) -> None:
    response = client.request(method, path)
    assert response.status_code == status and set(response.json()["error"]) == {"code", "message"}


# --- what citizens type ---


ODD = (
    "\x00\x01\x02xin chào\x7f", "xin\x00chào", "\ud800", "xin \udfff chào", "😀", "😀👍🏽🇻🇳👨‍👩‍👧",
    "\u202exin chào\u202c",
    "\u200fxin\u200b chào", "؀؁", "𝔵𝔦𝔫 𝔠𝔥𝔞𝔬", "a" * 4_000, "\n" * 50 + "xin chào", "x̸̢̛̤͇" * 30, "½ ² ٣ ๓ 一",
    "9" * 400, "1" * 3_000, "-1e999", "NaN", "null", "{}", "[]", "%s %n {0} ${x}", "'; DROP TABLE inbox; --",
    "<script>alert(1)</script>", "{{ 7 * 7 }}", "../../etc/passwd", "H36.12-" + "9" * 60, "MC-" + "0" * 99,
    "31/02/2026", "ngày 99 tháng 99 năm 99999", "thứ 999", "năm 0", "0/0/0", "cái thứ 99999999999999999999",
    "/", "//", "/ /", "/restart", "/session_start", "/back", "/action_book_pickup", " /restart", "\u200b/restart",
    '/book_delivery{"x":1}', '/greet{"x"', "/greet{}", "EXTERNAL: x", "_restart", "/nlu_fallback",
    '/inform{"a": [1]}',
    "btn:", "btn:0.0", "btn:1", "btn:999.0", "btn:-1.-1", "btn:1.0.0", "btn:٣.٣", "btn:999999999999.0",
    "btn:" + "9" * 300 + ".0", "btn:1.\x00", "BTN:1.0",
)  # fmt: skip


@pytest.mark.parametrize("text", ODD, ids=ascii)
def test_an_odd_text_gets_a_proper_answer_or_a_clear_error(send: Send, say: Say, text: str) -> None:
    response = send(text)
    if response.status_code == 200:
        assert response.json()
        for reply in response.json():
            check_reply(reply)
    else:
        check_error(response.status_code, response.json())
    assert kinds(say("gặp nhân viên")) == ["handoff"], "the conversation goes on"


@pytest.mark.parametrize("command", ["/restart", "/session_start", '/book_delivery{"x":1}', "/talk_to_human{}"])
def test_a_typed_payload_is_plain_text(say: Say, furnished: Database, command: str) -> None:
    """Inside a form: a payload that was obeyed would end it or jump elsewhere."""
    say(BOOKING[0])
    before = say("Lê Thị Ngọc Bích")[-1]["custom"]
    after = say(command)
    assert after[-1]["custom"] == before == {"kind": "pickup_question", "slot": "phone"}
    assert "cancelled" not in kinds(after) and "handoff" not in kinds(after)
    assert inbox_rows(furnished)[-1].text == command


def test_a_typed_payload_cannot_prove_anything(say: Say) -> None:
    for text in (
        '/inform{"dossier_code":"H36.12-261118-0042","dossier_factor":"proved"}',
        '/check_dossier{"dossier_factor":"proved"}',
    ):
        assert "dossier_status" not in kinds(say(text))


def test_a_button_of_another_conversation_is_refused(say: Say) -> None:
    payload = say("gặp nhân viên", "other") and say("xin chào", "other")[0]["buttons"][0]["payload"]
    assert kinds(say(payload, "other")) != ["fallback"]
    assert kinds(say(payload, "c1")) == ["fallback"]


@pytest.mark.parametrize(
    "text",
    [
        "đăng ký khai sinh cần giấy tờ gì?",
        "Lệ phí đăng ký kết hôn bao nhiêu ạ",
        "hồ sơ của tôi tới đâu rồi",
        "xã Gia Hiệp giờ là xã nào",
        "tôi muốn gặp nhân viên",
    ],
)
def test_decomposed_vietnamese_is_understood_the_same(say: Say, text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert decomposed != text
    pairs = zip(say(text, "nfc"), say(decomposed, "nfd"), strict=True)
    for composed_reply, decomposed_reply in pairs:
        without_ticket = [{**r["custom"], "ticket": 0, "position": 0} for r in (composed_reply, decomposed_reply)]
        assert without_ticket[0] == without_ticket[1]


@pytest.mark.parametrize("text", ["\u202exin\u202c chào", "x\u200bin chà\u00ado", "xin  \u00a0chào\x00"])
def test_invisible_characters_change_nothing(say: Say, furnished: Database, text: str) -> None:
    assert kinds(say(text)) == ["smalltalk"]
    assert inbox_rows(furnished)[0].text == "xin chào"


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    text=st.one_of(
        st.text(max_size=60),
        st.text(alphabet=st.characters(), max_size=20),
        st.lists(st.sampled_from([*VARIED, *ODD]), min_size=1, max_size=3).map(" ".join),
        st.from_regex(r"(btn:|/)[a-z0-9._{}\":]{0,30}", fullmatch=True),
    ),
    inside=st.sampled_from(["", "hồ sơ của tôi tới đâu rồi", BOOKING[0]]),
)
@example(text="İ" * 5 + "ẞ", inside="")
@example(text="ǅ ﬁ ŉ xã Dİ Linh", inside=BOOKING[0])
@example(text="ngày ٣٠/٢/٢٠٢٦ lúc ²h", inside=BOOKING[0])
def test_any_text_at_all(send: Send, text: str, inside: str) -> None:
    sender = uuid.uuid4().hex
    if inside:
        send(inside, sender)
    response = send(text, sender)
    if response.status_code == 200:
        assert response.json()
        for reply in response.json():
            check_reply(reply)
            assert reply["custom"].get("topic") != "system", "no turn failed"
            assert "trục trặc" not in reply["text"], "no turn failed"
    else:
        check_error(response.status_code, response.json())


# --- every answer fits the contract ---


def test_every_answer_fits_the_contract(say: Say, furnished: Database) -> None:
    """Sixty messages of every sort, each to somebody new, and every button under the answers."""
    seen: set[str] = set()
    for number, text in enumerate(VARIED):
        sender = f"v{number}"
        replies = say(text, sender)
        assert replies, text
        seen |= set(kinds(replies))
        for payload in [b["payload"] for reply in replies for b in reply.get("buttons", [])][:3]:
            pressed = say(payload, sender)
            assert pressed, f"{text}: a button leads somewhere"
            seen |= set(kinds(pressed))
    assert {row.attempts for row in inbox_rows(furnished)} == {0}, "no turn failed"
    assert len(seen) >= 12, seen


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: ascii(dialogue[0]))
def test_every_dialogue_fits_the_contract(say: Say, furnished: Database, dialogue: tuple[str, ...]) -> None:
    for text in dialogue:
        assert say(text), text
    assert {row.attempts for row in inbox_rows(furnished)} == {0}


def test_misunderstood_three_times_is_a_person(say: Say, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = {"name": "nlu_fallback", "confidence": 0.3}
    monkeypatch.setattr(
        engine._processor,
        "parse",
        lambda text: {"text": text, "intent": nothing, "entities": [], "intent_ranking": [nothing]},
    )
    first, second, third = (say(text) for text in ("qwrt plmk", "bvcx zzxy", "hjkl wwqq"))
    assert first[0]["custom"] == {"kind": "fallback", "attempt": 1}
    assert second[0]["custom"] == {"kind": "fallback", "attempt": 2} and second[0]["buttons"]
    assert kinds(third) == ["handoff"]


# --- secrets ---


@pytest.mark.parametrize(
    ("text", "secret", "reason"),
    [
        ("mã OTP 123456", "123456", "otp"),
        ("ma otp cua em la 123456 do", "123456", "otp"),
        ("OTP:987654", "987654", "otp"),
        ("mật khẩu của tôi là Hoa@2026", "Hoa@2026", "otp"),
        ("căn cước 068123456789", "068123456789", "identity_number"),
        ("so cccd 068 123 456 789", "068 123 456 789", "identity_number"),
        ("hồ sơ của 068123456789 tới đâu rồi", "068123456789", "identity_number"),
    ],
)
def test_a_secret_is_stored_nowhere(
    say: Say, furnished: Database, caplog: pytest.LogCaptureFixture, text: str, secret: str, reason: str
) -> None:
    caplog.set_level(logging.DEBUG)
    replies = say(text)
    assert replies[0]["custom"] == {"kind": "guard", "reason": reason}
    say("xin chào")
    with furnished.reading() as session:
        trackers = list(session.execute(select(TrackerState.events)).scalars())
    stored = [row.text for row in inbox_rows(furnished)]
    said = [row.text + json.dumps(row.custom) + json.dumps(row.buttons) for row in outbox_rows(furnished)]
    for place in (*stored, *said, *trackers, caplog.text, json.dumps(replies)):
        assert secret not in place


def test_a_fault_is_logged_without_the_citizens_words(
    send: Send, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_: SmallTalk, turn: Turn) -> Reply:
        raise ValueError(f"cannot read {turn.text}")

    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(SmallTalk, "answer", failing)
    send("xin chào, tôi là Lê Thị Ngọc Bích")
    assert "turn failed" in caplog.text
    assert "Ngọc Bích" not in caplog.text
