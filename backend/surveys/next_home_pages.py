"""One question a screen of the words that a child keeps for their next home."""

from fastapi import Request
from starlette.responses import Response

from backend.core.templates import render
from backend.surveys import screens
from backend.surveys.instruments import Instrument, Text
from backend.surveys.pages import preferences_on

ADDRESS = "/me/next-home"


def words_of(request: Request, form: Instrument) -> Text:
    """The words of the child's page, in what the child speaks."""
    return form.words(preferences_on(request).speaks)


def question_page(
    request: Request,
    form: Instrument,
    place: int,
    screen: screens.Screen,
    *,
    status: int = 200,
    pack: str = "",
) -> Response:
    """One question a screen; `pack`: where the phone fetches what it needs without a signal."""
    return render(
        request,
        "surveys/next_home_question.html",
        status=status,
        title=words_of(request, form).title,
        screen=screen,
        pack=pack,
        action=f"{ADDRESS}/{place}",
        skip_url=f"{ADDRESS}/{place + 1}",
        back_url=ADDRESS,
        who_reads=None,
    )
