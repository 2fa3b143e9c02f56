"""The downloader: only listed hosts, only public addresses, the one that was looked at, and never too much."""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from bot import clock
from bot.channels import media
from bot.channels.media import Downloader, is_public
from bot.conversation.media import MediaAway, MediaError, MediaRefused

HOST = "cdn.photos.example"
BODY = bytes(range(256)) * 40


class Cdn(ThreadingHTTPServer):
    """A host of pictures; with `certificate` it speaks https. `seen` holds the Host headers of its calls."""

    daemon_threads = True

    def __init__(self, certificate: Path | None = None) -> None:
        super().__init__(("127.0.0.1", 0), CdnHandler)
        self.seen: list[str] = []
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)

    def __enter__(self) -> Cdn:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.shutdown()
        self.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_args: Any) -> None:
        pass  # a caller that does not like the certificate


class CdnHandler(BaseHTTPRequestHandler):
    server: Cdn

    def do_GET(self) -> None:
        self.server.seen.append(self.headers["Host"])
        name = self.path.strip("/")
        if name.isdecimal():
            return self._answer(int(name), b"", Location="/photo")
        if name == "packed":
            return self._answer(200, BODY, **{"Content-Encoding": "gzip"})
        if name == "endless":
            return self._pour(chunk=b"x" * 1_000, pause=0.0)
        if name == "drip":
            return self._pour(chunk=b"x", pause=0.05)
        if name == "cut":
            return self._answer(200, BODY[:100], **{"Content-Length": str(len(BODY))})
        if name == "silent":
            time.sleep(3)
            return None
        return self._answer(200, BODY)

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for header, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(header, value)
        self.end_headers()
        self.wfile.write(body)

    def _pour(self, chunk: bytes, pause: float) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(20_000):
                self.wfile.write(chunk)
                time.sleep(pause)
        except OSError:
            pass

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for HOST, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = clock.now()
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(signed.public_bytes(pem) + private)
    return path


@pytest.fixture
def cdn() -> Iterator[Cdn]:
    with Cdn() as cdn:
        yield cdn


def fetch(url: str, largest: int = 1 << 20, seconds: float = 10.0, **parts: Any) -> bytes:
    async def run() -> bytes:
        downloader = Downloader(**parts)
        try:
            return await downloader.fetch(url, largest, seconds)
        finally:
            await downloader.close()

    return asyncio.run(run())


def resolving(*answers: list[str]) -> Callable[[str], Awaitable[list[str]]]:
    """Return a resolver that gives these answers, one after the other."""
    left = list(answers)

    async def resolve(_host: str) -> list[str]:
        return left.pop(0)

    return resolve


def refused(url: str, reason: str, **parts: Any) -> MediaError:
    before = REGISTRY.get_sample_value("motcua_media_fetched_total", {"result": reason}) or 0.0
    with pytest.raises(MediaError) as error:
        fetch(url, **parts)
    assert error.value.reason == reason
    assert REGISTRY.get_sample_value("motcua_media_fetched_total", {"result": reason}) == before + 1
    assert error.value.__cause__ is None
    return error.value


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("203.162.4.191", True), ("2001:4860:4860::8888", True), ("64:ff9b::808:808", True),
        ("127.0.0.1", False), ("127.9.9.9", False), ("0.0.0.0", False), ("10.1.2.3", False), ("172.16.0.1", False),
        ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False), ("224.0.0.1", False),
        ("240.0.0.1", False), ("255.255.255.255", False), ("192.0.2.1", False), ("198.18.0.1", False),
        ("::1", False), ("::", False), ("fe80::1", False), ("fe80::1%eth0", False), ("fd00::1", False),
        ("fc00::1", False), ("ff02::1", False), ("::ffff:127.0.0.1", False), ("::ffff:8.8.8.8", False),
        ("64:ff9b::7f00:1", False), ("64:ff9b::a9fe:a9fe", False), ("2002:7f00:1::", False), ("2001:db8::1", False),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.photos.example/a.jpg", "https://cdn.photos.example:8443/a", "https://cdn.photos.example:80/a",
        "https://other.example/a", "https://cdn.photos.example.evil.example/a", "https://evilcdn.photos.example/a",
        "https://127.0.0.1/a", "https://[::1]/a", "https://2130706433/a", "https://0x7f.1/a", "https://localhost/a",
        "https://cdn.photos.example./a", "ftp://cdn.photos.example/a", "file:///etc/passwd", "gopher://x/", "data:,x",
    ],
)  # fmt: skip
def test_only_https_from_listed_hosts(url: str) -> None:
    async def nobody_asks(_host: str) -> list[str]:
        raise AssertionError("an address that is not listed was looked up")

    with pytest.raises(MediaRefused):
        fetch(url, hosts=[HOST], resolve=nobody_asks)


@pytest.mark.parametrize(
    "url",
    [
        "", "x", "//x", "https://", "https:///a", "https://user@cdn.photos.example/a", "https://x:y@cdn.photos.example/",
        "https://127.0.0.1@cdn.photos.example/", "https://cdn.photos.example:99999/", "https://[::1", "http://\ud800/",
        "https://cdn.photos.example/\n", "https://" + "x" * 3_000, None, 7,
    ],
)  # fmt: skip
def test_what_is_no_address(url: Any) -> None:
    with pytest.raises(MediaRefused):
        fetch(url, hosts=[HOST], resolve=resolving())


