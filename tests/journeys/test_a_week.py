"""A week around a child: the worker decides about a parent, a meeting moves, the child is told."""

from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlmodel import Session

from backend.core import clock
from backend.core.access.permissions import Role
from backend.core.translations import date_words
from backend.people.models import Person
from backend.reviews.models import Review
from tests.factories import make_staff
from tests.journeys.families import Desk, Family, Phone, add_contact, move_in
from tests.journeys.looks import Look
from tests.journeys.ways import choose_pictures, come_in, follow, write_day
from tests.offline.served import Served


def decide(page: Page, how: str) -> None:
    """Fill in the form about one parent."""
    page.get_by_label(how, exact=True).check()
    page.get_by_label("Reason").fill("As the court said")
    later = clock.today() + timedelta(days=90)
    write_day(page, str(later.day), str(later.month), str(later.year))
    follow(page.get_by_role("button", name="Keep"))


def change_around(family: Family) -> tuple[str, str]:
    """Another IRO, and the meeting on another day; the IRO's name and the day as one says it."""
    with Session(family.engine, expire_on_commit=False) as session:
        iro = make_staff(session, Role.IRO)
        session.get_one(Person, family.person_id).iro_id = iro.staff_id
        review = session.get_one(Review, family.round.consultation.review_id)
        review.due_on += timedelta(days=2)
        session.commit()
        return iro.name, str(date_words(review.due_on))


def test_a_worker_decides_about_a_parent_and_sees_it_in_their_week(
    served: Served, new_desk: Desk
) -> None:
    family = move_in(served, 12)
    add_contact(family, "parent")
    look = Look("worker", target=0)
    worker = new_desk(family, "worker")
    look.listen(worker)
    worker.goto(f"/staff/people/{family.person_id}/door")
    follow(worker.get_by_role("link", name="Which parents are asked"))
    look.at(worker, "parents")
    follow(worker.get_by_role("link", name="Decide"))
    worker.get_by_role("button", name="Keep").click()
    expect(worker.get_by_role("alert")).to_contain_text("Enter the reason")
    look.at(worker, "a parent refused")
    decide(worker, "Through the worker only")
    expect(worker.locator("main")).to_contain_text("As the court said")
    look.at(worker, "a parent")

    worker.goto("/staff/digest")
    expect(worker.locator("main")).to_contain_text("Cards to hand over")
    look.at(worker, "my week")
    worker.goto("/staff/caseload")
    follow(worker.get_by_role("link", name="Give an adult their card"))
    follow(worker.get_by_role("link", name="Decide"))
    follow(worker.get_by_role("button", name="I have given it to them"))
    expect(worker.locator("main")).to_contain_text("they have their way in")
    worker.goto("/staff/digest")
    expect(worker.locator("main")).not_to_contain_text("Cards to hand over")
    look.check(least=4)


def test_a_child_is_told_what_is_new_and_it_goes_when_they_say_so(
    served: Served, new_phone: Phone
) -> None:
    family = move_in(served, 9)
    look = Look("child")
    # A colour that is still on its way from light to dark is nobody's colour.
    phone = new_phone(family, reduced_motion="reduce")
    look.listen(phone)
    come_in(phone, family.door)
    choose_pictures(phone, "kite", "moon", "shoe")
    expect(phone.get_by_role("heading", name="Something is new")).to_have_count(0)
    name, day = change_around(family)

    phone.goto("/me/home")
    news = phone.get_by_role("form", name="Something is new")
    expect(news).to_contain_text(f"Your meeting is on a new day: {day}.")
    expect(news).to_contain_text(f"You have a new IRO: {name}.")
    look.at(phone, "something is new", dark=True)
    follow(news.get_by_role("button", name="OK, I know now"))

    expect(phone.get_by_role("form", name="Something is new")).to_have_count(0)
    look.check(least=1)
