"""Actions about places: offices, and old names after the merger of 2025."""

from __future__ import annotations

from typing import Any

from actions.base import TurnAction
from actions.general_questions import general_answer
from actions.turn import Reply, Turn
from bot.general_questions.answers import say_answer
from bot.general_questions.questions import questions
from bot.places import answers, location, merger, office_answers, opening
from bot.places.content import communes, full_name
from bot.places.gazetteer import Match, best
from bot.text import digits

OFFICE = "place:office"  # `pending` while a choice of communes is open that was asked for an office
HOURS = "hours_and_contacts"  # what this action answers itself
MOST = 3  # places answered in one turn


class ActionPlace(TurnAction):
    """Says where an office is, or what a commune is called now."""

    action_name = "action_place"

    def answer(self, turn: Turn) -> Reply:
        """Return the answer for the place in the message, or ask which one is meant."""
        point = location.shared(turn.entity("location") or "")
        if point is not None:
            return Reply([location.near_answer(turn.session, point)], {"unit_options": None})
        matches = places(turn)
        chosen = choice(turn) or _narrowed(turn, matches)
        if chosen is not None:
            wants_office = turn.slots.get("pending") == OFFICE
            answer = office_answers.office_answer if wants_office else answers.chosen_answer
            return Reply([answer(turn.session, chosen)], _topic(turn, chosen))
        if turn.intent == "ask_new_unit":
            return _new_unit(turn, matches)
        if on_a_day := opening.answer(turn.text):
            return Reply([on_a_day])
        if not matches and (general := general_answer(turn, but=HOURS)):
            return general  # "không có điện thoại thông minh thì sao" asks for no address
        return _office(turn, matches)


def choice(turn: Turn) -> str | None:
    """Return the commune that an ordinal ("cái thứ 2") picks out of the last choice, if any."""
    options = turn.slots.get("unit_options") or []
    ordinal = turn.entity("ordinal")
    if not options or ordinal is None or turn.entity("commune") is not None:
        return None
    if ordinal == "last":
        return str(options[-1])
    at = int(digits(ordinal) or 0)
    return str(options[at - 1]) if 1 <= at <= len(options) else None


def _narrowed(turn: Turn, matches: list[Match]) -> str | None:
    """Return the one of the communes just offered that the message means: "ở Lâm Hà" after "Tân Hà" had three."""
    options = turn.slots.get("unit_options") or []
    if len(options) < 2 or not matches:
        return None
    meant = [code for code in options if any(code in match.codes for match in matches)]
    return str(meant[0]) if len(meant) == 1 else None


def places(turn: Turn) -> list[Match]:
    """Return the places of a turn: a pressed button carries a code, a typed message is searched."""
    code = turn.entity("commune")
    if code in communes() and (turn.text.startswith("/") or not best(turn.text)):
        name = full_name(code)
        return [Match(0, len(name), name, (code,), old=False, district=False)]
    found = best(turn.text)
    return found or (best(code, expecting=True) if code else [])


def _office(turn: Turn, matches: list[Match]) -> Reply:
    post = office_answers.asks_for_post(turn.text)
    if office_answers.asks_for_police(turn.text) and all(len(match.codes) == 1 for match in matches):
        code = matches[0].codes[0] if matches else None
        return Reply([office_answers.police_answer(code)], {"unit_options": None})
    if not matches:
        # "địa chỉ ở đâu" right after an answer about one commune goes on about it.
        known = turn.slots.get("unit_options") or []
        code = str(known[0]) if len(known) == 1 and turn.entity("ordinal") is None else None
        return Reply([office_answers.office_answer(turn.session, code, post=post)], _topic(turn, code))
    match = matches[0]
    if len(match.codes) > 1:
        asked = {"unit_options": list(match.codes), "pending": OFFICE}
        return Reply([answers.choices(match, "ask_office")], asked)
    council = office_answers.asks_for_council(turn.text)
    messages = [office_answers.office_answer(turn.session, match.codes[0], post=post, council=council)]
    return Reply(messages, _topic(turn, match.codes[0]))


def _new_unit(turn: Turn, matches: list[Match]) -> Reply:
    unclear = next((match for match in matches if len(match.codes) > 1), None)
    if merger.asks_about_papers(turn.text):
        known = turn.slots.get("unit_options") or []
        code = matches[0].codes[0] if matches and len(matches[0].codes) == 1 else None
        code = code or (str(known[0]) if len(known) == 1 else None)
        if code is None:
            return Reply([say_answer(questions()["after_merger_papers"])], {"unit_options": None})
        return Reply([merger.papers_answer(code)], _topic(turn, code))
    if not matches:
        return Reply([merger.merger_answer(turn.text)], {"unit_options": None})
    if unclear is not None:
        return Reply([answers.choices(unclear, "ask_new_unit")], {"unit_options": list(unclear.codes)})
    # "Gung Ré có thuộc xã Di Linh chưa": the old name is the question, the new one only stands beside it.
    asked = [match for match in matches if match.old] or matches
    together: dict[str, list[Match]] = {}
    for match in asked:
        together.setdefault(match.codes[0], []).append(match)
    messages = [answers.unit_answer(*same) for same in list(together.values())[:MOST]]
    return Reply(messages, _topic(turn, next(iter(together)) if len(together) == 1 else None))


def _topic(turn: Turn, code: str | None) -> dict[str, Any]:
    """Return the slots that keep one commune as the topic; inside a form they belong to the form's own choice."""
    if turn.active_loop:
        return {"unit_options": None}
    return {"unit_options": [code] if code else None, "pending": None}
