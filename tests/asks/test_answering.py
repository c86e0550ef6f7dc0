"""An answer with its reason, its day and its language; the owner's first contact; passing on."""

from datetime import date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.asks import own, queries, service
from backend.asks.clarity import clarity_of
from backend.core import clock
from backend.core.access.permissions import Role
from backend.core.access.predicates import Reach
from backend.core.access.requires import Denied
from backend.preferences.models import Preference
from backend.surveys import queries as surveys
from backend.surveys import service as surveys_service
from tests.asks.test_asks_and_words import ask_of
from tests.factories import make_person, make_staff, sign_in
from tests.safeguarding.cases import Around, make_case, send

pytestmark = pytest.mark.usefixtures("noon")
ANSWER = "Yes. I come on Tuesday."
ARABIC = "نعم. سآتي يوم الثلاثاء."


def asked(session: Session, case: Around, kind: str = "see_worker") -> int:
    return service.make_ask(session, case.identity(), kind=kind).id or 0


def line_of(session: Session, case: Around, ask_id: int) -> queries.AskLine:
    line = queries.ask_line(session, case.iro, ask_id) or queries.ask_line(
        session, case.worker, ask_id
    )
    assert line is not None
    return line


def speak_arabic(session: Session, case: Around) -> None:
    session.add(Preference(contributor_id=case.contributor.id or 0, language="ar"))
    session.flush()


def test_a_no_needs_its_reason_and_the_child_reads_it(session: Session) -> None:
    case = make_case(session)
    ask_id = asked(session, case)
    for reason in ("", "  ", "?!"):
        with pytest.raises(service.AskRefused) as refused:
            service.answer_ask(
                session, case.worker, ask_id, words="No.", outcome="no", why_not=reason
            )
        assert refused.value.field == "why_not"
    service.answer_ask(
        session, case.worker, ask_id, words="No.", outcome="no", why_not="I am ill this week."
    )
    service.release(session, case.iro, ask_id)
    (mine,) = own.answered_for(session, case.identity())
    assert (mine.why_not, mine.answered_by) == ("I am ill this week.", case.worker.name)
    assert mine.can_be_raised


def test_an_answer_of_ten_thousand_words_is_refused_and_nothing_is_changed(
    session: Session,
) -> None:
    case = make_case(session)
    ask_id = asked(session, case)
    with pytest.raises(service.AskRefused) as refused:
        service.answer_ask(session, case.worker, ask_id, words="word " * 10_000, outcome="yes")
    assert "10,000 words" in str(refused.value)
    assert line_of(session, case, ask_id).answer_words is None


@pytest.mark.parametrize("day", [date(2020, 1, 1), date(2062, 12, 1)])
def test_a_day_that_cannot_be_meant_is_refused(session: Session, day: date) -> None:
    case = make_case(session)
    with pytest.raises(service.AskRefused) as refused:
        service.answer_ask(
            session,
            case.worker,
            asked(session, case),
            words=ANSWER,
            outcome="yes",
            promised_on=day,
        )
    assert refused.value.field == "promised"


def test_the_clock_stops_on_contact_and_not_on_an_answer(session: Session, noon: datetime) -> None:
    case = make_case(session)
    ask_id = asked(session, case)
    service.answer_ask(session, case.worker, ask_id, words=ANSWER, outcome="yes")
    with clock.set_to(noon + timedelta(days=2)):
        assert line_of(session, case, ask_id).is_overdue
        with pytest.raises(Denied):
            service.record_first_contact(session, case.iro, ask_id, how="call")
        with pytest.raises(service.AskRefused):
            service.record_first_contact(session, case.worker, ask_id, how="pigeon")
        service.record_first_contact(session, case.worker, ask_id, how="call")
        assert not line_of(session, case, ask_id).is_overdue
        with pytest.raises(service.AskRefused):
            service.record_first_contact(session, case.worker, ask_id, how="visit")


def test_an_ask_of_words_has_no_first_contact_to_record(session: Session) -> None:
    case = make_case(session)
    ask = ask_of(session, case, send(session, case, "I want a dog"))
    with pytest.raises(service.AskRefused):
        service.record_first_contact(session, case.worker, ask.id or 0, how="call")


