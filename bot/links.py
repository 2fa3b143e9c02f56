"""The links that the assistant may give: those of `content/allowed_hosts.yml`, and our own address.

Whoever poses as an office sends links. So that nobody has to wonder about ours, none but official ones are given;
whatever else stands in a record or comes back from a citizen is hidden before it is said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from bot.content_files import ContentError, Mapping, read_yaml, shaped
from bot.settings import CONTENT, settings

FILE = CONTENT / "allowed_hosts.yml"
HIDDEN = "(đường dẫn đã ẩn)"
TAGS = ("A", "B", "C")

# What ends a host where no scheme stands before it: Vietnam's, the usual ones, and those that swindlers like.
_ENDS = (
    "vn|com|net|org|info|biz|top|xyz|site|online|club|vip|shop|store|icu|cc|click|link|live|life|pro|app|dev|io|me|co|"
    "us|ru|cn|tk|ml|ga|cf|gq|ly|gl|ws|asia|website|space|fun|today|work|support|help|tv|edu|gov"
)
_LINK = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]{1,12})://|(?<![\w@.-])(?=www\.))(?P<rest>[^\s<>\"'“”()\[\]]+)"
    rf"|(?<![\w@./-])(?P<bare>(?:[a-z0-9-]+\.)+(?:{_ENDS})(?::\d+)?(?![\w-]|\.[a-z0-9])(?:/[^\s<>\"'“”()\[\]]*)?)",
    re.IGNORECASE,
)
_POSES = re.compile(
    r"vn-?e-?id|dich-?vu-?cong|dvc(?:qg)?|cong-?an|bo-?cong-?an|chinh-?phu|vnpost|dinh-?danh|gov-?vn|etax|cccd|can-?cuoc|"
    r"(?<![a-z])gov(?![a-z])"
)


@dataclass(frozen=True)
class Host:
    """A host of the list: who it belongs to and how we know; `shown` hosts may be named to citizens."""

    host: str
    name: str
    source: str
    as_of: str
    tag: str
    shown: bool = True


@lru_cache(maxsize=1)
def hosts() -> dict[str, Host]:
    """Return the list by host.

    Raises ContentError for an entry that does not fit.
    """
    with shaped(FILE, 1):
        return {entry.host: entry for entry in (_entry(FILE, row) for row in read_yaml(FILE))}


def host_of(link: str) -> str:
    """Return the host of a link, lower-case, without user and port; "" when it has none."""
    try:
        return (urlsplit(link if "://" in link else f"//{link}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def found(text: str) -> list[str]:
    """Return every link in `text` as it stands there, with or without a scheme."""
    return [_trimmed(match.group()) for match in _LINK.finditer(text)]


def is_shown(link: str) -> bool:
    """Return whether a link may be given to citizens: an official host by http(s), or our own."""
    scheme, separator, _ = link.partition("://")
    if separator and scheme.lower() not in ("http", "https"):
        return False
    host = host_of(link)
    entry = hosts().get(host)
    return (entry is not None and entry.shown) or host == host_of(settings().public_url)


def is_known(link: str) -> bool:
    """Return whether a link may stand in a record as its source, shown or not."""
    return is_shown(link) or host_of(link) in hosts()


def check(path: Path, line: int, link: str) -> None:
    """Raise ContentError for a link that no record may hold."""
    if not is_known(link):
        raise ContentError(path, line, unknown(link))


def unknown(link: str) -> str:
    """Return what is wrong with a link to a host that is not on the list, and what to do."""
    return f"đường dẫn tới {host_of(link) or link} không có trong {FILE.name}; bỏ đi, hoặc thêm kèm nguồn"


def without_unknown(text: str) -> str:
    """Return `text` as it may be said: links to any other host are hidden."""
    if "." not in text:
        return text

    def shown(match: re.Match[str]) -> str:
        link = _trimmed(match.group())
        return match.group() if is_shown(link) else HIDDEN + match.group()[len(link) :]

    return _LINK.sub(shown, text)


def posing(text: str) -> bool:
    """Return whether `text` holds a link whose host poses as an office: "vneid-gov.top", "dichvucong.gov.vn.xyz"."""
    if "." not in text:
        return False
    for link in found(text):
        host = host_of(link)
        official = host in hosts() or host.endswith(".gov.vn") or host == host_of(settings().public_url)
        if not official and _POSES.search(host):
            return True
    return False


def _trimmed(link: str) -> str:
    return link.rstrip(".,;:!?…")


def _entry(path: Path, row: Mapping) -> Host:
    try:
        entry = Host(**row)
    except TypeError:
        raise ContentError(
            path, row.line, "mỗi dòng cần host, name, source, as_of, tag (và shown nếu chỉ ghi nguồn)"
        ) from None
    if entry.tag not in TAGS:
        raise ContentError(path, row.line, f"{entry.host}: tag chỉ nhận {', '.join(TAGS)}")
    if entry.host != entry.host.lower() or host_of(entry.host) != entry.host:
        raise ContentError(path, row.line, f"{entry.host}: chỉ ghi tên máy, chữ thường, không có https:// hay /")
    return entry
