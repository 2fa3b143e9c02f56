"""Links: which are given to citizens, which are hidden, and that everything shipped keeps to the list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot import links
from bot.content_files import ContentError
from bot.editing.link_lint import unknown_links
from bot.settings import CONTENT, settings

ROOT = CONTENT.parents[1]
# Addresses of machines and of forms of files, which nobody clicks: ourselves while we run, and names of XML.
NOT_LINKS = re.compile(r"https?://(?:127\.0\.0\.1|localhost|www\.w3\.org|\{|\$\{)[^\s\"'`]*")


def test_every_link_in_content_is_on_the_list() -> None:
    assert [f"{wrong.path.name}:{wrong.line} {wrong.link}" for wrong in unknown_links()] == []


def test_every_link_in_code_and_pages_is_on_the_list() -> None:
    wrong = []
    for path in sorted(path for folder in ("bot", "actions") for path in (ROOT / folder).rglob("*")):
        if {"telegram", "zalo"} & set(path.parts) or path.name in ("settings.py", "widget.js"):
            continue  # where the platforms' own machines are called; no citizen is shown these
        if path.suffix in {".py", ".js", ".html", ".css", ".mako", ".webmanifest"}:
            text = NOT_LINKS.sub("", path.read_text(encoding="utf-8"))
            found = [link for link in links.found(text) if link.startswith(("http://", "https://", "www."))]
            wrong += [(path.name, link) for link in found if not links.is_shown(link)]
    assert wrong == []


def test_what_is_found() -> None:
    text = "Vô https://dichvucong.gov.vn/abc, vneid.gov.vn hoặc www.abc.com. Hồ sơ H36.12-261118-0042, 1.001193, a@b.vn"
    assert links.found(text) == ["https://dichvucong.gov.vn/abc", "vneid.gov.vn", "www.abc.com"]


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://dichvucong.gov.vn/thu-tuc-hanh-chinh/1", True),
        ("HTTPS://DichVuCong.gov.vn", True),
        ("vneid.gov.vn", True),
        ("http://dichvucong.gov.vn:443/", True),
        ("https://dichvucong.gov.vn.xyz/", False),
        ("https://dichvucong.gov.vn@xau.top/", False),
        ("https://xau.top/dichvucong.gov.vn", False),
        ("https://a.dichvucong.gov.vn", False),
        ("javascript://dichvucong.gov.vn/%0aalert(1)", False),
        ("https://github.com/x", False),
        ("https://", False),
        ("https://[", False),
    ],
)
def test_what_is_shown(link: str, shown: bool) -> None:
    assert links.is_shown(link) is shown


def test_our_own_address_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "public_url", "https://motcua.example.vn/")
    assert links.is_shown("https://motcua.example.vn/thu-tuc/1.001193")
    assert links.without_unknown("Mở https://motcua.example.vn/x nhé") == "Mở https://motcua.example.vn/x nhé"


def test_unknown_links_are_hidden_and_the_sentence_stays() -> None:
    said = links.without_unknown("Dạ, vào https://xau.top/a?b=1, hoặc dichvucong.gov.vn. Phí 50.000 đồng.")
    assert said == f"Dạ, vào {links.HIDDEN}, hoặc dichvucong.gov.vn. Phí 50.000 đồng."


def test_every_host_says_how_we_know() -> None:
    for entry in links.hosts().values():
        assert entry.source and entry.name and re.fullmatch(r"20\d\d-\d\d", entry.as_of)
    assert {host for host, entry in links.hosts().items() if entry.shown} >= {
        "dichvucong.gov.vn", "dichvucong.lamdong.gov.vn", "vneid.gov.vn", "vnpost.vn", "hcconline.vnpost.vn",
    }  # fmt: skip


def test_a_record_may_not_name_an_unknown_host(tmp_path: Path) -> None:
    links.check(tmp_path / "a.yml", 3, "https://thanhnien.vn/x")
    with pytest.raises(ContentError, match=r"a.yml, dòng 3: đường dẫn tới xau.top không có trong allowed_hosts.yml"):
        links.check(tmp_path / "a.yml", 3, "https://xau.top/x")


def test_the_check_of_content_finds_each_unknown_link(tmp_path: Path) -> None:
    (tmp_path / "aliases").mkdir()
    (tmp_path / "a.yml").write_text(
        "- text: Vào https://xau.top nhé\n  source: {url: 'https://thanhnien.vn/x'}\n- text: đọc ở thanhnien.vn\n",
        encoding="utf-8",
    )
    (tmp_path / "b.jsonl").write_text('{"text": "www.la.com"}\n{"url": "https://dichvucong.gov.vn/1"}\n')
    (tmp_path / "aliases" / "c.yml").write_text("- không vô được thuedientu.gdt.gov.vn\n", encoding="utf-8")
    found = [(wrong.path.name, wrong.line, wrong.link) for wrong in unknown_links((tmp_path,))]
    assert found == [("a.yml", 1, "https://xau.top"), ("a.yml", 3, "thanhnien.vn"), ("b.jsonl", 1, "www.la.com")]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("- {host: a.vn}", "mỗi dòng cần"),
        ("- {host: A.vn, name: A, source: s, as_of: '2026-11', tag: C}", "chữ thường"),
        ("- {host: https://a.vn/, name: A, source: s, as_of: '2026-11', tag: C}", "chỉ ghi tên máy"),
        ("- {host: a.vn, name: A, source: s, as_of: '2026-11', tag: X}", "tag chỉ nhận"),
    ],
)
def test_a_bad_entry_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str, said: str) -> None:
    path = tmp_path / "hosts.yml"
    path.write_text(row, encoding="utf-8")
    monkeypatch.setattr(links, "FILE", path)
    links.hosts.cache_clear()
    try:
        with pytest.raises(ContentError, match=said):
            links.hosts()
    finally:
        links.hosts.cache_clear()
