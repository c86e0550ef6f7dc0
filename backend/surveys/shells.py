"""The screens of a form that a phone keeps for when the signal goes, with nobody's name on them.

What lies on the phone holds no answer, no name and no word of the writer's own: the questions are
those that everybody is asked, with the words that stand in where a name is not known.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from zlib import compress

from fastapi import Request
from sqlmodel import Session

from backend.offline import service as offline
from backend.surveys import packs, service, topic_routes
from backend.surveys.instruments import Question, QuestionType, visible_questions
from backend.surveys.instruments.structure import FACES
from backend.surveys.packing import (
    Screens,
    Shell,
    common_shells,
    common_tickets,
    cut,
    packed,
    text_of,
    words_of,
)
from backend.surveys.pages import FormPage, TopicPage, drafts_of
from backend.surveys.queued import place_of

# What the questions may weigh on the wire, counted one by one, so that they weigh less together;
# with all the rest a phone fetches less than 150,000.
MOST_BYTES = 110_000


def make_pack(request: Request, session: Session, page: FormPage) -> dict[str, Any]:
    """Everything that one visit's phone needs to go on with a form without a signal."""
    words = words_of(request)
    drafts = [page.at(session, topic) for topic, _ in drafts_of(session, page)]
    shells, files = question_shells(request, drafts, words)
    shown = Screens(
        shells=[*shells, *other_shells(request, page, drafts)],
        files=files,
        tickets=tickets_for(page, drafts),
        character=page.form.character.value,
    )
    mark = packs.pack_id(request, page, [draft.topic for draft in drafts])
    return packed(request, session, page.identity, mark=mark, shown=shown)


def tickets_for(page: FormPage, drafts: list[TopicPage]) -> dict[str, str]:
    """A ticket for each draft by its address, one for the whole of an adult's form, and one for
    what belongs to none."""
    me = page.identity
    made = {
        draft.topic_address: offline.make_ticket(
            me.contributor_id, me.session_id, **place_of(draft.topic)
        )
        for draft in drafts
    }
    if not page.around.is_own:
        made[f"{page.address}/send"] = offline.make_ticket(
            me.contributor_id, me.session_id, response=page.response.id
        )
    return made | common_tickets(me)


def question_shells(
    request: Request, drafts: list[TopicPage], words: Mapping[str, Any]
) -> tuple[list[Shell], set[str]]:
    """The question screens of the chosen topics, as many as fit, and the files they need."""
    shells: list[Shell] = []
    files: set[str] = set()
    left = MOST_BYTES
    for draft, following in zip(drafts, [*drafts[1:], None], strict=True):
        page = neutral(draft, words)
        onward = after_draft(page, following)
        if topic_routes.is_one_each(request, page):
            found = shells_of(request, page, stands=draft, onward=onward)
        else:
            found = iter([whole_shell(request, page, stands=draft, onward=onward)])
        for shell, needed in found:
            left -= len(compress(shell.main.encode()))
            if left < 0:
                return shells, files
            shells.append(shell)
            files |= needed
    return shells, files


def after_draft(page: TopicPage, following: TopicPage | None) -> str:
    """What comes after a topic: its end; for an adult the next one, and then the form's end."""
    if page.around.is_own:
        return f"{page.topic_address}/end"
    return f"{following.topic_address}/1" if following else f"{page.address}/send"


def neutral(page: TopicPage, words: Mapping[str, Any]) -> TopicPage:
    """The same page without an answer and with nobody's name: only who they are to the writer."""
    around = page.around
    hearers = [{"value": key, "text": words["hearers"][key]} for key in around.hearers]
    around = replace(
        around,
        lead="",
        worker=words["worker"] if around.worker else "",
        meeting_on=None,
        names={},
        named_hearers=hearers,
    )
    return replace(page, around=around, answers={}, own_people=())


def shells_of(
    request: Request, page: TopicPage, *, stands: TopicPage, onward: str
) -> Iterator[tuple[Shell, set[str]]]:
    """Each question that may be asked in a topic, numbered as it comes."""
    asked = may_be_asked(stands)
    for number, question in enumerate(asked, 1):
        answer = stands.answers.get(question.id)
        shown = replace(page.screen(question), revision=answer.revision if answer else 0)
        after = onward if number == len(asked) else f"{page.topic_address}/{number + 1}"
        answered = topic_routes.question_page(request, page, number, shown=[shown], skip_url=after)
        html, files = cut(bytes(answered.body).decode(), keep_main=True)
        before = f"{page.topic_address}/{number - 1}" if number > 1 else page.address
        path, when = f"{page.topic_address}/{number}", opened_by(page, question)
        yield Shell(path, html, before, after, asked=question.id, when=when), files


def whole_shell(
    request: Request, page: TopicPage, *, stands: TopicPage, onward: str
) -> tuple[Shell, set[str]]:
    """An adult's topic, which is one page, with all that may be asked in it."""
    asked = may_be_asked(stands)
    revisions = {key: answer.revision for key, answer in stands.answers.items()}
    shown = [
        replace(page.screen(question), revision=revisions.get(question.id, 0)) for question in asked
    ]
    answered = topic_routes.question_page(request, page, 1, shown=shown, skip_url=onward)
    html, files = cut(bytes(answered.body).decode(), keep_main=True)
    first = asked[0].id if asked else ""
    return Shell(f"{page.topic_address}/1", html, page.address, onward, asked=first), files


def may_be_asked(page: TopicPage) -> list[Question]:
    """The questions that are open, and those that a later answer can still open."""
    topic = page.form.topic(page.topic.topic_id)
    in_home = service.is_in_home(page.sitting)
    values = {key: answer.value for key, answer in page.answers.items()}
    shown = {one.id for one in visible_questions(topic, values, is_helper_in_home=in_home)}
    return [
        one
        for one in topic.questions
        if one.id in shown
        or (
            one.show_when is not None
            and one.show_when.question not in values
            and not (in_home and one.held_back_when_helper_in_home)
        )
    ]


def opened_by(page: TopicPage, question: Question) -> dict[str, Any] | None:
    """The field of an earlier question and the marks in it that open this one."""
    if question.show_when is None:
        return None
    topic = page.form.topic(page.topic.topic_id)
    opener = next(one for one in topic.questions if one.id == question.show_when.question)
    marks = list(question.show_when.any_of)
    if opener.type is QuestionType.FACES:
        marks = [str(FACES.index(mark) + 1) for mark in marks]
    return {"field": page.name_of(opener), "any_of": marks}


def other_shells(request: Request, page: FormPage, drafts: list[TopicPage]) -> Iterator[Shell]:
    """What stands around the questions: a topic's end (the whole form's, for an adult), what comes
    next, and what every pack has."""
    topics = [
        {"title": draft.words.topic(draft.topic.topic_id), "href": f"{draft.topic_address}/1"}
        for draft in drafts
    ]
    after = f"{page.address}/next"
    if not page.around.is_own:
        whole = f"{page.address}/send"
        end = text_of(request, "end", action=whole, is_own=False)
        yield Shell(whole, end, topics[-1]["href"] if topics else page.address, after)
        drafts = []
    for draft, following in zip(drafts, [*topics[1:], {"href": after}], strict=False):
        end = text_of(request, "end", action=f"{draft.topic_address}/end", is_own=True)
        back = f"{draft.topic_address}/{max(1, len(may_be_asked(draft)))}"
        yield Shell(f"{draft.topic_address}/end", end, back, following["href"])
    yield Shell(after, text_of(request, "next", topics=topics), page.address, "")
    yield from common_shells(request, page.identity, topics, home=page.address)
