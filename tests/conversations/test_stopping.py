"""Stopping words, and needs that are no procedure yet: what counts as one, and what only looks like it."""

from __future__ import annotations

import pytest
import yaml

from actions.stopping import wants_no_more, wants_to_keep, wants_to_stop
from bot.db.engine import Database
from bot.procedures import answers, needs
from bot.settings import CONTENT


@pytest.mark.parametrize(
    "text",
    [
        "thôi",
        "thoi k dat nua",
        "à nhầm, tôi không đặt nữa",
        "hủy đi",
        "dạ thôi em",
        "ko lm nua dau",
        "dừng lại",
        "ngưng đi",
    ],
)
def test_stops(text: str) -> None:
    assert wants_to_stop(text) and not wants_to_keep(text)


@pytest.mark.parametrize(
    "text",
    [
        "không",
        "12 Thôi Ninh",
        "Nguyễn Thị Thôi",
        "thôn 3",
        "khỏi nhờ",
        "giao về nhà luôn",
        "không giao buổi sáng nữa",
        "ừ",
    ],
)
def test_does_not_stop(text: str) -> None:
    assert not wants_to_stop(text)


@pytest.mark.parametrize("text", ["không hủy nữa", "đừng hủy", "thoi khong huy", "giữ lại", "không rút nữa"])
def test_keeps(text: str) -> None:
    assert wants_to_keep(text)


def test_a_bare_word_names_no_task() -> None:
    assert wants_no_more("không đặt nữa") and not wants_no_more("thôi khỏi")


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ("Tôi muốn làm giấy tờ nhà đất", True),
        ("giay to xe", True),
        ("sang tên đất", False),
        ("đăng ký xe", False),
        ("nhà", False),
    ],
)
def test_needs(text: str, offers: bool) -> None:
    assert bool(needs.offered(text)) is offers


def test_needs_offer_known_procedures(furnished: Database) -> None:
    rows = yaml.safe_load((CONTENT / "needs.yml").read_text(encoding="utf-8"))
    with furnished.reading() as session:
        for code in (code for row in rows for code in row["offer"]):
            assert answers.find(session, code) is not None, code
