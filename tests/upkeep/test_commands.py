"""The commands themselves, as an operator runs them: each in a process of its own."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from live_server import motcua
from sqlalchemy import select, text

from bot import clock
from bot.conversation.models import Conversation
from bot.db import migrate
from bot.db.engine import Database


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database with one conversation in it."""
    database = Database(f"sqlite:///{tmp_path / 'motcua.db'}")
    migrate.upgrade(database)
    with database.unit_of_work() as session:
        session.add(Conversation(channel="web", sender="somebody", mode="bot", last_seq=0, created_at=clock.now()))
    database.dispose()
    return str(database.url)


def test_a_day_of_an_operator(url: str, tmp_path: Path) -> None:
    def run(*words: str) -> str:
        done = motcua(*words, database_url=url)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "0.1 MB" in run("backup", "--to", str(tmp_path / "a.bak")) or (tmp_path / "a.bak").stat().st_size > 10_000
    run("privacy", "export", "--conversation", "1", "--to", str(tmp_path / "one.json"))
    found = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))
    assert found["conversations"][0]["sender"] == "somebody"
    assert (tmp_path / "one.json").stat().st_mode & 0o077 == 0
    assert "Chưa xóa gì" in run("privacy", "clean", "--dry-run")
    assert "Không có" in run("privacy", "find", "--code", "H36.12-261118-0042")
    assert "1 conversations" in run("privacy", "delete", "--conversation", "1", "--reason", "T-0001")
    assert "tắt" in run("channel", "off", "zalo", "--reason", "thử")
    assert "thử" in run("channel", "list")
    run("channel", "on", "zalo")
    run("topic", "hold", "procedures")
    since, until = (f"{clock.now().year + years}-01-01" for years in (0, 1))
    run("privacy", "breach", "--since", since, "--until", until, "--to", str(tmp_path / "looks.csv"))
    looks = (tmp_path / "looks.csv").read_text("utf-8-sig")
    assert re.findall(r",([a-z]+\.[a-z]+),", looks) == [
        "privacy.export", "privacy.find", "privacy.delete", "channel.off", "channel.on", "approve.on"
    ]  # fmt: skip
    run("restore", "--from", str(tmp_path / "a.bak"))
    with Database(url).reading() as session:
        assert session.execute(select(Conversation.sender)).scalars().all() == ["somebody"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("privacy", "delete", "--conversation", "9", "--reason", "x"), "không có cuộc trò chuyện số 9"),
        (("privacy", "breach", "--since", "hôm qua", "--until", "2026-11-22", "--to", "x.csv"), "thời điểm chưa đúng"),
        (("restore", "--from", "nowhere.bak"), "không có tệp nowhere.bak"),
        (("channel", "off", "fax", "--reason", "x"), "không có kênh fax"),
        (("topic", "hold", "weather"), "không có mảng weather"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(url: str, words: tuple[str, ...], said: str) -> None:
    done = motcua(*words, database_url=url)
    assert done.returncode == 1
    assert said in done.stderr and "Traceback" not in done.stderr


def test_a_copy_can_be_made_before_the_new_version_has_changed_the_schema(url: str, tmp_path: Path) -> None:
    database = Database(url)
    with database.unit_of_work() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0008'"))
    database.dispose()
    done = motcua("backup", "--to", str(tmp_path / "before.bak"), database_url=url)
    assert done.returncode == 0, done.stderr
