"""Sending to the fake: windows, pictures and files, lists, contact requests, what goes wrong; and fetching photos."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from fakes.zalo import FakeZalo
from sqlalchemy.exc import OperationalError

from bot.channels.zalo import api
from bot.channels.zalo.parts import ContactPart, FilePart, PicturePart, TextPart
from bot.channels.zalo.wiring import Zalo
from bot.conversation.media import MediaError, MediaRefused
from bot.conversation.outbox.delivery import (
    Channel,
    ChannelPaused,
    DeliveryError,
    NeedsStaff,
    PlatformDown,
    Refused,
    TryLater,
    Unreachable,
    WindowClosed,
)
from channels.zalo.conftest import CITIZEN, PDF, Build, Run, Time, grant, line, picture

A, B = "https://mc.example/a.png", "https://mc.example/b.pdf"
CS, UPLOAD_PICTURE, UPLOAD_FILE = "/v3.0/oa/message/cs", "/v2.0/oa/upload/image", "/v2.0/oa/upload/file"
HOUR, DAY = 3600.0, 86_400.0


@pytest.fixture
def send(zalo: FakeZalo, granted: Zalo, run: Run[Any]) -> Any:
    """Send one part to a citizen who has just written."""
    zalo.oa.touch(CITIZEN)
    return lambda part, key="1.0": run(granted.channel.send(CITIZEN, part, key))


def test_it_is_a_channel(granted: Zalo) -> None:
    both: list[Channel] = [granted.channel, granted.zbs]
    assert [(one.name, one.speaks_to) for one in both] == [("zalo", "zalo"), ("zbs", "zalo")]


def test_a_whole_message_arrives_in_order(zalo: FakeZalo, granted: Zalo, run: Run[Any]) -> None:
    zalo.oa.touch(CITIZEN)
    files = [{"title": "Bản in", "url": B, "media_type": "application/pdf"}]
    shown = line("Dạ, đây ạ. " * 300, 3, image={"url": A, "alt": "Hình"}, files=files)
    ids = [run(granted.channel.send(CITIZEN, part, f"1.{n}")) for n, part in enumerate(granted.channel.render(shown))]
    assert len(set(ids)) == len(ids) == len(zalo.oa.delivered) == 4
    kinds = [next(iter(message)) for _, message in zalo.oa.delivered]
    assert kinds == ["attachment", "text", "text", "attachment"]


@pytest.mark.parametrize("shown", [True, False])
def test_the_quota_in_an_answer_may_be_missing(zalo: FakeZalo, send: Any, shown: bool) -> None:
    zalo.oa.quota_shown = shown
    assert send(TextPart("một"))


def away(*_args: Any, **_kwargs: Any) -> None:
    raise OperationalError("x", {}, Exception())


def test_a_database_that_is_away_is_no_reason_to_give_a_message_up(
    zalo: FakeZalo, granted: Zalo, send: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(granted.account.grants, "access_token", away)
        with pytest.raises(TryLater, match="database"):
            send(TextPart("một"))
    assert zalo.oa.delivered == [] and send(TextPart("một"))


def test_a_message_that_is_out_is_not_sent_again_because_nothing_could_be_noted(
    zalo: FakeZalo, granted: Zalo, send: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(granted.account.accounts, "pin", away)
    assert send(TextPart("một")) and zalo.oa.texts_to(CITIZEN) == ["một"]


# --- windows ---


@pytest.mark.parametrize(
    ("silent", "price"),
    [
        (None, None),
        (0, 0),
        (47.8 * HOUR, 0),
        (47.9 * HOUR, 55),
        (6.99 * DAY, 55),
        (7 * DAY - 60, None),
        (9 * DAY, None),
    ],
)
def test_the_price_follows_the_windows_with_a_margin(granted: Zalo, silent: float | None, price: int | None) -> None:
    assert granted.channel.price(silent, "dossier_status") == price


def test_what_has_a_price_is_taken_and_what_has_none_is_refused(
    zalo: FakeZalo, granted: Zalo, run: Run[Any], time_: Time
) -> None:
    """The simulated clock: with our prices, the platform's limits are never exceeded."""
    for hours in (0, 10, 47, 49, 100, 160, 167.9, 168.1, 300):
        zalo.oa.touch(CITIZEN, timedelta(hours=hours))
        price = granted.channel.price(hours * HOUR, "info")
        charged = zalo.oa.charged
        if price is None:
            continue
        assert run(granted.channel.send(CITIZEN, TextPart("x"), f"{hours}"))
        assert zalo.oa.charged - charged == price, hours
    zalo.oa.touch(CITIZEN, timedelta(days=8))
    with pytest.raises(WindowClosed, match="-230"):
        run(granted.channel.send(CITIZEN, TextPart("x"), "9"))


