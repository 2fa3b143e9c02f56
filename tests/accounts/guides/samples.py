"""A guide that fits, to be spoilt in one place at a time."""

from __future__ import annotations

from pathlib import Path

GOOD = """\
# a comment
goal: sample
title: làm thử
intro: Một câu mở đầu.
done: Dạ, vậy là xong.
minutes: 5
bring: [Thẻ căn cước]
starts: [lam thu]
related: []
steps:
  - id: first
    title: Bước đầu
    do:
      - Mở ứng dụng
      - Bấm “Tiếp”
    see: Hiện chữ “Xong”.
    if_not: Mở lại ứng dụng.
    problem: no_otp
    warn: true
    starts: [buoc dau]
    tag: A
    as_of: hướng dẫn 2022
    screen:
      kind: phone
      app: VNeID
      title: Tiêu đề
      items:
        - {text: Chữ}
        - {field: Số định danh, filled: true}
        - {button: Tiếp, press: true}
        - {check: Tôi đã hiểu, on: true}
        - {message: "SMS: mã OTP …"}
      alt: Màn hình có nút Tiếp.
  - id: second
    title: Bước hai
    do: [Xem lại]
    see: Thấy chữ.
    if_not: Hỏi người bên cạnh.
    tag: X
    as_of: "2026"
    screen:
      kind: place
      items:
        - {list: [Một, Hai]}
        - {qr: true}
      alt: Một quầy.
"""


def write(folder: Path, text: str = GOOD, name: str = "sample") -> Path:
    path = folder / f"{name}.yml"
    path.write_text(text, encoding="utf-8")
    return path
