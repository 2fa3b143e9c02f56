"""The webhook over real HTTP: every disputed signature, probes, retries, and thousands of requests that are none."""

from __future__ import annotations

import gzip
import http.client
import json
import logging
import random
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from fakes.zalo import APP_ID, OA_ID, FakeZalo
from fakes.zalo_webhooks import LADDER, STYLES, body_of
from prometheus_client import REGISTRY
from sqlalchemy.exc import OperationalError

from bot.channels.zalo import signature
from bot.channels.zalo.limits import LARGEST_EVENT
from bot.channels.zalo.wiring import Zalo
from channels.zalo.conftest import CITIZEN, Build, Served, Store, Time, a_config

VECTOR_BODY = (
    '{"app_id":"1234567890123456789","sender":{"id":"7000000000000000001"},"user_id_by_app":"5000000000000000001",'
    '"recipient":{"id":"3000000000000000001"},"event_name":"user_send_text","message":{"text":"Tra cứu hồ sơ",'
    '"msg_id":"a1b2c3"},"timestamp":"1790000000123"}'
)
VECTOR_MAC = "653eecfb1e2e170b638aaa35930bc3ebf156eb0016403dfe4ea378cc09d3c37e"
Serve = Callable[[Zalo], Served]


@pytest.fixture
def served(ours: Zalo, serve: Serve) -> Served:
    return serve(ours)


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


# --- the signature ---


def test_the_vector_of_the_facts() -> None:
    config = a_config(app_id=APP_ID, oa_id=OA_ID, oa_secret_key="TESTOASECRETKEY000000")
    body = VECTOR_BODY.encode()
    assert signature.mac(APP_ID, body, "1790000000123", "TESTOASECRETKEY000000") == VECTOR_MAC
    for header in (f"mac={VECTOR_MAC}", f"mac = {VECTOR_MAC}", f" mac={VECTOR_MAC.upper()} ", VECTOR_MAC):
        assert signature.matching(config, header, body, "1790000000123", None) == "app_body"
    for header in ("", "mac=", f"mac={VECTOR_MAC[:-1]}", f"mac={'0' * 64}", f"sha256={VECTOR_MAC}", "mac=" + "é" * 64):
        assert signature.matching(config, header, body, "1790000000123", None) is None


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("variant", ["app_body", "app_header", "oa_body", "oa_header"])
def test_every_disputed_form_is_taken_and_counted(
    zalo: FakeZalo, served: Served, store: Store, variant: str, style: str
) -> None:
    zalo.webhooks.variant, zalo.webhooks.style = variant, style
    before = counted("motcua_zalo_signatures_total", variant=variant)
    assert zalo.webhooks.once(zalo.oa.says(CITIZEN, "Hồ sơ của tôi đâu?")) == 200
    assert [one.text for one in store.taken] == ["Hồ sơ của tôi đâu?"]
    assert counted("motcua_zalo_signatures_total", variant=variant) == before + 1


@pytest.mark.parametrize("variant", ["app_secret", "hmac"])
def test_the_forms_that_are_wrong_are_refused(zalo: FakeZalo, served: Served, store: Store, variant: str) -> None:
    zalo.webhooks.variant = variant
    assert zalo.webhooks.once(zalo.oa.says(CITIZEN, "x")) == 403
    assert store.taken == []


def test_the_raw_bytes_are_signed(zalo: FakeZalo, served: Served, store: Store) -> None:
    event = zalo.oa.says(CITIZEN, "Hồ sơ")
    headers = zalo.webhooks.headers(event, body_of(event, "compact"))
    assert zalo.webhooks.post(body_of(event, "spaced"), headers) == 403, "the same JSON in other bytes"


