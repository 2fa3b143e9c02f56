"""Groups and decisions: spellings of one question are decided at once; only that becomes training data."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import yaml
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.learning import decisions, examples, groups, items, learnt
from bot.learning.decisions import LearningError
from bot.learning.intents import INTENTS
from bot.learning.models import ReviewItem
from bot.nlu.phones import find_numbers
from bot.procedures.models import Procedure, ProcedureAlias
from bot.settings import ROOT
from bot.staff.accounts import Member

from .conftest import Received


def soon() -> datetime:
    """Return a moment after everything that the test has done: "all that was accepted until then"."""
    return clock.now() + timedelta(minutes=5)


@pytest.fixture
def group(session: Session, received: Received) -> groups.Group:
    for text in ("sổ hồng chung cư xin ở mô", "so hong chung cu xin o mo", "SỔ HỒNG chung cư xin ở mô ạ"):
        received(text, "not_understood", "nlu_fallback", 0.2)
    received("trời nay lạnh ghê", "not_understood")
    items.gather(session, clock.now() - timedelta(hours=1))
    return groups.listed(session)[0]


@pytest.fixture
def procedure(session: Session) -> str:
    session.add(
        Procedure(
            code="1.013978", name="Cấp sổ", origin="catalogue", fingerprint="x", updated_at=clock.now(), levels=[],
            legal_basis=[], joined=[], mistakes=[], popularity=0,
        )
    )  # fmt: skip
    session.flush()
    return "1.013978"


def test_the_contract_s_intents_are_all_there_and_no_other() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert sorted(INTENTS) == sorted(domain["intents"])


def test_spellings_of_one_question_are_one_group_and_stand_first(session: Session, group: groups.Group) -> None:
    assert (group.count, len(group.texts), group.whys) == (3, 3, ("not_understood",))
    assert [one.count for one in groups.listed(session)] == [3, 1]
    assert groups.listed(session, why="corrected") == []
    assert groups.counts(session) == {"open": 2}


def test_an_intent_becomes_training_sentences(session: Session, group: groups.Group, editor: Member) -> None:
    assert decisions.accept_intent(session, group, "ask_procedure_place", editor) == 3
    assert [one.count for one in groups.listed(session)] == [1]
    assert groups.of_item(session, group.id) == groups.listed(session, "accepted")[0]
    file = yaml.safe_load(examples.written(session, soon()))
    (entry,) = file["nlu"]
    assert entry["intent"] == "ask_procedure_place"
    # "SỔ HỒNG … ạ" is another sentence to the models than "sổ hồng …"; the same one twice would be written once
    assert "- sổ hồng chung cư xin ở mô" in entry["examples"].splitlines()
    assert len(entry["examples"].splitlines()) == 3


def test_what_the_models_read_alike_is_written_once(session: Session, received: Received, editor: Member) -> None:
    for text in ("xin giấy tạm vắng ở mô", "Xin giấy TẠM VẮNG ở mô", "xin giay tam vang o mo"):
        received(text, "not_understood")
    items.gather(session, clock.now() - timedelta(hours=1))
    decisions.accept_intent(session, groups.listed(session)[0], "ask_procedure_place", editor)
    assert examples.written(session, soon()).count("    - ") == 1


def test_what_is_accepted_later_is_in_the_next_model(session: Session, group: groups.Group, editor: Member) -> None:
    decisions.accept_intent(session, group, "ask_procedure_place", editor)
    before = clock.now() - timedelta(minutes=5)
    assert examples.written(session, before) == ""
    assert learnt.mark(session, before) == 0
    assert learnt.mark(session, soon()) == 3
    assert examples.written(session, soon())  # what is in use is taught again with every model
    assert groups.listed(session, "trained")[0].value == "ask_procedure_place"


@pytest.mark.parametrize("intent", ["", "nlu_fallback", "ask_everything"])
def test_an_intent_that_is_none_is_refused(session: Session, group: groups.Group, editor: Member, intent: str) -> None:
    with pytest.raises(LearningError):
        decisions.accept_intent(session, group, intent, editor)


def test_a_name_is_given_to_a_procedure_and_comes_back_after_a_load(
    session: Session, group: groups.Group, editor: Member, procedure: str
) -> None:
    decisions.accept_alias(session, group, procedure, " sổ hồng  chung cư ", editor)
    assert learnt.names(session) == []
    assert learnt.names(session, soon()) == [(procedure, "sổ hồng chung cư")]
    stamp = session.execute(select(Procedure.updated_at)).scalar_one()
    assert learnt.add_names(session, soon()) == 1
    assert session.execute(select(Procedure.updated_at)).scalar_one() > stamp  # running processes see it
    learnt.mark(session, soon())
    session.execute(ProcedureAlias.__table__.delete())
    assert (learnt.add_names(session), learnt.add_names(session)) == (1, 0)


@pytest.mark.parametrize(
    ("code", "alias"),
    [("9.999999", "sổ hồng"), ("1.013978", "sổ"), ("1.013978", "x" * 121), ("1.013978", "sổ của Đinh Công Suối")],
)
def test_a_name_that_cannot_be_is_refused(
    session: Session, group: groups.Group, editor: Member, procedure: str, code: str, alias: str
) -> None:
    with pytest.raises(LearningError):
        decisions.accept_alias(session, group, code, alias, editor)


def test_an_answer_is_proposed_in_a_file_that_can_be_read(
    session: Session, group: groups.Group, editor: Member
) -> None:
    answer = "Dạ: nộp ở đâu cũng được.\n- 'ngoặc' # và dấu"
    decisions.accept_answer(session, group, answer, editor)
    (proposed,) = yaml.safe_load(learnt.proposals(session))
    assert (proposed["times"], proposed["proposed"]) == (3, answer)
    assert learnt.mark(session, soon()) == 0  # an answer is written by people, not trained


def test_a_decision_is_taken_back_until_it_is_learnt(session: Session, group: groups.Group, editor: Member) -> None:
    decisions.reject(session, group, editor)
    rejected = groups.listed(session, "rejected")[0]
    assert decisions.reopen(session, rejected, editor) == 3
    again = groups.listed(session)[0]
    decisions.accept_intent(session, again, "ask_office", editor)
    session.execute(update(ReviewItem).where(ReviewItem.state == "accepted").values(state="trained"))
    session.expire_all()
    with pytest.raises(LearningError, match="mô hình"):
        decisions.reopen(session, groups.listed(session, "trained")[0], editor)


def test_of_two_who_decide_at_once_the_second_is_told(session: Session, group: groups.Group, editor: Member) -> None:
    decisions.reject(session, group, editor)
    with pytest.raises(LearningError, match="người khác"):
        decisions.accept_intent(session, group, "ask_office", editor)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("gọi [số điện thoại] nha", "gọi [0900 002 468](phone) nha"),
        ("mã [mã kín] là gì", "mã là gì"),
        ("- [hack](intent) `x` {y}", "hackintent x y"),
        ("[mã kín]", ""),
        ("a " * 400, ""),
        ("dòng một\ndòng hai", "dòng một dòng hai"),
    ],
)
def test_a_masked_message_is_a_sentence_of_rasa(text: str, line: str) -> None:
    assert examples.example(text) == line


def test_what_the_engine_names_is_marked_where_it_stands() -> None:
    def find(text: str) -> list[dict[str, object]]:
        at = text.find("sổ hồng")
        return [{"entity": "procedure", "start": at, "end": at + 7}] if at >= 0 else []

    assert examples.example("sổ hồng [số] ở mô", find) == "[sổ hồng](procedure) 1234 ở mô"


def test_the_samples_are_what_they_stand_for() -> None:
    (found,) = find_numbers(examples.example("[số điện thoại]").split("]")[0][1:])
    assert found.kind == "phone"
