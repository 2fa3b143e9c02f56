"""Talk around the tasks: greetings, help, yes and no, a person, danger, what was not understood."""

from __future__ import annotations

import re
from typing import Any

from actions import context, guiding
from actions.account_problems import PROBLEM, answer_problem
from actions.base import TurnAction
from actions.dossier_reading import is_no_code
from actions.dossier_service import withdraw
from actions.general_questions import general_answer
from actions.linking import link, needed
from actions.picking import picked
from actions.pickup_service import answer_cancel
from actions.pickup_slots import CANCEL
from actions.procedures import explain, offer
from actions.stopping import wants_to_keep, wants_to_stop
from actions.turn import LISTEN, Reply, Turn
from bot.language import is_foreign, is_gibberish
from bot.messages import button, say
from bot.normalise import normal_text
from bot.phrases import phrase
from bot.pickups import numbers
from bot.procedures import choices as procedures
from bot.tickets import answers as tickets

STARTERS = (
    button("Hỏi thủ tục", "help", topic="procedure"),
    button("Hồ sơ tới đâu", "check_dossier"),
    button("Nhận kết quả tại nhà", "book_delivery"),
    button("Làm tài khoản VNeID", "create_account"),
)


class SmallTalk(TurnAction):
    """Greeting, thanks, goodbye, help, who are you, say it again, off topic."""

    action_name = "action_small_talk"

    def answer(self, turn: Turn) -> Reply:
        """Say the phrase of the intent; what one can do here comes as buttons."""
        if turn.intent == "help" and turn.entity("topic") == "procedure":
            return Reply([procedures.ask_which()])
        if turn.intent in ("out_of_scope", "help") and not turn.active_loop and (general := general_answer(turn)):
            return general  # "em ơi bà không biết chữ" asks for help with something certain
        if turn.intent == "out_of_scope" and is_gibberish(turn.text):
            return Fallback().answer(turn)
        if turn.active_loop:
            return self._inside_form(turn)
        buttons = STARTERS if turn.intent in ("greet", "help", "bot_challenge", "out_of_scope", "repeat") else ()
        said = phrase(_off_topic(turn.text) if turn.intent == "out_of_scope" else turn.intent)
        return Reply([say("smalltalk", said, *buttons, topic=turn.intent)], UNDERSTOOD)

    def _inside_form(self, turn: Turn) -> Reply:
        """Say the phrase without other things to do: the form asks on. Nobody is asked anything after a goodbye."""
        if turn.intent == "repeat":
            return Reply(slots=dict(UNDERSTOOD))  # the form's question is what is to be said again
        leaving = turn.intent == "goodbye"
        said = (
            phrase("goodbye_in_form") if leaving else phrase("thank_in_form" if turn.intent == "thank" else turn.intent)
        )
        return Reply([say("smalltalk", said, topic=turn.intent)], dict(UNDERSTOOD), then=LISTEN if leaving else None)


# Asking to decide a case: who may, and what can be done instead.
_DECISION = re.compile(
    r"\b(?:duyet|phe duyet|quyet dinh|xu (?:ai|cho)|ai (?:dung|sai)|cua ai|cho (?:qua|dau|rot)|uu tien|bo qua|chac chan"
    r" (?:duoc|dau)|linh dong|du chon)\b"
)


def _off_topic(text: str) -> str:
    """Return the phrase for what is not our business: another language, a case to decide, anything else."""
    if is_foreign(text):
        return "out_of_scope_language"
    return "out_of_scope_decision" if _DECISION.search(normal_text(text)) else "out_of_scope"


class YesNo(TurnAction):
    """A yes or no outside of any form: answers what was asked last, else asks what is wanted."""

    action_name = "action_yes_no"

    def answer(self, turn: Turn) -> Reply:
        """Do what was asked "really?" about, choose the only option, go on in the guide, or offer help."""
        pending = str(turn.slots.get("pending") or "")
        if turn.active_loop:
            return self._inside_form(turn)
        if pending.startswith(CANCEL):
            return answer_cancel(turn).and_slots(UNDERSTOOD)
        if pending == "withdraw_dossier":
            return answer_withdraw(turn).and_slots(UNDERSTOOD)
        if pending.startswith(PROBLEM):
            return answer_problem(turn, 1 if turn.intent == "affirm" else 2).and_slots(UNDERSTOOD)
        if turn.slots.get("guide"):
            then = "action_account_guide" if turn.intent == "affirm" else "action_cancel"
            return Reply(slots=dict(UNDERSTOOD), then=then)
        options = turn.slots.get("procedure_options") or []
        if (case := picked(turn)) and len(options) > 1:
            return explain(turn, case, turn.slots.get("aspect") or "overview").and_slots(UNDERSTOOD)
        if turn.intent == "affirm" and len(options) == 1:
            return explain(turn, options[0], turn.slots.get("aspect") or "overview")
        if turn.intent == "deny" and options:
            return Reply([procedures.ask_which()], {"procedure_options": None, **UNDERSTOOD})
        if turn.intent == "affirm" and turn.paused:
            return resume(turn, turn.paused)
        topic = "affirm" if turn.intent == "affirm" else "deny"
        return Reply([say("smalltalk", phrase(topic), *STARTERS, topic=topic)], dict(UNDERSTOOD))

    def _inside_form(self, turn: Turn) -> Reply:
        """Go on with the form: a yes or no that it did not take answers nothing."""
        if turn.intent == "affirm":
            return Reply(slots=dict(UNDERSTOOD))
        stop = button("Dừng lại", "cancel")
        return Reply([say("smalltalk", phrase("deny_in_form"), stop, topic="deny")], dict(UNDERSTOOD))


