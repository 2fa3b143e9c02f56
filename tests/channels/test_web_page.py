"""The citizen chat page in a real browser: what a citizen sees, by keyboard, without a network, at 320 px.

The fixtures `server_url` (a live server with the demo data) and `page` (a fresh Playwright page) come from
conftest. Messages are found by their data attributes: data-from, data-kind, data-seq (stored by the server),
data-state (not yet stored).
"""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
import segno
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

ASK = "Đăng ký khai sinh cần giấy tờ gì?"
REPLY_MS = 20_000  # a cold agent answers its first message slowly


def log_of(page: Page) -> Locator:
    return page.get_by_role("log")


def replies(page: Page) -> Locator:
    """The bot's stored messages: the greeting of the page itself has no number."""
    return log_of(page).locator('[data-from="bot"][data-seq]')


def own(page: Page) -> Locator:
    return log_of(page).locator('[data-from="citizen"]')


def open_page(page: Page, server_url: str) -> None:
    page.goto(server_url)
    # the live region is polite again only after the old conversation has been shown
    expect(log_of(page)).to_have_attribute("aria-live", "polite")


def ask(page: Page, text: str) -> None:
    """Type and send, and wait until the server has stored the message and answered."""
    answered = replies(page).count()
    page.get_by_role("textbox").fill(text)
    page.get_by_role("textbox").press("Enter")
    expect(replies(page).nth(answered)).to_be_visible(timeout=REPLY_MS)
    expect(log_of(page).locator("[data-state]")).to_have_count(0)


def tab_to(page: Page, target: Locator, key: str = "Tab", limit: int = 60) -> None:
    """Press `key` until the target has the focus: proves that the keyboard reaches it."""
    for _ in range(limit):
        page.keyboard.press(key)
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{key} never reached the element")


def only_posts(action: Callable[[Route], None]) -> Callable[[Route], None]:
    """A route handler that lets everything but the sending of messages pass."""
    return lambda route: action(route) if route.request.method == "POST" else route.continue_()


def serious(page: Page) -> list[tuple[str, Any]]:
    violations = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}}).response["violations"]
    return [
        (rule["id"], [node["html"] for node in rule["nodes"]])
        for rule in violations
        if rule["impact"] in ("serious", "critical")
    ]


def test_ai_label_comes_first_and_stays(page: Page, server_url: str) -> None:
    open_page(page, server_url)
    label = page.locator("#ai-label")
    expect(label).to_contain_text("Trợ lý AI")
    expect(label).to_be_in_viewport(ratio=1)
    before = "([a, b]) => Boolean(a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING)"
    assert page.evaluate(f"({before})([document.querySelector('#ai-label'), document.querySelector('[role=log]')])")
    expect(log_of(page).locator(".msg").first).to_contain_text("AI")
    ask(page, ASK)
    ask(page, ASK)
    expect(label).to_be_in_viewport(ratio=1)
    assert page.locator("html").get_attribute("lang") == "vi"


def test_send_by_keyboard_only_and_reply_is_in_the_log(page: Page, server_url: str) -> None:
    open_page(page, server_url)
    box = page.get_by_role("textbox")
    if not box.evaluate("element => element === document.activeElement"):
        tab_to(page, box)
    page.keyboard.insert_text(ASK)
    page.keyboard.press("Enter")
    expect(replies(page).first).to_be_visible(timeout=REPLY_MS)
    expect(own(page)).to_have_count(1)
    expect(own(page).first).to_contain_text(ASK)
    expect(replies(page).first).to_have_attribute("data-kind", re.compile(r"^[a-z_]+$"))
    expect(box).to_be_focused()
    expect(box).to_have_value("")


def test_shift_enter_and_composition_do_not_send(page: Page, server_url: str) -> None:
    open_page(page, server_url)
    box = page.get_by_role("textbox")
    box.fill("một")
    box.press("Shift+Enter")
    page.keyboard.insert_text("hai")
    expect(box).to_have_value("một\nhai")
    for detail in ("keyCode: 229", "keyCode: 13, isComposing: true"):
        event = f"new KeyboardEvent('keydown', {{key: 'Enter', bubbles: true, cancelable: true, {detail}}})"
        box.evaluate(f"element => element.dispatchEvent({event})")
    expect(box).to_have_value("một\nhai")
    expect(own(page)).to_have_count(0)


