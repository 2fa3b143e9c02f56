"""A working day at the desk, in Chromium: a call with a booking, a chat, a ticket, a label, training, the report."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from live_server import MONDAY_MORNING, motcua
from playwright.sync_api import expect

from .test_in_a_browser import desk, inside, say

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

__all__ = ["desk", "inside"]
BOOKING = (
    "mang kết quả về nhà giúp tôi", "H36.14-261102-0076", "2468", "Đinh Công Suối", "0900002468",
    "phường Phan Thiết", "12 Trần Phú", "thứ sáu này", "buổi sáng", "không, tự nhận", "trả khi bưu tá đến", "đồng ý",
)  # fmt: skip
TAUGHT = "mần răng để lấy tờ bìa của thửa rẫy"


def heard(page: Page, words: str) -> None:
    """Type what the caller says, and wait until it is answered."""
    field = page.get_by_label("Người gọi nói gì")
    field.fill(words)
    field.press("Enter")
    expect(field).to_have_value("", timeout=15_000)


@pytest.mark.slow
def test_a_working_day(inside: BrowserContext, desk: dict[str, Any], model: Path, tmp_path: Path) -> None:
    page, url = inside.new_page(), desk["url"]
    page.set_default_timeout(90_000)  # the machine may be busy

    # A caller wants the result at home; then a note about it becomes a ticket.
    page.goto(f"{url}/desk/phone")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/desk/phone/\d+$"))
    for words in BOOKING:
        heard(page, words)
    expect(page.locator(".answer")).to_contain_text("em đã ghi lịch giao kết quả về nhà")
    booking = re.search(r"MC-\d{7}", page.locator(".answer").inner_text())
    assert booking
    page.get_by_label("Người gọi cần gì").fill("Bác dặn bưu tá gọi trước 10 phút")
    page.get_by_label("Phiếu việc").select_option(index=1)
    page.keyboard.press("Alt+KeyK")
    page.wait_for_url("**/desk/phone")
    number = re.search(r"T-\d{6}", page.locator("main").inner_text())
    assert number

    # A citizen waits: taken over, answered, given back.
    say(url, "chị Năm", "cho tôi gặp nhân viên")
    page.goto(f"{url}/desk/chats")
    page.locator("[data-rows] a").last.click()
    page.get_by_role("button", name="Nhận cuộc này").click()
    page.get_by_label("Trả lời").fill("Dạ, em nghe chị ạ.")
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.locator("[data-talk] li").last).to_contain_text("em nghe chị")
    page.get_by_role("button", name="Xong, trả lại cho trợ lý").click()
    kinds = [message["custom"]["kind"] for message in say(url, "chị Năm", "giờ làm việc trung tâm")]
    assert kinds[:2] == ["staff", "info"] and len(kinds) == 3

    # The ticket of the call is done.
    page.goto(f"{url}/desk/tickets")
    page.get_by_role("link", name=number[0]).first.click()
    expect(page.locator("main")).to_contain_text("gọi trước 10 phút")

    # A wrong answer is reported, labelled, and trained; the change is listed before it counts.
    say(url, "anh Sáu", TAUGHT)
    page.goto(f"{url}/desk/chats?tab=all")
    page.locator("[data-rows] a").filter(has_text=TAUGHT).click()
    page.locator("[data-talk] li[data-from=citizen] a").last.click()
    page.get_by_role("button", name="Câu trả lời sai").click()
    page.goto(f"{url}/desk/learning")
    page.locator(".asked a").filter(has_text=TAUGHT).click()
    page.get_by_label("Ý của người hỏi").select_option("ask_procedure_place")
    page.get_by_role("button", name="Nhận ý này").click()
    expect(page.get_by_role("link", name=re.compile(r"Đã nhận \(1\)"))).to_be_visible()
    mine = tmp_path / model.name
    shutil.copy2(model, mine)
    trained = motcua(
        "train", "--review", "--yes", timeout=900, database_url=desk["database"], model=mine,
        learned=tmp_path / "learned.yml", now=MONDAY_MORNING,
    )  # fmt: skip
    assert trained.returncode == 0, trained.stderr[-2000:]
    assert TAUGHT in trained.stdout and mine.read_bytes() != model.read_bytes()
    assert TAUGHT in (tmp_path / "learned.yml").read_text(encoding="utf-8")

    # The report of the month.
    page.goto(f"{url}/desk/figures")
    expect(page.locator("main")).to_contain_text("Liên hệ theo kênh")
    with page.expect_download() as download:
        page.get_by_role("link", name="Báo cáo tháng (PDF)").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
