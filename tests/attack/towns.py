"""A small town for attacks: two children, a care leaver, adults, all staff, a marker per words."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from backend.accounts import service as accounts
from backend.accounts.models import Staff
from backend.asks import service as asks
from backend.core import clock, jobs
from backend.core.access.identity import ContributorIdentity, StaffIdentity
from backend.core.access.permissions import Kind, Role
from backend.core.access.predicates import Part, Reach
from backend.duties import HANDLERS
from backend.entry import service as entry
from backend.entry.sessions import open_session
from backend.forum import service as forum
from backend.insight import service as insight
from backend.insight.periods import period_of
from backend.people import queries as people
from backend.people import service as people_service
from backend.people.models import Contributor
from backend.placements.models import Home, Placement
from backend.safeguarding import service as safeguarding
from backend.safeguarding.models import Concern
from backend.surveys import next_home
from backend.surveys import service as surveys
from tests.factories import make_contact, make_staff
from tests.safeguarding.cases import QUESTIONS, Around, make_case, send, send_each

TEXTS = {  # kind of contributor: its form's moment, topic and a question for words
    Kind.CARER: ("home", "this_child", "hc.child.well"),
    Kind.SOCIAL_WORKER: ("home", "last_seen", "hw.seen.words"),
    Kind.PARENT: ("before_review", "most_wanted", "pp.wanted.words"),
}
URGENT = "he hits me and i am scared to go home"


@dataclass(frozen=True)
class Town:
    """Everybody, by the part that they play."""

    case: Around
    sibling: Around
    leaver: Around
    carer: Contributor
    parent: Contributor
    home: Home
    staff: dict[str, StaffIdentity]
    draft_id: int


def identity_of(session: Session, one: StaffIdentity, *, team: str | None = None) -> StaffIdentity:
    """The colleague as the account stands now, in another team where one is named."""
    row = session.get_one(Staff, one.staff_id)
    row.team = row.team if team is None else team
    session.flush()
    return accounts.identity_of(session, row)


def build_town(session: Session, engine: Engine) -> Town:
    """Everybody with every kind of words laid down; commits, and runs what is due."""
    case, sibling = make_case(session), make_case(session)
    leaver = make_case(session, is_leaver=True)
    case.person.known_as, case.person.address = "zqchildname", "zqchildaddress"
    for other in (sibling, leaver):
        other.person.team = "South"
        for one in (other.manager, other.worker, other.adviser):
            identity_of(session, one, team="South")
    carer = make_contact(session, case.person, "carer", name="zqcarername", address="zqcarerpost")
    parent = make_contact(session, case.person, "parent", name="zqparentname")
    # Drafts of the makers remember page 1, so the first open page is somebody else's.
    open_session(session, carer.id or 0, how="link", is_known=True)
    home = Home(home_ref="zqhomeref", name="zqhomename", type_code="U6")
    session.add(home)
    session.flush()
    session.add(
        Placement(
            person_id=case.person_id, home_id=home.id or 0, started_on=clock.today().replace(day=1)
        )
    )
    staff = {
        "iro": case.iro,
        "other iro": sibling.iro,
        "deputy": make_staff(session, Role.IRO),
        "worker": case.worker,
        "other worker": sibling.worker,
        "adviser": leaver.adviser,
        "manager": case.manager,
        "other manager": sibling.manager,
        "duty": case.duty,
        "participation": make_staff(session, Role.PARTICIPATION_OFFICER),
        "complaints": case.complaints,
        "administrator": make_staff(session, Role.ADMINISTRATOR),
    }
    stand_in(session, case.iro, staff["deputy"])
    staff["deputy"] = identity_of(session, staff["deputy"])
    draft_id = lay_childs_words(session, case)
    town = Town(case, sibling, leaver, carer, parent, home, staff, draft_id)
    lay_other_words(session, town)
    lay_concern(session, town)
    lay_asks(session, town)
    lay_posts(session, town)
    for someone in (case, sibling, leaver):
        entry.ensure_pass(session, someone.contributor.id or 0)
    session.commit()
    jobs.run_all_due(engine, HANDLERS)
    insight.make_draft(session, case.manager, period_of(clock.today()))
    session.commit()
    return town


def stand_in(
    session: Session,
    away: StaffIdentity,
    deputy: StaffIdentity,
    *,
    first_day: date | None = None,
    last_day: date | None = None,
) -> None:
    """Let somebody stand in: today alone, unless days are given."""
    today = clock.today()
    accounts.set_deputy(
        session,
        "staff:0",
        staff_id=away.staff_id,
        deputy_id=deputy.staff_id,
        first_day=first_day or today,
        last_day=last_day or today,
    )
    session.flush()


def lay_childs_words(session: Session, case: Around) -> int:
    """The child's own words, far and near; the id of the draft that was not sent."""
    send(session, case, "zqaskfirst")
    send(session, case, f"zqonlyiro {URGENT}", reach=Reach.ONLY_IRO)
    send(session, case, "zqhiddenfromworker", hidden_from=(case.worker,))
    send(session, case, "zqhiddenfromiro", hidden_from=(case.iro,))
    send(session, case, "zqhiddenfromduty", hidden_from=(case.duty,))
    surveys.take_back_topic(session, send(session, case, "zqtakenback"))
    return draft(session, case, "zqdraft", in_session=9999)


