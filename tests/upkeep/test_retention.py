"""What is kept long enough goes, what is unfinished stays; a dry run deletes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from talking import Chat

from bot import clock
from bot.conversation.models import Conversation, InboxMessage, OutboxMessage
from bot.conversation.turn import Turns
from bot.db.base import metadata
from bot.db.engine import Database
from bot.dossiers.notices.models import DossierSubscription
from bot.pickups.models import Pickup, PickupEvent
from bot.privacy import audit
from bot.privacy.models import AuditEntry
from bot.settings import Settings, settings
from bot.tickets.models import Ticket
from bot.upkeep import retention
from bot.upkeep.rules import RULES


@pytest.fixture
def kept() -> Settings:
    return settings()


def clean(database: Database, kept: Settings, *, dry: bool = False) -> dict[str, int]:
    return {rule.table: count for rule, count in retention.clean(database, kept, actor="test", dry=dry)}


def count(database: Database, model: type) -> int:
    with database.reading() as session:
        return int(session.execute(select(func.count()).select_from(model)).scalar_one())


def test_a_conversation_of_long_ago_goes_with_its_messages(furnished: Database, turns: Turns, kept: Settings) -> None:
    Chat(furnished, turns).say("xin chào")
    with clock.frozen(clock.now() + timedelta(days=364)):
        assert clean(furnished, kept)["conversations"] == 0
    with clock.frozen(clock.now() + timedelta(days=366)):
        assert clean(furnished, kept, dry=True)["conversations"] == 1
        assert count(furnished, InboxMessage) == 1, "a dry run deletes nothing"
        assert clean(furnished, kept)["conversations"] == 1
    assert [count(furnished, model) for model in (Conversation, InboxMessage, OutboxMessage)] == [0, 0, 0]
    with furnished.reading() as session:
        wanted = select(AuditEntry.subject, AuditEntry.reason).where(AuditEntry.action == "retention")
        assert session.execute(wanted).all() == [("conversations", "1 rows")]


@pytest.mark.parametrize("what", ["ticket", "follower"])
def test_what_is_unfinished_keeps_its_conversation(
    furnished: Database, turns: Turns, kept: Settings, what: str
) -> None:
    chat = Chat(furnished, turns)
    chat.say("gặp nhân viên" if what == "ticket" else "xin chào")
    with furnished.unit_of_work() as session:
        if what == "follower":
            session.add(DossierSubscription(asker=f"rest:{chat.sender}", code="H36.12-261118-0042", since=clock.now()))
    with clock.frozen(clock.now() + timedelta(days=400)):
        assert clean(furnished, kept)["conversations"] == 0
        with furnished.unit_of_work() as session:
            session.execute(update(Ticket).values(state="closed", closed_at=clock.now(), summary="đã gọi lại"))
            session.execute(update(DossierSubscription).values(ended_at=clock.now()))
            from bot.tickets.models import Chat as Waiting

            session.execute(update(Waiting).values(state="ended", ended_at=clock.now()))
        assert clean(furnished, kept)["conversations"] == 1


def test_a_booking_that_ended_keeps_its_figures_and_loses_its_person(furnished: Database, kept: Settings) -> None:
    with furnished.unit_of_work() as session:
        slot = session.execute(select(func.min(metadata.tables["pickup_slots"].c.id))).scalar_one()
        unit = session.execute(select(func.min(metadata.tables["units"].c.code))).scalar_one()
        for number, state in enumerate(("delivered", "assigned")):
            session.add(
                Pickup(
                    service="deliver", state=state, slot_id=slot, dossier_code=f"H36.12-261118-900{number}",
                    recipient_name="Trần Thử Nghiệm", phone="0900000001", unit_code=unit, address="số 1", fee=20_000,
                    payment="on_receipt", created_at=clock.now(), updated_at=clock.now(),
                )
            )  # fmt: skip
        session.flush()
        for pickup in session.execute(select(Pickup.id)).scalars():
            session.add(PickupEvent(pickup_id=pickup, state="assigned", at=clock.now(), note="nhà cổng xanh"))
    with clock.frozen(clock.now() + timedelta(days=366)):
        found = clean(furnished, kept)
        assert (found["pickups"], found["pickup_events"]) == (1, 1)
        assert clean(furnished, kept)["pickups"] == 0, "once"
    with furnished.reading() as session:
        ended, under_way = session.execute(select(Pickup).order_by(Pickup.id)).scalars()
        assert (ended.recipient_name, ended.phone, ended.address, ended.fee) == ("", "", "", 20_000)
        assert under_way.phone == "0900000001"


def test_more_rows_than_one_transaction_takes(
    database: Database, kept: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 3)
    with database.unit_of_work() as session:
        for number in range(10):
            audit.record(session, actor="test", action="look", subject=str(number))
    with clock.frozen(clock.now() + timedelta(days=731)):
        assert clean(database, kept)["audit"] == 10


def test_by_night_only(database: Database, kept: Settings) -> None:
    with clock.frozen("2026-11-20T09:00:00+07:00"), database.unit_of_work() as session:
        audit.record(session, actor="test", action="look", subject="x")
    with clock.frozen("2029-11-20T09:00:00+07:00"):
        retention.clean_at_night(database, kept)
        assert count(database, AuditEntry) == 1
    with clock.frozen("2029-11-20T02:30:00+07:00"):
        retention.clean_at_night(database, kept)
        with database.reading() as session:
            assert session.execute(select(AuditEntry.action)).scalars().all() == ["retention"]


def test_every_rule_is_good_sql_and_every_table_with_people_has_one_or_hangs_on_one(
    database: Database, kept: Settings
) -> None:
    assert set(clean(database, kept, dry=True)) == {rule.table for rule in RULES}
    ruled = {rule.table for rule in RULES}
    swept = {
        "dossier_proofs",
        "dossier_proof_failures",
        "verified_phones",
        "one_time_codes",
    }  # hourly, when they expire
    # Kept while the office keeps it, or as long as the account exists; docs/privacy.md says why.
    kept_on = {"dossiers", "dossier_events", "staff", "zalo_grants", "zalo_accounts", "api_tokens", "canned_phrases"}
    kept_on |= {"offices"}  # theirs is a public number
    for table in metadata.tables.values():
        parents = {key.column.table.name for key in table.foreign_keys if key.ondelete == "CASCADE"}
        about_people = {"asker", "sender", "phone", "owner_phone", "conversation_id"} & set(table.c.keys())
        if about_people:
            assert table.name in ruled | swept | kept_on or parents & (ruled | swept), table.name
