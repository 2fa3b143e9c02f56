"""The `motcua pickups` commands: the work of a post office that has no system of its own."""

from __future__ import annotations

import contextlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import clock, private_files
from bot.cli_base import actor, fail, open_database, out

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bot.pickups.models import Pickup
    from bot.pickups.moves import MoveRefusedError

app = typer.Typer(help="Lịch hẹn bưu tá: bảng đi trong ngày, phiếu hẹn, chuyển bước.", no_args_is_help=True)
Number = Annotated[str, typer.Argument(metavar="MC-…", help="số lịch hẹn")]


@app.command(epilog="Ví dụ: motcua pickups sheet --office BC-DILINH --date 2026-11-25 --out bang.xlsx")
def sheet(
    office: Annotated[str, typer.Option(help="mã bưu cục")],
    day: Annotated[str, typer.Option("--date", help="ngày đi, dạng 2026-11-25")],
    file: Annotated[Path, typer.Option("--out", help="tệp .xlsx hoặc .csv để ghi (ghi đè tệp cũ)")],
    only: Annotated[
        str | None, typer.Option("--round", help="morning, afternoon hoặc outside; không nêu: cả sáng và chiều")
    ] = None,
) -> None:
    """Làm bảng đi lấy, giao hồ sơ trong ngày của một bưu cục (có dữ liệu cá nhân; ai lấy được ghi lại)."""
    from bot.pickups.sheets import neighbours, rounds
    from bot.pickups.sheets.day_sheet import Day, as_csv
    from bot.pickups.sheets.stops import stop
    from bot.pickups.sheets.workbook import as_workbook
    from bot.privacy import audit

    write = {".xlsx": as_workbook, ".csv": as_csv}.get(file.suffix.lower())
    if write is None:
        fail("--out phải là tệp .xlsx hoặc .csv")
    if only is not None and only not in rounds.ROUNDS:
        fail(f"--round là một trong: {', '.join(rounds.ROUNDS)}")
    on = _day(day)
    with open_database().unit_of_work() as session:
        name = neighbours.office_name(session, office)
        if name is None:
            fail("không có bưu cục nào mang mã này; mã nằm trong tệp đã nhập bằng: motcua import offices")
        found = rounds.of_day(session, office, on, only)
        for pickup in (pickup for pickups in found.values() for pickup in pickups):
            why = f"sheet {office} {on}"
            audit.record(session, actor=actor(), action="pickup.sheet", subject=pickup.booking, reason=why)
        stops = {name: [stop(session, pickup) for pickup in pickups] for name, pickups in found.items()}
    # After the commit: no sheet without its entries in the log.
    _save(file, write(Day(name, on, stops)))
    out.print(f"{file}: {sum(map(len, stops.values()))} điểm.", markup=False)


@app.command(epilog="Ví dụ: motcua pickups slip MC-1234566 --out phieu.pdf")
def slip(
    number: Number,
    file: Annotated[Path, typer.Option("--out", help="tệp .pdf hoặc .png để ghi (ghi đè tệp cũ)")],
) -> None:
    """Làm phiếu hẹn một trang cho người dân; số điện thoại được che."""
    from bot.pickups.sheets.slip import drawn, has_visit
    from bot.privacy import audit

    form = file.suffix.lower().removeprefix(".")
    if form != "pdf" and form != "png":
        fail("--out phải là tệp .pdf hoặc .png")
    with open_database().unit_of_work() as session:
        pickup = _find(session, number)
        if not has_visit(pickup):
            fail(f"lịch {pickup.booking} ở bước {pickup.state}, bưu tá không đến nữa nên không in phiếu")
        audit.record(session, actor=actor(), action="pickup.slip", subject=pickup.booking)
        page = drawn(session, pickup, form)  # type: ignore[arg-type]
    _save(file, page)
    out.print(f"{file}: phiếu hẹn {pickup.booking}.", markup=False)


