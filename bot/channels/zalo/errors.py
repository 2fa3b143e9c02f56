"""What Zalo's error codes mean for us, as data: one table for the Official Account, one for ZBS (facts §1.8, §1.10)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from enum import Enum

from bot import clock
from bot.channels.zalo.limits import MORNING, RATE_PAUSE_SECONDS
from bot.conversation.outbox.delivery import (
    ChannelPaused,
    DeliveryError,
    NeedsStaff,
    Refused,
    TryLater,
    Unreachable,
    WindowClosed,
)


class Fault(Enum):
    """What to do about an error."""

    TOKEN = "refresh the token, once"  # noqa: S105 (no password)
    RETRY = "try again later"
    TWICE = "try again, twice at most: it may have gone out"
    RATE = "silence for a while"
    REUPLOAD = "upload again"
    ENDPOINT = "the other API, once"
    WINDOW = "another way, or their next message"
    UNREACHABLE = "not before they write again"
    STAFF = "somebody of ours has to act"
    REFUSED = "our fault: never again"
    NIGHT = "not before the morning"
    TOMORROW = "not before the next day"


OA: Mapping[int, Fault] = {
    -32: Fault.RATE,  # calls per minute
    -100: Fault.REUPLOAD,  # the uploaded id has expired
    -200: Fault.TWICE,  # sending failed
    -201: Fault.REFUSED,  # "<field> is invalid!"
    -204: Fault.STAFF,  # account disabled
    -205: Fault.STAFF,  # account does not exist
    -209: Fault.STAFF,  # app not activated
    -210: Fault.REFUSED,  # parameter over its limit
    -211: Fault.STAFF,  # out of quota
    -212: Fault.STAFF,  # app has not registered this API
    -213: Fault.WINDOW,  # does not follow the account
    -214: Fault.RETRY,  # article being processed
    -216: Fault.TOKEN,  # access token invalid
    -217: Fault.UNREACHABLE,  # blocked invitations
    -218: Fault.WINDOW,  # the person's quota of messages is used up
    -219: Fault.STAFF,  # app removed or disabled
    -220: Fault.TOKEN,  # access token expired or removed
    -221: Fault.STAFF,  # account needs verification
    -223: Fault.STAFF,  # account has not granted this API
    -224: Fault.STAFF,  # plan upgrade needed
    -227: Fault.UNREACHABLE,  # banned, or inactive for 45 days
    -230: Fault.WINDOW,  # no interaction in seven days
    -232: Fault.WINDOW,  # no interaction, or it has expired
    -233: Fault.REFUSED,  # message type not supported
    -234: Fault.WINDOW,  # night block; consultation messages know none, so no reason to hold the channel
    -235: Fault.ENDPOINT,  # not for this kind of account
    -237: Fault.STAFF,  # group expired
    -238: Fault.STAFF,  # quota package invalid
    -240: Fault.REFUSED,  # v2.0 shut down
    -241: Fault.STAFF,  # quota package invalid
    -242: Fault.STAFF,  # appsecret_proof wrong
    -244: Fault.UNREACHABLE,  # the person has restricted such messages
    -248: Fault.REFUSED,  # violates the platform's standards
    -249: Fault.WINDOW,  # template cannot go to an id: by phone it can
    -320: Fault.STAFF,  # needs a Zalo Cloud Account
    -321: Fault.STAFF,  # that account is out of money
    -403: Fault.STAFF,  # account not in the group
    -14002: Fault.STAFF,  # OAuth: app id
    -14003: Fault.STAFF,  # OAuth: redirect address
    -14014: Fault.STAFF,  # OAuth: refresh token
}

ZBS: Mapping[int, Fault] = {
    -32: Fault.RATE,
    -100: Fault.RETRY,  # unknown error; not the -100 of the other table
    **dict.fromkeys((-101, -102, -103, -104, -105, -106), Fault.STAFF),  # app or its link to the account
    -108: Fault.REFUSED,  # phone number invalid
    -109: Fault.STAFF,  # template id invalid
    -110: Fault.WINDOW,  # their Zalo is too old
    -111: Fault.REFUSED,  # data empty
    -112: Fault.REFUSED,  # data undefined
    -1121: Fault.REFUSED,  # data too long
    -1122: Fault.REFUSED,  # parameter missing
    -1124: Fault.REFUSED,  # wrong format
    -113: Fault.REFUSED,  # button invalid
    -1131: Fault.REFUSED,  # a button's link invalid
    -114: Fault.WINDOW,  # cannot receive now
    -115: Fault.STAFF,  # out of money
    -117: Fault.STAFF,  # no right to the template
    -118: Fault.WINDOW,  # no Zalo account has this phone
    -119: Fault.WINDOW,  # account cannot receive
    -124: Fault.TOKEN,  # access token invalid
    -125: Fault.STAFF,  # account id invalid
    -126: Fault.STAFF,  # development mode: wallet
    -127: Fault.STAFF,  # development mode: recipient is no admin
    -131: Fault.STAFF,  # template not approved
    -133: Fault.NIGHT,  # night block
    -135: Fault.STAFF,  # account lacks the right
    -1351: Fault.STAFF,  # account blocked from sending
    -136: Fault.STAFF,  # needs a Zalo Cloud Account
    -137: Fault.STAFF,  # charge failed
    -138: Fault.STAFF,  # app lacks the right
    -1381: Fault.STAFF,  # extension not granted
    -139: Fault.WINDOW,  # refuses this kind
    -140: Fault.WINDOW,  # not eligible for this kind
    -141: Fault.WINDOW,  # refuses the account's notices; the chat with it stays open
    -144: Fault.TOMORROW,  # the account's quota of the day
    -1441: Fault.WINDOW,  # quota of the period, by tag
    -145: Fault.STAFF,  # may not send such content
    -146: Fault.STAFF,  # template disabled for low quality
    -147: Fault.WINDOW,  # the template's quota of the day: other templates still go out
    -1471: Fault.WINDOW,
    -1472: Fault.WINDOW,
    -161: Fault.REFUSED,  # sending_mode
    -162: Fault.REFUSED,  # sending_mode 3 for this tag
    -1241: Fault.STAFF,  # appsecret_proof wrong
}

_PRIVATE = re.compile(r"\d{6,}")


class ApiError(Exception):
    """An answer with an error code. The platform's sentence is kept for the log, without long numbers."""

    def __init__(self, code: int, message: str = "") -> None:
        """Keep code and sentence."""
        self.code, self.message = code, _PRIVATE.sub("…", message)[:160]
        super().__init__(str(code))

    def fault(self, table: Mapping[int, Fault]) -> Fault:
        """Return what to do; an unknown code is not tried again: the message may have gone out (facts §1.3)."""
        if "access token" in self.message.lower():
            return Fault.TOKEN
        return table.get(self.code, Fault.REFUSED)


