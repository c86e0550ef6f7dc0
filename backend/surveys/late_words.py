"""Words from an open page whose draft is gone: sent from another page, or deleted with old drafts.

They go into a new draft, which its writer sees at once and may send as well.
"""

from dataclasses import replace

from fastapi import Request
from sqlmodel import Session

from backend.core.access.identity import ContributorIdentity
from backend.core.forms import Fields
from backend.surveys import answers, own, queued, service
from backend.surveys.models import Topic
from backend.surveys.pages import FormPage, TopicPage, open_form_page


def keep_after_sending(session: Session, page: TopicPage, form: Fields) -> Topic | None:
    """The new draft with what was not sent yet; None where the same was sent already."""
    return _keep(session, page, form, standing=page, topic_id=page.topic.topic_id)


def keep_after_deletion(
    request: Request,
    session: Session,
    identity: ContributorIdentity,
    *,
    consultation_id: int,
    topic_row_id: int,
    form: Fields,
) -> Topic | None:
    """The new draft with what came for one that is no more; None for a draft that is there, and
    for a page that asked nothing of this form. Raises Denied for a form that is not one's own."""
    if session.get(Topic, topic_row_id) is not None:
        return None
    page = open_form_page(request, session, identity, consultation_id)
    asked = set(form.all("asked"))
    for topic in page.form.topics:
        if asked & {question.id for question in topic.questions}:
            return _keep(session, page, form, standing=None, topic_id=topic.id)
    return None


def _keep(
    session: Session, page: FormPage, form: Fields, *, standing: TopicPage | None, topic_id: str
) -> Topic | None:
    sent = standing.answers if standing else {}
    visit = page.identity.session_id if page.around.is_own else None
    row = service.begin_topic(
        session, page.response, topic_id, session_id=visit, beside=page.sitting
    )
    fresh = TopicPage(
        **{name: getattr(page, name) for name in FormPage.__dataclass_fields__},
        topic=row,
        answers=own.answers_of(session, row.id or 0),
    )
    for given in answers.read_page(fresh, form):
        if not queued.is_said_already(given, sent):
            queued.keep_late(session, fresh, given)
            fresh = replace(fresh, answers=own.answers_of(session, row.id or 0))
    if not fresh.answers:
        service.drop_topic(session, row)
        return None
    return row
