"""Pages about Heard that anybody may open: accessibility, privacy in plain words, for helpers."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from backend.core.access.requires import identify, public
from backend.core.templates import render
from backend.entry.pages import telephones
from backend.entry.statements import statement

router = APIRouter()
ANYBODY = [Depends(public), Depends(identify)]


def about_page(request: Request, name: str) -> Response:
    """One page about Heard, with the council's name and whom to ask."""
    settings = request.app.state.settings
    return render(
        request,
        f"about/{name}.html",
        statement=statement(),
        council=settings.heard_council,
        contact_email=settings.heard_accessibility_email,
        advocacy=settings.heard_advocacy_name,
        advocacy_telephone=settings.heard_advocacy_telephone,
        back_url="/me/help",
        who_reads=None,
        **telephones(request),
    )


@router.get("/accessibility", dependencies=ANYBODY)
def accessibility(request: Request) -> Response:
    return about_page(request, "accessibility")


@router.get("/privacy", dependencies=ANYBODY)
def privacy(request: Request) -> Response:
    return about_page(request, "privacy")


@router.get("/helping", dependencies=ANYBODY)
def helping(request: Request) -> Response:
    return about_page(request, "helping")
