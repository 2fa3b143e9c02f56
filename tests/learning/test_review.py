"""`motcua train --review`: trained aside, compared on last month's messages, and put in place only after a yes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import clock, training
from bot.db.engine import Database
from bot.learning import decisions, groups, items, learnt, replay
from bot.learning.models import ReviewItem
from bot.learning.replay import Change, Meaning, Said
from bot.privacy.models import AuditEntry
from bot.procedures import search
from bot.procedures.catalogue import forget
from bot.procedures.content import load_procedures
from bot.staff.accounts import Member
from bot.training_review import NothingToReview, Place, review

from .conftest import Received

KNOWN, UNKNOWN = "làm giấy khai sinh cần gì", "sổ hồng chung cư xin ở mô"


class FakeEngine:
    """Takes every message for one intent, those it was taught for another."""

    def __init__(self, model: Path) -> None:
        self._taught = model.read_text(encoding="utf-8")

    def understand(self, text: str) -> dict[str, Any]:
        is_taught = text in self._taught
        intent = "ask_procedure_place" if is_taught else "ask_procedure_documents" if "giấy" in text else "help"
        return {"intent": {"name": intent, "confidence": 0.9}, "entities": []}


def fake_training(folder: Path, out: Console, learned: Path | None = None) -> Path:
    model = folder / "motcua.tar.gz"
    model.write_text(learned.read_text(encoding="utf-8") if learned else "", encoding="utf-8")
    return model


@pytest.fixture
def place(tmp_path: Path) -> Place:
    model = tmp_path / "models" / "motcua.tar.gz"
    model.parent.mkdir()
    model.write_text("the old one", encoding="utf-8")
    return Place(model, tmp_path / "learned" / "nlu.yml")


@pytest.fixture
def said(session: Session, received: Received, editor: Member) -> Iterator[Session]:
    """A month of messages; one group of them has an intent."""
    received(KNOWN)
    received(KNOWN)
    received(UNKNOWN, "not_understood", "nlu_fallback", 0.2)
    received(f"{UNKNOWN} 0912345678", "not_understood", "nlu_fallback", 0.2)
    received("Có", intent="affirm", understood={"intent": "affirm", "ranking": [["affirm", 1.0]], "confidence": 1.0})
    received("cũ rồi", received_at=clock.now() - timedelta(days=40))
    items.gather(session, clock.now() - timedelta(hours=1))
    decisions.accept_intent(session, groups.listed(session)[0], "ask_procedure_place", editor)
    session.execute(update(ReviewItem).values(decided_at=clock.now() - timedelta(minutes=1)))
    session.commit()
    yield session


def run(database: Database, place: Place, yes: bool) -> tuple[bool, str]:
    shown = io.StringIO()
    out = Console(file=shown, width=400)
    asked: list[str] = []

    def agree(question: str) -> bool:
        asked.append(question)
        return yes

    done = review(database, place, "cli:tester", out, agree, trainer=fake_training, load=FakeEngine)
    assert len(asked) == 1
    return done, shown.getvalue()


def test_every_message_that_would_mean_something_else_is_listed_masked(
    database: Database, said: Session, place: Place
) -> None:
    _, shown = run(database, place, yes=False)
    assert f"- {UNKNOWN}\n" in shown
    assert "Em làm được gì  →  Nộp ở đâu, cấp nào" in shown
    assert KNOWN not in shown  # means what it meant
    assert "3 câu khác nhau" in shown  # no button, nothing older than a month, the same one once
    assert "0912345678" not in shown


def test_a_no_leaves_everything_as_it_is(database: Database, said: Session, place: Place) -> None:
    done, _ = run(database, place, yes=False)
    assert not done
    assert place.model.read_text(encoding="utf-8") == "the old one"
    assert not place.learned.exists()
    assert set(said.execute(select(ReviewItem.state)).scalars()) == {"accepted"}


def test_a_yes_puts_model_and_sentences_in_place(database: Database, said: Session, place: Place) -> None:
    done, _ = run(database, place, yes=True)
    assert done
    assert UNKNOWN in place.learned.read_text(encoding="utf-8")
    assert UNKNOWN in place.model.read_text(encoding="utf-8")
    assert place.model.with_suffix(".sha256").read_text().strip() == training.fingerprint(place.learned)
    said.expire_all()
    assert set(said.execute(select(ReviewItem.state)).scalars()) == {"trained"}
    assert said.execute(select(AuditEntry.actor).where(AuditEntry.action == "learning.train")).scalars().all() == [
        "cli:tester"
    ]
    with pytest.raises(NothingToReview):
        run(database, place, yes=True)


def test_a_training_that_fails_changes_nothing(database: Database, said: Session, place: Place) -> None:
    def failing(*_: Any) -> Path:
        raise SystemExit("Lỗi")

    with pytest.raises(SystemExit):
        review(database, place, "cli:t", Console(quiet=True), lambda _: True, trainer=failing, load=FakeEngine)
    assert place.model.read_text(encoding="utf-8") == "the old one"
    assert not place.learned.exists()


def test_a_name_is_compared_in_a_catalogue_of_its_own(
    database: Database, session: Session, received: Received, editor: Member, place: Place
) -> None:
    load_procedures(session)
    forget()
    text = "giấy mở sạp chợ"
    received(text, "not_understood", "nlu_fallback", 0.2)
    items.gather(session, clock.now() - timedelta(hours=1))
    decisions.accept_alias(session, groups.listed(session)[0], "1.001612", "giấy mở sạp chợ", editor)
    session.execute(update(ReviewItem).values(decided_at=clock.now() - timedelta(minutes=1)))
    session.commit()
    before = search.link(session, text).best
    session.commit()  # or SQLite's one writer would be taken
    done, shown = run(database, place, yes=False)
    assert "1.001612" in shown
    assert not done
    assert search.link(session, text).best == before
    session.commit()
    done, _ = run(database, place, yes=True)
    assert done
    assert place.model.read_text(encoding="utf-8") == "the old one"  # a name alone needs no new model
    forget()
    assert learnt.names(session) == [("1.001612", "giấy mở sạp chợ")]
    best = search.link(session, text).best
    assert best is not None and best.code == "1.001612"


def test_a_name_that_is_not_enough_to_be_found_by_is_named(
    database: Database, session: Session, received: Received, editor: Member, place: Place
) -> None:
    load_procedures(session)
    forget()
    received("quyển bay", "not_understood", "nlu_fallback", 0.2)
    items.gather(session, clock.now() - timedelta(hours=1))
    decisions.accept_alias(session, groups.listed(session)[0], "1.001456", "quyển bay", editor)
    session.execute(update(ReviewItem).values(decided_at=clock.now() - timedelta(minutes=1)))
    session.commit()
    _, shown = run(database, place, yes=False)
    assert "quyển bay (1.001456)" in shown


def test_nothing_accepted_is_said_so(database: Database, session: Session, place: Place) -> None:
    session.commit()
    with pytest.raises(NothingToReview):
        review(database, place, "cli:t", Console(quiet=True), lambda _: True, trainer=fake_training, load=FakeEngine)


def test_proposed_answers_are_written_beside_the_sentences(
    database: Database, session: Session, received: Received, editor: Member, place: Place
) -> None:
    received(UNKNOWN, "not_understood")
    items.gather(session, clock.now() - timedelta(hours=1))
    decisions.accept_answer(session, groups.listed(session)[0], "Dạ, ra quầy hỏi ạ.", editor)
    session.commit()
    with pytest.raises(NothingToReview):
        review(database, place, "cli:t", Console(quiet=True), lambda _: True, trainer=fake_training, load=FakeEngine)
    assert "ra quầy hỏi" in place.learned.with_name("answers.yml").read_text(encoding="utf-8")


def test_only_what_differs_is_a_change() -> None:
    said = [Said("a", 1, "a"), Said("b", 2, "b")]
    old = [Meaning("greet"), Meaning("ask_procedure", "1.0")]
    assert replay.changes(said, old, list(old)) == []
    new = [Meaning("greet"), Meaning("ask_procedure", "2.0")]
    assert replay.changes(said, old, new) == [Change(said[1], old[1], new[1])]


def test_the_fingerprint_follows_what_was_learnt(tmp_path: Path) -> None:
    learned = tmp_path / "nlu.yml"
    without = training.fingerprint(learned)
    learned.write_text("version: '3.1'\nnlu: []\n", encoding="utf-8")
    assert training.fingerprint(learned) != without