def test_observing_takes_it_all_and_tells_what_was_mixed_up(
    zalo: FakeZalo, build: Build, serve: Serve, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    serve(build(observe=True))
    before = counted("motcua_zalo_signatures_total", variant="app_body_app_secret")
    for variant in ("app_secret", "hmac", "app_body"):
        zalo.webhooks.variant = variant
        assert zalo.webhooks.once(zalo.oa.says(CITIZEN, variant)) == 200
    assert [one.text for one in store.taken] == ["app_secret", "hmac", "app_body"]
    assert counted("motcua_zalo_signatures_total", variant="app_body_app_secret") == before + 1
    assert "observe" in caplog.text


# --- probes and the address ---


def test_zalos_probes_get_their_200(zalo: FakeZalo, served: Served, store: Store) -> None:
    assert zalo.webhooks.post(b"", method="GET") == 200
    for body in (b"", b"{}", b" {} \n"):
        assert zalo.webhooks.post(body) == 200
    assert store.calls == 0


def test_with_a_secret_only_its_address_exists(zalo: FakeZalo, build: Build, serve: Serve, store: Store) -> None:
    served = serve(build(webhook_secret="a-secret_01"))
    event = zalo.oa.says(CITIZEN, "x")
    right = zalo.webhooks.url
    for wrong in ("/webhooks/zalo", "/webhooks/zalo/", "/webhooks/zalo/a-secret_0", "/webhooks/zalo/%C3%A9"):
        zalo.webhooks.url = served.url + wrong
        assert zalo.webhooks.once(event) == 404
        assert zalo.webhooks.post(b"{}") == 404
    zalo.webhooks.url = right
    assert zalo.webhooks.once(event) == 200 and len(store.taken) == 1


# --- retries ---


def test_the_same_event_again_has_one_effect(zalo: FakeZalo, served: Served, store: Store, time_: Time) -> None:
    event = zalo.oa.says(CITIZEN, "một")
    for number in range(3):
        assert zalo.webhooks.once(event, {"num_retry": str(number)}) == 200
    assert len(store.taken) == 1


def test_an_event_that_was_not_stored_is_asked_for_again(
    zalo: FakeZalo, served: Served, store: Store, time_: Time
) -> None:
    store.fail = [OperationalError("x", {}, Exception()), RuntimeError("x"), OperationalError("x", {}, Exception())]
    assert zalo.webhooks.deliver(zalo.oa.says(CITIZEN, "một")) == 200
    assert zalo.webhooks.attempts == [(0, 503), (1, 503), (2, 503), (3, 200)]
    assert [one.text for one in store.taken] == ["một"] and zalo.webhooks.registered


def test_after_the_last_failure_the_fake_takes_us_off(zalo: FakeZalo, served: Served, store: Store) -> None:
    store.fail = [OperationalError("x", {}, Exception())] * 99
    assert zalo.webhooks.deliver(zalo.oa.says(CITIZEN, "một")) == 503
    assert len(zalo.webhooks.attempts) == 1 + len(LADDER) and not zalo.webhooks.registered
    assert zalo.webhooks.deliver(zalo.oa.says(CITIZEN, "hai")) == 0


def test_a_late_retry_is_taken_and_a_recording_of_yesterday_is_not(
    zalo: FakeZalo, served: Served, store: Store, time_: Time
) -> None:
    late, old = zalo.oa.says(CITIZEN, "muộn"), zalo.oa.says(CITIZEN, "cũ")
    time_.advance(hours=23)
    assert zalo.webhooks.once(late, {"num_retry": "5"}) == 200
    time_.advance(hours=2)
    assert zalo.webhooks.once(late) == 200, "one that we have gets its 200"
    assert zalo.webhooks.once(old) == 200
    assert [one.text for one in store.taken] == ["muộn"]


def test_a_text_that_cannot_be_taken_is_no_reason_to_send_it_again(
    zalo: FakeZalo, served: Served, store: Store
) -> None:
    assert zalo.webhooks.once(zalo.oa.says(CITIZEN, "x" * 5000)) == 200
    assert store.calls == 1 and store.taken == []


def test_what_is_not_a_message_reaches_the_right_hands(zalo: FakeZalo, served: Served, store: Store) -> None:
    w = zalo.webhooks
    human = w.from_account(CITIZEN, "oa_send_text", {"text": "x", "msg_id": "1"}, admin="9000000000000000001")
    receipt = w.receipt({"phone": "84900001234", "msg_id": "f", "tracking_id": "12.0"})
    withdrawal = {"event_name": "user_withdraw", "user_id": CITIZEN, "timestamp": zalo.world.now_ms}
    for event in (w.follow(CITIZEN), w.follow(CITIZEN, "unfollow"), human, receipt, withdrawal):
        assert w.once(event) == 200
    assert store.doors == [("zalo", CITIZEN, False), ("zalo", CITIZEN, True), ("zalo", CITIZEN, True)]
    assert store.humans == [CITIZEN] and store.withdrawn == [CITIZEN]
    assert store.receipts == [("12.0", zalo.world.now)]
    assert [one.text for one in store.taken] == ["start"]


# --- what is none of Zalo's ---


def connection(served: Served) -> http.client.HTTPConnection:
    split = urlsplit(served.url)
    return http.client.HTTPConnection(str(split.hostname), split.port, timeout=10)


def chunks(total: int) -> Iterator[bytes]:
    for _ in range(total // 65_536 + 1):
        yield b"x" * 65_536


def test_a_body_too_large_is_refused_announced_or_not(served: Served, store: Store) -> None:
    for body in (b"x" * (LARGEST_EVENT + 1), chunks(LARGEST_EVENT)):
        to = connection(served)
        try:
            to.request("POST", "/webhooks/zalo", body, {"Content-Type": "application/json"})
            status = to.getresponse().status
        except (BrokenPipeError, ConnectionResetError):
            status = 413  # it hung up on us in the middle of it
        assert status == 413
        to.close()
    assert store.calls == 0


def test_a_packed_body_is_refused_unread(zalo: FakeZalo, served: Served, store: Store) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    assert len(bomb) < LARGEST_EVENT
    for name in ("gzip", "br", "deflate", "gzip, identity"):
        assert zalo.webhooks.post(bomb, {"Content-Encoding": name}) == 415
    assert zalo.webhooks.once(zalo.oa.says(CITIZEN, "x"), {"Content-Encoding": "identity"}) == 200


MOST_LINES = 12  # one a minute for each of a closed list of reasons


def test_thousands_of_malformed_requests_no_500_and_no_flood(
    zalo: FakeZalo, served: Served, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    dice = random.Random(20261123)
    statuses: dict[int, int] = {}
    to = connection(served)
    for _ in range(4500):
        body, headers = _malformed(zalo, dice)
        to.request("POST", "/webhooks/zalo", body, headers)
        response = to.getresponse()
        response.read()
        statuses[response.status] = statuses.get(response.status, 0) + 1
        if response.will_close:
            to.close()
    to.close()
    assert set(statuses) <= {400, 403, 413, 415} and sum(statuses.values()) == 4500, statuses
    assert min(statuses.get(status, 0) for status in (400, 403, 415)) > 50, statuses
    assert store.calls == 0 and store.doors == []
    ours = [record for record in caplog.records if record.name.startswith("bot.")]
    assert len(ours) <= MOST_LINES and not any(CITIZEN in record.getMessage() for record in ours)


def _malformed(zalo: FakeZalo, dice: random.Random) -> tuple[bytes, dict[str, str]]:
    """Return a request that is wrong in one of many ways."""
    event = zalo.webhooks.message(CITIZEN, "user_send_text", {"text": "x" * dice.randrange(50)})
    body = body_of(event, dice.choice(STYLES))
    headers = zalo.webhooks.headers(event, body)
    how = dice.randrange(9)
    if how == 0:
        headers["X-ZEvent-Signature"] = "mac=" + dice.randbytes(32).hex()
    elif how == 1:
        del headers["X-ZEvent-Signature"]
    elif how == 2:
        cut = dice.randrange(3, len(body) - 1)
        body = body[:cut]
    elif how == 3:
        body = body.replace(b"user_send_text", b"user_send_TEXT")
    elif how == 4:
        body = dice.randbytes(dice.randrange(1, 300)) + b"\xff"
    elif how == 5:
        headers["Content-Encoding"] = dice.choice(["gzip", "br", "zstd", "x"])
    elif how == 6:
        body = dice.choice([b"[]", b"null", b"1", b'"x"', b"[" * 5000, b'{"a":' * 3000, b"1" * 9000, b"NaN"])
    elif how == 7:
        headers["X-ZEvent-Signature"] = "".join(chr(dice.randrange(33, 126)) for _ in range(dice.randrange(200)))
    else:
        body = json.dumps({"timestamp": dice.choice([None, True, 1.5, [], {}, "x" * 999, -1])}).encode()
    return body, headers


def test_a_wrong_signature_takes_no_longer_to_refuse_than_a_right_one_to_take(zalo: FakeZalo, served: Served) -> None:
    """A flood of wrong ones from several sides leaves room for the right ones within Zalo's two seconds."""
    stop = threading.Event()

    def flood() -> None:
        to = connection(served)
        while not stop.is_set():
            to.request("POST", "/webhooks/zalo", b'{"event_name": "x"}', {})
            to.getresponse().read()
        to.close()

    floods = [threading.Thread(target=flood) for _ in range(4)]
    for one in floods:
        one.start()
    try:
        time.sleep(0.2)
        for number in range(20):
            assert zalo.webhooks.once(zalo.oa.says(CITIZEN, f"tin {number}")) == 200
    finally:
        stop.set()
        for one in floods:
            one.join(10)
    assert zalo.webhooks.slowest < 2.0


def test_no_event_for_hours_of_daytime_is_an_alarm(ours: Zalo, time_: Time) -> None:
    from bot.channels.zalo import alarms

    seen: list[int | None] = []
    for _ in range(24):  # from nine in the morning
        time_.advance(hours=1)
        ours._check_silence()
        seen.append((9 + len(seen) + 1) % 24 if alarms.is_up("silence") else None)
    assert [hour for hour in seen if hour is not None] == [17, 18, 19]
