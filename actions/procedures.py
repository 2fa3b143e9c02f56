"""Explaining procedures: which one is meant, which aspect is asked, the answer, or at most two questions back."""

from __future__ import annotations

from typing import Any

from actions import aspects, context
from actions.base import TurnAction
from actions.general_questions import aspect_of_topic, general_answer
from actions.linking import CASE, UNKNOWN, chosen_again, link, matches_of, needed
from actions.picking import case_of_topic, picked, pressed, said_case, unsure
from actions.turn import Reply, Turn
from bot.messages import Message
from bot.procedures import answers, choices, search, sheet
from bot.procedures.cases import UNSURE
from bot.procedures.known import find
from bot.procedures.search import Match
from bot.tickets import answers as tickets

MOST_QUESTIONS = 2  # asked back in a row; then a person takes over


class ExplainProcedure(TurnAction):
    """Answers any question about a procedure; keeps it as the topic for the next one."""

    action_name = "action_explain_procedure"

    def answer(self, turn: Turn) -> Reply:
        """Link the procedure, answer the aspect, or ask back."""
        aspect, topic = aspects.asked(turn), turn.slots.get("procedure")
        if answered := _without_linking(turn, aspect):
            return answered
        linked = needed(turn) or link(turn)
        chosen = linked.best or chosen_again(turn, linked)
        if chosen:
            return explain(turn, chosen.code, aspects.told(turn, chosen.code, aspect))
        if linked.choices:
            return offer(turn, linked.choices, aspect)
        if linked is UNKNOWN:
            return ask_back(turn, choices.not_found(), {"aspect": aspect})
        if topic:
            return explain(turn, topic, aspect)
        open_choice = matches_of(turn, turn.slots.get("procedure_options") or [])
        if open_choice:
            return offer(turn, open_choice, aspect)  # "lệ phí bao nhiêu" before one was chosen
        if aspect == "place" and turn.entity("commune") and not turn.entity("procedure"):
            return Reply(then="action_place")  # "ở Phan Thiết thì nộp hồ sơ ở đâu"
        if turn.slots.get("guide") and not turn.entity("procedure"):
            return Reply(then="action_account_help")  # "có tốn tiền không" in the middle of the guide
        return ask_back(turn, _nothing_linked(turn), {"aspect": aspect})


def _nothing_linked(turn: Turn) -> Message:
    """Return that the named one was not found, or one question: about what was talked of, or which procedure."""
    if turn.entity("procedure"):
        return choices.not_found()
    about = context.of(turn)
    return choices.ask_which(about.called, *about.buttons) if about else choices.ask_which()


def _without_linking(turn: Turn, aspect: str) -> Reply | None:
    """Answer what needs no search: a button, a choice or case just said, a list to keep, a general question."""
    topic = turn.slots.get("procedure")
    if choice := pressed(turn):
        return explain(turn, choice, aspect)
    if topic and sheet.wanted(turn.text) and not turn.entity("procedure"):
        return explain(turn, topic, "documents")
    if choice := _picked(turn):
        return explain(turn, choice, aspects.before_choice(turn, aspect, about_cases=not _only_codes(turn)))
    if turn.slots.get("procedure_options") and unsure(turn):
        return _to_a_person(turn)
    if (case := case_of_topic(turn)) and (
        turn.intent in aspects.OF_NONE or not turn.intent.startswith("ask_procedure")
    ):
        return explain(turn, case, aspects.of_case(turn, case, aspect))
    if asked := aspect_of_topic(turn):
        return explain(turn, str(topic), asked)
    return general_answer(turn)


def _picked(turn: Turn) -> str | None:
    """Return the offered choice that the message picks; a question that surely names another procedure picks none."""
    options = [option.partition(CASE)[0] for option in turn.slots.get("procedure_options") or []]
    choice, span = picked(turn), turn.entity("procedure")
    if choice is None or span is None:
        return choice
    sure = search.link(turn.session, span).best or search.link(turn.session, turn.text).best
    return choice if sure is None or sure.code in options else None


def _only_codes(turn: Turn) -> bool:
    return not any(CASE in option for option in turn.slots.get("procedure_options") or [])


def explain(turn: Turn, choice: str, aspect: str) -> Reply:
    """Answer about `choice` (a code, or a code with its case), and remember it as the topic."""
    code, _, case = choice.partition(CASE)
    known = find(turn.session, code)
    if known is None:
        return ask_back(turn, choices.ask_which(), {})
    if sheet.wanted(turn.text) or turn.entity("sheet"):
        case = case or (_case_before(turn, code) or "").partition(CASE)[2] or known.usual_case or ""
        if not known.open_cases("documents") or known.option(case):
            kept = {"procedure": code, "aspect": "documents", "procedure_options": None}
            return Reply([sheet.offered(known, case or None)], kept)
        aspect = "documents"  # whose papers is asked first; the answer offers the list again
    if not case and known.open_cases(aspect):
        told = said_case(turn, known) or _case_before(turn, code)
        if told and told.partition(CASE)[0] != code:
            return explain(turn, told, aspect)  # another procedure is made for that case
        case = (told or "").partition(CASE)[2]
        if not case and known.usual_case is None and _questions(turn) >= MOST_QUESTIONS:
            case = UNSURE
    offset = next((int(e["value"]) for e in turn.entities if e["entity"] == "offset"), 0)
    asked_in = "" if turn.text.startswith("/") else turn.text
    message = answers.explain(turn.session, code, aspect, offset, case or None, asked_in)
    assert message is not None, "the code is known"
    topic: dict[str, Any] = {"procedure": code, "aspect": aspect, "procedure_options": None}
    if message.kind == "procedure_choices":
        asked = {"procedure_options": _references(message.fields["options"]), "asked_back": _questions(turn) + 1}
        return Reply([message], {**topic, **asked})
    if others := message.fields.get("cases"):
        topic["procedure_options"] = _references(others)
    said = case or (said_case(turn, known) or "").partition(CASE)[2]  # "giấy độc thân để mua nhà": for later questions
    if said and said != UNSURE:
        topic["procedure_case"] = f"{code}{CASE}{said}"
    return Reply([message], topic)


def offer(turn: Turn, matches: tuple[Match, ...], aspect: str) -> Reply:
    """Ask which of a few is meant, and remember them in order for "cái thứ 2"."""
    codes = [match.code for match in matches]
    return ask_back(turn, choices.choices(matches, aspect), {"procedure_options": codes, "aspect": aspect})


def ask_back(turn: Turn, message: Message, slots: dict[str, Any]) -> Reply:
    """Ask back; after two questions in a row that led nowhere a person takes over."""
    before = set(turn.slots.get("procedure_options") or [])
    offered = set(slots.get("procedure_options") or [])
    # Other choices than before are about another need: that is a first question again.
    asked = 0 if offered and before and not offered & before else _questions(turn)
    if asked >= MOST_QUESTIONS:
        return _to_a_person(turn)
    return Reply([message], {**slots, "asked_back": asked + 1})


def _to_a_person(turn: Turn) -> Reply:
    said = tickets.handoff(turn.session, turn.conversation_id, "not_understood")
    return Reply([said], {"procedure_options": None})


def _questions(turn: Turn) -> int:
    return int(turn.slots.get("asked_back") or 0)


def _references(rows: list[dict[str, Any]]) -> list[str]:
    return [f"{row['code']}{CASE}{row['case']}" if row["case"] else row["code"] for row in rows]


def _case_before(turn: Turn, code: str) -> str | None:
    """Return the case that was chosen earlier for this procedure."""
    before = str(turn.slots.get("procedure_case") or "")
    return before if before.partition(CASE)[0] == code else None