def draft(session: Session, case: Around, text: str, *, in_session: int) -> int:
    """Begin a topic and keep words in it without sending them; the id of its row."""
    consultation = surveys.open_consultation(
        session,
        person_id=case.person_id,
        moment="before_review",
        review_id=case.review.id,
        opens_on=clock.today(),
        closes_on=case.review.due_on,
    )
    response = surveys.begin_response(session, case.contributor.id or 0, consultation.id or 0)
    topic = surveys.begin_topic(session, response, "most_wanted", session_id=in_session)
    question = QUESTIONS[Kind(case.contributor.kind)][0]
    surveys.keep_answer(session, topic.id or 0, question, text, hidden_from_words=f"{text}aunt")
    return topic.id or 0


def lay_other_words(session: Session, town: Town) -> None:
    """What everybody else wrote: sent, and begun."""
    worker = people_service.ensure_staff_contributor(session, town.case.worker.staff_id)
    for who, reach in (
        (town.carer, Reach.ADULT_FORM),
        (town.parent, Reach.ADULT_FORM),
        (worker, Reach.WORKER_TAPS),
    ):
        write(session, town, who, reach=reach)
    share_for_next_home(session, town.case)
    send(session, town.sibling, "zqsibling")
    draft(session, town.sibling, "zqsiblingdraft", in_session=9998)
    send(session, town.leaver, "zqleaver")
    send(session, town.leaver, "zqkeepintouch", reach=Reach.KEEP_IN_TOUCH)


def share_for_next_home(session: Session, case: Around) -> None:
    """Words that the child keeps, with a yes for the social worker and for nobody else."""
    me = case.identity()
    form = next_home.form_for(session, me)
    question = next(one for one in form.questions if one.type == "long_text")
    next_home.keep_answer(session, me, form, question_id=question.id, value="zqnexthome")
    next_home.share(session, me, [Part.WORKER])


def write(session: Session, town: Town, who: Contributor, *, reach: Reach) -> None:
    """Send one text of an adult about the child, marked by the adult's kind."""
    kind = Kind(who.kind)
    moment, topic_id, question_id = TEXTS[kind]
    consultation = surveys.open_consultation(
        session,
        person_id=town.case.person_id,
        moment=moment,
        review_id=town.case.review.id if moment == "before_review" else None,
        home_id=town.home.id if moment == "home" else None,
        window=period_of(clock.today()).name,
        opens_on=clock.today(),
        closes_on=clock.today() + timedelta(days=30),
    )
    response = surveys.begin_response(session, who.id or 0, consultation.id or 0)
    topic = surveys.begin_topic(session, response, topic_id)
    text = f"zq{kind.value.replace('_', '')}form"
    surveys.keep_answer(session, topic.id or 0, question_id, text, reach=reach)
    surveys.send_topic(session, topic.id or 0)


def lay_concern(session: Session, town: Town) -> None:
    """One submission raised and handed to another manager, one hidden from duty, one button."""
    case = town.case
    topic = send_each(
        session,
        case,
        ("zqraisedaskfirst", Reach.ASK_FIRST, ()),
        ("zqraisedonlyiro", Reach.ONLY_IRO, ()),
    )
    concern = safeguarding.raise_concern(session, case.iro, topic, why="zqreason")
    safeguarding.note_action(session, case.duty, concern.id or 0, words="zqnote")
    other = town.staff["other manager"].staff_id
    safeguarding.add_reader(session, case.duty, concern.id or 0, staff_id=other)
    hidden = send(session, case, "zqraisedhiddenfromduty", hidden_from=(case.duty,))
    safeguarding.raise_concern(session, case.iro, hidden, why="zqhiddenreason")
    pressed: Concern = safeguarding.say_not_safe(session, case.identity())
    safeguarding.set_how_to_reach(
        session, case.identity(), pressed.id or 0, "zqhowtoreach", way="text"
    )


def lay_asks(session: Session, town: Town) -> None:
    """An answered ask, a complaint, one of words for the IRO alone, one sent to the manager."""
    case, me = town.case, town.case.identity()
    seen = asks.make_ask(session, me, kind="see_worker").id or 0
    asks.answer_ask(session, case.worker, seen, words="zqworkeranswer", outcome="yes")
    asks.release(session, case.iro, seen, added="zqirosadded")
    complaint = asks.make_ask(session, me, kind="complaint").id or 0
    asks.answer_ask(
        session,
        case.complaints,
        complaint,
        words="zqcomplaintanswer",
        outcome="no",
        why_not="zqwhynot",
    )
    other = asks.make_ask(session, town.sibling.identity(), kind="see_worker").id or 0
    asks.answer_ask(session, town.sibling.worker, other, words="zqsiblinganswer", outcome="yes")
    asks.escalate(session, town.sibling.iro, other, why="zqescalated")


def lay_posts(session: Session, town: Town) -> None:
    """Posts of both spaces in every state."""
    young, sibling = town.case.identity(), town.sibling.identity()
    officer, manager = town.staff["participation"], town.staff["manager"]
    shown = forum.add_post(session, young, kind="idea", words="zqpostshown").id or 0
    forum.moderate(session, officer, shown, is_shown=True)
    forum.answer(session, manager, shown, words="zqpostanswer")
    forum.add_post(session, sibling, kind="idea", words="zqpostwaiting")
    declined = forum.add_post(session, sibling, kind="idea", words="zqpostdeclined").id or 0
    forum.moderate(session, officer, declined, is_shown=False, because="zqbecause")
    forum.add_post(session, town.leaver.identity(), kind="idea", words="zqpostadult")


def contributor_identity(session: Session, row: Contributor) -> ContributorIdentity:
    """An adult who came in by link."""
    subject = people.subject_of(session, row)
    return ContributorIdentity(
        contributor_id=row.id or 0,
        kind=Kind(row.kind),
        person_id=subject.id if subject else None,
        is_known=True,
        session_id=1,
    )
