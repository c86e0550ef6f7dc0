"""A contributor's first page, and the first page of a form: who is beside me, which topics."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from backend.accounts import queries as accounts
from backend.core.access.permissions import Permission
from backend.core.access.predicates import Place
from backend.core.access.requires import Contributor, RequestSession, contributor_with
from backend.core.forms import Fields, Posted
from backend.core.templates import render
from backend.core.translations import phrase
from backend.entry import queries as entry
from backend.people import queries as people
from backend.surveys import (
    always_open,
    always_routes,
    changes,
    folding,
    hiding,
    own,
    own_phones,
    queries,
    second_answers,
    sending_routes,
    service,
    shell_routes,
    topic_routes,
)
from backend.surveys.instruments import Agenda
from backend.surveys.models import Topic
from backend.surveys.pages import (
    FormPage,
    around_of,
    drafts_of,
    lines_of,
    not_theirs,
    open_form_page,
    preferences_on,
)

router = APIRouter()
Writer = Annotated[Contributor, contributor_with(Permission.ANSWER)]
Known = Annotated[Contributor, contributor_with(Permission.READ_OWN_PAST)]
AT_WHO = "who"
NOT_CHOSEN = phrase("Pick who is with you, then go on.")
HELPERS = {
    "worker": "their worker",
    "outside": "someone from school or a club",
    "home": "someone who lives or works in their home",
    "other": "someone else",
}


@router.get("/home")
def home(request: Request, session: RequestSession, identity: Writer) -> Response:
    contributor = people.contributor(session, identity.contributor_id)
    if contributor is None:
        raise not_theirs(identity)
    forms = queries.open_for(session, contributor)
    first = own.open_consultation_of(session, identity, forms[0].consultation_id) if forms else None
    if not identity.is_young_person:
        return render(
            request,
            "surveys/adult_home.html",
            forms=forms,
            around=None,
            said_at_home=service.said_at_home(session, identity),
            has_two_answers=bool(second_answers.waiting_for(session, identity)),
        )
    return render(
        request,
        "surveys/home.html",
        forms=[own.as_seen(session, identity, form) for form in forms],
        around=around_of(request, session, identity, first),
        let_in=entry.let_in(session, identity),
        has_two_answers=bool(second_answers.waiting_for(session, identity)),
        said_at_home=service.said_at_home(session, identity),
        always=always_open.entries_of(session, identity),
    )


@router.post("/changes/seen")
def note_changes(session: RequestSession, identity: Writer) -> Response:
    changes.note_seen(session, identity)
    return RedirectResponse("/me/home", 303)


@router.post("/changes/let-see")
def let_see(session: RequestSession, identity: Known, form: Posted) -> Response:
    if identity.is_young_person and form.word("place") in set(Place):
        hiding.let_see(session, identity, Place(form.word("place")))
    return RedirectResponse("/me/home", 303)


@router.get("/words")
def words(request: Request, session: RequestSession, identity: Known) -> Response:
    return render(
        request,
        "surveys/words_sent.html",
        lines=own.sent_lines(session, identity, language=preferences_on(request).speaks),
        let_in=accounts.names_of(session, {identity.let_in_by or 0}).get(identity.let_in_by or 0),
        around=None,
        back_url="/me/home",
    )


@router.get("/forms/{consultation_id:int}")
def form(
    request: Request,
    session: RequestSession,
    identity: Writer,
    consultation_id: int,
    done: str = "",
    at: str = "",
) -> Response:
    page = open_form_page(request, session, identity, consultation_id)
    if not page.around.is_own:
        return start_page(request, session, page, notice=done)
    if page.sitting is None and at != AT_WHO and preferences_on(request).easy_read:
        return opening_page(request, page)
    if page.sitting is None:
        return together_page(request, session, page)
    return topics_page(request, session, page, notice=done)


def opening_page(request: Request, page: FormPage) -> Response:
    """What the form is, on a screen of its own: in easy-read a screen says one thing."""
    return page.show(
        request,
        "opening",
        title=page.words.title,
        opening=page.words.opening,
        onward=f"{page.address}?at={AT_WHO}",
        back_url="/me/home",
    )


def start_page(request: Request, session: Session, page: FormPage, *, notice: str) -> Response:
    """An adult's form: what it is, and its start."""
    rows = own.visible_topics(session, page.identity, page.response, page.form)
    return page.show(
        request,
        "start",
        title=page.words.title,
        opening=page.words.opening,
        is_begun=any(count and topic.sent_at is None for topic, count in rows),
        sent=lines_of(page, [topic for topic, _ in rows if topic.sent_at]),
        notice=notice,
        whose_phone=own_phones.said(session, page.identity),
        back_url="/me/home",
    )


