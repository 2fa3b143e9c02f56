"""Figures at the desk: the page, its pictures, the files, and who may see them."""

from __future__ import annotations

import csv
import io
import re
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from bot import clock
from bot.conversation.models import Address, Conversation, InboxMessage
from bot.db.engine import Database
from bot.dossiers.models import Dossier
from bot.privacy.models import AuditEntry
from bot.tickets import work

from .conftest import Sit

on_sqlite = pytest.mark.parametrize("furnished_database", ["sqlite"], indirect=True)
EVIL = "=cmd|'/c calc'!A0"


@pytest.fixture
def month(furnished: Database) -> None:
    """A few messages and tickets of this month."""
    with furnished.unit_of_work() as session:
        talk = Conversation(channel="zalo", sender="a", created_at=clock.now())
        session.add(talk)
        session.flush()
        address = Address(channel="zalo", sender="a", conversation_id=talk.id, created_at=clock.now())
        session.add(address)
        session.flush()
        for number, outcome in enumerate(["answered"] * 3 + ["not_understood"]):
            now = clock.now()
            session.add(
                InboxMessage(
                    conversation_id=talk.id, address_id=address.id, message_id=str(number), text="bí mật",
                    received_at=now, sent_at=now, ready_at=now, state="done", topic="procedures", outcome=outcome,
                )
            )  # fmt: skip
        work.open_by_hand(session, "dossier_late", "bí mật")


@pytest.mark.usefixtures("month")
def test_the_page_says_the_numbers_beside_their_pictures(sit: Sit) -> None:
    client = sit("supervisor")
    page = client.get("/desk/figures?month=2026-11").text
    assert "Số liệu tháng 11/2026, toàn tỉnh" in page and "bí mật" not in page
    row = re.search(r'<th scope="row">Thủ tục</th>(.*?)</tr>', page, re.S)
    assert row and re.findall(r'class="number">([^<]+)', row[1]) == ["4", "3", "0", "1", "0", "75,0 %"]
    assert "chưa có số" in page  # of what nobody reports
    pictures = re.findall(r'<img src="(/desk/figures/[^"]+)" alt="([^"]+)"', page)
    assert len(pictures) >= 4 and all(alt.startswith("Hình: ") for _, alt in pictures)
    for address, _ in pictures:
        answer = client.get(address.replace("&amp;", "&"))
        assert answer.status_code == 200 and answer.headers["content-type"].startswith("image/svg+xml")
        root = ElementTree.fromstring(answer.content)
        assert root.tag.endswith("svg") and b"prefers-color-scheme:dark" in answer.content
    assert page.count('<img src="/desk/figures/') == len(pictures)


@pytest.mark.usefixtures("month")
def test_another_month_and_a_centre(furnished: Database, sit: Sit) -> None:
    client = sit("supervisor")
    empty = client.get("/desk/figures?month=2025-01").text
    assert "Không có gì trong tháng này." in empty and "tháng 1/2025" in empty
    with furnished.reading() as session:
        name = session.execute(select(Dossier.agency).where(Dossier.agency.is_not(None))).scalars().first()
    page = client.get("/desk/figures", params={"month": "2026-11", "centre": name}).text
    assert "chỉ có số của toàn tỉnh" in page and "Ai trả lời" not in page and "Quyết toán" in page
    assert client.get("/desk/figures?centre=kh%C3%B4ng+c%C3%B3").status_code == 404
    for bad in ("2026-13", "x", "2026-11-01", "' OR 1=1"):
        assert client.get("/desk/figures", params={"month": bad}).status_code == 400
    assert client.get("/desk/figures/nothing.svg").status_code == 404
    assert client.get("/desk/figures/topics.svg?month=2025-01").status_code == 404  # nothing to draw
    assert client.get("/desk/figures/report.exe").status_code == 404


@pytest.mark.usefixtures("month")
def test_the_files_say_the_same_and_run_nothing(furnished: Database, sit: Sit) -> None:
    with furnished.unit_of_work() as session:
        session.add(
            Dossier(
                code="H36.12-261101-7777", status=4, fingerprint="-", updated_at=clock.now(), agency=EVIL,
                channel="online", received_at=clock.now(), supplement=[],
            )
        )  # fmt: skip
    client = sit("supervisor")
    answer = client.get("/desk/figures/report.csv?month=2026-11")
    assert answer.headers["content-disposition"] == 'attachment; filename="so-lieu-2026-11.csv"'
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert ["Ai trả lời, theo chủ đề", "Thủ tục", "4", "3", "0", "1", "0", "0.7500"] in lines
    cells = [cell for line in lines for cell in line]
    assert f"'{EVIL}" in cells and not [cell for cell in cells if cell.startswith(("=", "+", "@", "-"))]
    book = load_workbook(io.BytesIO(client.get("/desk/figures/report.xlsx?month=2026-11").content))
    sheet = book["Ai trả lời, theo chủ đề"]
    assert [cell.value for cell in sheet[3]] == ["Thủ tục", 4, 3, 0, 1, 0, 0.75]
    evil = [cell for sheet in book for row in sheet for cell in row if cell.value == EVIL]
    assert evil and all(cell.data_type == "s" and cell.quotePrefix for cell in evil)
    pdf = client.get("/desk/figures/report.pdf?month=2026-11")
    assert pdf.content.startswith(b"%PDF-") and pdf.headers["content-type"] == "application/pdf"
    settled = load_workbook(io.BytesIO(client.get("/desk/figures/settlement.xlsx?month=2026-11").content))
    assert settled.sheetnames == ["Quyết toán  lượt bưu tá và cước", "Quyết toán  lệ phí hồ sơ"]
    assert client.get("/desk/figures/settlement.pdf?month=2026-11").content.startswith(b"%PDF-")
    with furnished.reading() as session:
        looks = session.execute(
            select(AuditEntry.actor, AuditEntry.subject).where(AuditEntry.action == "figures.export")
        )
        assert [tuple(look) for look in looks][:2] == [
            ("staff:supervisor", "so-lieu 2026-11 csv"),
            ("staff:supervisor", "so-lieu 2026-11 xlsx"),
        ]


@on_sqlite
@pytest.mark.usefixtures("month")
def test_a_page_that_is_loaded_again_is_new(furnished: Database, sit: Sit) -> None:
    client = sit("supervisor")
    before = client.get("/desk/figures?month=2026-11").text
    picture = client.get("/desk/figures/tickets.svg?month=2026-11").content
    with furnished.unit_of_work() as session:
        work.open_by_hand(session, "feedback", "ghế chờ ít")
    # The picture still is that of the page that is open; the next page has both new.
    assert len(client.get("/desk/figures/tickets.svg?month=2026-11").content) == len(picture)
    assert "Góp ý, phản ánh" not in before
    assert "Góp ý, phản ánh" in client.get("/desk/figures?month=2026-11").text
    assert len(client.get("/desk/figures/tickets.svg?month=2026-11").content) > len(picture)


@on_sqlite
def test_supervisors_only(sit: Sit) -> None:
    for role in ("agent", "content_editor"):
        client = sit(role)
        for path in ("", "/topics.svg", "/report.csv", "/settlement.xlsx"):
            assert client.get(f"/desk/figures{path}").status_code == 403, (role, path)