def test_starter_chip_by_keyboard(page: Page, server_url: str) -> None:
    open_page(page, server_url)
    chips = page.locator(".starters button")
    expect(chips).to_have_count(4)
    tab_to(page, chips.first, key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(replies(page).first).to_be_visible(timeout=REPLY_MS)
    expect(own(page)).to_have_count(1)
    expect(page.get_by_role("textbox")).to_be_focused()


def test_button_of_an_answer_by_keyboard(page: Page, server_url: str) -> None:
    open_page(page, server_url)
    ask(page, ASK)
    button = replies(page).locator("button[data-payload]").last
    title = button.inner_text()
    answered = replies(page).count()
    tab_to(page, button, key="Shift+Tab")
    page.keyboard.press("Space")
    expect(own(page)).to_have_count(2)
    expect(own(page).last).to_contain_text(title)
    expect(replies(page).nth(answered)).to_be_visible(timeout=REPLY_MS)


def test_reload_keeps_the_conversation(page: Page, server_url: str) -> None:
    open_page(page, server_url)
    ask(page, ASK)
    ask(page, "Cảm ơn nhé")
    words = "node.querySelector('.bubble').textContent"
    numbers = f"nodes => nodes.map(node => [node.dataset.from, node.dataset.seq, {words}])"
    stored = log_of(page).locator("[data-seq]")
    before = stored.evaluate_all(numbers)
    page.reload()
    expect(stored).to_have_count(len(before), timeout=REPLY_MS)
    assert stored.evaluate_all(numbers) == before
    assert [int(seq) for _, seq, _ in before] == sorted(int(seq) for _, seq, _ in before)


def test_offline_message_is_kept_and_sent_once(page: Page, server_url: str) -> None:
    open_page(page, server_url)
    page.context.set_offline(True)
    page.get_by_role("textbox").fill(ASK)
    page.get_by_role("textbox").press("Enter")
    failed = log_of(page).locator('[data-state="failed"]')
    expect(failed).to_have_count(1)
    expect(failed).to_contain_text(re.compile("chưa gửi được", re.IGNORECASE))
    expect(failed.get_by_role("button", name="thử lại")).to_be_visible()
    expect(page.get_by_role("status")).not_to_be_empty()
    page.context.set_offline(False)  # the browser says "online": the page sends by itself
    expect(replies(page).first).to_be_visible(timeout=REPLY_MS)
    expect(failed).to_have_count(0)
    page.reload()
    expect(replies(page).first).to_be_visible(timeout=REPLY_MS)
    expect(own(page)).to_have_count(1)


def test_retry_button_after_a_lost_answer_has_one_effect(page: Page, server_url: str) -> None:
    """The server got the message, the answer was lost, the page was even reloaded: still one message."""
    open_page(page, server_url)

    def swallow(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/web/messages", only_posts(swallow))
    page.get_by_role("textbox").fill(ASK)
    page.get_by_role("textbox").press("Enter")
    unsent = log_of(page).locator("[data-state]")
    expect(unsent).to_have_attribute("data-state", "failed", timeout=REPLY_MS)
    page.reload()
    expect(unsent).to_contain_text(ASK)
    expect(unsent).to_have_attribute("data-state", "failed", timeout=REPLY_MS)
    page.unroute("**/web/messages")
    unsent.get_by_role("button", name="thử lại").click()
    expect(unsent).to_have_count(0, timeout=REPLY_MS)
    expect(replies(page).first).to_be_visible(timeout=REPLY_MS)
    expect(own(page)).to_have_count(1)


def test_refused_message_shows_the_reason_and_goes_back_to_the_box(page: Page, server_url: str) -> None:
    open_page(page, server_url)
    reason = "Tin này em không nhận được."
    refusal = {"error": {"code": "refused", "message": reason}}
    page.route("**/web/messages", only_posts(lambda route: route.fulfill(status=400, json=refusal)))
    page.get_by_role("textbox").fill(ASK)
    page.get_by_role("textbox").press("Enter")
    refused = log_of(page).locator('[data-state="refused"]')
    expect(refused).to_contain_text(reason)
    refused.get_by_role("button", name="sửa lại").click()
    expect(page.get_by_role("textbox")).to_have_value(ASK)
    expect(own(page)).to_have_count(0)


def test_draft_survives_a_reload(page: Page, server_url: str) -> None:
    open_page(page, server_url)
    page.get_by_role("textbox").fill("đang gõ dở")
    page.reload()
    expect(page.get_by_role("textbox")).to_have_value("đang gõ dở")


def test_text_of_the_citizen_is_never_html(page: Page, server_url: str) -> None:
    open_page(page, server_url)
    text = '<img src=x onerror="window.taken=1"><b>đậm</b><script>window.taken=2</script>'
    ask(page, text)
    expect(own(page).first.locator(".as-typed")).to_have_text(text)
    page.reload()
    expect(own(page).first.locator(".as-typed")).to_have_text(text)
    assert log_of(page).locator(".bubble").locator("img, b, script, iframe").count() == 0
    assert page.evaluate("window.taken") is None


def canned(page: Page, text: str, **custom: Any) -> None:
    """Let the page show one answer that the test made up."""
    message = {"seq": 1, "from": "bot", "at": "2026-11-22T20:30:00+00:00", "text": text, "custom": custom}
    page.route("**/web/messages?after=*", lambda route: route.fulfill(json={"messages": [message]}))


def test_links_only_for_official_hosts(page: Page, server_url: str) -> None:
    canned(
        page,
        "Xem dichvucong.gov.vn, https://hcconline.vnpost.vn/cuoc?x=1.\n"
        "https://dichvucong.gov.vn.evil.example/a evil-vnpost.vn https://evil.example/vneid.gov.vn "
        "https://vneid.gov.vn@evil.example/ ai@vnpost.vn javascript:alert(1) https://vnpost.vn:8443/",
        kind="info",
    )
    page.goto(server_url)
    links = replies(page).locator("a")
    expect(links).to_have_count(2)
    hrefs = links.evaluate_all("nodes => nodes.map(node => node.href)")
    assert hrefs == ["https://dichvucong.gov.vn/", "https://hcconline.vnpost.vn/cuoc?x=1"]
    assert links.evaluate_all("nodes => nodes.every(node => node.rel.includes('noopener'))")


def test_message_of_the_staff_arrives_and_keeps_the_readers_place(page: Page, server_url: str) -> None:
    page.set_viewport_size({"width": 390, "height": 500})
    old = [
        {
            "seq": seq,
            "from": "bot",
            "at": "2026-11-22T01:00:00+00:00",
            "text": "Dạ.\n\n" * 5,
            "custom": {"kind": "info"},
        }
        for seq in range(1, 9)
    ]
    page.route("**/web/messages?after=0", lambda route: route.fulfill(json={"messages": old}))
    new = {"seq": 9, "from": "staff", "at": "2026-11-22T01:05:00+00:00", "text": "Em là cán bộ trực."}
    page.route("**/web/messages?after=8", lambda route: route.fulfill(json={"messages": [new]}))
    open_page(page, server_url)
    expect(replies(page)).to_have_count(8)
    page.locator("main").evaluate("node => { node.scrollTop = 0; }")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # the tab is looked at again: a poll
    staff = log_of(page).locator('[data-from="staff"]')
    expect(staff).to_contain_text("Em là cán bộ trực.")
    expect(staff).not_to_be_in_viewport()
    page.get_by_role("button", name="Xem tin mới nhất").click()
    expect(staff).to_be_in_viewport()


def test_lists_source_and_vietnam_time(page: Page, server_url: str) -> None:
    canned(
        page,
        "Cần mang:\n- Tờ khai\n- Căn cước\n\n1. Nộp\n2. Nhận\n\nNguồn: danh mục thủ tục.",
        kind="procedure",
    )
    page.goto(server_url)
    answer = replies(page).first
    expect(answer.locator("ul > li")).to_have_text(["Tờ khai", "Căn cước"])
    expect(answer.locator("ol > li")).to_have_text(["Nộp", "Nhận"])
    expect(answer.locator(".source")).to_have_text("Nguồn: danh mục thủ tục.")
    expect(answer.locator("time")).to_contain_text("03:30")  # 20:30 UTC


@pytest.mark.parametrize(
    ("status", "step", "sign"), [(1, 0, "now"), (3, 1, "stopped"), (5, 2, "waits"), (10, 4, "done")]
)
def test_status_card(page: Page, server_url: str, status: int, step: int, sign: str) -> None:
    canned(
        page,
        "Dạ.",
        kind="dossier_status",
        code="H36.12-261110-0004",
        status=status,
        label="Nhãn",
        due_at="2026-11-24",
    )
    page.goto(server_url)
    steps = replies(page).locator("ol.way > li")
    expect(steps).to_have_count(5)
    current = replies(page).locator("[aria-current=step]")
    expect(current).to_have_count(1)
    expect(steps.nth(step)).to_have_attribute("aria-current", "step")
    expect(current).to_have_attribute("data-step", sign)
    expect(replies(page).locator(".card")).to_contain_text("24/11/2026")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_serious_accessibility_violation(page: Page, server_url: str, scheme: Any, width: int) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 720})
    open_page(page, server_url)
    assert serious(page) == []
    ask(page, ASK)
    ask(page, "Hồ sơ của tôi tới đâu rồi?")
    page.route("**/web/messages", only_posts(lambda route: route.abort()))
    page.get_by_role("textbox").fill("tin chưa gửi được")
    page.get_by_role("textbox").press("Enter")
    expect(log_of(page).locator('[data-state="failed"]')).to_have_count(1)
    assert serious(page) == []


