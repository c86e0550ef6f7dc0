"""Builds Heard: the contributors' and the staff's application side by side, and nothing else."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import Any

import structlog
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from jinja2 import Environment, PackageLoader, PrefixLoader
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

import backend.tables  # noqa: F401  (every table is known before the first query)
from backend import contributor_app, staff_app
from backend.accounts.onward import carried
from backend.core import audit
from backend.core.access.identity import ContributorIdentity
from backend.core.access.policy import may
from backend.core.access.requires import Denied, NotSignedIn
from backend.core.database import unit_of_work
from backend.core.forms import Fields, read_fields
from backend.core.guard import TOO_LONG, Guard, add_headers, content_policy
from backend.core.static_files import HashedFiles
from backend.core.style_sheets import STATIC
from backend.core.templates import inline_script_hash, make_environment, render
from backend.settings import Settings

log = structlog.get_logger()
TOO_MUCH = 413
# The square code of a printed sheet leads here; sign-in must not lose what it says.
SCANNED = "/staff/paper"
GOVUK = "govuk_frontend_jinja"
Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def create_app(engine: Engine, settings: Settings, lifespan: Lifespan | None = None) -> Starlette:
    """The whole of Heard on one database."""
    return Starlette(
        routes=[
            Route("/healthz", healthz),
            Route("/", lambda request: RedirectResponse("/me/", 303)),
            Mount("/me", make_contributor_app(engine, settings), name="contributor"),
            Mount("/staff", make_staff_app(engine, settings), name="staff"),
            Mount("/static", HashedFiles(directory=STATIC), name="static"),
        ],
        # docs/decisions/0016 says why answers may be compressed, and what would forbid it.
        middleware=[Middleware(GZipMiddleware)],
        lifespan=lifespan or no_lifespan,
    )


@asynccontextmanager
async def no_lifespan(_app: Starlette) -> AsyncIterator[None]:
    """Nothing runs beside the pages."""
    yield


def healthz(_request: Request) -> JSONResponse:
    """Says that it serves."""
    return JSONResponse({"status": "ok"})


def make_contributor_app(engine: Engine, settings: Settings) -> FastAPI:
    """The small application that children and other contributors meet, under /me/."""
    templates = make_environment("contributor")
    return _make_app(
        engine,
        settings,
        templates=templates,
        policy=content_policy(),
        identify=contributor_app.identify,
        frame=contributor_app.frame,
        way_in="/me/",
        take_late=contributor_app.take_late,
        routers=contributor_app.ROUTERS,
    )


def make_staff_app(engine: Engine, settings: Settings) -> FastAPI:
    """The application that staff sign in to, under /staff/."""
    govuk = PrefixLoader({GOVUK: PackageLoader(GOVUK)})
    templates = make_environment("staff", govuk)
    page = templates.get_template(f"{GOVUK}/template.html").render()
    return _make_app(
        engine,
        settings,
        templates=templates,
        policy=content_policy([inline_script_hash(page)]),
        identify=staff_app.identify,
        frame=staff_app.frame,
        way_in="/staff/sign-in",
        routers=staff_app.ROUTERS,
    )


def _make_app(
    engine: Engine,
    settings: Settings,
    *,
    templates: Environment,
    policy: str,
    identify: Callable[..., Any],
    frame: Callable[..., Any],
    way_in: str,
    take_late: Callable[..., str] | None = None,
    routers: tuple[APIRouter, ...],
) -> FastAPI:
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        middleware=[Middleware(Guard, policy=policy)],
    )
    state = app.state
    state.engine, state.settings, state.templates = engine, settings, templates
    state.identify, state.frame, state.way_in = identify, frame, way_in
    state.take_late = take_late
    state.policy = policy
    for router in routers:
        app.include_router(router)
    app.add_exception_handler(NotSignedIn, show_way_in)
    app.add_exception_handler(Denied, show_denied)
    app.add_exception_handler(HTTPException, show_http_error)
    app.add_exception_handler(RequestValidationError, show_http_error)
    app.add_exception_handler(Exception, show_fault)
    return app


async def show_way_in(request: Request, error: Exception) -> Response:
    """Nobody is signed in: go to the way in; htmx is told to load it as a whole page."""
    named = error.way_in if isinstance(error, NotSignedIn) else ""
    way_in = named or request.app.state.way_in
    if request.method == "POST" and request.app.state.take_late is not None:
        try:
            fields = await read_fields(request)
        except HTTPException:
            return HTMLResponse(TOO_LONG, TOO_MUCH)
        became = await run_in_threadpool(take_late, request, fields)
        way_in += f"?locked={became}" if became else ""
    if request.headers.get("HX-Request"):
        return Response(status_code=204, headers={"HX-Redirect": way_in})
    if request.url.path == SCANNED and request.url.query:
        way_in += carried(f"{SCANNED}?{request.url.query}")
    return RedirectResponse(way_in, 303)


def take_late(request: Request, fields: Fields) -> str:
    """What the application makes of a form from a page that had locked; in a transaction of its
    own."""
    with unit_of_work(request.app.state.engine) as session:
        return str(request.app.state.take_late(request, session, fields))


def show_denied(request: Request, error: Exception) -> Response:
    """Audit a denial in its own transaction, and answer as if the thing did not exist.

    A young person whose page needs the secret is led to it instead.
    """
    if isinstance(error, Denied):
        with unit_of_work(request.app.state.engine) as session:
            audit.record(
                session,
                audit.DENIED,
                actor=error.identity.actor,
                permission=error.permission.value,
                path=request.url.path,
            )
    # An address with a number in it answers alike whether the thing exists or not.
    if isinstance(error, Denied) and not request.path_params and needs_only_the_secret(error):
        return RedirectResponse("/me/secret", 303)
    return render(request, "not_found.html", status=404)


def needs_only_the_secret(denied: Denied) -> bool:
    """Whether the same contributor, once known, would be let in."""
    identity = denied.identity
    if not isinstance(identity, ContributorIdentity) or identity.is_known:
        return False
    return identity.is_young_person and may(replace(identity, is_known=True), denied.permission)


def show_http_error(request: Request, error: Exception) -> Response:
    """A page that is not there, or was asked for in a way that it does not answer."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    if status == TOO_MUCH:
        return HTMLResponse(TOO_LONG, status)
    return render(request, "not_found.html", status=status)


def show_fault(request: Request, error: Exception) -> Response:
    """Something of ours broke: say so, take the blame, and keep the reason in the log."""
    log.error("fault", route=route_of(request), exc_info=error)
    response = render(request, "fault.html", status=500)
    # This answer is given outside the guard, which would add them.
    add_headers(response.headers, request.app.state.policy)
    return response


def route_of(request: Request) -> str:
    """A request's address without what fills it in: that may be somebody's link."""
    return str(getattr(request.scope.get("route"), "path", ""))
