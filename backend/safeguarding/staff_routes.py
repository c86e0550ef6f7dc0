"""The staff's pages of what waits to be read: the list, and one submission in its own words."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from backend.asks import service as asks
from backend.coding import queries as coding
from backend.core.access.permissions import Permission, Role
from backend.core.access.policy import may
from backend.core.access.predicates import Reach
from backend.core.access.requires import Denied, RequestSession, Viewer, staff_with
from backend.core.forms import Fields, Posted
from backend.core.templates import date_short, render
from backend.people import queries as people
from backend.safeguarding import queries, service
from backend.safeguarding.duty_routes import router as duty_router

router = APIRouter()
router.include_router(duty_router)
Listing = Annotated[Viewer, staff_with(Permission.SEE_READING_LIST)]
Reading = Annotated[Viewer, staff_with(Permission.READ_SUBMISSION)]
Raising = Annotated[Viewer, staff_with(Permission.RAISE_CONCERN)]
REACHES = {
    "ask_first": "Ask the child first",
    "only_iro": "Only the IRO",
    "adult_form": "An adult's form",
    "worker_taps": "A worker's form",
    "keep_in_touch": "Keep in touch",
    "not_safe": "Not safe",
}
HOW_GIVEN = {
    "alone": "alone",
    "with_help": "with help",
    "on_paper": "on paper",
    "by_telephone": "by telephone",
}
OWNERS = {
    "worker": "The social worker or PA",
    "lead": "The IRO (or PA)",
    "manager": "The manager",
    "placements": "Whoever finds homes",
}


@router.get("/reading")
def reading(request: Request, session: RequestSession, viewer: Listing) -> Response:
    return render(
        request,
        "safeguarding/reading.html",
        lines=queries.reading_list(session, viewer),
        duties=stand_in_duties(session, viewer),
        concerns=raised_by_people(queries.open_concerns(session, viewer)),
        may_code=may(viewer, Permission.CODE_TEXTS),
    )


def stand_in_duties(session: RequestSession, viewer: Viewer) -> list[queries.UnreadLine]:
    """What waits for this manager because it is hidden from every duty reader."""
    is_on_duty = Role.DUTY_READER in viewer.roles or Role.MANAGER not in viewer.roles
    return [] if is_on_duty else queries.unread_lines(session, viewer)


def raised_by_people(lines: list[queries.ConcernLine]) -> list[queries.ConcernLine]:
    """Concerns without what a machine suggests: that only reorders the list, and says so there."""
    return [line for line in lines if line.source != "detected"]


@router.get("/reading/{topic_row_id}")
def submission(
    request: Request, session: RequestSession, viewer: Reading, topic_row_id: int
) -> Response:
    return submission_page(request, session, viewer, topic_row_id=topic_row_id)


def submission_page(
    request: Request,
    session: RequestSession,
    viewer: Viewer,
    *,
    topic_row_id: int,
    errors: dict[str, str] | None = None,
    form: Fields | None = None,
) -> Response:
    """One submission, each answer only where this viewer may read it."""
    page = service.open_words(session, viewer, topic_row_id)
    case = people.cases(session, [page.topic.person_id])[page.topic.person_id]
    concerns = queries.open_concerns(session, viewer, page.topic.person_id)
    return render(
        request,
        "safeguarding/submission.html",
        status=422 if errors else 200,
        page=page,
        how=how_it_was_given(page.topic),
        reaches=REACHES,
        owners=owners_of(session, case, page),
        asking=asking_sentences(page),
        quotable=quotable(viewer, page),
        concerns=[line for line in raised_by_people(concerns) if line.topic_row_id == topic_row_id],
        errors=errors or {},
        typed={name: form.text(name) if form else "" for name in ("why", "ask_words", "owner")},
        asked_of=form.whole_number("answer_id") if form else None,
        worrying=form.all("worrying") if form else [],
    )


def how_it_was_given(topic: queries.SentTopic) -> str:
    """With whom, on what, in which language the words were given."""
    how = HOW_GIVEN.get(topic.how_given, topic.how_given)
    helped = " from" if topic.how_given == "with_help" else ", with help from"
    by = f"{helped} {topic.helped_by}" if topic.helped_by else ""
    by += f", on {date_short(topic.written_on)}" if topic.written_on else ""
    return f"{how}{by}" if topic.language == "en" else f"{how}{by}, in {topic.language}"


def owners_of(
    session: RequestSession, case: Any, page: queries.ReadingPage
) -> dict[int, list[tuple[str, str]]]:
    """Who may own an ask made of each answer; only a young person's own words become one."""
    if not page.is_young_person:
        return {}
    return {
        answer.answer_id: [
            (owner.value, OWNERS[owner.value])
            for owner in asks.possible_owners(session, case, asks.source_from(answer))
        ]
        for answer in page.answers
        if answer.own_words.strip() and answer.is_words
    }


