"""The pages of the guides: each whole in large print, its sketches, its PDF; and one to tick off at the counter."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import clock
from bot.accounts import short_forms
from bot.accounts.guides import Guide, Step, drawing, guides, links, related
from bot.accounts.guides.printed import printed, texts
from bot.accounts.wording import SCAM, doubt, sources
from bot.http_json import HttpError
from bot.pages import counter, going_on
from bot.pages.render import CACHED, page
from bot.text import capital

_ORDER = (
    "vneid_level_1", "vneid_level_2", "activation", "portal_login", "child_account", "foreigner_account",
    "organisation_account", "file_online", "photograph_papers", "pay_online", "supplement_online", "see_e_result",
    "digital_signature",
)  # fmt: skip


def list_page(_request: Request) -> Response:
    """Serve the list of all guides."""
    return _list(at_the_counter=False)


def counter_list(_request: Request) -> Response:
    """Serve the list of all guides for somebody who helps citizens at a counter."""
    return _list(at_the_counter=True)


def guide_page(request: Request) -> Response:
    """Serve a whole guide; says kindly when there is none of this name."""
    return _page(request, "guide.html")


def counter_page(request: Request) -> Response:
    """Serve a guide step by step, to tick off for a citizen at the counter."""
    return _page(request, "counter.html")


async def guide_pdf(request: Request) -> Response:
    """Serve a guide in large print, as PDF."""
    guide = _guide(request)
    drawn = await run_in_threadpool(printed, guide, clock.today())
    name = f"huong-dan-{guide.goal.replace('_', '-')}.pdf"
    return Response(
        drawn,
        media_type="application/pdf",
        headers={**CACHED, "Content-Disposition": f'inline; filename="{name}"'},
    )


async def sketch(request: Request) -> Response:
    """Serve the sketch of a step as PNG or SVG."""
    guide, form = _guide(request), request.path_params["form"]
    if form not in drawing.MEDIA_TYPES:
        raise HttpError(404, "not_found", "Hình của một bước có bản png và svg.")
    number = guide.find(request.path_params["step"])
    if number is None:
        raise HttpError(404, "not_found", "Hướng dẫn này không có bước đó.")
    tag = f'"{guide.version}"'
    headers = {**CACHED, "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    drawn = await run_in_threadpool(drawing.drawn, guide.steps[number - 1].screen, form)
    return Response(drawn, media_type=drawing.MEDIA_TYPES[form], headers=headers)


def _list(*, at_the_counter: bool) -> Response:
    """Return the guides in the order in which people need them."""
    known = guides()
    goals = [*(goal for goal in _ORDER if goal in known), *(goal for goal in known if goal not in _ORDER)]
    return page(
        "guides.html",
        guides=[known[goal] for goal in goals],
        at_the_counter=at_the_counter,
        capital=capital,
        path=links.counter if at_the_counter else links.path,
    )


def _guide(request: Request) -> Guide:
    guide = guides().get(request.path_params["goal"])
    if guide is None:
        raise HttpError(404, "not_found", "Không có hướng dẫn này.")
    return guide


def _page(request: Request, template: str) -> Response:
    guide = guides().get(request.path_params["goal"])
    if guide is None:
        return page("no_guide.html", 404)
    # Said at the top, and once more where the code comes in: what stands at every step is read at none.
    warned = next((number for number, step in enumerate(guide.steps, 1) if step.warn and _asks_for_code(step)), None)
    run = going_on.of_request(request, guide.goal)
    return page(
        template,
        headers=going_on.NOT_KEPT if run else None,
        run=run,
        guide=guide,
        title=capital(guide.title),
        steps=[
            {
                "step": step,
                "number": number,
                "doubt": doubt(step.tag),
                "warn": number == warned,
                "picture": f"{links.path(guide.goal)}/{step.id}.png?v={guide.version}",
                "size": drawing.size(step.screen),
            }
            for number, step in enumerate(guide.steps, 1)
        ],
        related=related(guide),
        sources=sources(step.as_of for step in guide.steps),
        short_forms=short_forms.meanings(texts(guide)),
        scam=SCAM,
        path=links.path,
        counter=links.counter,
        capital=capital,
    )


def _asks_for_code(step: Step) -> bool:
    return any("OTP" in line for line in step.do)


routes = [
    Route("/huong-dan", list_page),
    Route("/tai-quay", counter_list),
    Route("/huong-dan/{goal:str}.pdf", guide_pdf),
    Route("/huong-dan/{goal:str}", guide_page),
    Route("/huong-dan/{goal:str}/tai-quay", counter_page),
    Route("/huong-dan/{goal:str}/luot", counter.tick, methods=["POST"]),
    Route("/huong-dan/{goal:str}/ma", going_on.give, methods=["POST"]),
    Route("/huong-dan/{goal:str}/{step:str}.{form:str}", sketch),
]
