"""Pictures and sound that a platform keeps for us: fetched from its own hosts only, small enough, and soon.

An address comes out of a message that anybody may have written. So it is taken over https from a listed host, no
redirect is followed, and the connection goes to the very address that was looked at: none inside our own network.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from ipaddress import IPv6Address, IPv6Network, ip_address
from ssl import SSLContext

import httpx
from prometheus_client import Counter

from bot.conversation.media import MediaAway, MediaError, MediaRefused

SECONDS = 20.0  # for one file altogether: a host that sends a byte at a time must not hold us
WAIT_SECONDS = 10.0  # for each wait on the network
LONGEST_URL = 2_048
HTTPS_PORT = 443
_CHUNK = 64 * 1024
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address is its last four bytes

FETCHED = Counter("motcua_media_fetched", "Files that citizens sent, fetched from the platforms", ["result"])

Resolve = Callable[[str], Awaitable[list[str]]]


def is_public(address: str) -> bool:
    """Return whether an IP address lies on the open internet, and not inside ours, nor on this machine."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if ip in _NAT64:
            return is_public(str(ip_address(ip.packed[-4:])))
        if ip.ipv4_mapped or ip.sixtofour or ip.teredo:  # another address hides inside
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


async def resolve(host: str) -> list[str]:
    """Return the IP addresses of a host, IPv4 first; raises OSError for a name that has none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, HTTPS_PORT, type=socket.SOCK_STREAM)
    addresses = dict.fromkeys(str(entry[4][0]) for entry in found)
    return sorted(addresses, key=lambda address: ":" in address)


class Downloader:
    """Fetches files from a list of hosts.

    `hosts`: names (".zdn.vn": all below it), over https. `own`: origins that the operator has set, such as a Bot API
    server in our own network ("http://127.0.0.1:8081"); their address is not looked at.
    """

    def __init__(
        self,
        hosts: Iterable[str] = (),
        own: Iterable[str] = (),
        *,
        resolve: Resolve = resolve,
        tls: SSLContext | None = None,
    ) -> None:
        """`resolve` and `tls` are for a resolver or certificates of one's own."""
        self._hosts = frozenset(host.lower() for host in hosts)
        self._own = frozenset(_origin(httpx.URL(address)) for address in own)
        self._resolve = resolve
        tls = httpx.create_ssl_context() if tls is None else tls
        # No proxy, or it would do the looking up; no kept connection, or it might serve another name on that address.
        self._pinned = httpx.AsyncClient(
            verify=tls, trust_env=False, timeout=WAIT_SECONDS, limits=httpx.Limits(max_keepalive_connections=0)
        )
        self._direct = httpx.AsyncClient(verify=tls, timeout=WAIT_SECONDS)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._pinned.aclose()
        await self._direct.aclose()

    async def fetch(self, url: str, largest: int, seconds: float = SECONDS) -> bytes:
        """Return the file at `url`, at most `largest` bytes of it; raises MediaError."""
        try:
            body = await asyncio.wait_for(self._fetch(url, largest), seconds)
        except MediaError as error:
            FETCHED.labels(error.reason).inc()
            raise
        except (asyncio.TimeoutError, httpx.TimeoutException):
            FETCHED.labels("timeout").inc()
            raise MediaAway("timeout") from None  # the causes quote the address
        except (httpx.HTTPError, OSError):
            FETCHED.labels("network").inc()
            raise MediaAway("network") from None
        FETCHED.labels("ok").inc()
        return body

    async def _fetch(self, url: str, largest: int) -> bytes:
        parsed = _parsed(url)
        if _origin(parsed) in self._own:
            return await _read(self._direct, httpx.Request("GET", parsed, headers=_headers(parsed)), largest)
        host = _host(parsed)
        if parsed.scheme != "https" or parsed.port not in (None, HTTPS_PORT) or not self._listed(host):
            raise MediaRefused("host")
        addresses = await self._resolve(host)
        if not addresses or not all(map(is_public, addresses)):
            raise MediaRefused("inside")
        for address in addresses[:-1]:
            try:
                return await self._from(address, parsed, largest)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue  # the next address may be reachable: IPv6 often is not
        return await self._from(addresses[-1], parsed, largest)

    async def _from(self, address: str, url: httpx.URL, largest: int) -> bytes:
        """Fetch from this address; name and certificate stay those of the host."""
        request = httpx.Request(
            "GET",
            url.copy_with(host=address),
            headers=_headers(url),
            extensions={"sni_hostname": _host(url)},
        )
        return await _read(self._pinned, request, largest)

    def _listed(self, host: str) -> bool:
        labels = host.split(".")
        return host in self._hosts or any(
            "." + ".".join(labels[place:]) in self._hosts for place in range(1, len(labels))
        )


def _parsed(url: str) -> httpx.URL:
    if not isinstance(url, str) or len(url) > LONGEST_URL:
        raise MediaRefused("address")
    try:
        parsed = httpx.URL(url)
        if parsed.userinfo or not _host(parsed):
            raise MediaRefused("address")
    except (httpx.InvalidURL, ValueError):
        raise MediaRefused("address") from None
    return parsed


def _host(url: httpx.URL) -> str:
    return url.raw_host.decode("ascii").lower()


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, _host(url), url.port or (HTTPS_PORT if url.scheme == "https" else 80)


def _headers(url: httpx.URL) -> dict[str, str]:
    # Unpacked: a packed body could grow beyond measure once it is here.
    return {"Host": url.netloc.decode("ascii"), "Accept-Encoding": "identity", "User-Agent": "motcua"}


async def _read(client: httpx.AsyncClient, request: httpx.Request, largest: int) -> bytes:
    request.extensions["timeout"] = client.timeout.as_dict()
    response = await client.send(request, stream=True, follow_redirects=False)
    try:
        _check(response, largest)
        body = bytearray()
        async for chunk in response.aiter_raw(_CHUNK):
            body += chunk
            if len(body) > largest:
                raise MediaRefused("too_large")
        return bytes(body)
    finally:
        await response.aclose()


def _check(response: httpx.Response, largest: int) -> None:
    """Raise MediaError for an answer that is not the file."""
    status = response.status_code
    if 300 <= status < 400:
        raise MediaRefused("redirect")
    if status == 429 or status >= 500:
        raise MediaAway("busy")
    if status != 200:
        raise MediaRefused("gone")
    if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise MediaRefused("packed")
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:18]) > largest:
        raise MediaRefused("too_large")
