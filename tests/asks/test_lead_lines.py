"""What a lead writes to a child who reads another language, and its translation by a person."""

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.asks import letters, own, queries, service
from backend.asks.models import AskLetter
from backend.core.access.requires import Denied
from backend.paper.answer_letters import print_letter
from tests.asks.test_answering import ANSWER, ARABIC, asked, line_of, speak_arabic
from tests.asks.test_following import OPENING, asked_and_answered
from tests.factories import sign_in
from tests.printed import words_of
from tests.safeguarding.cases import Around, enter, make_case

pytestmark = pytest.mark.usefixtures("noon")
ADDED, ADDED_IN_ARABIC = "I will check.", "سأتأكد من ذلك."
OPENING_IN_ARABIC = "التقينا يوم الثلاثاء. هذا ما نتج عنه."
BY = "Amal, Words"


def answered(session: Session, *, is_arabic: bool = True) -> tuple[Around, int]:
    """An ask whose answer is out, in Arabic too, with a line that the lead added in English."""
    case = make_case(session)
    if is_arabic:
        speak_arabic(session, case)
    ask_id = asked(session, case)
    service.answer_ask(session, case.worker, ask_id, words=ANSWER, outcome="yes")
    if is_arabic:
        service.translate_answer(session, case.worker, ask_id, words=ARABIC, translator=BY)
    service.release(session, case.iro, ask_id, added=ADDED)
    return case, ask_id


def test_an_added_line_is_not_held_back_and_its_translation_stands_beside_it(
    session: Session,
) -> None:
    case, ask_id = answered(session)
    (mine,) = own.answered_for(session, case.identity())
    assert (mine.lead_added, mine.added_translation) == (ADDED, None)
    assert line_of(session, case, ask_id).added_awaited == "ar"
    service.translate_added(session, case.iro, ask_id, words=ADDED_IN_ARABIC, translator=BY)
    (mine,) = own.answered_for(session, case.identity())
    assert mine.lead_added == ADDED
    assert mine.added_translation is not None
    assert (mine.added_translation.words, mine.added_translation.language) == (
        ADDED_IN_ARABIC,
        "ar",
    )
    assert mine.added_translation.by == BY
    assert line_of(session, case, ask_id).added_awaited == ""


def test_a_translation_names_the_person_who_made_it_and_is_put_in_once(session: Session) -> None:
    case, ask_id = answered(session)
    for words, translator, field in (
        (" ", BY, "added_translation"),
        (ADDED_IN_ARABIC, " ", "added_translator"),
    ):
        with pytest.raises(service.AskRefused) as refused:
            service.translate_added(session, case.iro, ask_id, words=words, translator=translator)
        assert refused.value.field == field
    with pytest.raises(Denied):
        service.translate_added(
            session, case.complaints, ask_id, words=ADDED_IN_ARABIC, translator=BY
        )
    service.translate_added(session, case.worker, ask_id, words=ADDED_IN_ARABIC, translator=BY)
    with pytest.raises(service.AskRefused):
        service.translate_added(session, case.iro, ask_id, words="Other", translator=BY)


def test_for_a_child_who_reads_english_none_is_awaited(session: Session) -> None:
    case, ask_id = answered(session, is_arabic=False)
    assert line_of(session, case, ask_id).added_awaited == ""
    with pytest.raises(service.AskRefused):
        service.translate_added(session, case.iro, ask_id, words=ADDED_IN_ARABIC, translator=BY)


def test_an_answer_that_went_in_english_with_a_reason_awaits_nothing_of_its_added_line(
    session: Session,
) -> None:
    case = make_case(session)
    speak_arabic(session, case)
    ask_id = asked(session, case)
    service.answer_ask(session, case.worker, ask_id, words=ANSWER, outcome="yes")
    service.release(session, case.iro, ask_id, added=ADDED, why_untranslated="She reads it well.")
    assert line_of(session, case, ask_id).added_awaited == ""


def with_letter(session: Session) -> tuple[Around, int]:
    case = make_case(session)
    speak_arabic(session, case)
    ask_id = asked_and_answered(session, case)
    service.translate_answer(session, case.worker, ask_id, words=ARABIC, translator=BY)
    letters.write_letter(session, case.iro, case.review.id or 0, opening=OPENING)
    return case, case.review.id or 0


