"""The instruments that ship: loaded whole, given to the right person, worded, branched."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from backend.surveys.instruments import (
    Indicator,
    Instrument,
    InstrumentError,
    Topic,
    Visibility,
    forms_in_order,
    held_back_questions,
    indicator_questions,
    instrument_for,
    load_instruments,
    visible_questions,
)
from backend.surveys.instruments.files import published_schema

SURVEYS = Path(__file__).parents[3] / "surveys"


@pytest.fixture(scope="module")
def instruments() -> Mapping[str, Instrument]:
    return load_instruments(SURVEYS)


@pytest.mark.parametrize(
    ("kind", "age", "moment", "expected"),
    [
        ("child", 4, "before_review", None),
        ("child", 5, "before_review", "before-my-review-5-7"),
        ("child", 7, "before_review", "before-my-review-5-7"),
        ("child", 8, "before_review", "before-my-review-8-11"),
        ("child", 11, "before_review", "before-my-review-8-11"),
        ("child", 12, "before_review", "before-my-review-12-17"),
        ("child", 17, "before_review", "before-my-review-12-17"),
        ("child", None, "before_review", None),
        ("care_leaver", 17, "before_review", "my-plan-16-25"),
        ("care_leaver", 25, "before_review", "my-plan-16-25"),
        ("carer", None, "home", "about-this-home-carer"),
        ("provider_staff", None, "home", "about-this-home-staff"),
        ("social_worker", None, "home", "about-this-home-worker"),
        ("parent", None, "before_review", "before-the-review-parent"),
        ("carer", None, "before_review", "before-the-review-carer"),
        ("other", None, "before_review", "anything-else-others"),
        ("child", 11, "home_move", "home-move-5-11"),
        ("child", 12, "home_move", "home-move-12-17"),
        ("care_leaver", 19, "home_move", "my-new-place"),
        ("provider_staff", None, "home_move", "home-move-carer"),
        ("social_worker", None, "home_move", "home-move-worker"),
        ("child", 8, "home_first", "first-weeks-5-11"),
        ("child", 15, "home_first", "first-weeks-12-17"),
        ("care_leaver", 18, "home_first", "my-own-place"),
        ("carer", None, "home_first", "about-this-home-carer"),
        ("child", 15, "home", None),
        ("child", 6, "home_ended", "home-ended-5-11"),
        ("care_leaver", 21, "home_ended", "home-ended-12-25"),
        ("carer", None, "home_ended", "home-ended-carer"),
        ("social_worker", None, "home_ended", "home-ended-worker"),
        ("child", 10, "anytime", "tell-us-anything-5-11"),
        ("care_leaver", 20, "keep_in_touch", "keep-in-touch"),
        ("child", 16, "keep_in_touch", None),
        ("child", 9, "next_home", "my-next-home-5-11"),
        ("social_worker", None, "observer", "how-i-show-you"),
        ("child", 3, "observer", None),
        ("parent", None, "home", None),
    ],
)
def test_each_person_is_given_the_form_for_their_age_and_moment(
    instruments: Mapping[str, Instrument],
    kind: str,
    age: int | None,
    moment: str,
    expected: str | None,
) -> None:
    found = instrument_for(instruments, kind=kind, age=age, moment=moment)
    assert (found.id if found else None) == expected


@pytest.mark.parametrize(
    ("kind", "age", "moment", "expected"),
    [
        ("child", 11, "before_review", ["before-my-review-8-11", "before-my-review-12-17",
         "before-my-review-5-7"]),
        ("child", 7, "before_review", ["before-my-review-5-7", "before-my-review-8-11",
         "before-my-review-12-17"]),
        ("child", 4, "before_review", ["before-my-review-5-7", "before-my-review-8-11",
         "before-my-review-12-17"]),
        ("child", None, "before_review", ["before-my-review-5-7", "before-my-review-8-11",
         "before-my-review-12-17"]),
        ("child", 13, "home_move", ["home-move-12-17", "home-move-5-11"]),
        ("care_leaver", 30, "anytime", ["tell-us-anything-12-25"]),
        ("carer", None, "observer", ["how-i-show-you"]),
        ("parent", None, "home", []),
    ],
)  # fmt: skip
def test_the_forms_to_choose_from_begin_with_the_one_for_the_age(
    instruments: Mapping[str, Instrument],
    kind: str,
    age: int | None,
    moment: str,
    expected: list[str],
) -> None:
    forms = forms_in_order(instruments, kind=kind, age=age, moment=moment)
    assert [form.id for form in forms] == expected


def test_a_form_about_a_home_has_at_most_six_questions_for_a_young_person(
    instruments: Mapping[str, Instrument],
) -> None:
    short = {"home_move", "home_first", "home_ended", "anytime", "keep_in_touch", "next_home"}
    for instrument in instruments.values():
        if not short.isdisjoint(instrument.moments) and instrument.character != "adult":
            assert 3 <= len(list(instrument.questions)) <= 6, instrument.id


@pytest.mark.parametrize(
    "name", ["about-this-home-worker", "home-move-worker", "home-ended-worker"]
)
def test_a_workers_form_is_eight_taps_and_when_they_last_saw_the_child_there_alone(
    instruments: Mapping[str, Instrument], name: str
) -> None:
    taps, last_seen = instruments[name].topics
    assert len(taps.questions) == 8
    assert {question.type for question in taps.questions} == {"choice"}
    assert [question.type for question in last_seen.questions] == ["choice", "date", "long_text"]


def test_each_way_of_keeping_in_touch_opens_only_what_it_needs(
    instruments: Mapping[str, Instrument],
) -> None:
    (topic,) = instruments["keep-in-touch"].topics
    opened = {
        tap: [one.id.split(".")[-1] for one in visible_questions(topic, {"k16.touch.how": tap})]
        for tap in ("ok", "ring_me", "new_number", "moved", "nobody_called")
    }
    assert opened == {
        "ok": ["how", "words"],
        "ring_me": ["how", "when", "words"],
        "new_number": ["how", "number", "words"],
        "moved": ["how", "place", "words"],
        "nobody_called": ["how", "when", "words"],
    }


def test_what_an_observer_writes_is_called_the_adults_reading(
    instruments: Mapping[str, Instrument],
) -> None:
    form = instruments["how-i-show-you"]
    assert "your reading" in form.words("en", names={"child": "Sunny"}).opening
    assert not {"child", "care_leaver"} & set(form.audience_kinds)
    assert not [one for one in form.questions if one.summary == "most_wanted"]


def test_instruments_are_read_once() -> None:
    assert load_instruments(SURVEYS) is load_instruments(SURVEYS)


def test_the_published_schema_is_the_one_that_the_code_reads_by() -> None:
    assert (SURVEYS / "schema.json").read_text("utf-8") == published_schema()


def test_a_worker_is_asked_eight_taps_that_the_child_and_the_carers_are_asked_too(
    instruments: Mapping[str, Instrument],
) -> None:
    taps = indicator_questions(instruments["about-this-home-worker"]).keys()
    assert len(taps) == 8
    for other in ("before-my-review-12-17", "about-this-home-carer", "about-this-home-staff"):
        assert taps <= indicator_questions(instruments[other]).keys()


def test_every_form_speaks_with_nothing_left_unnamed(
    instruments: Mapping[str, Instrument],
) -> None:
    for instrument in instruments.values():
        words = instrument.words("en")
        shown = [words.title, words.opening]
        shown += [words.topic(topic.id) for topic in instrument.topics]
        for question in instrument.questions:
            asked = words.question(question.id)
            shown += [
                asked.text,
                asked.read_aloud,
                asked.helper_note or "",
                asked.placeholder or "",
            ]
            shown += [words.option(question.id, option.id) for option in question.options]
        assert not [text for text in shown if "{" in text]


def test_names_are_filled_in_and_a_name_with_braces_stays_as_it_is(
    instruments: Mapping[str, Instrument],
) -> None:
    names = {"home": "Maria's house {iro} <b>"}
    words = instruments["before-my-review-12-17"].words("en", names=names)
    asked = words.question("r12.home.safe")
    assert asked.text == "Do you feel safe at Maria's house {iro} <b>?"
    assert asked.read_aloud == asked.text


def test_a_stand_in_for_a_name_opens_a_sentence_with_a_capital(
    instruments: Mapping[str, Instrument],
) -> None:
    assert instruments["before-my-review-12-17"].words("en").topic("worker") == "Your social worker"


def test_a_language_that_we_lack_is_shown_in_english(
    instruments: Mapping[str, Instrument],
) -> None:
    asked = instruments["before-my-review-8-11"].words("ti").question("r8.wanted.well")
    assert (asked.text, asked.language) == ("What is going well?", "en")


def test_what_was_not_done_is_asked_only_when_something_was_not_done(
    instruments: Mapping[str, Instrument],
) -> None:
    plan = instruments["before-my-review-12-17"].topic("plan")
    done = {"r12.plan.happened": "all_happened"}
    not_done = {"r12.plan.happened": "some_happened"}
    assert "r12.plan.missing" not in [one.id for one in visible_questions(plan, done)]
    assert "r12.plan.missing" not in [one.id for one in visible_questions(plan, {})]
    assert "r12.plan.missing" in [one.id for one in visible_questions(plan, not_done)]


def test_a_question_that_is_hidden_opens_no_other_and_values_count_as_their_options() -> None:
    options = [{"id": "bad", "value": 1}, {"id": "good", "value": 5}]
    asked = {"type": "choice", "symbol": "star", "options": options}
    topic = Topic.model_validate(
        {
            "id": "chain",
            "agenda": "wishes",
            "symbol": "star",
            "questions": [
                asked | {"id": "x.one"},
                asked | {"id": "x.two", "show_when": {"question": "x.one", "any_of": ["bad"]}},
                asked | {"id": "x.three", "show_when": {"question": "x.two", "any_of": ["bad"]}},
            ],
        }
    )
    assert len(visible_questions(topic, {"x.one": 1, "x.two": ["bad"]})) == 3
    assert len(visible_questions(topic, {"x.one": "good", "x.two": "bad"})) == 1


def test_questions_on_home_are_held_back_beside_somebody_who_lives_there(
    instruments: Mapping[str, Instrument],
) -> None:
    home = instruments["before-my-review-5-7"].topic("home")
    assert visible_questions(home, {}, is_helper_in_home=True) == []
    assert held_back_questions(home) == visible_questions(home, {})


def test_each_childs_review_form_has_one_answer_for_the_iro_alone(
    instruments: Mapping[str, Instrument],
) -> None:
    for instrument in instruments.values():
        private = [one for one in instrument.questions if one.visibility is Visibility.ONLY_IRO]
        is_review = "before_review" in instrument.moments
        assert len(private) == (1 if is_review and "child" in instrument.audience_kinds else 0)


def test_faces_run_from_worst_to_best(instruments: Mapping[str, Instrument]) -> None:
    asked = indicator_questions(instruments["before-my-review-8-11"])[Indicator.FEELS_SAFE]
    assert [(option.id, option.value) for option in asked.options] == [
        ("very_sad", 1),
        ("sad", 2),
        ("so_so", 3),
        ("happy", 4),
        ("very_happy", 5),
    ]


def test_a_folder_with_no_instruments_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InstrumentError, match="en.yaml"):
        load_instruments(tmp_path)
