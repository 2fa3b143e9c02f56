"""Practice at the desk: a whole run, the sheet of results, and who sees whose."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from bot.conversation.models import Conversation
from bot.db.engine import Database
from bot.practice.scenarios import scenarios

from .people import Person

SCENARIO = scenarios()["copies_unmarked"]


def begin(me: Person) -> str:
    begun = me.post("/desk/practice", scenario=SCENARIO.id)
    assert begun.status_code == 303
    return str(begun.headers["location"])


@pytest.mark.parametrize("role", ["agent", "content_editor", "supervisor", "admin"])
def test_everybody_may_practise(client: TestClient, furnished: Database, role: str) -> None:
    me = Person(client, furnished, role)
    page = me.get("/desk/practice").text
    assert all(one.title in page for one in scenarios().values())
    assert SCENARIO.turns[0].says in me.get(begin(me)).text


def test_a_run_from_the_first_word_to_the_result(client: TestClient, furnished: Database) -> None:
    me = Person(client, furnished, "agent")
    run = begin(me)
    assert SCENARIO.turns[0].clerk not in me.get(run).text  # not before the trainee has answered
    answered = me.post(f"{run}/answer", do="answer", turn="0", text="Dạ, bác mang bản chính <script>")
    assert answered.status_code == 303
    compared = me.get(run).text
    assert "mang bản chính &lt;script&gt;" in compared and SCENARIO.turns[0].clerk in compared
    assert "Có: Mang bản chính" in compared and "Chưa thấy: Bản photo đủ trang" in compared
    assert "2.000815" in compared and "Nguồn" in compared  # the record, with its source
    assert me.post(f"{run}/judge", judged="partly").status_code == 303
    me.post(f"{run}/answer", do="answer", turn="1", text=SCENARIO.turns[1].clerk)
    me.post(f"{run}/judge", judged="good")
    result = me.get(run).text
    assert "1 trên 2" in result and "Kết quả" in result
    assert "đúng 1/2" in me.get("/desk/practice").text


def test_the_suggestion_of_phone_mode_is_shown_and_can_be_taken(client: TestClient, furnished: Database) -> None:
    me = Person(client, furnished, "agent")
    run = begin(me)
    shown = me.post(f"{run}/answer", do="suggest", turn="0", text="đang gõ dở")
    assert shown.status_code == 200 and "bản chính" in shown.text.lower() and "đang gõ dở" in shown.text
    assert me.post(f"{run}/answer", do="pick", turn="0", suggestion="Dạ, bản chính ạ", text="").status_code == 303
    assert "lấy gợi ý" in me.get(run).text
    with furnished.reading() as session:
        assert session.execute(select(func.count()).select_from(Conversation)).scalar_one() == 0


def test_a_trainee_sees_their_own_results_and_a_supervisor_all(client: TestClient, furnished: Database) -> None:
    me, other = Person(client, furnished, "agent"), Person(client, furnished, "agent", "khac")
    chief = Person(client, furnished, "supervisor")
    run = begin(me)
    assert other.get(run).status_code == 404
    assert chief.get(run).status_code == 200
    assert SCENARIO.title in me.get("/desk/practice/results").text
    assert SCENARIO.title not in other.get("/desk/practice/results").text
    assert SCENARIO.title in chief.get("/desk/practice/results").text
    assert chief.post(f"{run}/answer", do="answer", turn="0", text="chen vào").status_code == 400
    assert ("practice.results", "all") in chief.audited() and not me.audited()


def test_the_sheet_is_exported_without_formulas(client: TestClient, furnished: Database) -> None:
    me, chief = Person(client, furnished, "agent", "a.b"), Person(client, furnished, "supervisor")
    begin(me)
    exported = chief.get("/desk/practice/results.csv")
    assert exported.content.startswith(b"\xef\xbb\xbf") and "attachment" in exported.headers["content-disposition"]
    heads, row = list(csv.reader(io.StringIO(exported.content.decode("utf-8-sig"))))
    assert len(heads) == len(row) == 11 and row[3] == "a.b" and row[7] == "2"
    assert ("practice.export", "all") in chief.audited()


@pytest.mark.parametrize("form", [{"turn": "7"}, {"turn": "x"}, {"turn": "0", "text": " "}, {}])
def test_an_answer_out_of_turn_changes_nothing(client: TestClient, furnished: Database, form: dict[str, str]) -> None:
    me = Person(client, furnished, "agent")
    run = begin(me)
    answer = me.post(f"{run}/answer", **{"do": "answer", "text": "chữ đang gõ", **form})
    assert answer.status_code == 400 and 'role="alert"' in answer.text
    assert me.post("/desk/practice", scenario="khong_co").status_code == 404
