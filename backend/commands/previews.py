"""`heard survey preview`: the real screens of one instrument, on invented people, kept nowhere."""

import tempfile
from datetime import timedelta
from pathlib import Path

import typer
import uvicorn
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from backend.app import create_app
from backend.commands.preview_people import invent_people
from backend.core import clock, database, encryption
from backend.core.access.permissions import Kind
from backend.core.languages import languages
from backend.entry.service import COOKIE
from backend.entry.sessions import open_session
from backend.preferences.service import choose_language
from backend.settings import Settings
from backend.start import log_plainly
from backend.surveys import catalogue
from backend.surveys import service as surveys
from backend.surveys.instruments import Instrument, Moment

OPEN_FOR = timedelta(days=14)
# Forms that are open at all times have their own way in from the first page.
OWN_ADDRESSES = {Moment.ANYTIME: "/me/anything", Moment.NEXT_HOME: "/me/next-home"}


def run_preview(instrument_id: str, *, language: str, port: int) -> int:
    """Serve one instrument until stopped; 2 when there is no such instrument or language."""
    form = catalogue.instruments().get(instrument_id)
    if form is None or language not in languages():
        known = catalogue.instruments() if form is None else languages()
        typer.echo(f"There is none like that. There are: {', '.join(sorted(known))}", err=True)
        return 2
    log_plainly()
    with tempfile.TemporaryDirectory() as folder:
        base = f"http://127.0.0.1:{port}"
        # No setting of the council's is read but these: a preview never opens its database.
        settings = Settings(heard_data=Path(folder), database_url="", heard_base_url=base)
        encryption.load_keys(settings.heard_data)
        engine = database.open_engine(settings.database_address)
        database.migrate(engine)
        app = make_preview(engine, settings, form, language=language)
        typer.echo(f"{form.id} in {languages()[language].english_name}: {base}/  (Ctrl-C ends it)")
        uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)
        engine.dispose()
    return 0


def make_preview(
    engine: Engine, settings: Settings, form: Instrument, *, language: str
) -> Starlette:
    """The application, with a first page that goes straight into the form as its reader."""
    with Session(engine) as session:
        address, token = open_form(session, form, language=language)
        session.commit()

    def enter(_request: Request) -> Response:
        response = RedirectResponse(address, 303)
        response.set_cookie(COOKIE, token, path="/me", httponly=True, samesite="lax")
        return response

    return Starlette(routes=[Route("/", enter), Mount("/", create_app(engine, settings))])


def open_form(session: Session, form: Instrument, *, language: str) -> tuple[str, str]:
    """Invent somebody whom this form suits and open it for them: its address, and their cookie."""
    moment, kind = form.moments[0], Kind(form.audience_kinds[0].value)
    people = invent_people(session, form, kind=kind, moment=moment)
    choose_language(session, people.contributor_id, language)
    round_ = surveys.open_consultation(
        session,
        person_id=people.person_id,
        moment=moment.value,
        review_id=people.review_id if moment in (Moment.BEFORE_REVIEW, Moment.OBSERVER) else None,
        home_id=people.home_id if moment.value.startswith(Moment.HOME.value) else None,
        opens_on=clock.today(),
        closes_on=clock.today() + OPEN_FOR,
    )
    token = open_session(session, people.contributor_id, how="link", is_known=True)
    return OWN_ADDRESSES.get(moment, f"/me/forms/{round_.id}"), token
