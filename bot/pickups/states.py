"""The states of a booking and the closed list of moves between them."""

from __future__ import annotations

# From each state the states that may follow; an empty set is an end. `failed_1` at once after `assigned`:
# the postman came for papers and nobody was in.
MOVES: dict[str, frozenset[str]] = {
    "requested": frozenset({"confirmed", "rejected", "cancelled"}),
    "confirmed": frozenset({"assigned", "rejected", "cancelled"}),
    "assigned": frozenset({"picked_up", "out_for_delivery", "failed_1", "cancelled"}),
    "picked_up": frozenset({"out_for_delivery", "delivered", "failed_1", "failed_2"}),
    "out_for_delivery": frozenset({"delivered", "failed_1", "failed_2"}),
    "failed_1": frozenset({"picked_up", "out_for_delivery", "delivered", "failed_2"}),
    "failed_2": frozenset({"returned"}),
    "delivered": frozenset(),
    "returned": frozenset(),
    "cancelled": frozenset(),
    "rejected": frozenset(),
}
ENDS = frozenset(state for state, following in MOVES.items() if not following)
# A collection ends when the papers are handed in ("delivered"): there is nothing to bring to the citizen.
NOT_FOR = {"collect": frozenset({"out_for_delivery"})}
# Until a postman has the booking in hand the citizen may change or cancel it here; later only people can.
STILL_OURS = frozenset({"requested", "confirmed"})
# These give the place of the half-day to the next citizen.
GIVES_PLACE_BACK = frozenset({"cancelled", "rejected"})


def may_follow(service: str, state: str, failed_before: bool | None = None) -> frozenset[str]:
    """Return the states that may follow `state` in a booking of this service.

    `failed_before`: a visit was in vain already, so that the next one in vain is the second; None: not known here.
    """
    if service == "collect" and state == "picked_up":
        return frozenset({"delivered"})  # the papers are here: nobody has to be in any more
    following = MOVES[state] - NOT_FOR.get(service, frozenset())
    if failed_before is None or state == "failed_1":
        return following
    return following - {"failed_1" if failed_before else "failed_2"}