def as_delivery_error(error: ApiError, table: Mapping[int, Fault]) -> DeliveryError:
    """Return the error as the sender knows it."""
    fault, reason = error.fault(table), str(error.code)
    if fault is Fault.RATE:
        return ChannelPaused(reason, RATE_PAUSE_SECONDS)
    if fault in (Fault.NIGHT, Fault.TOMORROW):
        return ChannelPaused(reason, _seconds_to_morning(tomorrow=fault is Fault.TOMORROW))
    return _RAISED[fault](reason)


def _seconds_to_morning(*, tomorrow: bool) -> float:
    now = clock.to_vietnam(clock.now())
    morning = now.replace(hour=MORNING[0], minute=MORNING[1], second=0, microsecond=0)
    if tomorrow or morning <= now:
        morning += timedelta(days=1)
    return (morning - now).total_seconds()


_RAISED: Mapping[Fault, type[DeliveryError]] = {
    Fault.RETRY: TryLater,
    Fault.TWICE: TryLater,
    Fault.REUPLOAD: TryLater,
    Fault.WINDOW: WindowClosed,
    Fault.UNREACHABLE: Unreachable,
    Fault.STAFF: NeedsStaff,
    Fault.REFUSED: Refused,
    # Here the one attempt that these two allow has been made already.
    Fault.TOKEN: NeedsStaff,
    Fault.ENDPOINT: NeedsStaff,
}
