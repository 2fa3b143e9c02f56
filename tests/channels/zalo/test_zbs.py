"""ZBS template notices: filled from a message's facts, checked against the template, by id or by phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakes.zalo import FakeZalo

from bot import clock
from bot.channels.zalo import templates as module
from bot.channels.zalo.templates import Template, templates
from bot.channels.zalo.wiring import Zalo
from bot.channels.zalo.zbs import NoticePart, ZbsChannel
from bot.content_files import ContentError
from bot.conversation.outbox.delivery import (
    ChannelPaused,
    DeliveryError,
    NeedsStaff,
    PlatformDown,
    Refused,
    WindowClosed,
)
from channels.zalo.conftest import CITIZEN, Run, Served, Store, Time, line

PHONE = "84900001234"
CONTENT = """
dossier_status:
  template_id: "312345"
  params:
    ma_ho_so: {from: code, max: 30}
    trang_thai: {from: label, max: 30}
    ngay: {from: due_at, as: date, max: 20}
    loi_chao: {text: "Anh/chị"}
"""
FACTS: dict[str, Any] = {
    "kind": "dossier_status",
    "code": "H36.12-261118-0033",
    "label": "Đã có kết quả",
    "due_at": "2026-11-24T17:00:00+07:00",
}
LONG = "Cấp giấy chứng nhận quyền sử dụng đất và tài sản gắn liền với đất"


@pytest.fixture
def known(tmp_path: Path) -> dict[str, Template]:
    path = tmp_path / "templates.yml"
    path.write_text(CONTENT, encoding="utf-8")
    return dict(templates(path))


@pytest.fixture
def zbs(zalo: FakeZalo, granted: Zalo, known: dict[str, Template]) -> ZbsChannel:
    zalo.zbs.templates.add("312345", ma_ho_so=30, trang_thai=30, ngay=20, loi_chao=30)
    zalo.oa.touch(CITIZEN)
    return ZbsChannel(granted.account.config, granted.account.api, lambda: known)


def part(zbs: ZbsChannel, **facts: Any) -> NoticePart:
    (found,) = zbs.render(line("Dạ, hồ sơ đã có kết quả.", **{**FACTS, **facts}))
    assert isinstance(found, NoticePart)
    return found


FILLED = {"ma_ho_so": "H36.12-261118-0033", "trang_thai": "Đã có kết quả", "ngay": "24/11/2026", "loi_chao": "Anh/chị"}


def test_by_id_it_goes_without_a_tracking_id(zalo: FakeZalo, zbs: ZbsChannel, run: Run[Any]) -> None:
    assert run(zbs.send(CITIZEN, part(zbs), "12.0"))
    assert zalo.zbs.templates.by_uid == [(CITIZEN, FILLED)] and zalo.zbs.sent == []
    assert set(zalo.sent("/oa/message/template")[0]) == {"user_id", "template_id", "template_data"}


def test_by_phone_its_tracking_id_is_our_key_and_comes_back(
    zalo: FakeZalo, zbs: ZbsChannel, granted: Zalo, run: Run[Any], serve: Callable[[Zalo], Served], store: Store
) -> None:
    serve(granted)
    assert run(zbs.send(PHONE, part(zbs), "12.0"))
    (sent,) = zalo.zbs.sent
    assert (sent["phone"], sent["tracking_id"], sent["sending_mode"], sent["template_data"]) == (
        PHONE,
        "12.0",
        "1",
        FILLED,
    )
    assert zalo.zbs.deliver_receipts() == [200] and [key for key, _ in store.receipts] == ["12.0"]
    assert store.taken == [] and store.doors == [], "a phone is no citizen of the chat"


def test_a_second_try_carries_the_same_tracking_id(zalo: FakeZalo, zbs: ZbsChannel, run: Run[Any]) -> None:
    zalo.inject("/message/template", "502")
    with pytest.raises(PlatformDown):
        run(zbs.send(PHONE, part(zbs), "12.0"))
    run(zbs.send(PHONE, part(zbs), "12.0"))
    assert [body["tracking_id"] for body in zalo.sent("/business/message/template")] == ["12.0", "12.0"]
    assert zalo.zbs.duplicates == 0
    with pytest.raises(Refused, match="key"):
        run(zbs.send(PHONE, part(zbs), "x" * 49))


@pytest.mark.parametrize(
    ("silent", "kind", "price"),
    [(None, "dossier_status", 800), (0, "dossier_status", 560), (364 * 86_400, "dossier_status", 560),
     (366 * 86_400, "dossier_status", None), (0, "info", None), (None, "info", None)],
)  # fmt: skip
def test_the_price(zbs: ZbsChannel, silent: float | None, kind: str, price: int | None) -> None:
    assert zbs.price(silent, kind) == price


def test_as_shipped_there_is_no_template_and_nothing_is_sent(granted: Zalo) -> None:
    assert dict(templates()) == {}
    assert granted.zbs.price(0, "dossier_status") is None
    with pytest.raises(Refused, match="no_template"):
        granted.zbs.render(line("x", **FACTS))


def test_a_value_too_long_is_shortened_to_what_the_template_takes(
    zalo: FakeZalo, zbs: ZbsChannel, run: Run[Any]
) -> None:
    zalo.zbs.templates.add("312345", ma_ho_so=30, trang_thai=20, ngay=20, loi_chao=30)
    run(zbs.send(PHONE, part(zbs, label=LONG), "12.0"))
    told = zalo.zbs.sent[0]["template_data"]["trang_thai"]
    assert told.endswith("…") and len(told) <= 20 and told[:10] == LONG[:10]


def test_a_parameter_that_the_template_no_longer_has_is_left_out(
    zalo: FakeZalo, zbs: ZbsChannel, run: Run[Any]
) -> None:
    zalo.zbs.templates.add("312345", ma_ho_so=30, trang_thai=30)
    run(zbs.send(PHONE, part(zbs), "12.0"))
    assert set(zalo.zbs.sent[0]["template_data"]) == {"ma_ho_so", "trang_thai"}


def test_a_parameter_that_we_do_not_fill_is_refused_before_it_costs_a_call(
    zalo: FakeZalo, zbs: ZbsChannel, run: Run[Any]
) -> None:
    zalo.zbs.templates.add("312345", ma_ho_so=30, trang_thai=30, ngay=20, loi_chao=30, moi=10)
    with pytest.raises(Refused, match="no_moi"):
        run(zbs.send(PHONE, part(zbs), "12.0"))
    assert zalo.sent("/business/message/template") == []


@pytest.mark.parametrize("missing", [{"label": None}, {"label": ""}, {"code": None}, {"due_at": None}])
def test_a_message_that_lacks_a_fact_is_refused(zbs: ZbsChannel, missing: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="no_"):
        part(zbs, **missing)
    with pytest.raises(Refused, match="bad_fact"):
        part(zbs, due_at="ngày mai")


def test_the_template_is_looked_at_once_an_hour(zalo: FakeZalo, zbs: ZbsChannel, run: Run[Any]) -> None:
    for number in range(3):
        run(zbs.send(PHONE, part(zbs), f"{number}.0"))
    assert len(zalo.sent("/template/info/v2")) == 1


@pytest.mark.parametrize("status", ["PENDING_REVIEW", "DISABLE", "REJECT"])
def test_a_template_that_is_not_approved_needs_somebody(
    zalo: FakeZalo, zbs: ZbsChannel, run: Run[Any], status: str
) -> None:
    zalo.zbs.templates.add("312345", status, ma_ho_so=30)
    with pytest.raises(NeedsStaff):
        run(zbs.send(PHONE, part(zbs), "12.0"))


@pytest.mark.parametrize(
    ("suffix", "error"),
    [("118", WindowClosed), ("139", WindowClosed), ("141", WindowClosed), ("114", WindowClosed), ("108", Refused),
     ("144", ChannelPaused)],
)  # fmt: skip
def test_what_becomes_of_phones_that_cannot_receive(
    zbs: ZbsChannel, run: Run[Any], suffix: str, error: type[DeliveryError]
) -> None:
    with pytest.raises(error, match=f"-{suffix}"):
        run(zbs.send(f"84900001{suffix}", part(zbs), "12.0"))


def test_the_night_waits_for_the_morning(zalo: FakeZalo, zbs: ZbsChannel, run: Run[Any], time_: Time) -> None:
    time_.advance(hours=14)  # eleven in the evening
    with pytest.raises(ChannelPaused) as caught:
        run(zbs.send(PHONE, part(zbs), "12.0"))
    time_.advance(caught.value.seconds)
    assert f"{clock.to_vietnam(clock.now()):%H:%M}" == "06:05"
    assert run(zbs.send(PHONE, part(zbs), "12.0"))


def test_out_of_money_needs_somebody(zalo: FakeZalo, zbs: ZbsChannel, run: Run[Any]) -> None:
    zalo.zbs.money = 100
    with pytest.raises(NeedsStaff, match="-115"):
        run(zbs.send(PHONE, part(zbs), "12.0"))


def test_a_rejected_token_is_refreshed_here_too(zalo: FakeZalo, zbs: ZbsChannel, run: Run[Any], time_: Time) -> None:
    time_.advance(hours=1)
    zalo.oauth.end_access()
    assert run(zbs.send(PHONE, part(zbs), "12.0")) and zalo.oauth.refreshes == 1


@pytest.mark.parametrize("to", ["0900001234", "+84900001234", "web-1", ""])
def test_an_address_that_is_neither(zbs: ZbsChannel, run: Run[Any], to: str) -> None:
    if to == "0900001234":  # digits: read as an id, and Zalo knows nobody of that name
        with pytest.raises(WindowClosed):
            run(zbs.send(to, part(zbs), "12.0"))
    else:
        with pytest.raises(Refused, match="address"):
            run(zbs.send(to, part(zbs), "12.0"))


@pytest.mark.parametrize(
    "content",
    ["[]", "a: 1", "a: {template_id: '1'}", "a: {template_id: '1', params: []}", "a: {template_id: '', params: {}}",
     "a: {template_id: '1', params: {b: {}}}", "a: {template_id: '1', params: {b: {from: c, text: d}}}",
     "a: {template_id: '1', params: {b: {from: c, as: x}}}", "a: {template_id: '1', params: {b: {from: c, max: 0}}}"],
)  # fmt: skip
def test_templates_that_do_not_fit_name_their_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "templates.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ContentError, match="dòng 1"):
        module.templates(path)
