"""A review's way through an IRO's hands: the week, the page, the meeting, the asks; then the day of
whoever must answer. Every tap, key and chosen field counts as one action."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlmodel import Session, select

from backend.asks import service as asks
from backend.asks.models import Ask
from backend.core import clock
from backend.core.access.identity import ContributorIdentity
from backend.core.access.permissions import Kind
from backend.people import service as people_service
from backend.reviews.models import Review
from backend.surveys.consultations import open_home_round
from tests.factories import make_contact
from tests.journeys.demos import DESK, PHONE
from tests.journeys.families import Desk, Family, move_in, move_out, open_page
from tests.journeys.looks import Look
from tests.journeys.ways import follow, sign_in
from tests.offline.served import Served
from tests.summaries.told import tell
from tests.surveys.rounds import make_home

MOST_ACTIONS = 25
WANTED = "Can Nan come every Sunday? And a door that shuts."
ALT = 1  # as the protocol counts modifiers
STAFF_TARGET = 0  # axe holds staff pages to WCAG's 24 px


@dataclass
class Hands:
    """One person's hands on a page: what they did is counted, free text aside."""

    page: Page
    actions: int = 0

    def tap(self, target: Locator) -> None:
        """Press a link or a button that leads on."""
        follow(target)
        self.actions += 1

    def pick(self, target: Locator) -> None:
        """Tick a box or choose a radio."""
        target.check()
        self.actions += 1

    def choose(self, target: Locator, value: str) -> None:
        """Choose one of a list."""
        target.select_option(value)
        self.actions += 1

    def access_key(self, letter: str) -> None:
        """Press Alt and a letter through the browser's own protocol: Playwright's keyboard sends
        no letter beside Alt, so that no access key would hear it."""
        pressed = {"type": "keyDown", "modifiers": ALT, "key": letter, "unmodifiedText": letter}
        pressed |= {"code": f"Key{letter.upper()}", "windowsVirtualKeyCode": ord(letter.upper())}
        self.page.wait_for_load_state()
        self.page.bring_to_front()
        self.page.locator("h1").click()  # a page without the focus hears no key
        self.page.context.new_cdp_session(self.page).send("Input.dispatchKeyEvent", pressed)
        self.actions += 1


def tell_everything(session: Session, family: Family) -> None:
    """The child, a carer and the worker have told; of last time one promise was not kept."""
    round_, home = family.round, make_home(session, family.round.person)
    person = session.merge(round_.person)
    review = session.get_one(Review, round_.consultation.review_id)
    lay_last_time(session, family)
    tell(
        session,
        round_.contributor,
        round_.cid,
        {
            "r12.wanted.words": WANTED,
            "r12.wanted.well": "Football on Mondays",
            "r12.home.settled": "sad",
            "r12.home.change": "The heating in my room",
            "r12.worker.words": "She is often late",
            "r12.meeting.join": "come",
            "r12.meeting.unsaid": "Not about dad",
        },
    )
    carer = make_contact(session, person, "carer", name="Pat Larch")
    make_contact(session, person, "parent", name="Ana Birch")
    row = open_home_round(session, person.id or 0, home.id or 0)
    tell(session, carer, row.id or 0, {"hc.child.settled": "fully"})
    worker = people_service.ensure_staff_contributor(session, round_.worker.staff_id)
    tell(session, worker, row.id or 0, {"hw.child.settled": "fully"})
    review.due_on = clock.today()
    session.commit()


def lay_last_time(session: Session, family: Family) -> None:
    """Half a year ago: an ask that was promised and did not come, and one that did."""
    me = identity(family)
    with clock.set_to(clock.now() - timedelta(days=120)):
        for kind, happened in (("see_worker", "no"), ("advocate", "yes")):
            ask = asks.make_ask(session, me, kind=kind)
            ask.answer_words, ask.outcome = "Yes, every two weeks.", "yes"
            ask.answered_by, ask.answered_at = family.round.worker.staff_id, clock.now()
            ask.released_at, ask.has_happened = clock.now(), happened
            session.add(ask)
    session.flush()


def identity(family: Family) -> ContributorIdentity:
    """The child, in with their own secret."""
    own = family.round.contributor
    return ContributorIdentity(
        contributor_id=own.id or 0,
        kind=Kind(own.kind),
        person_id=own.person_id,
        is_known=True,
        session_id=1,
    )


@pytest.fixture
def family(served: Served) -> Family:
    """A child of thirteen whose review is today."""
    family = move_in(served, 13)
    with Session(family.engine, expire_on_commit=False) as session:
        tell_everything(session, family)
    return family


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_an_iro_goes_from_the_week_to_the_asks_in_few_actions(
    viewport: dict[str, int], browser: Browser, family: Family
) -> None:
    page = open_page(browser, family, viewport=viewport)
    look = Look("IRO", target=STAFF_TARGET)
    look.listen(page)
    sign_in(page, family.accounts["iro"])
    page.goto("/staff/reviews")
    follow(page.get_by_role("link", name="See the week by day"))
    look.at(page, "week")
    follow(page.get_by_role("link", name=family.round.person.known_as))
    hands = Hands(page)
    check_first_screen(page, viewport)
    look.at(page, "page")
    close_review(hands, family, look)
    page.context.close()
    look.check(least=4)
    assert hands.actions <= MOST_ACTIONS
    with Session(family.engine) as session:
        review = session.get_one(Review, family.round.consultation.review_id)
        assert (review.participation_code, review.private_talk) == ("PN1", "done")
        made = session.exec(select(Ask).where(Ask.review_id == review.id)).all()
        assert {ask.words for ask in made if ask.words} == {WANTED, "The heating in my room"}


