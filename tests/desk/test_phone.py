"""Phone mode: a call from its first word to its end, with everything that is handed on."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from bot.conversation.models import Address, Conversation, InboxMessage, OutboxMessage
from bot.db.engine import Database
from bot.desk.models import Call
from bot.dossiers import lookup
from bot.dossiers.models import Dossier
from bot.pickups.models import Pickup
from bot.privacy.models import AuditEntry
from bot.staff import accounts, sessions
from bot.staff.models import Staff
from bot.tickets.models import Chat, Note, Ticket

SCRIPT = {"x-requested-with": "desk"}


class Desk:
    """Somebody of the staff at a browser."""

    def __init__(self, client: TestClient, database: Database, username: str = "hoa.le", role: str = "agent") -> None:
        self.client = client
        with database.unit_of_work() as session:
            accounts.add(session, username, "Lê Thị Hoa", role)
            row = session.execute(select(Staff).where(Staff.username == username)).scalar_one()
            self.token = sessions.begin(session, row, proved=True)

    def get(self, path: str) -> Any:
        return self.client.get(path, headers={"cookie": f"mc_desk={self.token}"}, follow_redirects=False)

    def post(self, path: str, **form: str) -> Any:
        headers = {"cookie": f"mc_desk={self.token}", "x-csrf": sessions.csrf_of(self.token), **SCRIPT}
        return self.client.post(path, data=form, headers=headers, follow_redirects=False)

    def begin(self) -> str:
        """Begin a call and return its address."""
        begun = self.post("/desk/phone/begin")
        assert begun.status_code == 303
        return str(begun.headers["location"])

    def suggest(self, call: str, text: str) -> dict[str, Any]:
        answer = self.post(f"{call}/suggest", text=text)
        assert answer.status_code == 200
        return dict(answer.json())


@pytest.fixture
def desk(client: TestClient, furnished: Database) -> Desk:
    return Desk(client, furnished)


def _count(database: Database, *tables: Any) -> list[int]:
    with database.reading() as session:
        return [session.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]


def audited(session: Session, action: str) -> list[tuple[str, str, str | None]]:
    rows = session.execute(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)).scalars()
    return [(row.actor, row.subject, row.reason) for row in rows]


def _dossier(database: Database, status: int) -> dict[str, Any]:
    with database.reading() as session:
        found = session.execute(select(Dossier).where(Dossier.status == status).order_by(Dossier.id)).scalars().first()
        return lookup.full_record(found)


def test_a_call_is_answered_and_goes_on_with_a_button(desk: Desk, furnished: Database) -> None:
    call = desk.begin()
    assert 'id="said"' in desk.get(call).text
    shown = desk.post(f"{call}/say", text="khai sinh cần gì", message_id="m1").text
    assert 'data-procedure="1.001193"' in shown
    assert "Nguồn: " in shown and "Giấy chứng sinh" in shown
    fee = re.search(r'data-press="(btn:[\d.]+)"><kbd>Alt</kbd>\+<kbd>1</kbd> Lệ phí', shown)
    assert fee
    assert "lệ phí" in desk.post(f"{call}/say", press=fee[1], message_id="m2").text.lower()
    assert "Nhận câu này" in desk.get(call).text and "khai sinh cần gì" in desk.get("/desk/phone").text


def test_the_same_message_sent_again_happens_once(desk: Desk, furnished: Database) -> None:
    call = desk.begin()
    first, again = (desk.post(f"{call}/say", text="lệ phí kết hôn", message_id="m1").text for _ in range(2))
    assert first == again
    assert _count(furnished, InboxMessage) == [1]


def test_a_suggestion_says_everything_and_leaves_nothing(desk: Desk, furnished: Database) -> None:
    call = desk.begin()
    before = _count(furnished, InboxMessage, OutboxMessage, Ticket, Chat)
    found = desk.suggest(call, "khai sinh cần gì")
    assert "Giấy chứng sinh" in found["answers"][0]["text"] and "Nguồn:" not in found["answers"][0]["text"]
    assert found["answers"][0]["source"].startswith("Nguồn: ") and "kiểm tra" in found["answers"][0]["source"]
    assert found["procedures"][0]["code"] == "1.001193" and "Lệ phí" in found["ask"]
    guide = desk.suggest(call, "làm sao tạo tài khoản dịch vụ công")["guide"]
    assert guide["step"] == 1 and guide["counter"].endswith("/tai-quay")
    helpless = desk.suggest(call, "cho tôi gặp nhân viên")
    assert helpless["helpless"] and not helpless["answers"]
    assert _count(furnished, InboxMessage, OutboxMessage, Ticket, Chat) == before
    with furnished.reading() as session:
        assert session.execute(select(Conversation.last_seq)).scalar_one() == 0


def test_a_dossier_code_that_is_heard_is_ready_for_the_card(desk: Desk) -> None:
    assert desk.suggest(desk.begin(), "hồ sơ h36.12 261105 0001 tới đâu rồi")["dossier"] == "H36.12-261105-0001"


@pytest.mark.parametrize(
    ("said", "warned"),
    [("mã OTP của tôi là 482913", "OTP"), ("căn cước 068099001234", "căn cước"), ("LK-7K4P-QD2M", "nối kênh")],
)
def test_what_nobody_should_say_is_warned_about_and_not_answered(desk: Desk, said: str, warned: str) -> None:
    found = desk.suggest(desk.begin(), said)
    assert warned in found["warning"] and not found["answers"]


def test_a_call_belongs_to_who_began_it_and_ends_once(desk: Desk, client: TestClient, furnished: Database) -> None:
    call, other = desk.begin(), Desk(client, furnished, "nam.vo")
    assert other.post(f"{call}/say", text="khai sinh").status_code == 403
    assert other.post(f"{call}/suggest", text="khai sinh").status_code == 403
    assert other.post(f"{call}/dossier", code="H36.12-261105-0001", reason="Kiểm tra khiếu nại").status_code == 403
    assert 'id="said"' not in other.get(call).text, "a colleague may read, and that is written down"
    assert desk.post(f"{call}/note", end="1").status_code == 303
    assert desk.post(f"{call}/say", text="khai sinh").status_code == 409
    assert desk.post("/desk/phone/999/suggest", text="khai sinh").status_code == 404
    with furnished.reading() as session:
        assert [actor for actor, *_ in audited(session, "conversation.read")] == ["staff:nam.vo"]


def test_who_edits_content_has_no_phone(client: TestClient, furnished: Database) -> None:
    editor = Desk(client, furnished, "mai.tran", "content_editor")
    assert editor.get("/desk/phone").status_code == 403
    assert editor.post("/desk/phone/begin").status_code == 403


def test_a_call_in_which_nothing_was_said_is_used_first(desk: Desk) -> None:
    assert desk.begin() == desk.begin()
    call = desk.begin()
    desk.post(f"{call}/say", text="khai sinh")
    assert desk.begin() != call


def test_a_code_read_out_joins_the_call_and_the_answer_is_sent(desk: Desk, furnished: Database) -> None:
    web = {"sender": "u1", "message": "nối kênh"}
    told = desk.client.post("/webhooks/rest/webhook", json=web).json()[0]["text"]
    call = desk.begin()
    shown = desk.post(f"{call}/say", text="khai sinh cần gì").text
    inbox = re.search(r'data-inbox="(\d+)"', shown)
    assert inbox
    refused = desk.post(f"{call}/send", inbox=inbox[1])
    assert refused.status_code == 409 and "Chưa nối" in refused.json()["error"]["message"]
    code = re.search(r"LK-\w{4}-\w{4}", told)
    assert code
    linked = desk.post(f"{call}/say", text=code[0].lower().replace("-", " ")).text
    assert 'data-linked="ứng dụng"' in linked and code[0] not in linked
    assert "để sẵn" in desk.post(f"{call}/send", inbox=inbox[1]).json()["said"]
    missing = desk.post(f"{call}/send", code="1.001193", have="0").json()
    assert "để sẵn" in missing["said"]
    got = desk.client.post("/webhooks/rest/webhook", json={"sender": "u1", "message": "xin chào"}).json()
    sent = [one["text"] for one in got if one["custom"].get("code") == "1.001193"]
    assert len(sent) == 2 and "Giấy chứng sinh" in sent[0]
    assert "còn thiếu" in sent[1] and "Tờ khai đăng ký khai sinh" not in sent[1]
    with furnished.reading() as session:
        ((actor, _, reason),) = audited(session, "conversation.link")
        assert (actor, reason) == ("staff:hoa.le", f"mã nối kênh, cuộc gọi {call.rsplit('/', 1)[1]}")
        assert len(audited(session, "conversation.send")) == 2


def test_the_telephone_leaves_the_conversation_and_the_work_stays(desk: Desk, furnished: Database) -> None:
    told = desk.client.post("/webhooks/rest/webhook", json={"sender": "u1", "message": "nối kênh"}).json()[0]["text"]
    call = desk.begin()
    desk.post(f"{call}/say", text=re.findall(r"LK-\w{4}-\w{4}", told)[0])
    said = desk.post(f"{call}/note", text="Xin nhắc hồ sơ", topic="dossier_late", subject="H36.12-261105-0001").json()
    assert said["ticket"] in said["said"]
    assert desk.post(f"{call}/note", end="1").status_code == 303
    with furnished.reading() as session:
        theirs = session.execute(select(Address.conversation_id).where(Address.sender == "u1")).scalar_one()
        phone = session.execute(select(Address).where(Address.channel == "phone")).scalar_one()
        begun = session.execute(select(Call)).scalar_one()
        assert phone.conversation_id == begun.conversation_id != theirs
        ticket = session.execute(select(Ticket)).scalar_one()
        assert (ticket.number, ticket.conversation_id, ticket.due_at is not None) == (said["ticket"], theirs, True)
        assert begun.ticket_id == ticket.id and begun.ended_at is not None
        assert session.execute(select(Note.text)).scalar_one() == "Xin nhắc hồ sơ"
    assert said["ticket"] in desk.get("/desk/phone").text


def test_a_postman_is_booked_for_a_caller(desk: Desk, furnished: Database) -> None:
    call = desk.begin()
    shown = ""
    for said in (
        "Bưu điện đến nhà lấy hồ sơ đăng ký khai sinh giúp tôi",
        "Lê Thị Ngọc Bích",
        "xã Di Linh",
        "0912345678",
        "12 Hùng Vương",
        "25/11",
        "sáng",
        "dạ không",
        "[Trả trước]",
        "[Đồng ý]",
    ):
        pressed = re.search(rf'data-press="(btn:[\d.]+)">[^\n]*{said.strip("[]")}', shown)
        shown = desk.post(f"{call}/say", **({"press": pressed[1]} if pressed else {"text": said})).text
    with furnished.reading() as session:
        booked = session.execute(select(Pickup)).scalar_one()
        assert booked.conversation_id == session.execute(select(Call.conversation_id)).scalar_one()
        assert booked.booking in shown


@pytest.mark.parametrize("topic", ["scam", "account", "payment"])
def test_nobody_waits_for_a_caller_whose_note_became_a_ticket(desk: Desk, furnished: Database, topic: str) -> None:
    call = desk.begin()
    assert desk.post(f"{call}/note", text="Có người xưng công an đòi tiền", topic=topic).json()["ticket"]
    with furnished.reading() as session:
        assert session.execute(select(Ticket.state)).scalar_one() == "open"
        assert session.execute(select(Chat.state)).scalar_one() == "ended"


def test_a_caller_who_asks_for_a_person_has_one(desk: Desk, furnished: Database) -> None:
    call = desk.begin()
    desk.post(f"{call}/say", text="cho tôi gặp nhân viên")
    with furnished.reading() as session:
        assert session.execute(select(Chat.state)).scalars().all() == ["ended"]
        assert session.execute(select(Ticket.state)).scalars().all() == ["closed"]


def test_a_note_needs_words_and_a_known_topic(desk: Desk) -> None:
    call = desk.begin()
    assert desk.post(f"{call}/note", text=" ", topic="scam").status_code == 422
    assert desk.post(f"{call}/note", text="abc", topic="emergency").status_code == 422
    assert desk.post(f"{call}/note", text="x" * 4001).status_code == 422
    assert desk.post(f"{call}/note", text="chỉ ghi").json()["ticket"] is None


def test_a_whole_dossier_is_shown_for_a_reason_that_is_kept(desk: Desk, furnished: Database) -> None:
    call, dossier = desk.begin(), _dossier(furnished, 5)
    without = desk.post(f"{call}/dossier", code=dossier["code"], reason="").text
    short = desk.post(f"{call}/dossier", code=dossier["code"], reason="Khác", other="ừ").text
    assert dossier["owner_name"] not in without + short and "lý do" in without
    written = f" {dossier['code'].lower().replace('-', ' ')} "
    shown = desk.post(f"{call}/dossier", code=written, reason="Khác", other="Công an xã hỏi").text
    assert dossier["owner_name"] in shown and dossier["owner_phone"] in shown
    assert all(paper in shown for paper in dossier["supplement"])
    assert (dossier["slip_secret"] or "—") not in shown and (dossier["owner_id_number"] or "—") not in shown
    assert f"Dạ, hồ sơ {dossier['code']}" in shown, "what the assistant would tell"
    with furnished.reading() as session:
        ((actor, subject, reason),) = audited(session, "dossier.read")
    assert (actor, subject) == ("staff:hoa.le", dossier["code"])
    assert reason and reason.startswith("Khác: Công an xã hỏi (cuộc gọi ")


@pytest.mark.parametrize(
    ("written", "said", "looks"),
    [
        ("H36.12-261105-9999", "Không có hồ sơ nào mang mã H36.12-261105-9999", 1),
        ("MC0000012", "lịch hẹn bưu tá", 0),
        ("0912345678", "số điện thoại", 0),
        ("H36.12-2611", "thiếu số", 0),
        ("abc", "có dạng", 0),
    ],
)
def test_a_code_that_is_none_gets_one_clear_sentence(
    desk: Desk, furnished: Database, written: str, said: str, looks: int
) -> None:
    shown = desk.post(f"{desk.begin()}/dossier", code=written, reason="Kiểm tra khiếu nại").text
    assert said in shown and 'role="alert"' in shown
    with furnished.reading() as session:
        assert len(audited(session, "dossier.read")) == looks


def test_papers_are_ticked_and_what_is_missing_is_printed(desk: Desk) -> None:
    call = desk.begin()
    listed = desk.get(f"{call}/papers/1.001193").text
    papers = re.findall(r'value="(\d+)" data-paper> <span>([^<]+)<', listed)
    assert len(papers) >= 2 and "Lệ phí" in listed and "Nguồn:" in listed
    printed = desk.get(f"{call}/print?code=1.001193&have={papers[0][0]}").text
    assert papers[0][1] not in printed and papers[1][1] in printed and "0263.3540.616" in printed
    every = ",".join(number for number, _ in papers)
    assert "đã đủ" in desk.get(f"{call}/print?code=1.001193&have={every}").text
    assert desk.get(f"{call}/papers/9.999999").status_code == 404
    assert desk.get(f"{call}/print?code=9.999999").status_code == 404
    assert desk.get(f"{call}/print?code=1.001193&have=x,-1,99999999999").status_code == 200


def test_a_call_is_printed_with_its_sources(desk: Desk) -> None:
    call = desk.begin()
    first = desk.post(f"{call}/say", text="khai sinh cần gì").text
    desk.post(f"{call}/say", text="lệ phí đăng ký kết hôn")
    whole = desk.get(f"{call}/print").text
    assert whole.count("Nguồn:") == 2 and "kết hôn" in whole
    inbox = re.search(r'data-inbox="(\d+)"', first)
    assert inbox and "Đăng ký kết hôn" not in desk.get(f"{call}/print?inbox={inbox[1]}").text
    assert "Chưa có câu trả lời" in desk.get(f"{call}/print?inbox=99999").text


def test_what_a_caller_says_is_never_markup(desk: Desk) -> None:
    call, bad = desk.begin(), "<script>alert(1)</script> khai sinh"
    shown = desk.post(f"{call}/say", text=bad).text
    desk.post(f"{call}/note", text=bad)
    assert "&lt;script&gt;" in shown
    assert all("<script>alert" not in desk.get(path).text for path in (call, "/desk/phone", f"{call}/print"))
