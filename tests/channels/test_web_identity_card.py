"""A photo of an identity card through the page: a warning comes back, and nothing of the card stays."""

from __future__ import annotations

import io
import logging

import pytest
import segno
from sqlalchemy import select
from starlette.testclient import TestClient

from bot.db.engine import Database
from bot.dossiers import slip_photo
from bot.tables import metadata

CARD = "068090012345|250123456|Nguyễn Văn Thử|01011990|Nam|12 Hùng Vương, Di Linh, Lâm Đồng|01012022"


def test_a_card_leaves_nothing_behind(
    client: TestClient, furnished: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    buffer = io.BytesIO()
    segno.make_qr(CARD, encoding="utf-8").save(buffer, kind="png", scale=4)
    client.get("/")
    response = client.post(
        "/web/slip", params={"message_id": "p1"}, content=buffer.getvalue(), headers={"content-type": "image/png"}
    )
    own, warning = response.json()["messages"]
    assert own["text"] == slip_photo.REFUSED
    assert warning["custom"] == {"kind": "guard", "reason": "identity_document"}
    assert "mã hồ sơ" in warning["text"], "what to do instead"
    with furnished.reading() as session:
        rows = [str(row) for table in metadata.sorted_tables for row in session.execute(select(table)).all()]
    everything = "\n".join([*rows, caplog.text, response.text])
    for secret in ("068090012345", "250123456", "Nguyễn Văn Thử", "01011990"):
        assert secret not in everything
