"""The page before a review as its reader gets it: in its order, whole, and of few words of ours."""

import re
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.core import clock
from backend.core.templates import date_short
from backend.reviews import service as reviews_service
from backend.summaries import queries
from backend.surveys import catalogue
from backend.surveys import service as surveys
from tests.conftest import NOON
from tests.factories import make_contact, sign_in
from tests.safeguarding.cases import Around, make_case, send
from tests.summaries.our_words import words_of_ours
from tests.summaries.told import round_of, settle, tell, tell_own, tell_taps

pytestmark = pytest.mark.usefixtures("noon")
MOST_WORDS_OF_OURS = 450
ARABIC = "أريد أن أرى أختي كل أسبوع"
SEEN = date(2026, 11, 3)
# Everything that a child of twelve can be asked by words and by taps on the heaviest page.
USUAL = {
    "r12.wanted.words": "See Nan, and a door that shuts.",
    "r12.wanted.well": "Football",
    "r12.home.settled": "very_sad",
    "r12.home.safe": "sometimes",
    "r12.home.room": "happy",
    "r12.home.change": "The heating",
    "r12.family.enough": "sad",
    "r12.family.words": "I miss my sister",
    "r12.worker.trust": "mostly",
    "r12.worker.words": "She is always late",
    "r12.meeting.join": "come",
    "r12.meeting.where": "at_school",
    "r12.meeting.unsaid": "Not about dad",
}


def address(case: Around) -> str:
    return f"/staff/reviews/{case.review.id}"


def page_of(client: TestClient, session: Session, case: Around) -> str:
    """The page as the IRO gets it."""
    sign_in(client, session, case.iro)
    answer = client.get(address(case))
    assert answer.status_code == 200
    return answer.text


def make_full(session: Session) -> Around:
    """A child, foster carer, staff, two parents and worker who have all told something."""
    case = make_case(session)
    home = settle(session, case)
    tell_own(session, case, USUAL)
    both = {"carer": "hc", "provider_staff": "hs"}
    for kind, code in both.items():
        writer = make_contact(session, case.person, kind)
        row = surveys.open_consultation(
            session,
            person_id=case.person_id,
            moment="home",
            home_id=home.id,
            window="2026H2",
            opens_on=clock.today(),
            closes_on=clock.today(),
        )
        tell(session, writer, row.id or 0, {f"{code}.child.settled": "fully"})
    for place in (1, 2):
        parent = make_contact(session, case.person, "parent", name=f"Ana Zq{place}")
        tell(session, parent, round_of(session, case), {"pp.family.enough": "not_at_all"})
    tell_taps(session, case, home, {"hw.child.settled": "fully", "hw.child.room": "largely"}, SEEN)
    return case


def test_the_page_keeps_its_order(client: TestClient, app_session: Session) -> None:
    case = make_full(app_session)
    html = page_of(client, app_session, case)
    order = [
        'id="safety"', 'id="last-time"', 'id="wanted"', 'id="agenda-home"', 'id="sides"',
        'id="meeting"', 'id="not-said"', 'id="given"',
    ]  # fmt: skip
    places = [html.index(one) for one in order]
    assert places == sorted(places)


def test_each_side_has_a_column_of_its_own_and_parents_apart(session: Session) -> None:
    case = make_full(session)
    found = queries.summary(session, case.iro, case.review.id or 0)
    assert found is not None
    sides = found.page.sides
    assert [key.partition("-")[0] for key in sides.columns] == [
        "young_person", "carer", "staff", "worker", "parent", "parent",
    ]  # fmt: skip
    settled = next(row for row in sides.rows if row.indicator == "settled")
    assert {cell.score for cell in settled.cells.values()} == {1, 5}
    assert len(settled.cells) == 4


def test_a_difference_is_a_sentence_with_when_the_worker_last_saw_them_alone(
    session: Session,
) -> None:
    case = make_full(session)
    found = queries.summary(session, case.iro, case.review.id or 0)
    assert found is not None
    [settled] = [one for one in found.page.sides.differences if one.startswith("Settled")]
    assert f"{case.person.known_as} says Really bad" in settled
    assert "worker says" in settled
    assert settled.endswith("last saw them there alone on 3 Nov 2026")


