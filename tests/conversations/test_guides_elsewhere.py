"""A guide goes on on another channel, days later, and after it was changed; what was tried goes to a person."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from live_server import MONDAY_MORNING
from sqlalchemy import func, select
from talking import Chat, kinds

from bot import clock
from bot.accounts import guides as shipped
from bot.accounts.models import GuideRun, GuideRunStep
from bot.conversation import inbox
from bot.conversation.incoming import Incoming
from bot.conversation.transcript import Line
from bot.conversation.turn import Turns
from bot.db.engine import Database
from bot.dossiers.models import Dossier
from bot.dossiers.proof.models import ProofFailure
from bot.tickets.models import Ticket

GOAL = "vneid_level_2"
LATER = clock.parse(MONDAY_MORNING) + timedelta(days=20)


class WebChat(Chat):
    """A citizen on another channel."""

    def store(self, text: str, message_id: str | None = None) -> inbox.Accepted:
        return inbox.accept(self.database, Incoming("web", self.sender, message_id or f"w{uuid.uuid4().hex}", text))


def step(lines: list[Line]) -> tuple[str, int]:
    return lines[-1].custom["goal"], lines[-1].custom["step"]


def paused(furnished: Database, turns: Turns, at: int) -> str:
    chat = Chat(furnished, turns)
    chat.say("Hướng dẫn tôi làm tài khoản VNeID mức 2")
    chat.say(f"bước {at}")
    code: str = chat.say("tạm dừng, mai làm tiếp")[0].custom["code"]
    return code


@pytest.mark.parametrize("written", ["{}", "{} nha em", "ma cua toi la {}"])
def test_the_code_goes_on_on_another_channel(furnished: Database, turns: Turns, written: str) -> None:
    code = paused(furnished, turns, 3)
    with clock.frozen(LATER):
        chat = WebChat(furnished, turns)
        assert step(chat.say(written.format(code.lower()))) == (GOAL, 3)
        assert step(chat.say("tiếp")) == (GOAL, 4)
    with furnished.reading() as session:
        (run,) = session.execute(select(GuideRun)).scalars()
        assert (run.channel, run.state, run.code) == ("rest", "open", code), "one run, begun where it began"


def test_an_expired_code_is_said_to_be_one(furnished: Database, turns: Turns) -> None:
    code = paused(furnished, turns, 3)
    with clock.frozen(LATER + timedelta(days=60)):
        (line,) = WebChat(furnished, turns).say(code)
    assert line.custom["topic"] == "account_guide_code" and "60 ngày" in line.text


@pytest.mark.parametrize(
    ("gone", "expected", "said"),
    [((), 4, "vẫn làm tiếp"), (("install",), 4, "vẫn làm tiếp"), (("face_and_fingerprint",), 3, "không còn nữa")],
)
def test_a_guide_changed_in_the_middle(
    furnished: Database, turns: Turns, monkeypatch: pytest.MonkeyPatch, gone: tuple[str, ...], expected: int, said: str
) -> None:
    chat = Chat(furnished, turns)
    chat.say("Hướng dẫn tôi làm tài khoản VNeID mức 2")
    chat.say("bước 4")
    code = chat.say("tạm dừng")[0].custom["code"]
    old = shipped.guides()[GOAL]
    new = replace(old, intro="Bản mới.", steps=tuple(one for one in old.steps if one.id not in gone))
    shipped.guides.cache_clear()
    everything = {**shipped.guides(), GOAL: new}
    for module in ("bot.accounts.runs", "bot.accounts.answers", "bot.accounts.runs_answers", "actions.guiding"):
        monkeypatch.setattr(f"{module}.guides", lambda: everything)
    elsewhere = WebChat(furnished, turns)
    (line,) = elsewhere.say(code)
    assert line.custom["step"] == expected and said in line.text
    (line,) = elsewhere.say("tiếp")
    assert line.custom["step"] == expected + 1 and "vừa được sửa" not in line.text, "it is said once"


def test_next_after_a_change_loses_nothing(furnished: Database, turns: Turns, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = Chat(furnished, turns)
    chat.say("Hướng dẫn tôi làm tài khoản VNeID mức 2")
    chat.say("bước 4")
    old = shipped.guides()[GOAL]
    new = replace(old, steps=tuple(one for one in old.steps if one.id not in ("form", "face_and_fingerprint")))
    everything = {**shipped.guides(), GOAL: new}
    for module in ("bot.accounts.runs", "bot.accounts.answers", "bot.accounts.runs_answers", "actions.guiding"):
        monkeypatch.setattr(f"{module}.guides", lambda: everything)
    (line,) = chat.say("tiếp")
    assert line.custom["step"] == 2 and "không còn nữa" in line.text


def test_the_ticket_says_what_was_tried_and_nothing_about_the_person(furnished: Database, turns: Turns) -> None:
    chat = Chat(furnished, turns)
    chat.say("không nhận được OTP, tôi tên Trần Văn Bình 0912345678")
    chat.press("Không chuyển")
    chat.say("vẫn không được")
    assert kinds(chat.say("chưa được nữa")) == ["handoff"]
    with furnished.reading() as session:
        (ticket,) = session.execute(select(Ticket)).scalars()
        session.expunge_all()
    assert (ticket.topic, ticket.subject) == ("account", "no_otp_other")
    assert "Không chuyển" in ticket.summary and "cách 2" in ticket.summary
    assert "Bình" not in ticket.summary and "0912345678" not in ticket.summary


def test_the_steps_are_written_down(furnished: Database, turns: Turns) -> None:
    chat = Chat(furnished, turns)
    for text in ("Hướng dẫn tôi làm tài khoản VNeID mức 2", "tiếp", "quay lại", "tiếp", "thôi dừng ở đây"):
        chat.say(text)
    with furnished.reading() as session:
        (run,) = session.execute(select(GuideRun)).scalars()
        rows = session.execute(select(GuideRunStep).order_by(GuideRunStep.id)).scalars()
        outcomes = [(row.step_id, row.outcome) for row in rows]
        session.expunge_all()
    ids = [one.id for one in shipped.guides()[GOAL].steps]
    assert run.state == "left" and run.step_id == ids[1]
    assert outcomes == [(ids[0], "done"), (ids[1], "back"), (ids[0], "done"), (ids[1], "shown")]


def test_inside_a_form_a_code_leaves_it_and_is_no_wrong_factor(furnished: Database, turns: Turns) -> None:
    code = paused(furnished, turns, 2)
    with furnished.reading() as session:
        dossier = session.execute(select(Dossier.code).where(Dossier.owner_phone.isnot(None))).scalars().first()
    chat = Chat(furnished, turns)
    assert kinds(chat.say(f"hồ sơ {dossier} tới đâu rồi")) == ["dossier_proof"]
    assert step(chat.say(code)) == (GOAL, 2)
    assert step(chat.say("tiếp")) == (GOAL, 3)
    assert kinds(chat.say(f"hồ sơ {dossier} tới đâu rồi")) == ["dossier_proof"]
    wrong = "HD-22AA22" if code != "HD-22AA22" else "HD-33AA33"
    said = chat.say(wrong)
    assert "dossier_not_found" not in kinds(said) and said[0].custom.get("topic") == "account_guide_code"
    with furnished.reading() as session:
        assert session.execute(select(func.count()).select_from(ProofFailure)).scalar_one() == 0