def test_people_who_cannot_be_reached(zalo: FakeZalo, granted: Zalo, run: Run[Any]) -> None:
    with pytest.raises(WindowClosed, match="-213"):
        run(granted.channel.send("7000000000000000009", TextPart("x"), "1.0"))
    zalo.oa.touch(CITIZEN).restricted = True
    with pytest.raises(Unreachable, match="-244"):
        run(granted.channel.send(CITIZEN, TextPart("x"), "1.0"))
    for address in ("", "web-abc", "84 900", "7" * 40):
        with pytest.raises(Refused, match="address"):
            run(granted.channel.send(address, TextPart("x"), "1.0"))


# --- what goes wrong ---


@pytest.mark.parametrize(
    ("trouble", "error"),
    [("502", PlatformDown), ("html", PlatformDown), ("close", PlatformDown), ("429", ChannelPaused), ("404", Refused),
     ("500:-201", Refused), ("400:-32", ChannelPaused), ("-32", ChannelPaused), ("-214", TryLater),
     ("-211", NeedsStaff)],
)  # fmt: skip
def test_whatever_zalo_answers_becomes_a_delivery_error(
    zalo: FakeZalo, send: Any, trouble: str, error: type[DeliveryError]
) -> None:
    zalo.inject(CS, trouble)
    with pytest.raises(error):
        send(TextPart("x"))
    assert zalo.oa.delivered == []


def test_a_call_that_hangs_is_given_up(zalo: FakeZalo, send: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "WHOLE_SECONDS", 0.2)
    zalo.inject(CS, "hang:1")
    with pytest.raises(PlatformDown, match="TimeoutError"):
        send(TextPart("x"))


def test_over_the_rate_the_channel_is_silent_for_a_minute(zalo: FakeZalo, send: Any) -> None:
    zalo.oa.rate_left = 1
    assert send(TextPart("một"))
    with pytest.raises(ChannelPaused) as caught:
        send(TextPart("hai"))
    assert (caught.value.reason, caught.value.seconds) == ("-32", 60.0)


def test_a_send_that_failed_is_tried_twice_at_most(zalo: FakeZalo, send: Any) -> None:
    zalo.inject(CS, "-200", times=3)
    with pytest.raises(TryLater):
        send(TextPart("x"), "1.0")
    with pytest.raises(TryLater):
        send(TextPart("y"), "2.0")
    with pytest.raises(Refused):
        send(TextPart("x"), "1.0")


# --- pictures and files ---


def test_a_picture_is_uploaded_once_and_named_for_six_days(zalo: FakeZalo, send: Any, time_: Time) -> None:
    for _ in range(3):
        assert send(PicturePart(A, "Hình"))
    assert len(zalo.sent(UPLOAD_PICTURE)) == 1 and len(zalo.oa.delivered) == 3 and zalo.oa.v3_uploads == 0
    time_.advance(days=6, seconds=1)
    assert send(PicturePart(A, "Hình")), "before Zalo forgets it on the seventh day"
    assert len(zalo.sent(UPLOAD_PICTURE)) == 2