def test_whoever_was_asked_and_is_silent_is_named_with_since_when(session: Session) -> None:
    case = make_case(session)
    settle(session, case)
    carer = make_contact(session, case.person, "carer", name="Pat Zqcarer")
    make_contact(session, case.person, "parent", name="Ana Zqno", invite="no")
    row = round_of(session, case)
    with clock.set_to(NOON - timedelta(days=5)):
        invited = surveys.note_invited(session, row, carer.id or 0)
    surveys.note_reminded(invited)
    session.flush()
    found = queries.summary(session, case.iro, case.review.id or 0)
    assert found is not None
    by_name = {one.name: one for one in found.silences}
    pat = by_name["Pat Zqcarer"]
    assert (pat.how, pat.asked_on, pat.reminded_on) == ("asked", date(2026, 11, 18), clock.today())
    assert by_name["Ana Zqno"].how == "not_invited"
    assert not by_name["Ana Zqno"].is_missing
    worker = [one for one in found.silences if one.how == "taps"]
    assert [one.side for one in worker] == ["Worker"]


def test_nobody_is_silent_who_answered_about_today_s_home(session: Session) -> None:
    case = make_full(session)
    found = queries.summary(session, case.iro, case.review.id or 0)
    assert found is not None
    assert found.silences == ()


def test_the_page_has_at_most_450_words_of_ours(client: TestClient, app_session: Session) -> None:
    case = make_full(app_session)
    html = page_of(client, app_session, case)
    words = words_of_ours(html)
    assert len(words) <= MOST_WORDS_OF_OURS, f"{len(words)}: {' '.join(words)}"