def test_the_iro_sends_an_answer_back_and_the_owner_answers_again(session: Session) -> None:
    case = make_case(session)
    ask_id = asked(session, case)
    service.answer_ask(session, case.worker, ask_id, words="Maybe.", outcome="partly")
    with pytest.raises(service.AskRefused):
        service.send_back(session, case.iro, ask_id, why=" ")
    with pytest.raises(Denied):
        service.send_back(session, case.worker, ask_id, why="Not mine to send")
    service.send_back(session, case.iro, ask_id, why="By when?")
    line = line_of(session, case, ask_id)
    assert (line.state, line.answer_words) == ("open", None)
    (before,) = queries.escalations_of(session, ask_id)
    assert (before.is_sent_back, before.answer_words) == (True, "Maybe.")
    service.answer_ask(session, case.worker, ask_id, words=ANSWER, outcome="yes")
    assert line_of(session, case, ask_id).state == "with_lead"


def test_an_answer_waits_for_a_persons_translation_and_both_are_kept(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    speak_arabic(session, case)
    ask_id = asked(session, case)
    service.answer_ask(session, case.worker, ask_id, words=ANSWER, outcome="yes")
    service.release(session, case.iro, ask_id)
    with clock.set_to(noon + timedelta(days=9)):
        service.release_unseen(session)
    assert own.answered_for(session, case.identity()) == []
    for words, translator in ((" ", "Amal"), (ARABIC, " ")):
        with pytest.raises(service.AskRefused):
            service.translate_answer(
                session, case.worker, ask_id, words=words, translator=translator
            )
    service.translate_answer(session, case.worker, ask_id, words=ARABIC, translator="Amal, Words")
    (mine,) = own.answered_for(session, case.identity())
    assert (mine.translation, mine.translated_into) == (ARABIC, "ar")
    assert (mine.answer_words, mine.translated_by) == (ANSWER, "Amal, Words")


def test_a_translation_lets_nothing_past_the_iro(session: Session) -> None:
    case = make_case(session)
    speak_arabic(session, case)
    ask_id = asked(session, case)
    service.answer_ask(session, case.worker, ask_id, words=ANSWER, outcome="yes")
    service.translate_answer(session, case.worker, ask_id, words=ARABIC, translator="Amal")
    assert own.answered_for(session, case.identity()) == []
    service.release(session, case.iro, ask_id)
    assert own.answered_for(session, case.identity())[0].translation == ARABIC


def test_the_lead_lets_it_go_in_english_with_a_reason(session: Session) -> None:
    case = make_case(session)
    speak_arabic(session, case)
    ask_id = asked(session, case)
    service.answer_ask(session, case.worker, ask_id, words=ANSWER, outcome="yes")
    service.release(session, case.iro, ask_id, why_untranslated="She reads English at school.")
    assert own.answered_for(session, case.identity())[0].answer_words == ANSWER


def test_passing_on_needs_a_reason_and_gives_no_more_time(session: Session) -> None:
    case = make_case(session)
    make_staff(session, Role.MANAGER, team="Placements")
    ask = ask_of(session, case, send(session, case, "I want a dog"))
    ask_id, due_on = ask.id or 0, ask.due_on
    for to, why in (("placements", " "), ("nobody", "Theirs"), ("worker", "Theirs")):
        with pytest.raises(service.AskRefused):
            service.change_owner(session, case.worker, ask_id, to=to, why=why)
    with pytest.raises(Denied):
        service.change_owner(session, case.manager, ask_id, to="placements", why="Theirs")
    service.change_owner(session, case.worker, ask_id, to="placements", why="It is about the home")
    assert (ask.owner_role, ask.due_on) == ("placements", due_on)


def test_whoever_finds_homes_learns_the_ask_and_not_words_kept_from_the_meeting(
    session: Session,
) -> None:
    case = make_case(session)
    finder = make_staff(session, Role.MANAGER, team="Placements")
    ask = ask_of(session, case, send(session, case, "I want a dog"))
    service.change_owner(session, case.iro, ask.id or 0, to="placements", why="About the home")
    (line,) = queries.asks_for(session, finder)
    assert (line.is_mine, line.words, line.are_words_held) == (True, None, True)


def test_words_for_the_iro_alone_cannot_be_passed_on(session: Session) -> None:
    case = make_case(session)
    topic = send(session, case, "Only you", reach=Reach.ONLY_IRO)
    ask = ask_of(session, case, topic, owner_role="lead")
    with pytest.raises(service.AskRefused):
        service.change_owner(session, case.iro, ask.id or 0, to="manager", why="Theirs")


def test_a_complaint_is_never_passed_to_the_iro_or_the_worker(session: Session) -> None:
    case = make_case(session)
    ask_id = asked(session, case, "complaint")
    for to in ("lead", "worker", "placements"):
        with pytest.raises(service.AskRefused):
            service.change_owner(session, case.complaints, ask_id, to=to, why="Theirs")
    service.change_owner(session, case.complaints, ask_id, to="duty_reader", why="I know them")
    assert queries.ask_line(session, case.duty, ask_id) is not None
    assert queries.ask_line(session, case.iro, ask_id) is None


def test_words_taken_back_stay_with_who_read_them_and_leave_everybody_else(
    session: Session,
) -> None:
    case = make_case(session)
    row_id = send(session, case, "I want a dog")
    topic = surveys.sent_topic(session, row_id)
    assert topic is not None
    surveys_service.tick_for_meeting(session, [row_id], {topic.answers[0].answer_id})
    ask = ask_of(session, case, row_id, owner_role="manager")
    surveys_service.take_back_topic(session, row_id)
    (held,) = queries.asks_for(session, case.manager)
    assert (held.words, held.are_words_held, held.is_taken_back) == (None, True, True)
    seen = queries.ask_line(session, case.iro, ask.id or 0)
    assert seen is not None
    assert seen.words == "I want a dog"


def test_an_ask_of_somebody_who_left_care_goes_to_the_duty_desk(session: Session) -> None:
    case = make_case(session)
    ask_id = asked(session, case)
    case.person.left_on = clock.today()
    session.flush()
    line = queries.ask_line(session, case.duty, ask_id)
    assert line is not None
    assert line.is_mine
    assert queries.ask_line(session, case.worker, ask_id) is None


def test_an_ask_moves_with_the_case_to_a_new_worker(session: Session) -> None:
    case = make_case(session)
    ask_id = asked(session, case)
    new = make_staff(session, Role.SOCIAL_WORKER, team="North")
    case.person.worker_id = new.staff_id
    session.flush()
    assert queries.ask_line(session, case.worker, ask_id) is None
    service.answer_ask(session, new, ask_id, words=ANSWER, outcome="yes")


def test_clarity_names_the_hard_sentence_and_says_what_to_do() -> None:
    hard = "Your placement arrangements necessitate a multidisciplinary assessment beforehand."
    read = clarity_of(f"I will come on Tuesday. {hard}")
    assert read.is_hard
    (one,) = read.hard
    assert one.text == hard
    assert "home" in one.hint
    assert not clarity_of("I will come on Tuesday. We can talk then.").is_hard
    assert clarity_of("").age == 0.0


def test_a_name_of_another_child_of_the_same_worker_is_pointed_at_and_no_other(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    make_person(app_session, known_as="Juniper", worker_id=case.worker.staff_id)
    make_person(app_session, known_as="Marlow")
    ask_id = asked(app_session, case)
    sign_in(client, app_session, case.worker)
    sent = {"words": "You can see Juniper and Marlow on Tuesday."}
    page = client.post(f"/staff/asks/{ask_id}/reading", data=sent).text
    assert "another child’s name: Juniper?" in page
    assert "Marlow?" not in page
    assert "Reading age" in page
    assert "You can see Juniper" in page


def test_reading_is_told_alone_to_a_page_with_scripts(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    ask_id = asked(app_session, case)
    sign_in(client, app_session, case.worker)
    part = client.post(
        f"/staff/asks/{ask_id}/reading",
        data={"words": "I come on Tuesday to see you."},
        headers={"HX-Request": "true"},
    )
    assert "Reading age" in part.text
    assert "<html" not in part.text


def test_of_two_colleagues_who_answer_the_second_keeps_what_they_typed(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    ask_id = asked(app_session, case)
    sign_in(client, app_session, case.worker)
    address = f"/staff/asks/{ask_id}/answer"
    assert client.post(address, data={"words": ANSWER, "outcome": "yes"}).status_code == 303
    second = client.post(address, data={"words": "Another answer", "outcome": "yes"})
    assert second.status_code == 422
    assert "answered already" in second.text
    assert ANSWER in second.text
    assert "Another answer" in second.text


def test_contact_is_one_tap_and_an_answer_has_its_day(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session)
    ask_id = asked(app_session, case)
    sign_in(client, app_session, case.worker)
    address = f"/staff/asks/{ask_id}"
    assert "I rang and spoke with them" in client.get(address).text
    assert client.post(f"{address}/contact", data={"how": "call"}).status_code == 303
    assert "First contact" in client.get(address).text
    answer = {"words": ANSWER, "outcome": "yes", "promised-day": "x", "doer": "Jo"}
    assert client.post(f"{address}/answer", data=answer).status_code == 422
    day = {"promised-day": "1", "promised-month": "12", "promised-year": "2026"}
    assert client.post(f"{address}/answer", data=answer | day).status_code == 303
    assert "It happens by Tuesday 1 December, and Jo does it" in client.get(address).text