def asking_sentences(page: queries.ReadingPage) -> dict[int, str]:
    """By answer the one sentence of it that may be an ask, where there is one and no other: with
    two, whoever reads cuts the words themselves."""
    found = {
        answer.answer_id: coding.asking_sentences(answer.display)
        for answer in page.answers
        if page.is_young_person and answer.own_words.strip() and answer.is_words
    }
    return {key: lines[0].words for key, lines in found.items() if len(lines) == 1}


def quotable(viewer: Viewer, page: queries.ReadingPage) -> set[int]:
    """Answers beside which somebody may ask to quote them; quotations check it once more."""
    if not may(viewer, Permission.PROPOSE_QUOTE) or page.topic.taken_back:
        return set()
    return {
        answer.answer_id
        for answer in page.answers
        if answer.own_words.strip()
        and answer.is_words
        and answer.reach in (Reach.ASK_FIRST, Reach.ADULT_FORM)
        and not page.hidden_names[answer.answer_id]
    }


@router.post("/reading/{topic_row_id}/read")
def submit_read(
    request: Request, session: RequestSession, viewer: Reading, topic_row_id: int
) -> Response:
    service.mark_read(session, viewer, topic_row_id)
    return RedirectResponse("/staff/reading", 303)


@router.post("/reading/{topic_row_id}/concern")
def submit_concern(
    request: Request, session: RequestSession, viewer: Raising, topic_row_id: int, form: Posted
) -> Response:
    ticked = [int(one) for one in form.all("worrying") if one.isascii() and one.isdigit()]
    try:
        service.raise_concern(
            session, viewer, topic_row_id, why=form.text("why"), answer_ids=ticked
        )
    except service.ConcernRefused as refused:
        return submission_page(
            request,
            session,
            viewer,
            topic_row_id=topic_row_id,
            errors={refused_field(refused): str(refused)},
            form=form,
        )
    return RedirectResponse(f"/staff/reading/{topic_row_id}", 303)


def refused_field(refused: service.ConcernRefused) -> str:
    """Beside which field a refusal stands."""
    return "worrying" if isinstance(refused, service.NothingChosen) else "why"


@router.post("/reading/{topic_row_id}/ask")
def submit_ask(
    request: Request, session: RequestSession, viewer: Reading, topic_row_id: int, form: Posted
) -> Response:
    page = service.open_words(session, viewer, topic_row_id)
    answer_id = form.whole_number("answer_id")
    if answer_id not in {answer.answer_id for answer in page.answers}:
        raise Denied(viewer, Permission.READ_SUBMISSION)
    try:
        needed_by = read_date(form.word("needed_by"))
        made = asks.make_ask_from_answer(
            session,
            viewer,
            topic=page.topic,
            answer_id=answer_id or 0,
            words=form.text("ask_words"),
            owner_role=form.word("owner"),
            needed_by=needed_by,
        )
    except asks.AskRefused as refused:
        errors = {f"ask_words-{answer_id}": str(refused)}
        return submission_page(
            request, session, viewer, topic_row_id=topic_row_id, errors=errors, form=form
        )
    return RedirectResponse(f"/staff/asks/{made.id}", 303)


def read_date(text: str) -> date | None:
    """A date as the browser's date field sends it; none where the field was left empty."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as fault:
        raise asks.AskRefused("Enter a date like 2026-12-25.") from fault
