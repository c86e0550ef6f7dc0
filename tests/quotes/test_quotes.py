"""Words are quoted exactly as agreed, for that use alone, and only with the writer's yes."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session

from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.core.access.predicates import Reach
from backend.core.access.requires import Denied
from backend.core.audit import AuditEvent
from backend.quotes import queries, service
from backend.quotes.models import Quote
from backend.quotes.uses import is_only_cut
from backend.safeguarding import service as safeguarding
from backend.surveys import queries as surveys
from backend.surveys import service as surveys_service
from backend.surveys.models import Answer
from tests.factories import make_staff
from tests.quotes.wishes import SAID, UNTIL, answer_of, ask, hear_others
from tests.safeguarding.cases import Around, make_case, send, stored

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def case(session: Session) -> Around:
    """A child, with enough other children heard that a group is no giveaway."""
    found = make_case(session)
    hear_others(session, 5)
    return found


def may_print(session: Session, viewer: StaffIdentity, quote: Quote) -> bool:
    try:
        service.print_quote(session, viewer, quote.id or 0)
    except Denied:
        return False
    return True


def test_nobody_prints_words_before_their_writer_says_yes(session: Session, case: Around) -> None:
    quote = ask(session, case, send(session, case, SAID))
    me = case.identity()
    assert not may_print(session, case.iro, quote)
    for decision in ("not_now", "maybe", ""):
        service.decide(session, me, quote.id or 0, decision=decision)
        assert not may_print(session, case.iro, quote)
    service.decide(session, me, quote.id or 0, decision="yes")
    assert may_print(session, case.iro, quote)
    printed = service.print_quote(session, case.manager, quote.id or 0)
    assert (printed.words, printed.place) == ("The dog … helps me", "Our report on homes")
    assert printed.by == "A child in care, 2026"


def test_a_yes_that_is_taken_back_stops_every_later_print(session: Session, case: Around) -> None:
    quote, me = ask(session, case, send(session, case, SAID)), case.identity()
    service.decide(session, me, quote.id or 0, decision="yes")
    service.take_back(session, me, quote.id or 0)
    assert not may_print(session, case.iro, quote)
    service.decide(session, me, quote.id or 0, decision="yes")
    assert queries.state_of(quote) == "taken_back"


def test_a_yes_ends_with_its_day(session: Session, case: Around, noon: datetime) -> None:
    quote = ask(session, case, send(session, case, SAID))
    service.decide(session, case.identity(), quote.id or 0, decision="yes")
    with clock.set_to(noon + (UNTIL - noon.date()) + timedelta(days=1)):
        assert not may_print(session, case.iro, quote)


def test_a_no_stands_and_is_not_asked_again(session: Session, case: Around) -> None:
    topic = send(session, case, SAID)
    quote = ask(session, case, topic)
    service.decide(session, case.identity(), quote.id or 0, decision="no")
    service.decide(session, case.identity(), quote.id or 0, decision="yes")
    assert not may_print(session, case.iro, quote)
    with pytest.raises(service.QuoteRefused) as refused:
        ask(session, case, topic)
    assert "That stands" in refused.value.errors["words"]


def test_a_writer_is_asked_one_thing_at_a_time(session: Session, case: Around) -> None:
    topic = send(session, case, SAID, "My sister rings me")
    ask(session, case, topic)
    with pytest.raises(service.QuoteRefused):
        ask(session, case, topic, place=1, words="My sister rings me")


def hide(**values: object) -> Callable[[Session, Around], int]:
    def send_it(session: Session, case: Around) -> int:
        topic = send(session, case, SAID)
        answer = session.get_one(Answer, answer_of(session, topic))
        for name, value in values.items():
            setattr(answer, name, value)
        session.flush()
        return topic

    return send_it


def raised(session: Session, case: Around) -> int:
    topic = send(session, case, SAID)
    safeguarding.raise_concern(session, case.iro, topic, why="He is afraid")
    return topic


def taken_back(session: Session, case: Around) -> int:
    topic = send(session, case, SAID)
    surveys_service.take_back_topic(session, topic)
    return topic


@pytest.mark.parametrize(
    "make",
    [
        lambda session, case: send(session, case, SAID, reach=Reach.ONLY_IRO),
        hide(reach="not_safe"),
        hide(hidden_from=[0]),
        hide(hidden_from_carers=True),
        hide(hidden_from_words="Uncle Ray"),
        raised,
        taken_back,
    ],
    ids=["only my IRO", "not safe", "hidden from one", "from carers", "from a name", "raised",
         "taken back"],
)  # fmt: skip
def test_what_was_kept_close_can_never_be_proposed(
    session: Session, case: Around, make: Callable[[Session, Around], int]
) -> None:
    topic = make(session, case)
    with pytest.raises(Denied):
        ask(session, case, topic)
    assert stored(session, Quote) == []


def test_who_may_not_read_the_words_can_not_ask_for_them(session: Session, case: Around) -> None:
    topic = send(session, case, SAID)
    others = [
        case.manager,
        case.duty,
        make_staff(session, Role.PARTICIPATION_OFFICER),
        make_staff(session, Role.IRO),
        make_staff(session, Role.ADMINISTRATOR),
    ]
    for viewer in others:
        with pytest.raises(Denied):
            ask(session, case, topic, viewer=viewer)


def test_what_is_raised_after_a_yes_is_printed_no_more(session: Session, case: Around) -> None:
    topic = send(session, case, SAID)
    quote = ask(session, case, topic)
    service.decide(session, case.identity(), quote.id or 0, decision="yes")
    assert may_print(session, case.manager, quote)
    safeguarding.raise_concern(session, case.iro, topic, why="On second thoughts")
    assert not may_print(session, case.manager, quote)


def test_a_topic_that_is_taken_back_takes_its_quotation_along(
    session: Session, case: Around
) -> None:
    topic = send(session, case, SAID)
    quote = ask(session, case, topic)
    service.decide(session, case.identity(), quote.id or 0, decision="yes")
    surveys_service.take_back_topic(session, topic)
    assert not may_print(session, case.iro, quote)


@pytest.mark.parametrize(("others", "is_printed"), [(4, False), (5, True)])
def test_words_of_one_among_fewer_than_six_are_not_printed(
    session: Session, others: int, is_printed: bool
) -> None:
    case = make_case(session)
    hear_others(session, others)
    quote = ask(session, case, send(session, case, SAID))
    service.decide(session, case.identity(), quote.id or 0, decision="yes")
    assert may_print(session, case.iro, quote) is is_printed


@pytest.mark.parametrize(("group", "printed"), [(None, 1), (5, 0), (6, 1)])
def test_a_report_prints_none_beside_a_table_of_fewer_than_six(
    session: Session, case: Around, group: int | None, printed: int
) -> None:
    quote = ask(session, case, send(session, case, SAID))
    service.decide(session, case.identity(), quote.id or 0, decision="yes")
    assert len(queries.printable_quotes(session, [quote], group=group)) == printed


def test_nobody_else_decides_and_nobody_without_the_secret(session: Session, case: Around) -> None:
    quote, other = ask(session, case, send(session, case, SAID)), make_case(session)
    later = (clock.now() + timedelta(hours=1)).isoformat()
    strangers = [
        other.identity(),
        case.identity(is_known=False),
        case.identity(session_id=7, reads_from=later),
    ]
    for who in strangers:
        assert queries.own_quotes(session, who) == []
        with pytest.raises(Denied):
            service.decide(session, who, quote.id or 0, decision="yes")
    assert queries.state_of(quote) == "waiting"


def test_only_who_asked_may_stop_asking(session: Session, case: Around) -> None:
    quote = ask(session, case, send(session, case, SAID))
    with pytest.raises(Denied):
        service.drop_quote(session, case.worker, quote.id or 0)
    service.drop_quote(session, case.iro, quote.id or 0)
    assert queries.own_quotes(session, case.identity()) == []
    with pytest.raises(Denied):
        service.decide(session, case.identity(), quote.id or 0, decision="yes")


@pytest.mark.parametrize(
    ("words", "is_cut"),
    [
        (SAID, True),
        ("The dog … helps me", True),
        ("the dog helps me", True),
        ("The dog at [my home] helps me", True),
        ("helps me the dog", False),
        ("The dog never helps me", False),
        ("The cat helps me", False),
        ("[Nothing of theirs]", False),
        ("", False),
    ],
)
def test_edited_words_are_cut_and_never_reworded(words: str, is_cut: bool) -> None:
    assert is_only_cut(words, SAID) is is_cut


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("words", {"words": "Something quite different"}),
        ("place", {"use": " "}),
        ("place", {"use": "x" * 121}),
        ("audience", {"audience": "the press"}),
        ("until", {"until": None}),
        ("until", {"until": date(2026, 11, 23)}),
        ("until", {"until": date(2028, 1, 1)}),
    ],
)
def test_a_wish_says_exactly_which_words_for_what_and_until_when(
    session: Session, case: Around, field: str, values: dict[str, object]
) -> None:
    topic = send(session, case, SAID)
    with pytest.raises(service.QuoteRefused) as refused:
        ask(session, case, topic, **values)  # type: ignore[arg-type]
    assert list(refused.value.errors) == [field]


def test_every_step_is_audited_without_a_word(session: Session, case: Around) -> None:
    quote = ask(session, case, send(session, case, SAID))
    service.decide(session, case.identity(), quote.id or 0, decision="yes")
    service.print_quote(session, case.iro, quote.id or 0)
    service.take_back(session, case.identity(), quote.id or 0)
    events = [one for one in stored(session, AuditEvent) if one.event.startswith("quote.")]
    assert [one.event for one in events] == [
        "quote.words_opened", "quote.proposed", "quote.decided", "quote.printed",
        "quote.taken_back",
    ]  # fmt: skip
    assert not [one for one in events if "dog" in str(one.details)]
    assert surveys.sent_topic(session, quote.topic_row_id) is not None