@pytest.mark.parametrize("presses", [0, 2])
def test_no_sideways_scroll_and_large_targets_at_320_px(page: Page, server_url: str, presses: int) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    open_page(page, server_url)
    for _ in range(presses):
        page.get_by_role("button", name="Cỡ chữ").click()
    ask(page, ASK)
    ask(page, "x" * 300)
    wide = "node => node.scrollWidth > node.clientWidth"
    assert not page.locator("html").evaluate(wide)
    assert not page.locator("main").evaluate(wide)
    small = page.get_by_role("button").evaluate_all(
        "nodes => nodes.filter(n => n.offsetWidth < 44 || n.offsetHeight < 44).map(n => n.textContent)"
    )
    assert small == []


@pytest.mark.parametrize(("width", "height"), [(640, 360), (320, 256)])
def test_zoomed_in_it_can_still_be_read_and_written(page: Page, server_url: str, width: int, height: int) -> None:
    """What a window of 1,280 px leaves at 200 % (720 px high) and at 400 % (1,024 px high)."""
    page.set_viewport_size({"width": width, "height": height})
    open_page(page, server_url)
    ask(page, ASK)
    assert not page.locator("html").evaluate("node => node.scrollWidth > node.clientWidth")
    expect(page.get_by_role("textbox")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Gửi", exact=True)).to_be_in_viewport(ratio=1)
    assert page.locator("main").evaluate("node => node.clientHeight") >= 60


def test_text_size_is_remembered(page: Page, server_url: str) -> None:
    open_page(page, server_url)
    bubble = "() => parseFloat(getComputedStyle(document.querySelector('.bubble p')).fontSize)"
    normal = page.evaluate(bubble)
    assert 16 <= normal <= 18
    page.get_by_role("button", name="Cỡ chữ").click()
    larger = page.evaluate(bubble)
    assert larger > normal
    page.reload()
    expect(page.get_by_role("button", name="Cỡ chữ")).to_contain_text("A+")
    assert page.evaluate(bubble) == larger


# --- a shared computer ---

END_BUTTON = "Xóa màn hình"


def test_the_end_leaves_nothing_on_a_shared_computer(page: Page, server_url: str) -> None:
    open_page(page, server_url)
    ask(page, ASK)
    other = page.context.new_page()
    open_page(other, server_url)
    expect(own(other)).to_have_count(1)
    before = page.context.cookies()
    page.get_by_role("button", name="Cỡ chữ").click()
    page.get_by_role("textbox").fill("chưa gửi")
    page.get_by_role("button", name=END_BUTTON).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Anh/chị sẽ bắt đầu cuộc trò chuyện mới.")
    dialog.get_by_role("button", name="Giữ lại").click()
    expect(dialog).to_be_hidden()
    expect(own(page)).to_have_count(1)
    page.get_by_role("button", name=END_BUTTON).click()
    dialog.get_by_role("button", name="Xóa").click()
    for tab in (page, other):
        expect(own(tab)).to_have_count(0)
        expect(log_of(tab)).to_have_attribute("aria-live", "polite")
        expect(log_of(tab).locator(".msg")).to_have_count(1)
        expect(log_of(tab)).to_contain_text("Dạ, em chào anh/chị.")
        expect(tab.get_by_role("textbox")).to_have_value("")
    assert page.context.cookies()[0]["value"] != before[0]["value"]
    stored = "[...Object.values(localStorage), ...Object.values(sessionStorage)].filter(v => v && v !== '[]')"
    assert page.evaluate(stored) == []
    ask(page, ASK)
    expect(own(page)).to_have_count(1)


def test_the_end_by_keyboard_and_without_a_network(page: Page, server_url: str) -> None:
    open_page(page, server_url)
    ask(page, ASK)
    page.route("**/web/end", lambda route: route.abort())
    button, dialog = page.get_by_role("button", name=END_BUTTON), page.get_by_role("dialog")
    tab_to(page, button, key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Giữ lại")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, dialog.get_by_role("button", name="Xóa"), key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("em chưa xóa được")
    expect(own(page)).to_have_count(1)
    page.unroute("**/web/end")
    page.keyboard.press("Enter")
    expect(own(page)).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_question_before_the_end_is_for_everybody(page: Page, server_url: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": 320, "height": 480})
    open_page(page, server_url)
    for _ in range(2):
        page.get_by_role("button", name="Cỡ chữ").click()
    page.get_by_role("button", name=END_BUTTON).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Xóa")).to_be_in_viewport(ratio=1)
    assert serious(page) == []
    assert not page.locator("html").evaluate("node => node.scrollWidth > node.clientWidth")
    sizes = dialog.get_by_role("button").evaluate_all(
        "nodes => nodes.map(n => Math.min(n.offsetWidth, n.offsetHeight))"
    )
    assert min(sizes) >= 44


# --- the photo of a slip ---

SLIP_CODE = "H36.12-261118-0033"
PHOTO_BUTTON = "Gửi ảnh giấy hẹn"


def slip(width: int = 600, height: int = 800) -> FilePayload:
    """A picture of a slip with the QR code of a demo dossier."""
    drawn = io.BytesIO()
    segno.make_qr(f"https://example.org/tra-cuu?ma={SLIP_CODE}").save(drawn, kind="png", scale=max(4, width // 150))
    sheet = Image.new("RGB", (width, height), "white")
    sheet.paste(Image.open(drawn).convert("RGB"), (40, 40))
    picture = io.BytesIO()
    sheet.save(picture, "PNG")
    return {"name": "giay-hen.png", "mimeType": "image/png", "buffer": picture.getvalue()}


def choose(page: Page, file: FilePayload) -> None:
    page.locator("#photo").set_input_files(file)


def count_openings(page: Page) -> Callable[[], int]:
    """Count how often the choice of a file is opened, without the window of the system."""
    count = "document.getElementById('photo').click = () => { window.opened += 1; };"
    page.evaluate(f"() => {{ window.opened = 0; {count} }}")
    return lambda: int(page.evaluate("window.opened"))


def test_a_photo_of_the_slip_leads_to_the_proof(page: Page, server_url: str) -> None:
    open_page(page, server_url)
    opened = count_openings(page)
    tab_to(page, page.get_by_role("button", name=PHOTO_BUTTON), key="Shift+Tab")
    page.keyboard.press("Enter")
    assert opened() == 1
    choose(page, slip())
    answer = replies(page).first
    expect(answer).to_have_attribute("data-kind", "dossier_proof", timeout=REPLY_MS)
    expect(answer).to_contain_text(SLIP_CODE)
    expect(own(page)).to_have_count(1)
    expect(own(page)).to_contain_text("Ảnh giấy hẹn")
    expect(own(page).locator("canvas")).to_be_visible()
    expect(log_of(page).locator("[data-state]")).to_have_count(0)
    assert serious(page) == []
    page.reload()
    expect(own(page)).to_contain_text("Ảnh giấy hẹn")
    expect(own(page).locator("canvas")).to_have_count(0)


def test_a_large_photo_is_made_smaller_before_it_is_sent(page: Page, server_url: str) -> None:
    open_page(page, server_url)
    sent: list[tuple[str | None, bytes]] = []

    def look(route: Route) -> None:
        sent.append((route.request.headers.get("content-type"), route.request.post_data_buffer or b""))
        route.continue_()

    page.route("**/web/slip?*", look)
    choose(page, slip(3000, 4400))
    expect(replies(page).first).to_have_attribute("data-kind", "dossier_proof", timeout=REPLY_MS)
    ((kind, picture),) = sent
    assert kind == "image/jpeg"
    assert max(Image.open(io.BytesIO(picture)).size) <= 2200 and len(picture) < 500_000


def test_what_is_no_picture_is_not_sent(page: Page, server_url: str) -> None:
    open_page(page, server_url)
    choose(page, {"name": "don.txt", "mimeType": "text/plain", "buffer": b"xin chao"})
    expect(page.get_by_role("status")).to_contain_text("Máy không mở được ảnh này")
    expect(own(page)).to_have_count(0)


def test_a_refused_photo_says_why_and_holds_nothing_up(page: Page, server_url: str) -> None:
    open_page(page, server_url)
    refusal = {"error": {"code": "too_many_photos", "message": "Dạ, anh/chị gửi nhiều ảnh quá."}}
    page.route("**/web/slip?*", lambda route: route.fulfill(status=429, json=refusal))
    choose(page, slip())
    refused = log_of(page).locator('[data-state="refused"]')
    expect(refused).to_contain_text("gửi nhiều ảnh quá")
    page.get_by_role("textbox").fill(ASK)
    page.get_by_role("textbox").press("Enter")
    expect(replies(page).first).to_be_visible(timeout=REPLY_MS)
    page.unroute("**/web/slip?*")
    opened = count_openings(page)
    refused.get_by_role("button", name="chọn ảnh khác").click()
    expect(refused).to_have_count(0)
    assert opened() == 1
    answered = replies(page).count()
    choose(page, slip())
    expect(replies(page).nth(answered)).to_have_attribute("data-kind", "dossier_proof", timeout=REPLY_MS)


def test_a_photo_waits_for_the_network_and_is_not_kept_over_a_reload(page: Page, server_url: str) -> None:
    open_page(page, server_url)
    page.context.set_offline(True)
    choose(page, slip())
    expect(log_of(page).locator('[data-state="failed"]')).to_have_count(1)
    assert page.evaluate("sessionStorage.getItem('motcua.outbox')") == "[]"
    page.context.set_offline(False)
    expect(replies(page).first).to_have_attribute("data-kind", "dossier_proof", timeout=REPLY_MS)
    expect(own(page)).to_have_count(1)


def test_a_question_may_ask_for_the_photo(page: Page, server_url: str) -> None:
    canned(page, "Dạ, anh/chị cho em xin mã hồ sơ.", kind="dossier_question", slot="code", asks_photo=True)
    open_page(page, server_url)
    opened = count_openings(page)
    replies(page).get_by_role("button", name=PHOTO_BUTTON).click()
    assert opened() == 1


# --- what comes with dossiers ---

STEPS = [
    {"status": 1, "label": "Mới đăng ký", "at": "2026-11-08T18:05:00+00:00", "state": "done"},
    {"status": 4, "label": "Đang xử lý", "at": None, "state": "done"},
    {"status": 5, "label": "Yêu cầu bổ sung giấy tờ", "at": "2026-11-12T15:10:00+07:00", "state": "waits"},
    {"status": None, "label": "Hẹn trả kết quả", "at": "2026-11-27T16:30:00+07:00", "state": "ahead"},
    {"label": "Lạ", "state": "constructor"},
    None,
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_timeline_is_drawn_and_heard(page: Page, server_url: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": 320, "height": 640})
    canned(
        page,
        "Dạ, hồ sơ đi tới đây rồi ạ:\n✓ Mới đăng ký: 01:05\n! Yêu cầu bổ sung giấy tờ\n○ Hẹn trả kết quả\n"
        "Bổ sung giúp em:\n- Tờ khai",
        kind="dossier_status",
        code=SLIP_CODE,
        status=5,
        label="Yêu cầu bổ sung giấy tờ",
        tier=1,
        timeline=STEPS,
        supplement_due_at="2026-12-05T17:00:00+07:00",
        estimate_due_at="2026-12-11",
    )
    open_page(page, server_url)
    answer = replies(page).first
    steps = answer.locator("ol.steps > li")
    expect(steps).to_have_text(
        [
            re.compile("^✓Mới đăng ký01:05, 09/11/2026 · đã qua$"),  # Vietnam's time
            re.compile("^✓Đang xử lýđã qua$"),
            re.compile("^!Yêu cầu bổ sung giấy tờ15:10, 12/11/2026 · đang chờ anh/chị$"),
            re.compile("^Hẹn trả kết quả27/11/2026 · chưa tới$"),
        ]
    )
    expect(answer.locator("[aria-current=step]")).to_have_count(1)
    expect(steps.nth(2)).to_have_attribute("aria-current", "step")
    expect(answer.locator("ol.way")).to_have_count(0)
    expect(answer.locator(".bubble > p")).to_have_text(["Dạ, hồ sơ đi tới đây rồi ạ.Bổ sung giúp em:"])
    expect(answer.locator(".fields")).to_contain_text(re.compile("Hạn bổ sung.*05/12/2026.*ước tính.*11/12/2026"))
    assert not page.locator("main").evaluate("node => node.scrollWidth > node.clientWidth")
    assert serious(page) == []


@pytest.mark.parametrize(
    ("custom", "words"),
    [
        ({"kind": "dossier_status", "status": 9, "label": "Đã xử lý xong", "tier": 0}, f"Tin báo về hồ sơ {SLIP_CODE}"),
        (
            {"kind": "dossier_status", "status": 4, "label": "Chờ ký", "upstream_label": "Chờ ký", "tier": 1},
            "Hệ thống ghi: Chờ ký",
        ),
        ({"kind": "subscribed"}, f"Đang theo dõi hồ sơ {SLIP_CODE}"),
        ({"kind": "unsubscribed"}, f"Đã ngừng báo tin hồ sơ {SLIP_CODE}"),
    ],
    ids=["notice", "upstream", "subscribed", "unsubscribed"],
)
def test_cards_around_a_dossier(page: Page, server_url: str, custom: dict[str, Any], words: str) -> None:
    canned(page, "Dạ.", code=SLIP_CODE, **custom)
    page.goto(server_url)
    answer = replies(page).first
    expect(answer.locator(".card-over, .card-title").filter(has_text=words)).to_have_count(1)
    expect(answer.locator("ol.way")).to_have_count(int(custom.get("tier") == 0))


def test_the_title_counts_what_came_while_nobody_looked(page: Page, server_url: str) -> None:
    said = [
        {"seq": seq, "from": "bot", "at": "2026-11-22T01:00:00+00:00", "text": "Dạ.", "custom": {"kind": "info"}}
        for seq in (1, 2)
    ]
    page.route("**/web/messages?after=0", lambda route: route.fulfill(json={"messages": said[:1]}))
    page.route("**/web/messages?after=1", lambda route: route.fulfill(json={"messages": said[1:]}))
    page.route("**/web/messages?after=2", lambda route: route.fulfill(json={"messages": []}))
    page.add_init_script("Object.defineProperty(document, 'visibilityState', {get: () => window.seen || 'visible'})")
    open_page(page, server_url)
    title = page.title()
    expect(replies(page)).to_have_count(1)
    page.evaluate("window.seen = 'hidden'; window.dispatchEvent(new Event('online'))")  # a poll of a hidden page
    expect(page).to_have_title(f"(1) {title}")
    page.evaluate("window.seen = 'visible'; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page).to_have_title(title)