def test_nothing_was_sent_and_the_page_says_so_and_how_to_help(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    html = page_of(client, app_session, case)
    assert "Nothing was sent for this review" in html
    assert "Nobody has answered these yet" in html
    assert f"/staff/people/{case.person_id}/door" in html


def test_a_baby_is_not_silent_and_adults_tell_how_they_show_it(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    case.person.date_of_birth = clock.today() - timedelta(days=400)
    html = page_of(client, app_session, case)
    assert "Too young for a form of their own" in html
    assert "Young person" not in html
    assert f"/staff/people/{case.person_id}/form" in html
    assert "has not begun" not in html


def test_one_answer_is_a_whole_page(client: TestClient, app_session: Session) -> None:
    case = make_case(app_session)
    send(app_session, case, "zqone 🐶")
    html = page_of(client, app_session, case)
    assert "data-said>zqone 🐶</blockquote>" in html
    assert "Nothing was sent for this review" not in html


def test_every_answer_of_the_longest_form_is_on_the_page(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    settle(app_session, case)
    form = catalogue.instruments()["before-my-review-12-17"]
    answers: dict[str, str | list[str]] = {}
    for number, one in enumerate(form.questions):
        if one.type in ("long_text", "short_text"):
            answers[one.id] = f"zq{number:02} words"
        elif one.type == "faces" or one.type == "choice":
            answers[one.id] = one.options[0].id if not one.several else [one.options[0].id]
    answers["r12.plan.happened"] = "none_happened"  # opens the question after it
    tell_own(app_session, case, answers)
    html = page_of(client, app_session, case)
    for value in answers.values():
        if isinstance(value, str) and value.startswith("zq"):
            assert html.count(value) == 1, value
    assert len(answers) > 30
    assert len(words_of_ours(html)) <= MOST_WORDS_OF_OURS


def test_very_long_words_are_folded_and_whole(client: TestClient, app_session: Session) -> None:
    case = make_case(app_session)
    long = " ".join(f"word{number}" for number in range(620)) + " " + "x" * 200
    assert len(long) > 5000
    send(app_session, case, long)
    html = page_of(client, app_session, case)
    assert f"data-said>{long}</blockquote></details>" in html


def test_words_of_another_direction_turn_by_themselves(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    send(app_session, case, ARABIC)
    html = page_of(client, app_session, case)
    assert f'dir="auto" data-said>{ARABIC}</blockquote>' in html


def test_words_of_an_earlier_round_never_pass_for_this_one(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    earlier = surveys.open_consultation(
        app_session,
        person_id=case.person_id,
        moment="before_review",
        opens_on=date(2026, 5, 1),
        closes_on=date(2026, 6, 1),
    )
    with clock.set_to(NOON - timedelta(days=180)):
        tell(app_session, case.contributor, earlier.id or 0, {"r12.wanted.words": "zqold"})
    html = page_of(client, app_session, case)
    assert "Nothing was sent for this review" in html
    assert html.index("What follows is from before the last review") < html.index("zqold")


def test_what_was_said_of_a_home_before_stands_apart(session: Session) -> None:
    case = make_case(session)
    before = settle(session, case, since=date(2025, 1, 1), until=date(2026, 11, 20))
    with clock.set_to(NOON - timedelta(days=10)):
        tell_own(session, case, {"r12.home.settled": "very_sad"})
        tell_taps(session, case, before, {"hw.child.settled": "fully"}, None)
    settle(session, case, since=date(2026, 11, 20))
    found = queries.summary(session, case.iro, case.review.id or 0)
    assert found is not None
    assert found.page.sides.rows == ()
    [former] = found.page.former
    assert former.label == "The home before this one"
    assert {cell.score for cell in former.sides.rows[0].cells.values()} == {1, 5}
    [said] = found.page.sections[0].said
    assert said.is_of_home_before


def test_a_care_leaver_s_page_is_their_adviser_s_and_speaks_of_a_plan(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session, is_leaver=True)
    case.review.kind = "pathway"
    send(app_session, case, "zqplan")
    sign_in(client, app_session, case.adviser)
    html = client.get(address(case)).text
    assert "zqplan" in html
    assert "Pathway plan" in html
    assert "Who else is asked" not in html
    # The eight taps are about a child's home: a PA who has none to fill in is not silent.
    assert 'id="silent"' not in html
    assert ">Silent<" not in html


def test_an_observer_s_reading_is_an_adult_s_and_named_as_such(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    row = surveys.open_consultation(
        app_session,
        person_id=case.person_id,
        moment="observer",
        review_id=case.review.id,
        opens_on=clock.today(),
        closes_on=case.review.due_on,
    )
    carer = make_contact(app_session, case.person, "carer", name="Pat Zqsees")
    tell(app_session, carer, row.id or 0, {"sh.feelings.glad": "zqglad: she claps"})
    html = page_of(client, app_session, case)
    assert "An adult’s reading" in html
    assert "Foster carer Pat Zqsees, observing" in html
    found = queries.summary(app_session, case.iro, case.review.id or 0)
    assert found is not None
    assert found.suggestion.code == "PN7"


def test_only_the_lead_opens_it(client: TestClient, app_session: Session) -> None:
    case = make_full(app_session)
    for colleague in (case.worker, case.manager, case.duty):
        client.cookies.clear()
        sign_in(client, app_session, colleague)
        for part in ("", "/after", "/asks"):
            assert client.get(address(case) + part).status_code == 404


def test_what_must_not_be_said_is_marked_and_in_no_print(
    client: TestClient, app_session: Session
) -> None:
    case = make_full(app_session)
    html = page_of(client, app_session, case)
    at = html.index("Not about dad")
    assert html.rindex('class="heard-not-said"', 0, at) > html.rindex("</section>", 0, at)
    assert 'href="#not-said"' in html
    css = client.get("/static/css/staff.css").text
    assert re.search(r"@media print \{[^}]*\.heard-not-said", css)


def test_one_key_leads_to_the_review_before_and_after(
    client: TestClient, app_session: Session
) -> None:
    first = make_case(app_session)
    for days in (3, 20):
        other = make_case(app_session)
        other.person.iro_id = first.iro.staff_id
        other.review.due_on = clock.today() + timedelta(days=days)
    html = page_of(client, app_session, first)
    previous = re.search(r'rel="prev" accesskey="p" href="/staff/reviews/(\d+)"', html)
    following = re.search(r'rel="next" accesskey="n" href="/staff/reviews/(\d+)"', html)
    assert previous
    assert following
    assert previous.group(1) != following.group(1)
    end = client.get(f"/staff/reviews/{following.group(1)}").text
    assert 'accesskey="n"' not in end
    assert f'accesskey="p" href="/staff/reviews/{first.review.id}"' in end


def test_a_review_that_moved_stands_with_its_reason_under_what_changed(
    client: TestClient, app_session: Session
) -> None:
    case = make_full(app_session)
    before = case.review.due_on
    after = before + timedelta(days=3)
    reviews_service.move(app_session, case.iro, case.review, to=after, reason="zqwhymoved")
    html = page_of(client, app_session, case)
    changes = html[html.index('id="changes"') : html.index('id="sides"')]
    assert f"Review moved to {date_short(after)}" in changes
    assert f"(was {date_short(before)})" in changes
    assert "zqwhymoved" in changes
    for later in (4, 5, 6):
        day = before + timedelta(days=later)
        reviews_service.move(app_session, case.iro, case.review, to=day, reason="Ill")
    html = page_of(client, app_session, case)
    assert html.count("Review moved to") == queries.MOST_DATE_NEWS
    assert len(words_of_ours(html)) <= MOST_WORDS_OF_OURS
    assert f"/staff/reviews/{case.review.id}/dates" in html
