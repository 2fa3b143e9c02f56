"""A person sees what is kept about them, and has it deleted; nobody else's rows are touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select
from talking import Chat

from bot import clock
from bot.conversation.models import Conversation
from bot.conversation.turn import Turns
from bot.db.engine import Database
from bot.privacy import audit
from bot.tickets.models import Ticket
from bot.upkeep import breach, personal

CODE, TAIL = "H36.12-261118-0042", "2345"


@pytest.fixture
def talks(furnished: Database, turns: Turns) -> tuple[Chat, Chat]:
    """Two people who asked for the same dossier and proved it."""
    both = Chat(furnished, turns), Chat(furnished, turns)
    for chat in both:
        chat.say(f"hồ sơ {CODE} tới đâu rồi, số cuối {TAIL}")
    return both


def of(database: Database, chat: Chat) -> int:
    with database.reading() as session:
        wanted = select(Conversation.id).where(Conversation.sender == chat.sender)
        return int(session.execute(wanted).scalar_one())


def test_what_is_kept_is_shown_whole_and_only_of_this_person(furnished: Database, talks: tuple[Chat, Chat]) -> None:
    first, second = (of(furnished, chat) for chat in talks)
    with furnished.reading() as session:
        found = personal.export(session, first)
        assert set(personal.of_dossier(session, CODE)) == {first, second}
    text = json.dumps(found, default=str, ensure_ascii=False)
    assert talks[0].sender in text and CODE in text and talks[1].sender not in text
    assert {"conversations", "addresses", "inbox", "outbox", "dossier_proofs"} <= set(found)


def test_deleting_leaves_nothing_of_this_person_and_all_of_the_other(
    furnished: Database, talks: tuple[Chat, Chat]
) -> None:
    first, second = (of(furnished, chat) for chat in talks)
    with furnished.unit_of_work() as session:
        others = personal.export(session, second)
        done = personal.delete(session, first)
    assert done["conversations"] == 1 and done["dossier_proofs"] == 1
    with furnished.reading() as session:
        with pytest.raises(personal.NobodyThere):
            personal.export(session, first)
        assert personal.of_dossier(session, CODE) == [second]
        assert {**personal.export(session, second), "made_at": ""} == {**others, "made_at": ""}


def test_nothing_is_deleted_from_under_somebody_who_works_on_it(furnished: Database, turns: Turns) -> None:
    chat = Chat(furnished, turns)
    chat.say("gặp nhân viên")
    number = of(furnished, chat)
    with pytest.raises(personal.NotYet, match="phiếu việc"), furnished.unit_of_work() as session:
        personal.delete(session, number)
    with furnished.reading() as session:
        assert session.execute(select(func.count()).select_from(Ticket)).scalar_one() == 1


def test_a_breach_report_names_who_looked_and_holds_no_more(database: Database, tmp_path: Path) -> None:
    with database.unit_of_work() as session:
        for hour, actor in ((8, "staff:hoa"), (9, "staff:lan"), (10, "staff:hoa")):
            with clock.frozen(f"2026-11-20T{hour:02}:00:00+07:00"):
                audit.record(session, actor=actor, action="dossier.read", subject=CODE, reason="người gọi hỏi")
    since, until = clock.parse("2026-11-20T08:30"), clock.parse("2026-11-20T10:00")
    with database.reading() as session:
        assert breach.write(session, tmp_path / "a.csv", since, until) == 1
        assert breach.write(session, tmp_path / "b.csv", since, clock.parse("2026-11-21"), "staff:hoa") == 1
    lines = (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()
    assert lines == [
        "at,actor,action,subject,reason",
        f"2026-11-20T09:00:00+07:00,staff:lan,dossier.read,{CODE},người gọi hỏi",
    ]
    assert (tmp_path / "a.csv").stat().st_mode & 0o077 == 0