def test_another_process_finds_the_upload(zalo: FakeZalo, send: Any, build: Build, run: Run[Any]) -> None:
    send(PicturePart(A, "Hình"))
    assert run(build().channel.send(CITIZEN, PicturePart(A, "Hình"), "2.0"))
    assert len(zalo.sent(UPLOAD_PICTURE)) == 1


def test_an_upload_that_zalo_has_forgotten_is_made_again(zalo: FakeZalo, send: Any) -> None:
    send(PicturePart(A, "Hình"))
    zalo.oa.uploads.clear()
    assert send(PicturePart(A, "Hình")) and len(zalo.sent(UPLOAD_PICTURE)) == 2
    zalo.inject(CS, "-100", times=2)
    with pytest.raises(TryLater):
        send(PicturePart(A, "Hình"))


def test_a_changed_picture_is_another_upload(zalo: FakeZalo, send: Any, own: dict[str, bytes]) -> None:
    send(PicturePart(A, "Hình"))
    own[A] = picture(41, 30, "JPEG")
    send(PicturePart(A, "Hình"))
    assert [parts_[0][1] for parts_ in zalo.sent(UPLOAD_PICTURE)] == ["image/png", "image/jpeg"]


@pytest.mark.parametrize("content", [picture() + b"x" * 1_100_000, b"<svg/>", b"", b"GIF89a"])
def test_a_picture_that_zalo_would_not_take_is_a_link(
    zalo: FakeZalo, send: Any, own: dict[str, bytes], content: bytes
) -> None:
    own[A] = content
    assert send(PicturePart(A, "Màn hình đăng nhập"))
    assert zalo.oa.texts_to(CITIZEN) == [f"Màn hình đăng nhập\n{A}"] and zalo.sent(UPLOAD_PICTURE) == []
    assert send(PicturePart(A, "x", linked=True)) is None, "its address was shown already"


def test_a_page_that_cannot_be_drawn_is_a_link(zalo: FakeZalo, send: Any, caplog: pytest.LogCaptureFixture) -> None:
    assert send(PicturePart("https://mc.example/none.png", "Hình"))
    assert zalo.oa.texts_to(CITIZEN) == ["Hình\nhttps://mc.example/none.png"]
    assert "KeyError" in caplog.text and "none.png" not in caplog.text


@pytest.mark.parametrize("where", [UPLOAD_PICTURE, CS])
def test_a_picture_that_zalo_refuses_is_a_link(zalo: FakeZalo, send: Any, where: str) -> None:
    zalo.inject(where, "-201")
    assert send(PicturePart(A, "Hình")) and zalo.oa.texts_to(CITIZEN) == [f"Hình\n{A}"]


@pytest.mark.parametrize("trouble", ["502", "-32", "-211", "close"])
def test_an_upload_that_fails_for_now_is_no_link(zalo: FakeZalo, send: Any, trouble: str) -> None:
    zalo.inject(UPLOAD_PICTURE, trouble)
    with pytest.raises(DeliveryError):
        send(PicturePart(A, "Hình"))
    assert zalo.oa.delivered == []


def test_a_file_goes_by_itself_under_its_name(zalo: FakeZalo, send: Any, own: dict[str, bytes]) -> None:
    assert send(FilePart(B, "Bản in (PDF)", "application/pdf"))
    assert zalo.oa.delivered[0][1] == {
        "attachment": {"type": "file", "payload": {"token": next(iter(zalo.oa.uploads))}}
    }
    own[B] = PDF + b"x" * 5 * 1024 * 1024
    assert send(FilePart(B, "Bản in (PDF)", "application/pdf"))
    assert zalo.oa.texts_to(CITIZEN) == [f"Bản in (PDF)\n{B}"]


# --- lists and contact requests ---


