"""Which language a contributor's forms speak, and in which one each answer was given."""

from backend.surveys.instruments.words import SOURCE_LANGUAGE
from backend.surveys.models import Response
from backend.surveys.sending import form_of


def follow_language(response: Response, speaks: str) -> None:
    """Let a form speak what its writer speaks now, or English where it has no such words.

    It may change on the way; what was answered before stays as it was given.
    """
    response.language = speaks if speaks in form_of(response).languages else SOURCE_LANGUAGE


def shown_in(response: Response, question_id: str) -> str:
    """The language in which a question really stands on the writer's page."""
    try:
        return form_of(response).words(response.language).question(question_id).language
    except KeyError:
        return response.language