def test_the_line_that_opens_a_letter_has_its_translation_until_it_is_written_anew(
    session: Session,
) -> None:
    case, review_id = with_letter(session)
    assert [one.review_id for one in queries.letters_to_translate(session, case.iro)] == [review_id]
    assert queries.letters_to_translate(session, make_case(session).iro) == []
    for viewer in (case.worker, make_case(session).iro):
        with pytest.raises(Denied):
            service.translate_opening(
                session, viewer, review_id, words=OPENING_IN_ARABIC, translator=BY
            )
    service.translate_opening(session, case.iro, review_id, words=OPENING_IN_ARABIC, translator=BY)
    assert queries.letters_to_translate(session, case.iro) == []
    letter = letters.own_letter(session, case.identity(), review_id)
    assert letter is not None
    assert letter.opening == OPENING
    assert letter.opening_translation is not None
    assert letter.opening_translation.words == OPENING_IN_ARABIC
    letters.write_letter(session, case.iro, review_id, opening=OPENING)  # the same line again
    assert session.get_one(AskLetter, review_id).translation == OPENING_IN_ARABIC
    letters.write_letter(session, case.iro, review_id, opening="Another line.")
    assert session.get_one(AskLetter, review_id).translation is None
    assert queries.letters_to_translate(session, case.iro)


def test_the_printed_letter_holds_both_and_who_translated(session: Session) -> None:
    case, review_id = with_letter(session)
    letter = letters.own_letter(session, case.identity(), review_id)
    assert letter is not None
    before = words_of(print_letter(letter))
    assert BY in before  # of the answer
    service.translate_opening(
        session, case.iro, review_id, words=OPENING_IN_ARABIC, translator="Nour, Words"
    )
    ask_id = letter.asks[0].ask_id
    service.translate_added(
        session, case.iro, ask_id, words=ADDED_IN_ARABIC, translator="Huda, Words"
    )
    letter = letters.own_letter(session, case.identity(), review_id)
    assert letter is not None
    after = words_of(print_letter(letter))
    for words in ("Nour, Words", "Huda, Words", "This is what came of it.", "I will look."):
        assert words in after
    assert len(after) > len(before) + 40


def test_the_lead_puts_them_in_and_the_child_reads_them_with_the_english_beside(
    client: TestClient, app_session: Session
) -> None:
    case, review_id = with_letter(app_session)
    sign_in(client, app_session, case.iro)
    listed = client.get("/staff/asks").text
    assert "Letters whose opening line is to be translated by a person (1)" in listed
    page = f"/staff/letters/{review_id}"
    assert "Your line in Arabic, by a person" in client.get(page).text
    missing = client.post(f"{page}/translation", data={"translation": OPENING_IN_ARABIC})
    assert missing.status_code == 422
    assert "Say who translated it" in missing.text
    assert OPENING_IN_ARABIC in missing.text
    given = {"translation": OPENING_IN_ARABIC, "translator": "Nour, Words"}
    assert client.post(f"{page}/translation", data=given).status_code == 303
    ask_id = queries.asks_of_person(app_session, case.iro, case.person_id)[0].ask_id
    app_session.rollback()
    ask = f"/staff/asks/{ask_id}"
    assert "What was added, in Arabic, by a person" in client.get(ask).text
    assert client.post(f"{ask}/added-translation", data={}).status_code == 422
    given = {"added_translation": ADDED_IN_ARABIC, "added_translator": "Huda, Words"}
    assert client.post(f"{ask}/added-translation", data=given).status_code == 303
    assert "Translated by Huda, Words." in client.get(ask).text
    enter(client, app_session, case)
    letter, last_time = (
        client.get(f"/me/letters/{review_id}").text,
        client.get("/me/last-time").text,
    )
    assert f'lang="ar" dir="auto">{OPENING_IN_ARABIC}' in letter
    assert OPENING in letter
    for one in (letter, last_time):
        assert f'lang="ar" dir="auto">{ADDED_IN_ARABIC}' in one
        assert "I will look." in one
        assert "Huda, Words" in one
        assert BY in one
