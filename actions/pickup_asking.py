"""The questions of the booking form, one action a fact (Rasa finds them by their names)."""

from __future__ import annotations

from actions.base import TurnAction
from actions.pickup_dossier import look_alike
from actions.pickup_message import EDIT, NEAR_BY, OTHER_RECIPIENT, PROXY_NAME, WRONG_FACTOR
from actions.pickup_slots import FORM, PREFIX, fields_of
from actions.turn import Reply, Turn
from bot.dossiers.answers import asking
from bot.messages import Message as Said
from bot.pickups import neighbours
from bot.pickups.form import asking as asking_form
from bot.pickups.form import draft, questions

MOST_BUTTONS = 5  # of several communes of one name


def _asking(field: str) -> type[TurnAction]:
    """Make the action that asks for one fact of the form."""

    def answer(self: TurnAction, turn: Turn) -> Reply:
        """Ask."""
        return Reply(_question(turn, field))

    name = f"action_ask_{FORM}_{PREFIX}{field}"
    doc = f"Asks for the {field.replace('_', ' ')} of a booking."
    made = type(f"AskPickup{field.title().replace('_', '')}", (TurnAction,), {"action_name": name, "answer": answer})
    made.__doc__ = doc
    made.__module__ = __name__
    return made


ASKING = tuple(_asking(field) for field in draft.FIELDS)


def _question(turn: Turn, field: str) -> list[Said]:
    """Return the question for a fact, in the form the talk has reached."""
    pending = turn.slots.get("pending")
    if field == "dossier":
        return [_dossier_question(turn)]
    if field == "recipient_name" and pending == OTHER_RECIPIENT:
        return [questions.pickup_question(field, turn.slots.get(f"{PREFIX}service"))]
    if field == "proxy" and pending == PROXY_NAME:
        return [questions.proxy_name_question()]
    if field == "consent" and pending == EDIT:
        return [questions.edit_question()]
    if field == "commune" and turn.slots.get("unit_options"):
        units = [(code, neighbours.unit_name(code) or code) for code in turn.slots["unit_options"][:MOST_BUTTONS]]
        return [questions.near_communes(units) if pending == NEAR_BY else questions.commune_choices(units)]
    if field == "procedure" and turn.slots.get("procedure_options"):
        found = [neighbours.procedure(turn.session, code) for code in turn.slots["procedure_options"]]
        return [questions.procedure_choices([(item.code, item.name) for item in found if item])]
    return asking_form.ask(turn.session, field, fields_of(turn))


def _dossier_question(turn: Turn) -> Said:
    """Ask for the dossier's code, or for the factor once a code was named."""
    code = turn.slots.get("dossier_code")
    if code and turn.slots.get("pending") == WRONG_FACTOR:
        return asking.not_found()
    if code:
        return asking.ask_proof(code)
    seen = look_alike(turn)
    both = turn.slots.get(f"{PREFIX}service") == "both"
    return questions.dossier_question(asking.ask_code(seen).text if seen else None, both=both)