def topics_page(request: Request, session: Session, page: FormPage, *, notice: str) -> Response:
    """A young person's topics: what was begun, and what may be chosen."""
    rows = own.visible_topics(session, page.identity, page.response, page.form)
    drafts = {topic.topic_id: count for topic, count in rows if topic.sent_at is None}
    sent = {topic.topic_id for topic, _ in rows if topic.sent_at}
    is_about_home = not rows and folding.asks_about_home(session, page.consultation)
    topics = [
        {
            "id": topic.id,
            "title": page.words.topic(topic.id),
            "symbol": topic.symbol,
            "state": "begun" if drafts.get(topic.id) else "done" if topic.id in sent else "new",
            "chosen": topic.id in drafts or (is_about_home and topic.agenda is Agenda.HOME),
        }
        for topic in page.form.topics
        if not topic.always
    ]
    return page.show(
        request,
        "topics",
        title=page.words.title,
        opening=page.words.opening,
        is_again=bool(sent) and always_open.is_always_open(page.consultation),
        topics=topics,
        drafts=lines_of(page, [row for row, count in rows if count and row.sent_at is None]),
        sent=lines_of(page, [topic for topic, _ in rows if topic.sent_at]),
        notice=notice,
        back_url="/me/home",
    )


def together_page(
    request: Request,
    session: Session,
    page: FormPage,
    *,
    helper: str = "",
    errors: Sequence[dict[str, str]] = (),
) -> Response:
    """What the form is, who is beside the writer and, once in a visit, whose phone this is."""
    is_easy = preferences_on(request).easy_read
    return page.show(
        request,
        "together",
        status=422 if errors else 200,
        opening="" if is_easy or errors else page.words.opening,
        helper=helper,
        errors=errors,
        whose_phone=own_phones.said(session, page.identity),
        back_url=page.address if is_easy else "/me/home",
    )


@router.post("/forms/{consultation_id:int}/together")
def together(
    request: Request,
    session: RequestSession,
    identity: Writer,
    consultation_id: int,
    form: Posted,
) -> Response:
    page = open_form_page(request, session, identity, consultation_id)
    beside = read_beside(form)
    if beside is None:
        errors = [{"text": NOT_CHOSEN, "href": "#beside"}]
        return together_page(request, session, page, helper=form.text("helper"), errors=errors)
    own_phones.keep_said(session, identity, form)
    service.sit_down(session, page.response, session_id=identity.session_id, beside=beside)
    if any(not topic.always for topic in page.form.topics):
        return RedirectResponse(page.address, 303)
    # There is nothing to choose from, so the first question is what comes next.
    page = open_form_page(request, session, identity, consultation_id)
    begin_chosen(session, page, set())
    drafts = drafts_of(session, page)
    onward = f"{page.address}/{drafts[0][0].id}/1" if drafts else page.address
    return RedirectResponse(onward, 303)


def read_beside(form: Fields) -> service.Beside | None:
    """Who is beside the writer, or None where nothing was picked."""
    picked, name = form.word("beside"), form.word("helper")
    if picked == service.ALONE:
        return service.Beside()
    if picked not in HELPERS:
        return None
    helper = f"{HELPERS[picked]}: {name}" if name else HELPERS[picked]
    return service.Beside(service.WITH_HELP, helper, is_in_home=picked == "home")


@router.post("/forms/{consultation_id:int}")
def choose_topics(
    request: Request,
    session: RequestSession,
    identity: Writer,
    consultation_id: int,
    form: Posted,
) -> Response:
    page = open_form_page(request, session, identity, consultation_id)
    if page.around.is_own and page.sitting is None:
        return RedirectResponse(page.address, 303)
    own_phones.keep_said(session, identity, form)
    chosen = set(form.all("topics"))
    begin_chosen(session, page, chosen)
    drafts = drafts_of(session, page)
    if not drafts:
        return RedirectResponse(f"{page.address}/next", 303)
    first = drafts[0][0]
    if page.around.is_own:
        first = next((topic for topic, count in drafts if not count), first)
    return RedirectResponse(f"{page.address}/{first.id}/1", 303)


def begin_chosen(session: Session, page: FormPage, chosen: set[str]) -> None:
    """Begin the chosen topics and those that are always asked; drop what is chosen no more."""
    rows = own.visible_topics(session, page.identity, page.response, page.form)
    known: dict[str, Topic] = {}
    # What is open at all times is said as often as one likes; a review's form once.
    is_again = always_open.is_always_open(page.consultation)
    for topic, count in rows:
        always = page.form.topic(topic.topic_id).always
        if topic.sent_at is None and not count and not always and topic.topic_id not in chosen:
            service.drop_topic(session, topic)
        elif topic.sent_at is None or (always and not is_again):
            known[topic.topic_id] = topic
    for offered in page.form.topics:
        if offered.id not in known and (offered.always or offered.id in chosen):
            service.begin_topic(
                session,
                page.response,
                offered.id,
                # An adult has no past to keep apart: one draft, whichever door it was begun by.
                session_id=page.identity.session_id if page.around.is_own else None,
                beside=page.sitting,
            )


router.include_router(second_answers.router)
router.include_router(shell_routes.router)
router.include_router(always_routes.router)
router.include_router(topic_routes.router)
router.include_router(sending_routes.router)