def answer_withdraw(turn: Turn) -> Reply:
    """Do what a yes or no to "really withdraw?" means: a person does it, or nothing happens."""
    if turn.intent != "affirm" or wants_to_keep(turn.text):
        return Reply([say("cancelled", phrase("withdraw_kept"), what="withdraw")], {"pending": None})
    return withdraw(turn)


class Cancel(TurnAction):
    """Stops what is going on: a form, a guide, a choice."""

    action_name = "action_cancel"

    def answer(self, turn: Turn) -> Reply:
        """End it kindly; nothing was booked or sent. To "really cancel?" a "hủy đi" is a yes."""
        if str(turn.slots.get("pending") or "").startswith(CANCEL) and not turn.active_loop:
            return answer_cancel(turn).and_slots(UNDERSTOOD)
        if turn.slots.get("pending") == "withdraw_dossier":
            return answer_withdraw(turn).and_slots(UNDERSTOOD)
        what = {"pickup_form": "pickup", "dossier_form": "dossier"}.get(turn.active_loop or "")
        if what is None:
            what = "guide" if turn.slots.get("guide") else "choice"
            guiding.leave(turn)
        cleared: dict[str, Any] = {
            name: None
            for name, value in turn.slots.items()
            if value is not None and (name.startswith("pickup_") or name in ("guide", "guide_step", "pending",
                                                                             "procedure_options", "unit_options"))
        }  # fmt: skip
        message = say("cancelled", phrase(f"cancelled_{what}"), *STARTERS, what=what)
        return Reply([message], cleared | UNDERSTOOD, leave_form=turn.active_loop is not None)


class Resume(TurnAction):
    """Goes on with a task that silence cut off."""

    action_name = "action_resume_task"

    def answer(self, turn: Turn) -> Reply:
        """Put its slots back and enter it again."""
        if turn.paused:
            return resume(turn, turn.paused)
        guide = {name: turn.slots.get(name) for name in ("guide", "guide_step")}
        if again := guiding.take_up(turn, guide if guide["guide"] else None, phrase("resumed")):
            return again
        return Reply([say("smalltalk", phrase("nothing_to_resume"), *STARTERS, topic="help")])


def resume(turn: Turn, paused: dict[str, Any]) -> Reply:
    """Return the reply that takes a paused task up again."""
    if paused["loop"] is None and (again := guiding.take_up(turn, paused["slots"], phrase("resumed"))):
        return again
    message = say("info", phrase("resumed"), topic="resume")
    return Reply([message], dict(paused["slots"]), then=paused["loop"] or "action_account_guide")


class Fallback(TurnAction):
    """Not understood: once asks again, twice offers choices, three times hands over to a person."""

    action_name = "action_fallback"

    def answer(self, turn: Turn) -> Reply:
        """Count, and answer by the count; a text that names a procedure surely is answered all the same."""
        if turn.active_loop:
            return self._inside_form(turn)
        if wants_to_stop(turn.text) or (turn.slots.get("pending") and wants_to_keep(turn.text)):
            return Reply(slots=dict(UNDERSTOOD), then="action_cancel")
        if numbers.find(turn.text) or numbers.looks_mistyped(turn.text):
            return Reply(slots=dict(UNDERSTOOD), then="action_pickup_service")
        if is_no_code(turn):
            return Reply(slots={"dossier_question": "status", "dossier_code": None, **UNDERSTOOD}, then="dossier_form")
        if choice := picked(turn):
            return explain(turn, choice, turn.slots.get("aspect") or "overview").and_slots(UNDERSTOOD)
        if general := general_answer(turn):
            return general
        linked = needed(turn) or link(turn)
        if linked.best:
            return explain(turn, linked.best.code, "overview").and_slots(UNDERSTOOD)
        if linked.choices:
            return offer(turn, linked.choices, "overview").and_slots(UNDERSTOOD)
        return misunderstood(turn, "fallback_again")

    def _inside_form(self, turn: Turn) -> Reply:
        """Say so in a word, for the form asks again; the third time a person is offered by handing over."""
        attempt = int(turn.slots.get("misunderstandings") or 0) + 1
        if attempt >= 3:
            return Reply([tickets.handoff(turn.session, turn.conversation_id, "not_understood")], UNDERSTOOD)
        buttons = [button("Gặp nhân viên", "talk_to_human"), button("Dừng lại", "cancel")] if attempt == 2 else []
        said = phrase("fallback_in_form" if attempt == 1 else "fallback_in_form_again")
        return Reply([say("fallback", said, *buttons, attempt=attempt)], {"misunderstandings": attempt})


def misunderstood(turn: Turn, first: str) -> Reply:
    """Answer by how often in a row nothing was understood: the phrase `first`, then choices, then a person.

    The first time, one question out of what was talked of is asked, if anything was.
    """
    attempt = int(turn.slots.get("misunderstandings") or 0) + 1
    if attempt >= 3:
        return Reply([tickets.handoff(turn.session, turn.conversation_id, "not_understood")], UNDERSTOOD)
    about = context.of(turn) if attempt == 1 else None
    if about is not None:
        asked = phrase("fallback_about").format(about=about.called)
        message = say("fallback", asked, *about.buttons, context.ELSE, attempt=attempt)
        return Reply([message], {"misunderstandings": attempt})
    human = [button("Gặp nhân viên", "talk_to_human")] if attempt == 2 else []
    starters = STARTERS if attempt == 2 or first != "fallback_again" else ()
    said = phrase(first if attempt == 1 else "fallback_choices")
    return Reply([say("fallback", said, *starters, *human, attempt=attempt)], {"misunderstandings": attempt})


UNDERSTOOD = {"misunderstandings": 0}
