"""Canned phrases and approve-before-send, as editors change them."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from bot.conversation import drafts, understanding
from bot.db.engine import Database
from bot.desk.settings import TOPICS
from bot.tickets import phrases
from bot.tickets.models import CannedPhrase

from .people import Person


def kept(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {row.shortcut: row.text for row in session.execute(select(CannedPhrase)).scalars()}


@pytest.mark.parametrize(("role", "status"), [("agent", 403), ("content_editor", 200), ("admin", 200)])
def test_editors_only(client: TestClient, furnished: Database, role: str, status: int) -> None:
    me = Person(client, furnished, role)
    assert me.get("/desk/settings").status_code == status
    added = me.post("/desk/settings/phrases", do="add", shortcut="thu", text="Dạ.")
    topics = me.post("/desk/settings/topics", procedures="1")
    assert {added.status_code, topics.status_code} == {303 if status == 200 else 403}


def test_a_phrase_is_added_changed_and_deleted(client: TestClient, furnished: Database) -> None:
    me = Person(client, furnished, "content_editor")
    assert me.post("/desk/settings/phrases", do="add", shortcut="/Chao2", text=" Dạ, <em>chào</em> ").status_code == 303
    assert kept(furnished)["chao2"] == "Dạ, <em>chào</em>"
    assert "Dạ, &lt;em&gt;chào" in me.get("/desk/settings?done=added").text
    with furnished.reading() as session:
        (phrase_id,) = session.execute(select(CannedPhrase.id).where(CannedPhrase.shortcut == "chao2")).scalars()
    changed = {"do": "change", "id": str(phrase_id), "shortcut": "chao3", "text": "Dạ, chào anh/chị."}
    assert me.post("/desk/settings/phrases", **changed).status_code == 303
    assert kept(furnished)["chao3"] == "Dạ, chào anh/chị."
    assert me.post("/desk/settings/phrases", do="delete", id=str(phrase_id)).status_code == 303
    assert "chao3" not in kept(furnished)
    assert [one for one in me.audited() if one[0].startswith("phrase")] == [
        ("phrase.add", "/chao2"),
        ("phrase.change", "/chao3"),
        ("phrase.delete", "/chao3"),
    ]


@pytest.mark.parametrize(
    "form",
    [
        {"do": "add", "shortcut": "có dấu", "text": "Dạ"},
        {"do": "add", "shortcut": "", "text": "Dạ"},
        {"do": "add", "shortcut": "trong", "text": "  "},
        {"do": "add", "shortcut": "dai", "text": "x" * 1_001},
        {"do": "add", "shortcut": "co", "text": "lần hai"},
        {"do": "change", "id": "999999", "shortcut": "mat", "text": "Dạ"},
        {"do": "delete", "id": "x"},
    ],
)
def test_what_cannot_be_kept_is_refused_and_what_was_typed_stays(
    client: TestClient, furnished: Database, form: dict[str, str]
) -> None:
    me = Person(client, furnished, "content_editor")
    me.post("/desk/settings/phrases", do="add", shortcut="co", text="lần một")
    before = kept(furnished)
    answer = me.post("/desk/settings/phrases", **form)
    assert answer.status_code == 400 and 'role="alert"' in answer.text
    assert kept(furnished) == before
    if form.get("do") == "add" and form["text"].strip():
        assert form["text"] in answer.text


def test_topics_are_switched_on_and_off_and_that_is_written_down(client: TestClient, furnished: Database) -> None:
    me = Person(client, furnished, "supervisor")
    me.post("/desk/settings/topics", procedures="1", dossiers="1")
    me.post("/desk/settings/topics", dossiers="1", weather="1")
    with furnished.reading() as session:
        assert drafts.approved_topics(session) == ["dossiers"]
    assert [one for one in me.audited() if one[0].startswith("approve")] == [
        ("approve.on", "procedures"),
        ("approve.on", "dossiers"),
        ("approve.off", "procedures"),
    ]
    page = me.get("/desk/settings").text
    assert 'name="dossiers" value="1" checked' in page and 'name="procedures" value="1" checked' not in page


def test_the_topics_are_those_of_the_answers() -> None:
    assert set(TOPICS) == set(understanding.TOPICS) - {"person"}


def test_the_shipped_phrases_are_loaded_once_into_an_empty_table(database: Database) -> None:
    with database.unit_of_work() as session:
        loaded = phrases.load(session)
        assert loaded >= 10
        phrases.remove(session, phrases.listed(session)[0].id)
        assert phrases.load(session) == 0  # what somebody deleted stays deleted
        assert len(phrases.listed(session)) == loaded - 1