@given(st.text(max_size=60) | st.from_regex(r"https?://[a-z0-9@:\[\]%.#/\\-]{0,40}", fullmatch=True))
def test_no_text_gets_anywhere_else(url: str) -> None:
    with pytest.raises(MediaRefused):
        fetch(url, hosts=[HOST], resolve=resolving(), tls=NO_TLS)


NO_TLS = ssl.create_default_context()


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["169.254.169.254"], ["8.8.8.8", "10.0.0.1"], ["::1"], ["8.8.8.8", "::ffff:127.0.0.1"], []],
)
def test_a_listed_name_that_leads_inside_is_refused_even_if_another_address_does_not(addresses: list[str]) -> None:
    error = refused(f"https://{HOST}/a.jpg", "inside", hosts=[HOST], resolve=resolving(addresses))
    assert isinstance(error, MediaRefused)


def test_a_name_that_cannot_be_looked_up() -> None:
    async def unknown(_host: str) -> list[str]:
        raise OSError("no such name")

    assert isinstance(refused(f"https://{HOST}/", "network", hosts=[HOST], resolve=unknown), MediaAway)


def test_names_below_a_listed_one(certificate: Path) -> None:
    for host, listed in (("a.photos.example", True), ("b.a.photos.example", True), ("photos.example", False)):
        reason = "inside" if listed else "host"
        refused(f"https://{host}/", reason, hosts=[".photos.example"], resolve=resolving(["127.0.0.1"]))


def test_the_connection_goes_to_the_address_that_was_looked_at(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the name means our own network at the second look: there is no second look."""
    looked_at: list[str] = []

    def public(address: str) -> bool:
        looked_at.append(address)
        return True

    monkeypatch.setattr(media, "is_public", public)
    trust = ssl.create_default_context(cafile=str(certificate))
    with Cdn(certificate) as cdn:
        monkeypatch.setattr(media, "HTTPS_PORT", cdn.server_port)
        url = f"https://{HOST}:{cdn.server_port}/photo"
        assert fetch(url, hosts=[HOST], resolve=resolving(["127.0.0.1"]), tls=trust) == BODY
        assert looked_at == ["127.0.0.1"]
        assert cdn.seen == [f"{HOST}:{cdn.server_port}"]
        # One that does not answer (an IPv6 address without a way there) is passed over.
        assert fetch(url, hosts=[HOST], resolve=resolving(["127.0.0.9", "127.0.0.1"]), tls=trust) == BODY


def test_a_certificate_of_another_name_is_not_taken(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "is_public", lambda _address: True)
    trust = ssl.create_default_context(cafile=str(certificate))
    with Cdn(certificate) as cdn:
        monkeypatch.setattr(media, "HTTPS_PORT", cdn.server_port)
        url = f"https://other.example:{cdn.server_port}/photo"
        with pytest.raises(MediaAway, match="network"):
            fetch(url, hosts=["other.example"], resolve=resolving(["127.0.0.1"]), tls=trust)
        assert cdn.seen == []


def test_an_origin_of_the_operators_own_is_fetched_as_it_is(cdn: Cdn) -> None:
    assert fetch(f"{cdn.url}/photo", own=[cdn.url]) == BODY
    refused(f"http://127.0.0.1:{cdn.server_port + 1}/photo", "host", own=[cdn.url])
    refused(f"http://localhost:{cdn.server_port}/photo", "host", own=[cdn.url])


@pytest.mark.parametrize(
    ("what", "kind", "reason"),
    [
        ("301", MediaRefused, "redirect"), ("302", MediaRefused, "redirect"), ("307", MediaRefused, "redirect"),
        ("404", MediaRefused, "gone"), ("403", MediaRefused, "gone"), ("204", MediaRefused, "gone"),
        ("500", MediaAway, "busy"), ("503", MediaAway, "busy"), ("429", MediaAway, "busy"),
        ("packed", MediaRefused, "packed"), ("endless", MediaRefused, "too_large"), ("cut", MediaAway, "network"),
    ],
)  # fmt: skip
def test_answers_that_are_not_the_file(cdn: Cdn, what: str, kind: type, reason: str) -> None:
    assert type(refused(f"{cdn.url}/{what}", reason, own=[cdn.url])) is kind
    assert len(cdn.seen) == 1  # no redirect was followed


def test_a_file_may_be_as_large_as_that_and_not_a_byte_larger(cdn: Cdn) -> None:
    assert len(fetch(f"{cdn.url}/photo", len(BODY), own=[cdn.url])) == len(BODY)
    refused(f"{cdn.url}/photo", "too_large", own=[cdn.url], largest=len(BODY) - 1)


@pytest.mark.parametrize("what", ["drip", "silent"])
def test_a_host_that_takes_its_time_is_given_up(cdn: Cdn, what: str) -> None:
    assert isinstance(refused(f"{cdn.url}/{what}", "timeout", own=[cdn.url], seconds=0.3), MediaAway)
