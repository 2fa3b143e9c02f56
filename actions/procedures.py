"""Explaining procedures: which one is meant, which aspect is asked, the answer."""

from __future__ import annotations

import re

from actions.base import Reply, Turn, TurnAction
from bot.normalise import normal_text
from bot.procedures import answers, needs, search
from bot.procedures.search import Match

CLEARER = 0.08  # by so much must one of the offered procedures fit better than the next
_AND_THAT = re.compile(
    r"(?:(?:da|a|u|vay|the|vay con|the con)[ ,]+)*con\b.{3,60}(?:thi sao|sao|the nao)\W*(?:em|a|nhi)?\W*$"
)


class ExplainProcedure(TurnAction):
    """Answers any question about a procedure; keeps it as the topic for the next one."""

    action_name = "action_explain_procedure"

    def answer(self, turn: Turn) -> Reply:
        """Link the procedure, answer the aspect, or ask back."""
        aspect = _aspect(turn)
        code = pressed_code(turn)
        if code is None:
            linked = needed(turn) or link(turn)
            chosen = linked.best or chosen_again(turn, linked)
            if chosen:
                code = chosen.code
            elif linked.choices:
                return offer(linked.choices, aspect)
            else:
                code = turn.slots.get("procedure")
        if code is None and (open_choice := _open_choice(turn)):
            return offer(open_choice, aspect)  # "lệ phí bao nhiêu" before one was chosen
        if code is None and turn.slots.get("guide") and not turn.entity("procedure"):
            return Reply(then="action_account_help")  # "có tốn tiền không" in the middle of the guide
        if code is None:
            asked = turn.entity("procedure")
            message = answers.not_found(asked) if asked else answers.ask_which()
            return Reply([message], {"aspect": aspect})
        return explain(turn, code, aspect)


def _aspect(turn: Turn) -> str:
    """Return what is asked; "còn kết hôn thì sao" asks the same as before about another one."""
    before = turn.slots.get("aspect")
    if before and turn.intent in ("ask_procedure", "ask_procedure_steps") and _AND_THAT.match(normal_text(turn.text)):
        return str(before)
    return answers.aspect_of(turn.intent)


def pressed_code(turn: Turn) -> str | None:
    """Return the code that a button carries, if one was pressed."""
    return next(
        (str(e["value"]) for e in turn.entities if e["entity"] == "procedure" and e.get("extractor") == "button"),
        None,
    )


def needed(turn: Turn) -> search.Linked | None:
    """Return what a need that is no procedure yet ("giấy tờ nhà đất") may come to; None for anything clearer."""
    codes = needs.offered(turn.text)
    found = [answers.find(turn.session, code) for code in codes]
    return search.Linked(None, tuple(_match(known) for known in found if known)) if codes else None


def chosen_again(turn: Turn, linked: search.Linked) -> Match | None:
    """Return the one of the procedures just offered that the words now fit best, though not surely."""
    options = turn.slots.get("procedure_options") or []
    again = [match for match in linked.choices if match.code in options]
    if not again or (len(again) > 1 and again[0].score - again[1].score < CLEARER):
        return None
    return again[0]


def _open_choice(turn: Turn) -> tuple[Match, ...]:
    found = [answers.find(turn.session, code) for code in turn.slots.get("procedure_options") or []]
    return tuple(_match(known) for known in found if known)


def _match(known: answers.Known) -> Match:
    return Match(known.procedure.code, known.procedure.name, 0.0)


def link(turn: Turn) -> search.Linked:
    """Link what the message names; a question without any name ("lệ phí?") links to nothing."""
    spans = [str(e["value"]) for e in turn.entities if e["entity"] == "procedure"]
    if not spans and turn.slots.get("procedure"):
        # Without a name of its own the question goes on about the topic, unless its words fit another one surely.
        linked = search.link(turn.session, turn.text)
        return linked if linked.best else search.Linked(None, ())
    return search.link(turn.session, turn.text)


def explain(turn: Turn, code: str, aspect: str) -> Reply:
    """Answer about `code`, and remember it as the topic."""
    offset = next((int(e["value"]) for e in turn.entities if e["entity"] == "offset"), 0)
    message = answers.explain(turn.session, code, aspect, offset)
    if message is None:
        return Reply([answers.ask_which()])
    return Reply([message], {"procedure": code, "aspect": aspect, "procedure_options": None})


def offer(matches: tuple[Match, ...], aspect: str) -> Reply:
    """Ask which of a few is meant, and remember them in order for "cái thứ 2"."""
    codes = [match.code for match in matches]
    return Reply([answers.choices(matches, aspect)], {"procedure_options": codes, "aspect": aspect})
