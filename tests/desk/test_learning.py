"""The page of the learning loop: editors label groups, masked, and go on to the next."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from bot import clock
from bot.db.engine import Database
from bot.learning.models import ReviewItem

from .people import Person


def put(database: Database, text: str, alike: str, **more: object) -> int:
    with database.unit_of_work() as session:
        values = {"text": text, "shape": alike, "why": "not_understood", "intent": "nlu_fallback", "state": "open"}
        item = ReviewItem(**{**values, "confidence": 0.31, "asked_at": clock.now(), **more})
        session.add(item)
        session.flush()
        return int(item.id)


def item(database: Database, item_id: int) -> ReviewItem:
    with database.reading() as session:
        found = session.execute(select(ReviewItem).where(ReviewItem.id == item_id)).scalar_one()
        session.expunge(found)
        return found


@pytest.mark.parametrize(("role", "status"), [("agent", 403), ("content_editor", 200), ("supervisor", 200)])
def test_editors_only(client: TestClient, furnished: Database, role: str, status: int) -> None:
    me = Person(client, furnished, role)
    first = put(furnished, "sổ hồng", "so hong")
    for path in ("/desk/learning", f"/desk/learning/{first}", "/desk/learning/answers.yml"):
        assert me.get(path).status_code == status
    done = me.post(f"/desk/learning/{first}", do="reject")
    assert done.status_code == (303 if status == 200 else 403)
    assert item(furnished, first).state == ("rejected" if status == 200 else "open")


def test_groups_are_listed_filtered_and_shown(client: TestClient, furnished: Database) -> None:
    me = Person(client, furnished, "content_editor")
    first = put(furnished, "sổ hồng chung cư <b>", "so hong chung cu")
    put(furnished, "so hong chung cu", "so hong chung cu")
    put(furnished, "giấy nớ", "giay no", why="corrected", intent="ask_procedure_fee")
    listed = me.get("/desk/learning").text
    assert "2 lần" in listed and "giấy nớ" in listed
    assert "sổ hồng chung cư &lt;b&gt;" in listed or "so hong chung cu" in listed
    assert "<b>" not in listed
    only = me.get("/desk/learning?why=corrected").text
    assert "giấy nớ" in only and "chung cu" not in only
    shown = me.get(f"/desk/learning/{first}").text
    assert "31 %" in shown and "Chưa hiểu" in shown and "Không hiểu" in shown
    assert me.get("/desk/learning/999999").status_code == 404
    assert me.get("/desk/learning?state=x&why=y&page=-1").status_code == 200


def test_an_intent_is_given_and_the_next_group_comes(client: TestClient, furnished: Database) -> None:
    me = Person(client, furnished, "content_editor")
    first, second = put(furnished, "sổ hồng", "so hong"), put(furnished, "giấy nớ", "giay no")
    done = me.post(f"/desk/learning/{first}", do="intent", intent="ask_procedure_place")
    assert (done.status_code, done.headers["location"]) == (303, f"/desk/learning/{second}")
    kept = item(furnished, first)
    assert (kept.state, kept.label, kept.value) == ("accepted", "intent", "ask_procedure_place")
    assert kept.decided_by == me.member.id
    assert ("learning.intent", "so hong") in me.audited()
    shown = me.get(f"/desk/learning/{first}?state=accepted").text
    assert "Nộp ở đâu, cấp nào" in shown and "Xem lại câu này" in shown
    assert me.post(f"/desk/learning/{first}", do="reopen").status_code == 303
    assert item(furnished, first).state == "open"


def test_a_name_is_given_to_a_procedure_that_was_searched(client: TestClient, furnished: Database) -> None:
    me = Person(client, furnished, "content_editor")
    first = put(furnished, "giấy độc thân xã cũ", "giay doc than xa")
    found = me.get(f"/desk/learning/{first}?q=giấy độc thân").text
    assert 'value="1.004873"' in found
    bad = me.post(f"/desk/learning/{first}", do="alias", code="1.004873", alias="x")
    assert bad.status_code == 400 and "ký tự" in bad.text
    assert me.post(f"/desk/learning/{first}", do="alias", code="1.004873", alias="giấy lẻ bóng").status_code == 303
    assert item(furnished, first).value == "1.004873 giấy lẻ bóng"


def test_an_answer_is_proposed_and_downloaded(client: TestClient, furnished: Database) -> None:
    me = Person(client, furnished, "supervisor")
    first = put(furnished, "chó có phải đeo rọ mõm", "cho co phai deo ro mom")
    assert me.post(f"/desk/learning/{first}", do="answer", answer="Dạ, có ạ.").status_code == 303
    proposed = me.get("/desk/learning/answers.yml")
    assert "attachment" in proposed.headers["content-disposition"] and "Dạ, có ạ." in proposed.text


@pytest.mark.parametrize(
    "form", [{"do": "intent", "intent": "x"}, {"do": "answer", "answer": " "}, {"do": "dance"}, {}]
)
def test_a_bad_form_changes_nothing_and_says_why(client: TestClient, furnished: Database, form: dict[str, str]) -> None:
    me = Person(client, furnished, "content_editor")
    first = put(furnished, "sổ hồng", "so hong")
    answer = me.post(f"/desk/learning/{first}", **form)
    assert answer.status_code == 400 and 'role="alert"' in answer.text
    assert item(furnished, first).state == "open"
    assert not [action for action, _ in me.audited() if action.startswith("learning")]
