"""Which API takes our messages, with the three kinds of account."""

from __future__ import annotations

from typing import Any

import pytest
from fakes.zalo import FakeZalo

from bot.channels.zalo import alarms, parts
from bot.channels.zalo.wiring import Zalo
from bot.conversation.outbox.delivery import DeliveryError, NeedsStaff, Refused, TryLater
from channels.zalo.conftest import CITIZEN, Build, Run, Time, grant

V3, V2 = "/v3.0/oa/message/cs", "/v2.0/oa/message"
TEXT = parts.TextPart("Dạ, hồ sơ đã có kết quả.", (parts.Choice("Xem", "btn:1.0"),))


def calls(zalo: FakeZalo) -> list[str]:
    return [call.path.removeprefix("/openapi") for call in zalo.calls if "/oa/message" in call.path]


@pytest.fixture
def sending(zalo: FakeZalo, granted: Zalo, run: Run[Any]) -> Any:
    zalo.oa.touch(CITIZEN)
    return lambda part=TEXT: run(granted.channel.send(CITIZEN, part, "1.0"))


def test_an_enterprise_uses_v3(zalo: FakeZalo, granted: Zalo, sending: Any) -> None:
    assert sending() and sending()
    assert calls(zalo) == [V3, V3] and granted.account.accounts.get().endpoint == "v3"


@pytest.mark.parametrize("kind", ["state"], indirect=True)
def test_a_state_agency_falls_back_to_v2_once_and_stays_there(zalo: FakeZalo, granted: Zalo, sending: Any) -> None:
    assert sending() and sending()
    assert calls(zalo) == [V3, V2, V2]
    first, second = zalo.calls[-3].body, zalo.calls[-2].body
    assert first == second, "the same body"
    assert granted.account.accounts.get().endpoint == "v2"
    assert len(zalo.oa.delivered) == 2, "each once"


@pytest.mark.parametrize("kind", ["closed"], indirect=True)
def test_where_both_refuse_people_answer(
    zalo: FakeZalo, granted: Zalo, sending: Any, build: Build, run: Run[Any]
) -> None:
    for _ in range(3):
        with pytest.raises(NeedsStaff, match="human_reply"):
            sending()
    assert calls(zalo) == [V3, V2], "found out once"
    account = granted.account.accounts.get()
    assert account.endpoint == "none" and account.human_reply_at is not None
    assert alarms.is_up("human_reply") and granted.channel.price(60, "info") is None
    other = build()  # another process learns it from the database
    with pytest.raises(NeedsStaff, match="human_reply"):
        run(other.channel.send(CITIZEN, TEXT, "1.0"))
    assert calls(zalo) == [V3, V2]


@pytest.mark.parametrize("kind", ["closed"], indirect=True)
def test_an_operator_has_it_found_out_again(
    zalo: FakeZalo, granted: Zalo, sending: Any, build: Build, run: Run[Any]
) -> None:
    with pytest.raises(NeedsStaff):
        sending()
    zalo.oa.kind = "enterprise"  # Zalo has granted the right
    granted.account.accounts.pin(None)
    assert run(build().channel.send(CITIZEN, TEXT, "1.0"))
    assert not alarms.is_up("human_reply") and granted.account.accounts.get().human_reply_at is None


OTHERS = [
    "-200",
    "-201",
    "-210",
    "-211",
    "-213",
    "-221",
    "-223",
    "-224",
    "-230",
    "-233",
    "-240",
    "-244",
    "-32",
    "-9999",
]


@pytest.mark.parametrize("trouble", [*OTHERS, "502", "html", "close", "404", "500:-1"])
def test_no_other_error_leads_to_the_other_api(zalo: FakeZalo, sending: Any, trouble: str) -> None:
    zalo.inject(V3, trouble)
    with pytest.raises(DeliveryError):
        sending()
    assert calls(zalo) == [V3] and zalo.oa.delivered == []


def test_an_error_for_a_message_that_had_gone_out_doubles_nothing(zalo: FakeZalo, sending: Any) -> None:
    zalo.inject(V3, "after:-9999")
    with pytest.raises(Refused):
        sending()
    assert len(zalo.oa.delivered) == 1 and calls(zalo) == [V3]


@pytest.mark.parametrize("kind", ["state"], indirect=True)
def test_v2_that_is_away_is_not_pinned(zalo: FakeZalo, granted: Zalo, sending: Any) -> None:
    zalo.inject(V2, "502")
    with pytest.raises(DeliveryError):
        sending()
    assert granted.account.accounts.get().endpoint is None
    assert sending() and granted.account.accounts.get().endpoint == "v2"


@pytest.mark.parametrize("kind", ["state"], indirect=True)
def test_an_account_that_zalo_moves_to_v3_is_found_there(zalo: FakeZalo, granted: Zalo, sending: Any) -> None:
    sending()
    zalo.oa.kind = "enterprise"
    with pytest.raises(TryLater):
        sending()
    assert sending() and granted.account.accounts.get().endpoint == "v3"


@pytest.mark.parametrize(
    ("kind", "rule", "code"), [("state", "v3", "-235"), ("enterprise", "v2", "-240")], indirect=["kind"]
)
def test_a_rule_that_does_not_fit_the_account_needs_somebody(
    zalo: FakeZalo, build: Build, run: Run[Any], time_: Time, rule: str, code: str
) -> None:
    ours = build(endpoint=rule)
    grant(zalo, ours)
    zalo.oa.touch(CITIZEN)
    with pytest.raises(NeedsStaff, match=code):
        run(ours.channel.send(CITIZEN, TEXT, "1.0"))
    assert len(calls(zalo)) == 1 and ours.account.accounts.get().endpoint is None


@pytest.mark.parametrize(("kind", "rule"), [("state", "v2"), ("enterprise", "v3")], indirect=["kind"])
def test_a_rule_that_fits_asks_nothing_else(zalo: FakeZalo, build: Build, run: Run[Any], rule: str) -> None:
    ours = build(endpoint=rule)
    grant(zalo, ours)
    zalo.oa.touch(CITIZEN)
    assert run(ours.channel.send(CITIZEN, TEXT, "1.0"))
    assert len(calls(zalo)) == 1


def test_the_token_goes_in_its_own_header_only(zalo: FakeZalo, sending: Any) -> None:
    sending()
    headers = zalo.calls[-1].headers
    assert headers["access_token"].startswith("AT-")
    assert "Authorization" not in headers and "appsecret_proof" not in headers


def test_the_proof_goes_along_once_it_is_switched_on(zalo: FakeZalo, build: Build, run: Run[Any]) -> None:
    zalo.oa.proof_wanted = True
    zalo.oa.touch(CITIZEN)
    with_proof, without = build(appsecret_proof=True), build()
    grant(zalo, with_proof)
    assert run(with_proof.channel.send(CITIZEN, TEXT, "1.0"))
    with pytest.raises(NeedsStaff, match="-242"):
        run(without.channel.send(CITIZEN, TEXT, "1.0"))