@app.command("list", epilog="Ví dụ: motcua pickups list --state requested")
def list_pickups(
    state: Annotated[str | None, typer.Option(help="chỉ các lịch ở bước này; không nêu: mọi lịch chưa xong")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="nhiều nhất bao nhiêu lịch")] = 50,
) -> None:
    """Liệt kê các lịch hẹn, cũ nhất trước; không có dữ liệu cá nhân."""
    from rich.markup import escape
    from rich.table import Column, Table

    from bot.pickups.sheets import rounds
    from bot.pickups.sheets.stops import SERVICES

    _check_state(state)
    table = Table(Column("Số lịch", no_wrap=True), "Việc", "Hẹn", "Bưu cục", Column("Bước", no_wrap=True))
    with open_database().reading() as session:
        found = rounds.under_way(session, state, limit + 1)
        for pickup in found[:limit]:
            office = escape(pickup.slot.office_code) if pickup.slot else ""
            table.add_row(pickup.booking, SERVICES[pickup.service], _when(pickup), office, pickup.state)
    out.print(table)
    if len(found) > limit:
        out.print("… và còn nữa (thêm: --limit)")


@app.command(epilog="Ví dụ: motcua pickups move MC-1234566 confirmed --note 'đã gọi'")
def move(
    number: Number,
    state: Annotated[str, typer.Argument(metavar="STATE", help="bước mới, ví dụ confirmed, assigned, delivered")],
    note: Annotated[str | None, typer.Option(help="ghi chú, không ghi dữ liệu cá nhân")] = None,
) -> None:
    """Chuyển một lịch sang bước mới; người dân được báo."""
    from bot.pickups.moves import MoveRefusedError
    from bot.pickups.moves import move as run
    from bot.privacy import audit

    _check_state(state)
    with open_database().unit_of_work() as session:
        pickup = _find(session, number)
        session.refresh(pickup, with_for_update=True)  # two people at two desks move it one after the other
        before = pickup.state
        try:
            moved = run(session, pickup, state, source="staff", note=note)
        except MoveRefusedError as error:
            fail(_refused(pickup, state, error))
        if moved:
            why = f"{before} -> {state}"
            audit.record(session, actor=actor(), action="pickup.move", subject=pickup.booking, reason=why)
    out.print(f"Lịch {pickup.booking}: {before} → {state}." if moved else f"Lịch {pickup.booking} đã ở bước {state}.")


def _find(session: Session, number: str) -> Pickup:
    from bot.pickups import booking, numbers

    written = numbers.find(number)
    if len(written) != 1:
        fail("số lịch không đúng; số có dạng MC- và 7 chữ số")
    pickup = booking.find(session, written[0])
    if pickup is None:
        fail(f"không có lịch {written[0]}; xem: motcua pickups list")
    return pickup


def _refused(pickup: Pickup, state: str, error: MoveRefusedError) -> str:
    from bot.pickups.states import may_follow

    if error.first_day is not None:
        return f"hai lần đến cách nhau 2 ngày làm việc: {pickup.booking} sớm nhất là {clock.say_date(error.first_day)}"
    following = sorted(may_follow(pickup.service, pickup.state))
    where = f"lịch {pickup.booking} đang ở bước {pickup.state}"
    if not following:
        return f"{where}, là bước cuối, không chuyển được nữa"
    return f"{where}, không sang {state} được; chuyển được sang: {', '.join(following)}"


def _check_state(state: str | None) -> None:
    from bot.pickups.models import STATES

    if state is not None and state not in STATES:
        fail(f"bước là một trong: {', '.join(STATES)}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail("--date phải là ngày có thật, dạng 2026-11-25")


def _when(pickup: Pickup) -> str:
    from bot.pickups.sheets.day_sheet import ROUND_NAMES
    from bot.pickups.sheets.rounds import SECOND_VISIT

    if pickup.state == SECOND_VISIT and pickup.next_visit_on:
        return f"lần 2 từ {pickup.next_visit_on:%d/%m/%Y}"
    if pickup.slot is None:
        return "ngoài tỉnh"
    return f"{ROUND_NAMES[pickup.slot.window].lower()} {pickup.slot.date:%d/%m/%Y}"


def _save(file: Path, content: bytes) -> None:
    """Write a file that only its owner may read: it names people."""
    try:
        with contextlib.suppress(FileNotFoundError):
            file.unlink()  # an older file may be open to others
        with private_files.create(file) as opened:
            opened.write(content)
    except OSError as error:
        fail(f"không ghi được {file}: {error.strerror}")
