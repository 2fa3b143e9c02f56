"""Home pickup: starting the form, hearing its answers, asking, booking, and what comes after a booking.

`validate_pickup_form` is no FormValidationAction of rasa_sdk, which hears slot by slot: here one message may
give several facts, and one fact may undo another. It keeps to the same agreement with Rasa: it sets the slots
and `requested_slot`; when it sets nothing but `requested_slot`, the form rejects and another rule answers.
"""

from __future__ import annotations

from typing import Any

from actions.base import Reply, Turn, TurnAction
from actions.pickup_hearing import hear, look_alike
from actions.pickup_reading import EDIT, PROXY_NAME, WRONG_FACTOR, Message
from actions.stopping import wants_no_more, wants_to_keep, wants_to_stop
from bot.dossiers import answers as dossier_answers
from bot.dossiers import codes, proof
from bot.messages import Message as Said
from bot.pickups import (
    answers,
    booking,
    draft,
    eligibility,
    neighbours,
    numbers,
    postal_info,
    questions,
    reading,
)
from bot.pickups.eligibility import Refusal
from bot.pickups.models import Pickup
from bot.pickups.states import STILL_OURS
from bot.privacy import consent
from bot.text import words

FORM = "pickup_form"
PREFIX = "pickup_"
CANCEL = "cancel_pickup"  # `pending` is "cancel_pickup:MC-…" while a yes would cancel
_TRY_AGAIN = frozenset({"slot_full", "day_not_open"})


def slots_of(fields: dict[str, Any]) -> dict[str, Any]:
    """Return facts of the booking as slots."""
    return {PREFIX + name: value for name, value in fields.items()}


def fields_of(turn: Turn) -> dict[str, Any]:
    """Return what the form knows."""
    return {name: turn.slots.get(PREFIX + name) for name in draft.FIELDS}


def emptied() -> dict[str, Any]:
    """Return the slots of the form, all empty."""
    rest = ("pickup_changing", "pending", "unit_options", "procedure_options")
    return {**slots_of(dict.fromkeys(draft.FIELDS)), **dict.fromkeys(rest)}


class StartPickup(TurnAction):
    """Begins a booking; the form itself then reads the rest of the same message."""

    action_name = "action_start_pickup"

    def answer(self, turn: Turn) -> Reply:
        """Fill what is known from the talk so far and begin the form."""
        by_intent = {"book_delivery": "deliver", "book_collection": "collect"}
        service = None if reading.is_vague(turn.text) else by_intent.get(turn.intent) or reading.service(turn.text)
        slots = {**emptied(), "pickup_service": service}
        if service != "collect":
            written = [found.code for found in codes.find(turn.text)]
            code = written[0] if written else turn.slots.get("dossier_code")
            if code:
                slots["dossier_code"] = code
            if code and proof.proved(turn.session, turn.asker, code):
                slots["pickup_dossier"] = code
        topic = turn.slots.get("procedure")
        # Only a topic whose papers may go by post: nobody named it just now, so it is not refused either.
        named = turn.entity("procedure")
        if service == "collect" and topic and not named and not eligibility.collection(turn.session, topic):
            slots["pickup_procedure"] = topic
        return Reply(slots=slots, then=FORM)


class HearPickup(TurnAction):
    """Takes the facts out of a message and checks them."""

    action_name = "validate_pickup_form"

    def answer(self, turn: Turn) -> Reply:
        """Set what was heard, say what does not fit, and name the next fact to ask for."""
        if turn.active_loop == FORM and turn.requested_slot and _stops(turn):
            return _stopped(turn)
        known = fields_of(turn)
        asked = None
        if turn.active_loop == FORM and (turn.requested_slot or "").startswith(PREFIX):
            asked = (turn.requested_slot or "").removeprefix(PREFIX)
        heard = hear(Message(turn, known, asked))
        known = {**known, **heard.fields}
        if asked is None:
            changed = {name for name, value in known.items() if value is not None}
        else:
            changed = set(heard.fields)
        changing = _changing(turn)
        settled = draft.settle(turn.session, known, changed, changing)
        refusal = heard.refusal or settled.refusal
        changes = {**heard.fields, **settled.changes}
        known.update(settled.changes)
        slots = {**slots_of(changes), **heard.slots}
        messages = heard.messages + settled.messages
        if heard.stop or refusal:
            if refusal:
                messages.append(answers.pickup_refused(refusal))
                if known.get("procedure"):
                    slots["procedure"] = known["procedure"]  # "vậy ra đâu làm" goes on about it
            return Reply(messages, {**slots, "pickup_consent": None, "requested_slot": None})
        next_one = draft.missing(known)
        return Reply(messages, {**slots, "requested_slot": PREFIX + next_one if next_one else None})


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


