"""A booking that stands, and the service itself: where it is, changing and cancelling it, what the postman costs."""

from __future__ import annotations

from actions.base import TurnAction
from actions.pickup_message import EDIT
from actions.pickup_slots import CANCEL, FORM, emptied, slots_of
from actions.stopping import wants_to_keep
from actions.turn import Reply, Turn
from bot.messages import Message as Said
from bot.pickups import answers, booking, draft, eligibility, numbers, postal_info, reading
from bot.pickups.eligibility import Refusal
from bot.pickups.models import Pickup
from bot.pickups.states import STILL_OURS
from bot.text import words


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
            return change_or_cancel(turn, pickup)
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


def change_or_cancel(turn: Turn, pickup: Pickup) -> Reply:
    """Open the form with the booking in it, or ask whether it should really be cancelled."""
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
