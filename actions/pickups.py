"""Booking the postman: starting the form, hearing its answers, booking.

`validate_pickup_form` is no FormValidationAction of rasa_sdk, which hears slot by slot: here one message may
give several facts, and one fact may undo another. It keeps to the same agreement with Rasa: it sets the slots
and `requested_slot`; when it sets nothing but `requested_slot`, the form rejects and another rule answers.
"""

from __future__ import annotations

from actions.base import TurnAction
from actions.pickup_hearing import hear
from actions.pickup_message import Message
from actions.pickup_service import change_or_cancel
from actions.pickup_slots import CANCEL, FORM, PREFIX, changing, emptied, fields_of, slots_of
from actions.stopping import wants_no_more, wants_to_stop
from actions.turn import Reply, Turn
from bot.dossiers import codes, proof
from bot.pickups import access, booking, eligibility, numbers
from bot.pickups.answers import bookings, refusals
from bot.pickups.eligibility import Refusal
from bot.pickups.form import checks, draft, services
from bot.privacy import consent

_TRY_AGAIN = frozenset({"slot_full", "day_not_open"})


class StartPickup(TurnAction):
    """Begins a booking; the form itself then reads the rest of the same message."""

    action_name = "action_start_pickup"

    def answer(self, turn: Turn) -> Reply:
        """Fill what is known from the talk so far and begin the form."""
        if turn.active_loop == FORM and turn.slots.get("pickup_service"):
            return Reply(then=FORM)  # no answer to the question, and no reason to forget what was said before
        by_intent = {"book_delivery": "deliver", "book_collection": "collect"}
        service = None if services.is_vague(turn.text) else services.service(turn.text) or by_intent.get(turn.intent)
        slots = {**emptied(), "pickup_service": service}
        if service != "collect":
            written = [found.code for found in codes.find(turn.text)]
            # "Lấy giấy làm khai sinh rồi mang kết quả về" after another dossier was talked of means none of that.
            talked_of = turn.slots.get("dossier_code") if service != "both" else None
            code = written[0] if written else talked_of
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
        settled = checks.settle(turn.session, known, changed, changing(turn))
        refusal = heard.refusal or settled.refusal
        changes = {**heard.fields, **settled.changes}
        known.update(settled.changes)
        slots = {**slots_of(changes), **heard.slots}
        messages = heard.messages + settled.messages
        if heard.stop or refusal:
            if refusal:
                told = access.tellable(turn.session, turn.asker, draft.dossier(known), refusal)
                messages.append(refusals.pickup_refused(told))
                if known.get("procedure"):
                    slots["procedure"] = known["procedure"]  # "vậy ra đâu làm" goes on about it
            return Reply(messages, {**slots, "pickup_consent": None, "requested_slot": None})
        next_one = draft.missing(known)
        return Reply(messages, {**slots, "requested_slot": PREFIX + next_one if next_one else None})


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
            return Reply([bookings.not_booked()], emptied())
        request = draft.request(turn.session, fields, turn.conversation_id)
        old = changing(turn)
        done = booking.change(turn.session, old, request) if old else booking.book(turn.session, request)
        if isinstance(done, Refusal):
            refused = refusals.pickup_refused(access.tellable(turn.session, turn.asker, request.dossier_code, done))
            if done.reason in _TRY_AGAIN and any(item["what"] == "slot" for item in done.alternatives):
                again = slots_of(dict.fromkeys(("date", "window", "consent")))
                return Reply([refused], again, then=FORM)
            return Reply([refused], emptied())
        done.consent_id = consent.record(
            turn.session,
            purpose="pickup",
            asker=turn.asker,
            channel=turn.channel,
            conversation_id=turn.conversation_id,
        ).id
        unsure = eligibility.is_unsure(turn.session, done.service, done.dossier_code, done.procedure_code)
        said = bookings.pickup_changed(done) if old else bookings.pickup_booked(done, unsure=unsure)
        return Reply([said], emptied())


def _stops(turn: Turn) -> bool:
    """Tell whether the form should end here; a bare "thôi" may also answer a question of yes or no."""
    if (
        turn.intent in ("cancel", CANCEL)
        and Message(turn, fields_of(turn), (turn.requested_slot or "").removeprefix(PREFIX)).leaves
    ):
        return turn.intent == CANCEL  # a plain "cancel" has a rule of its own
    if turn.requested_slot in ("pickup_proxy", "pickup_window"):
        return wants_no_more(turn.text)
    return wants_to_stop(turn.text)


def _stopped(turn: Turn) -> Reply:
    """End the form for a "hủy lịch": of the booking named or being changed, else of the one in the making."""
    named = numbers.find(turn.text)
    number = named[0] if named else turn.slots.get("pickup_changing")
    reply = change_or_cancel(turn, number) if number else Reply([bookings.not_booked()])
    return reply.and_slots({"pickup_consent": None, "requested_slot": None})