class BookPickup(TurnAction):
    """Books what the form gathered."""

    action_name = "action_book_pickup"

    def answer(self, turn: Turn) -> Reply:
        """Book, or say why not; when only the place is gone, the form goes on with all the rest kept."""
        fields = fields_of(turn)
        if draft.missing(fields):
            # The form ended early and has said why; it may have asked whether to cancel.
            asking = str(turn.slots.get("pending") or "").startswith(CANCEL)
            return Reply(slots={**emptied(), "pending": turn.slots["pending"] if asking else None})
        if fields["consent"] != "yes":
            return Reply([answers.not_booked()], emptied())
        request = draft.request(fields, turn.conversation_id)
        old = _changing(turn)
        done = booking.change(turn.session, old, request) if old else booking.book(turn.session, request)
        if isinstance(done, Refusal):
            refused = answers.pickup_refused(done)
            if done.reason in _TRY_AGAIN and any(item["what"] == "slot" for item in done.alternatives):
                again = slots_of(dict.fromkeys(("date", "window", "consent")))
                return Reply([refused], again, then=FORM)
            return Reply([refused], emptied())
        consent.record(
            turn.session,
            purpose="pickup",
            asker=turn.asker,
            channel=turn.channel,
            conversation_id=turn.conversation_id,
        )
        unsure = eligibility.is_unsure(turn.session, done.service, done.dossier_code, done.procedure_code)
        said = answers.pickup_changed(done) if old else answers.pickup_booked(done, unsure=unsure)
        return Reply([said], emptied())


class PickupService(TurnAction):
    """Everything about a booking that stands, and about the service itself."""

    action_name = "action_pickup_service"

    def answer(self, turn: Turn) -> Reply:
        """Answer by intent."""
        if turn.intent in ("affirm", "deny") or _answers_cancel(turn):
            return answer_cancel(turn)
        if turn.intent == "ask_postal_service":
            return Reply([postal_info.postal_service(turn.text)])
        if turn.intent == "report_delivery_problem":
            mine = booking.of_conversation(turn.session, turn.conversation_id)
            return Reply([postal_info.delivery_problem(mine[0].booking if mine else None)])
        postal = numbers.postal_code(turn.text)
        if postal and turn.intent == "track_pickup":
            return Reply([postal_info.postal_tracking(postal)])
        pickup = _named(turn)
        if not isinstance(pickup, Pickup):
            return Reply([pickup])
        if turn.intent in ("cancel_pickup", "change_pickup") or mends_booking(turn):
            return _change_or_cancel(turn, pickup)
        return Reply([answers.pickup_status(pickup)])  # asked for, or only the number was given


def answer_cancel(turn: Turn) -> Reply:
    """Do what a yes or no to "really cancel?" means (`pending` names the booking)."""
    what, _, number = str(turn.slots.get("pending") or "").partition(":")
    pickup = booking.find(turn.session, number) if what == CANCEL else None
    if pickup is None:
        return Reply(slots={"pending": None})
    agreed = turn.intent == "affirm" or (turn.intent not in ("deny", "") and "huy" in words(turn.text))
    if not agreed or wants_to_keep(turn.text):
        return Reply([answers.kept(number)], {"pending": None})
    refusal = booking.cancel(turn.session, pickup)
    said = answers.pickup_refused(refusal) if refusal else answers.pickup_cancelled(pickup)
    return Reply([said], {"pending": None})


def mends_booking(turn: Turn) -> bool:
    """Tell whether a correction outside of any form means the one booking made in this talk."""
    if turn.intent != "correct_previous" and not (turn.intent == "inform" and reading.correction(turn.text)):
        return False
    mine = booking.of_conversation(turn.session, turn.conversation_id)
    return len(mine) == 1 and mine[0].state in STILL_OURS


