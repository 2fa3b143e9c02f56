"""What Zalo and Telegram answer: a value in its bounds, or the error that the sender knows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from telegram import error as telegram_error

from bot.channels.telegram.client import meaning
from bot.channels.zalo import answers, oauth, templates
from bot.channels.zalo.errors import OA, ZBS, ApiError, as_delivery_error
from bot.channels.zalo.templates import MissingFact
from bot.conversation.outbox.delivery import DeliveryError
from fuzz.strategies import any_json, any_text, damaged, damaged_bytes, dumped, few, nested_json

SENT = {"error": 0, "message": "Success", "data": {"message_id": "a1b2c3", "user_id": "7000000000000000001"}}
WRONG = {"error": -216, "message": "Access token is invalid"}
PAIR = {"access_token": "A" * 40, "refresh_token": "R" * 40, "expires_in": "90000"}
PARAMS = [{"name": "ten", "require": True, "minLength": 1, "maxLength": 30}]
WIDEST_REASON = 60  # the column of the outbox
json_bytes = any_json.map(dumped) | st.binary(max_size=40) | st.just(nested_json(3_000))


@few()
@example(200, dumped({"error": "9" * 4_000}))
@example(200, dumped({"error": 0, "data": {"message_id": "x" * 5_000}}))
@given(st.integers(100, 599), damaged(SENT, WRONG).map(dumped) | damaged_bytes(dumped(SENT)) | json_bytes)
def test_an_answer_of_zalo_is_read_or_is_an_error_for_the_sender(status: int, body: bytes) -> None:
    try:
        data = answers.data_of(answers.read(status, body))
    except ApiError as error:
        assert len(error.message) <= 160
        found: DeliveryError | None = as_delivery_error(error, OA if error.code % 2 else ZBS)
    except DeliveryError as error:
        found = error
    else:
        found, sent = None, answers.id_of(data, "message_id")
        assert sent is None or (len(sent) <= answers.LONGEST_ID and sent.isprintable() and sent.encode())
    assert found is None or len(found.reason) <= WIDEST_REASON


@few()
@example({**PAIR, "expires_in": "99999999999999"})
@example({**PAIR, "expires_in": -5})
@given(damaged(PAIR) | any_json)
def test_a_pair_of_tokens_fits_a_header_and_a_calendar(answer: Any) -> None:
    client = oauth.OAuth.__new__(oauth.OAuth)
    client._post = lambda _form: (200, dumped(answer))  # type: ignore[method-assign]
    client._config = type("Config", (), {"app_id": "1", "code_verifier": None})()
    try:
        pair = client.exchange("code")
    except ApiError:
        return
    except DeliveryError as error:
        assert error.reason in ("no_token_pair", "http_200")
        return
    assert pair.access.isprintable() and timedelta() < pair.life < timedelta(days=5_000)
    assert "A" * 40 not in repr(pair) and "R" * 40 not in repr(pair)


@few()
@example([{"name": "ten", "minLength": "9" * 5_000}])
@given(damaged(PARAMS) | any_json)
def test_the_parameters_of_a_template_are_filled_or_missed(listed: Any) -> None:
    try:
        found = templates.fitted({"ten": "Nguyễn Thị Ví Dụ " * 20}, listed)
    except MissingFact:
        return
    assert set(found) <= {"ten"} and all(isinstance(value, str) for value in found.values())


@few()
@given(any_text, st.sampled_from([telegram_error.BadRequest, telegram_error.Forbidden, telegram_error.NetworkError]))
def test_an_error_of_telegram_quotes_nothing(said: str, kind: Any) -> None:
    reason = meaning(kind(said)).reason
    assert len(reason) <= WIDEST_REASON and (len(said) < 20 or said not in reason)