def check_first_screen(page: Page, viewport: dict[str, int]) -> None:
    """Safety, what came of last time, and the first of what they want, without a scroll."""
    expect(page.get_by_text("Promise broken")).to_be_visible()
    for place in ("#safety", "#last-time", "#wanted"):
        box = page.locator(place).bounding_box()
        assert box
        assert box["y"] + box["height"] <= viewport["height"], place
    words = page.locator("blockquote", has_text=WANTED).bounding_box()
    assert words
    assert words["y"] + 30 <= viewport["height"], words


def whole_of(page: Page, words: str) -> Locator:
    """The box for all of an answer, below the boxes for sentences of it that may be the ask."""
    return page.locator(".heard-candidate", has_text=words).get_by_role("checkbox").last


def close_review(hands: Hands, family: Family, look: Look) -> None:
    """Read, write down how it was held, and make the asks."""
    page = hands.page
    hands.tap(page.get_by_role("button", name="I have read this page"))
    hands.tap(page.get_by_role("link", name="After the meeting"))
    look.at(page, "after")
    hands.pick(page.get_by_label("We talked in private"))
    hands.pick(page.get_by_label(family.round.person.known_as, exact=True))
    hands.pick(page.get_by_label("Pat Larch"))
    hands.choose(page.get_by_label("took part"), "PN1")
    hands.tap(page.get_by_role("button", name="Confirm"))
    look.at(page, "asks")
    for words in (WANTED, "The heating in my room"):
        hands.pick(whole_of(page, words))
    hands.tap(page.get_by_role("button", name="Make these asks; the others are none"))
    expect(page.get_by_text("Nothing is left to look at")).to_be_visible()
    hands.tap(page.get_by_role("link", name="After the meeting"))
    expect(page.get_by_text("The next is due by")).to_be_visible()


def test_a_key_leads_to_the_next_review_without_a_script(browser: Browser, served: Served) -> None:
    first, second = move_in(served, 12), move_in(served, 14)
    with Session(first.engine) as session:
        other = session.merge(second.round.person)
        other.iro_id = first.round.iro.staff_id
        due = session.get_one(Review, second.round.consultation.review_id)
        due.due_on += timedelta(days=2)
        session.commit()
    page = open_page(browser, first, viewport=DESK, java_script_enabled=False)
    sign_in(page, first.accounts["iro"])
    page.goto(first.review_page)
    hands = Hands(page)
    hands.access_key("n")
    expect(page.get_by_role("heading", level=1)).to_contain_text(second.round.person.known_as)
    hands.access_key("p")
    expect(page.get_by_role("heading", level=1)).to_contain_text(first.round.person.known_as)
    assert hands.actions == 2
    page.context.close()


def test_the_worker_sees_the_ask_the_same_day(family: Family, new_desk: Desk) -> None:
    iro = new_desk(family, "iro")
    iro.goto(f"{family.review_page}/asks")
    whole_of(iro, WANTED).check()
    follow(iro.get_by_role("button", name="Make these asks", exact=True))
    worker = new_desk(family, "worker")
    worker.goto("/staff/caseload")
    expect(worker.get_by_role("row", name=family.round.person.known_as)).to_contain_text("open ask")
    worker.goto("/staff/asks")
    expect(worker.locator("main")).to_contain_text(WANTED)


def test_an_adviser_s_day_ends_a_pathway_review_without_a_code(
    served: Served, new_desk: Desk
) -> None:
    family = move_out(served, 19)
    with Session(family.engine, expire_on_commit=False) as session:
        answers = {"p16.wanted.words": WANTED}
        tell(session, family.round.contributor, family.round.cid, answers)
        review = session.get_one(Review, family.round.consultation.review_id)
        review.due_on = clock.today()
        session.commit()
    page = new_desk(family, "adviser")
    page.goto("/staff/caseload")
    hands = Hands(page)
    hands.tap(page.get_by_role("link", name=family.round.person.known_as, exact=True))
    expect(page.locator("main")).to_contain_text("Pathway plan")
    expect(page.locator("blockquote")).to_have_text([WANTED])
    hands.tap(page.get_by_role("link", name="After the meeting"))
    expect(page.get_by_text("took part")).to_have_count(0)
    hands.pick(page.get_by_label("We talked in private"))
    hands.tap(page.get_by_role("button", name="Confirm"))
    hands.pick(whole_of(page, WANTED))
    hands.tap(page.get_by_role("button", name="Make these asks", exact=True))
    expect(page.get_by_text("Asks of this review")).to_be_visible()
    assert hands.actions <= MOST_ACTIONS