@pytest.mark.parametrize("allowed", [True, False])
def test_a_list_that_is_refused_is_text_and_is_not_tried_again(
    zalo: FakeZalo, build: Build, run: Run[Any], allowed: bool
) -> None:
    ours = build(use_list=True, image_url="https://mc.example/banner.png")
    grant(zalo, ours)
    zalo.oa.touch(CITIZEN)
    zalo.oa.lists_allowed = allowed
    shown = line("Thủ tục nào ạ?\nAnh/chị chọn một.", 3)
    for _ in range(2):
        (part,) = ours.channel.render(shown)
        assert run(ours.channel.send(CITIZEN, part, "1.0"))
    assert len(zalo.oa.delivered) == 2 and len(zalo.sent(CS)) == (2 if allowed else 3)
    assert len(zalo.oa.texts_to(CITIZEN)) == (0 if allowed else 2)


def test_a_contact_request_that_is_refused_is_left_out(zalo: FakeZalo, send: Any) -> None:
    part = ContactPart("Gửi số điện thoại", "Để em gọi lại", "https://mc.example/banner.png")
    assert send(part)
    zalo.inject(CS, "-233")
    assert send(part) is None
    zalo.inject(CS, "-230")
    with pytest.raises(WindowClosed):
        send(part)


# --- what citizens send ---


def test_a_photo_is_fetched_from_the_cdn(zalo: FakeZalo, granted: Zalo, run: Run[Any]) -> None:
    url = zalo.put_on_cdn("p.jpg", picture(kind="JPEG"))
    assert run(granted.channel.fetch({"url": url, "kind": "photo"})) == picture(kind="JPEG")


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:1/x.jpg", "https://169.254.169.254/latest", "https://localhost/x", "file:///etc/passwd",
     "https://example.org/x.jpg", "https://zdn.vn.example.org/x.jpg", "https://[::1]/x", "ftp://f1.zdn.vn/x", "x", ""],
)  # fmt: skip
def test_an_address_that_is_not_of_the_cdn_is_refused(granted: Zalo, run: Run[Any], url: str) -> None:
    with pytest.raises(MediaRefused):
        run(granted.channel.fetch({"url": url, "kind": "photo"}))


@pytest.mark.parametrize("media", [{}, {"url": None}, {"url": 7}, {"kind": "photo"}])
def test_media_without_an_address_are_refused(granted: Zalo, run: Run[Any], media: dict[str, Any]) -> None:
    with pytest.raises(MediaError):
        run(granted.channel.fetch(media))


def test_a_redirect_inside_a_large_file_and_one_that_is_gone(zalo: FakeZalo, granted: Zalo, run: Run[Any]) -> None:
    inside = zalo.put_on_cdn("r.jpg", b"", "redirect:http://127.0.0.1:1/")
    large = zalo.put_on_cdn("l.jpg", b"x" * (10 * 1024 * 1024 + 1))
    for url in (inside, large, f"{zalo.url}/cdn/gone.jpg"):
        with pytest.raises(MediaRefused):
            run(granted.channel.fetch({"url": url, "kind": "photo"}))
    voice = zalo.put_on_cdn("a.amr", b"x" * (5 * 1024 * 1024 + 1), "audio/amr")
    with pytest.raises(MediaRefused):
        run(granted.channel.fetch({"url": voice, "kind": "voice"}))


def test_no_text_and_no_id_reaches_the_log(zalo: FakeZalo, send: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    zalo.inject(CS, f"-201:user_id {CITIZEN} is invalid")
    with pytest.raises(Refused):
        send(TextPart("Nguyễn Thị Ví Dụ 0900001234"))
    zalo.inject(CS, "502")
    with pytest.raises(PlatformDown):
        send(TextPart("Nguyễn Thị Ví Dụ 0900001234"))
    for private in (CITIZEN, "Nguyễn", "0900001234"):
        assert private not in caplog.text


def test_starting_looks_at_the_account_and_survives_a_platform_that_is_away(
    zalo: FakeZalo, granted: Zalo, run: Run[Any]
) -> None:
    zalo.inject("/oa/getoa", "502")
    run(granted.start())
    assert granted.account.accounts.get().oa_type is None
    run(granted.start())
    assert granted.account.accounts.get().oa_type == 2
    run(granted.close())
