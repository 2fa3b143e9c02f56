"""What could not be taken is kept once, told once, and settled by a person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from bot import cli, clock
from bot.db.engine import Database
from bot.dossiers.intake import reviews
from bot.dossiers.intake.models import REASONS, DossierReview
from bot.privacy.models import AuditEntry
from bot.settings import settings
from bot.tickets.models import Ticket

from .conftest import CODE, PHONE

ROW = {"code": CODE, "owner_phone": PHONE, "status": 11}


def keep(session: Session, **fields: Any) -> bool:
    given = {"source": "token một cửa", "reason": "unknown_status", "detail": "status phải là số", "payload": ROW}
    return reviews.keep(session, **{**given, "code": CODE, **fields})


def kept(session: Session) -> int:
    return int(session.execute(select(func.count()).select_from(DossierReview)).scalar_one())


def counted(reason: str) -> float:
    return REGISTRY.get_sample_value("motcua_dossier_reviews_total", {"reason": reason}) or 0.0


def test_the_same_thing_is_kept_once(session: Session) -> None:
    assert keep(session)
    assert not keep(session, source="file dossiers.csv", line=7)
    assert kept(session) == 1
    assert keep(session, reason="bad_row") and keep(session, code=None) and keep(session, payload={**ROW, "status": 12})
    assert kept(session) == 4


def test_everything_is_kept_as_it_was_sent(session: Session) -> None:
    keep(session, source="file dossiers.csv", line=7, reason="bad_row")
    (review,) = reviews.listed(session, 10)
    assert (review.source, review.line, review.code) == ("file dossiers.csv", 7, CODE)
    assert (review.reason, review.detail, review.payload) == ("bad_row", "status phải là số", ROW)
    assert review.created_at == clock.now() and review.settled_at is None


def test_each_new_entry_is_counted_and_one_ticket_tells_of_all(session: Session) -> None:
    before = counted("bad_row"), counted("unknown_status")
    keep(session)
    keep(session)
    keep(session, reason="bad_row")
    keep(session, reason="bad_row", payload={"x": 1})
    assert (counted("bad_row") - before[0], counted("unknown_status") - before[1]) == (2, 1)
    (ticket,) = session.execute(select(Ticket)).scalars()
    assert (ticket.topic, ticket.conversation_id, ticket.state) == ("dossier_data", None, "open")
    assert "motcua dossiers reviews" in ticket.summary and CODE not in ticket.summary and PHONE not in ticket.summary


def test_two_processes_keep_one(database: Database) -> None:
    def attempt(_: int) -> bool:
        with database.unit_of_work() as session:
            return keep(session)

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, range(6))) == 1
    with database.reading() as session:
        assert kept(session) == 1


@pytest.mark.parametrize(
    "payload",
    [
        None, [], "", 0, float("nan"), {"a": float("inf")}, {"d": datetime(2026, 11, 22)}, {"s": "\ud800\x00"},
        {7: {"x": ({1, 2},)}}, "x" * 100_000, 10**40, b"\xff",
    ],
    ids=lambda payload: ascii(payload)[:20],
)  # fmt: skip
def test_whatever_a_file_may_hold_can_be_kept(session: Session, payload: Any) -> None:
    assert keep(session, payload=payload, code="c" * 100, source="s" * 300)
    assert not keep(session, payload=payload, code="c" * 100, source="s" * 300)
    (review,) = reviews.listed(session)
    assert json.dumps(review.payload) and len(review.code) == 40


def test_what_is_too_deep_is_cut(session: Session) -> None:
    deep: Any = "x"
    for _ in range(400):
        deep = [deep]
    assert keep(session, payload=deep)
    assert reviews.listed(session)[0].payload


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_fits_the_table(session: Session, reason: str) -> None:
    assert keep(session, reason=reason)


def test_what_is_settled_waits_no_more_and_stays_settled(session: Session) -> None:
    keep(session)
    keep(session, reason="bad_row")
    first, second = reviews.listed(session)
    assert reviews.settle(session, first.id)
    assert not reviews.settle(session, first.id) and not reviews.settle(session, 10**9)
    assert [review.id for review in reviews.listed(session)] == [second.id] and reviews.waiting(session) == 1
    assert not keep(session), "the same thing again has been looked at"
    assert reviews.waiting(session) == 1


def test_the_oldest_are_listed_first(session: Session) -> None:
    for number in range(5):
        keep(session, payload={"number": number})
    assert [review.payload["number"] for review in reviews.listed(session, 3)] == [0, 1, 2]


def test_what_came_too_early_settles_when_it_is_taken(session: Session) -> None:
    keep(session, reason="unknown_dossier")
    keep(session, reason="event_differs")
    keep(session, reason="future_event", code="H36.12-261102-0002")
    reviews.settle_taken(session, code=CODE, payload=dict(ROW))
    assert [review.reason for review in reviews.listed(session)] == ["event_differs", "future_event"]


# --- the commands ---


@pytest.fixture
def waiting(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The database of the settings, with two entries."""
    monkeypatch.setenv("MOTCUA_DATABASE_URL", database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("USER", "lan")
    monkeypatch.setenv("LOGNAME", "lan")
    with database.unit_of_work() as session:
        keep(session)
        keep(session, source="file [b]dossiers[/b].csv", line=7, reason="bad_row", detail="thiếu [red]code", code=None)
    yield database
    settings.cache_clear()


def run(*arguments: str) -> Result:
    settings.cache_clear()
    return CliRunner().invoke(cli.app, ["dossiers", *arguments])


def looks(database: Database) -> list[tuple[str, str, str]]:
    with database.reading() as session:
        rows = session.execute(select(AuditEntry).order_by(AuditEntry.id)).scalars()
        return [(row.actor, row.action, row.subject) for row in rows]


def test_the_list_shows_why_and_nothing_personal(waiting: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = run("reviews").output
    assert CODE in narrow and "unknown_status" in narrow, "whole even in the 80 columns of a pipe"
    monkeypatch.setattr(cli.out, "width", 200)
    result = run("reviews")
    assert result.exit_code == 0, result.output
    for part in ("token một cửa", "file [b]dossiers[/b].csv", "thiếu [red]code", "7"):
        assert part in result.output
    assert PHONE not in narrow + result.output and looks(waiting) == []


def test_the_payload_is_shown_on_request_and_the_look_is_written_down(waiting: Database) -> None:
    assert PHONE in run("reviews", "--payload", "--limit", "1").output
    assert looks(waiting) == [("cli:lan", "reviews.read", CODE)]
    run("reviews", "--payload")
    assert len(looks(waiting)) == 3 and looks(waiting)[-1][2].startswith("review:")


def test_the_list_says_how_many_more(waiting: Database) -> None:
    assert "… và 1 mục nữa" in run("reviews", "--limit", "1").output


def test_an_entry_is_settled_by_its_number(waiting: Database) -> None:
    with waiting.reading() as session:
        first, second = (review.id for review in reviews.listed(session))
    assert run("settle", str(first)).exit_code == 0
    assert looks(waiting) == [("cli:lan", "reviews.settle", f"review:{first}")]
    again = run("settle", str(first))
    assert again.exit_code == 1 and "motcua dossiers reviews" in again.output
    with waiting.reading() as session:
        assert [review.id for review in reviews.listed(session)] == [second]
