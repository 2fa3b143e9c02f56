"""One-time codes: found however they are typed, good for ten minutes and one use, kept as a hash."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation.models import Conversation
from bot.db.engine import Database
from bot.linking import codes, wishes
from bot.linking.models import LinkCode

MORNING = clock.parse("2026-11-23T09:00:00+07:00")


def talk(session: Session, sender: str = "a") -> int:
    row = Conversation(channel="web", sender=sender, created_at=clock.now())
    session.add(row)
    session.flush()
    return int(row.id)


def test_a_code_is_good_once_and_for_ten_minutes(database: Database) -> None:
    with clock.frozen(MORNING), database.unit_of_work() as session:
        conversation = talk(session)
        code = codes.find(codes.issue(session, conversation))
        assert code is not None
        assert codes.use(session, code) == conversation
        assert codes.use(session, code) is None, "spent"
        late = codes.find(codes.issue(session, conversation))
    with clock.frozen(MORNING + timedelta(minutes=10)), database.unit_of_work() as session:
        assert codes.use(session, str(late)) is None


def test_a_new_code_makes_the_old_one_void(database: Database) -> None:
    with database.unit_of_work() as session:
        conversation = talk(session)
        old, new = (codes.find(codes.issue(session, conversation)) for _ in range(2))
        assert codes.use(session, str(old)) is None
        assert codes.use(session, str(new)) == conversation


def test_the_database_holds_no_code(database: Database) -> None:
    with database.unit_of_work() as session:
        shown = codes.issue(session, talk(session))
        (kept,) = session.execute(select(LinkCode.code_hash)).scalars()
    assert str(codes.find(shown)) not in kept and len(kept) == 64


@pytest.mark.parametrize(
    "typed", ["LK-7K4P-QD2M", "lk 7k4p qd2m", "Lk7k4pqd2m", "mã LK–7K4P–QD2M nè", "lk-7k4p qd2m ạ"]
)
def test_a_code_is_found_however_it_is_typed(typed: str) -> None:
    assert codes.find(typed) == "7k4pqd2m"
    assert "7k4p" not in codes.masked(typed).lower() and "qd2m" not in codes.masked(typed).lower()


@pytest.mark.parametrize(
    "typed", ["H36.12-261118-0042", "LK-7K4P", "dlk-7k4p-qd2m", "lk 1234 5678 0", "link 7k4p qd2m", ""]
)
def test_other_things_are_no_code(typed: str) -> None:
    assert codes.find(typed) is None


@pytest.mark.parametrize(
    "said",
    [
        "nối kênh",
        "noi kenh",
        "Nối Zalo",
        "liên kết telegram",
        "cho em ket noi zalo",
        "cho em tiếp trên zalo",
        "lam tiep tren zalo",
        "mình muốn liên kết với telegram",
        "nối thêm zalo giúp em",
    ],
)
def test_how_people_ask_to_link(said: str) -> None:
    assert wishes.wish(said) == "link"


@pytest.mark.parametrize("said", ["gỡ kênh", "bo lien ket zalo", "ngắt kết nối telegram", "hủy liên kết với zalo"])
def test_how_people_ask_to_part(said: str) -> None:
    assert wishes.wish(said) == "unlink"


@pytest.mark.parametrize(
    "said",
    [
        "hồ sơ của tôi tới đâu rồi",
        "nối điện",
        "đấu nối nước",
        "hủy lịch",
        "bỏ qua",
        "zalo của xã là gì",
        "gửi qua zalo được không",
        "làm tiếp đi",
        "hồ sơ liên thông",
    ],
)
def test_what_is_no_wish_to_link(said: str) -> None:
    assert wishes.wish(said) is None
