"""The staff's pages of a person's parents: whether each is invited, why, and a card to hand over.

Each parent has a page of their own, so that what is decided of one never stands beside the other.
"""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from backend.accounts import queries as accounts
from backend.core.access.permissions import Permission
from backend.core.access.requires import Denied, RequestSession, Viewer, check, staff_with
from backend.core.forms import Fields, Posted
from backend.core.templates import render
from backend.entry import service as entry
from backend.people import queries as people
from backend.people import service as people_service
from backend.surveys import service
from backend.surveys.invitations import to_hand_over

if TYPE_CHECKING:
    from backend.people.models import Person
    from backend.people.queries import ParentLine

router = APIRouter()
Decider = Annotated[Viewer, staff_with(Permission.DECIDE_PARENTS)]
WAYS = {
    "yes": "Invite them",
    "through_worker": "Through the worker only",
    "no": "Do not invite them",
}
MEANINGS = {
    "yes": "They get a message with a link of their own before each review.",
    "through_worker": "Nothing is sent. The worker hands them a card with their way in.",
    "no": "Nothing is sent, and a way in that they have is switched off.",
}
CHANGED = "{name} changed this while you had the page open. Check what stands now, then save again."
LONGEST_REASON = 2000
DAY_PARTS = ("day", "month", "year")


def person_of(session: Session, viewer: Viewer, person_id: int) -> "Person":
    """The person of the page, where the viewer stands around them; else Denied."""
    person = people.person(session, person_id)
    if person is None:
        raise Denied(viewer, Permission.DECIDE_PARENTS)
    check(viewer, Permission.DECIDE_PARENTS, people.case_of(person))
    return person


def parent_of(
    session: Session, viewer: Viewer, person_id: int, contributor_id: int
) -> "ParentLine":
    """One present parent of the person; else Denied."""
    for line in people.parents_of(session, [person_id]):
        if line.contributor_id == contributor_id:
            return line
    raise Denied(viewer, Permission.DECIDE_PARENTS)


@router.get("/people/{person_id}/parents")
def parents(request: Request, session: RequestSession, viewer: Decider, person_id: int) -> Response:
    person = person_of(session, viewer, person_id)
    return render(
        request,
        "surveys/parents.html",
        person=person,
        lines=people.parents_of(session, [person_id]),
        ways=WAYS,
        waiting={one.contributor_id for one in to_hand_over(session, [person_id])},
    )


@router.get("/people/{person_id}/parents/{contributor_id}")
def parent(
    request: Request,
    session: RequestSession,
    viewer: Decider,
    person_id: int,
    contributor_id: int,
    done: str = "",
) -> Response:
    person = person_of(session, viewer, person_id)
    line = parent_of(session, viewer, person_id, contributor_id)
    return parent_page(request, session, person, line, done=done)


def parent_page(
    request: Request,
    session: Session,
    person: "Person",
    line: "ParentLine",
    *,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    done: str = "",
) -> Response:
    """What stands of one parent, and the form to decide it anew."""
    shown = typed or {"invite": line.decided or line.invite, "reason": ""}
    names = accounts.names_of(session, {line.decided_by} if line.decided_by else set())
    waiting = to_hand_over(session, [line.person_id])
    is_by_hand = line.invite == "through_worker"
    return render(
        request,
        "surveys/parent.html",
        status=422 if errors else 200,
        person=person,
        line=line,
        ways=WAYS,
        meanings=MEANINGS,
        decided_by=names.get(line.decided_by or 0, ""),
        door=entry.ensure_pass(session, line.contributor_id) if is_by_hand else None,
        is_waiting=any(one.contributor_id == line.contributor_id for one in waiting),
        typed=shown,
        errors=errors or {},
        done=done,
    )


@router.post("/people/{person_id}/parents/{contributor_id}")
def decide_parent(
    request: Request,
    session: RequestSession,
    viewer: Decider,
    person_id: int,
    contributor_id: int,
    form: Posted,
) -> Response:
    person = person_of(session, viewer, person_id)
    line = parent_of(session, viewer, person_id, contributor_id)
    typed = {name: form.text(name).strip()[:LONGEST_REASON] for name in ("invite", "reason")}
    if form.word("based_on") != str(line.decision_id):
        names = accounts.names_of(session, {line.decided_by} if line.decided_by else set())
        text = CHANGED.format(name=names.get(line.decided_by or 0, "A colleague"))
        return parent_page(request, session, person, line, typed=typed, errors={"invite": text})
    errors = decide(session, viewer, line, form, typed)
    if errors:
        return parent_page(request, session, person, line, typed=typed, errors=errors)
    return RedirectResponse(f"/staff/people/{person_id}/parents/{contributor_id}?done=kept", 303)


def decide(
    session: Session, viewer: Viewer, line: "ParentLine", form: Fields, typed: dict[str, str]
) -> dict[str, str]:
    """Keep the decision; what was wrong with it, by field."""
    look_again_on = None
    if any(form.word(f"look_again_on-{part}") for part in DAY_PARTS):
        try:
            look_again_on = form.day("look_again_on")
        except ValueError:
            return {"look_again_on": "Enter a real date, such as 24 11 2026."}
    try:
        people_service.decide_invite(
            session,
            viewer,
            line,
            invite=typed["invite"],
            reason=typed["reason"],
            look_again_on=look_again_on,
        )
    except people_service.DecisionRefused as fault:
        return fault.errors
    if typed["invite"] == "no":
        entry.revoke_pass(session, viewer, line.contributor_id)
    return {}


@router.post("/people/{person_id}/parents/{contributor_id}/handed-over")
def hand_over_card(
    session: RequestSession, viewer: Decider, person_id: int, contributor_id: int
) -> Response:
    person_of(session, viewer, person_id)
    parent_of(session, viewer, person_id, contributor_id)
    service.hand_over_card(session, viewer, person_id, contributor_id)
    return RedirectResponse(f"/staff/people/{person_id}/parents/{contributor_id}?done=given", 303)