def _answers_cancel(turn: Turn) -> bool:
    """Tell whether a "hủy lịch" repeats the question "really cancel?" as its answer, and names no other booking."""
    _, _, number = str(turn.slots.get("pending") or "").partition(f"{CANCEL}:")
    named = numbers.find(turn.entity("booking_code") or turn.text)
    return turn.intent == CANCEL and bool(number) and (not named or named[0] == number)


def _stops(turn: Turn) -> bool:
    """Tell whether the form should end here; a bare "thôi" may also answer a question of yes or no."""
    if turn.intent in ("cancel", CANCEL):
        return turn.intent == CANCEL  # a plain "cancel" has a rule of its own
    if turn.requested_slot in ("pickup_proxy", "pickup_window"):
        return wants_no_more(turn.text)
    return wants_to_stop(turn.text)


def _stopped(turn: Turn) -> Reply:
    """End the form for a "hủy lịch": of the booking named or being changed, else of the one in the making."""
    named = numbers.find(turn.text)
    pickup = booking.find(turn.session, named[0]) if named else _changing(turn)
    reply = _change_or_cancel(turn, pickup) if pickup else Reply([answers.not_booked()])
    return reply.and_slots({"pickup_consent": None, "requested_slot": None})


def _change_or_cancel(turn: Turn, pickup: Pickup) -> Reply:
    cancelling = turn.intent == "cancel_pickup"
    if not _may_touch(turn, pickup):
        return Reply([answers.not_yours("hủy" if cancelling else "đổi")])
    if cancelling and pickup.state == "cancelled":
        return Reply([answers.pickup_cancelled(pickup)])
    if pickup.state not in STILL_OURS:
        return Reply([answers.pickup_refused(Refusal("too_late", [eligibility.STAFF]))])
    if cancelling:
        return Reply([answers.confirm_cancel(pickup)], {"pending": f"{CANCEL}:{pickup.booking}"})
    # The form opens with everything as it is: it reads the new facts in this message, or asks what to mend.
    slots = {**emptied(), **slots_of(draft.of_pickup(pickup)), "pickup_changing": pickup.booking}
    return Reply(slots={**slots, "pending": EDIT}, then=FORM)


def _named(turn: Turn) -> Pickup | Said:
    """Return the booking the message means, or what to say when it is not clear."""
    written = numbers.find(turn.entity("booking_code") or "") or numbers.find(turn.text)
    if written:
        return booking.find(turn.session, written[0]) or answers.unknown_booking(mistyped=False)
    if numbers.looks_mistyped(turn.text):
        return answers.unknown_booking(mistyped=True)
    mine = booking.of_conversation(turn.session, turn.conversation_id)
    return mine[0] if len(mine) == 1 else answers.which_booking(mine, turn.intent)


def _may_touch(turn: Turn, pickup: Pickup) -> bool:
    """Return whether this citizen may change the booking: made in this talk, or its phone is known."""
    return bool(pickup.conversation_id == turn.conversation_id or reading.phone(turn.text) == pickup.phone)


def _changing(turn: Turn) -> Pickup | None:
    number = turn.slots.get("pickup_changing")
    return booking.find(turn.session, number) if number else None


def _question(turn: Turn, field: str) -> list[Said]:
    """Return the question for a fact, in the form the talk has reached."""
    pending = turn.slots.get("pending")
    if field == "dossier":
        return [_dossier_question(turn)]
    if field == "proxy" and pending == PROXY_NAME:
        return [questions.proxy_name_question()]
    if field == "consent" and pending == EDIT:
        return [questions.edit_question()]
    if field == "commune" and turn.slots.get("unit_options"):
        units = [(code, neighbours.unit_name(code) or code) for code in turn.slots["unit_options"]]
        return [questions.commune_choices(units)]
    if field == "procedure" and turn.slots.get("procedure_options"):
        found = [neighbours.procedure(turn.session, code) for code in turn.slots["procedure_options"]]
        return [questions.procedure_choices([(item.code, item.name) for item in found if item])]
    return draft.ask(turn.session, field, fields_of(turn))


def _dossier_question(turn: Turn) -> Said:
    """Ask for the dossier's code, or for the factor once a code was named."""
    code = turn.slots.get("dossier_code")
    if code and turn.slots.get("pending") == WRONG_FACTOR:
        return dossier_answers.not_found()
    if code:
        return dossier_answers.ask_proof(code)
    seen = look_alike(turn)
    return questions.dossier_question(dossier_answers.ask_code(seen).text if seen else None)
