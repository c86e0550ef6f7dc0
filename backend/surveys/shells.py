"""The screens that a phone keeps for when the signal goes: questions with nobody's name on them.

What lies on the phone holds no answer, no name and no word of the writer's own: the questions are
those that everybody is asked, with the words that stand in where a name is not known.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from zlib import compress

from fastapi import Request
from markupsafe import Markup
from sqlmodel import Session
from starlette.datastructures import MutableHeaders

from backend.core import guard
from backend.core.style_sheets import static_url
from backend.core.templates import render
from backend.core.translations import phrase
from backend.entry import service as entry
from backend.offline import service as offline
from backend.surveys import packs, service, topic_routes
from backend.surveys.instruments import Question, QuestionType, visible_questions
from backend.surveys.instruments.structure import FACES
from backend.surveys.pages import FormPage, TopicPage, drafts_of
from backend.surveys.queued import place_of

# What the questions may weigh on the wire, counted one by one, so that they weigh less together;
# with all the rest a phone fetches less than 150,000.
MOST_BYTES = 110_000
MAIN = re.compile(r'(<main id="main"[^>]*>)(.*)(</main>)', re.S)
FETCHED = re.compile(r'<(?:link rel="stylesheet"|script) [^>]*?(?:href|src)="(/static/[^"]+)"')
NUMBERS_ON_CARD = ("emergency", "duty", "night")
NOT_SAFE = "/me/not-safe"


@dataclass(frozen=True)
class Shell:
    """One screen: what stands between the bars, where back leads, and what opens it."""

    path: str
    main: str
    back: str
    onward: str
    asked: str = ""
    when: dict[str, Any] | None = None

    @property
    def kept(self) -> dict[str, Any]:
        """As the phone keeps it."""
        return {name: value for name, value in vars(self).items() if name != "path"}


def make_pack(request: Request, session: Session, page: FormPage) -> dict[str, Any]:
    """Everything that one visit's phone needs to go on without a signal, as JSON values."""
    words = plain(json.loads(text_of(request, "words")))
    drafts = [page.at(session, topic) for topic, _ in drafts_of(session, page)]
    frame = render(
        request,
        "offline/frame.html",
        character=page.form.character.value,
        help_card=lasting_help(request, page),
    )
    shells, files = question_shells(request, drafts, words, address=page.address)
    html, found = cut(bytes(frame.body).decode())
    settings = request.app.state.settings
    key = offline.sealing_key(settings.heard_data)
    headers = MutableHeaders()
    guard.add_headers(headers, frame.headers["Content-Security-Policy"])
    pages = [*shells, *other_shells(request, page, drafts, words)]
    return {
        "id": packs.pack_id(request, page, [draft.topic for draft in drafts]),
        "kid": key.kid,
        "point": key.public,
        "tickets": tickets_for(page, drafts),
        "frame": with_files(html, files - found),
        "headers": dict(headers.items()) | {"content-type": "text/html; charset=utf-8"},
        "files": sorted({*files, *found, static_url("js/offline.js")}),
        "pages": {shell.path: shell.kept for shell in pages},
        "words": words["status"],
        "idle_seconds": settings.heard_contributor_idle_minutes * 60,
        "leave_to": settings.heard_leave_to,
    }


def lasting_help(request: Request, page: FormPage) -> dict[str, Any]:
    """The card that every screen has, for screens that may be shown tomorrow: both of the council's
    numbers, and no hour at which somebody reads."""
    numbers = entry.numbers_for(page.identity, request.app.state.settings)
    return {
        "numbers": [number for number in numbers if number.id in NUMBERS_ON_CARD],
        "next": phrase("after it is sent, on a working day"),
    }


def plain(words: Any) -> Any:
    """Words as a script shows them: text, not HTML."""
    if isinstance(words, Mapping):
        return {name: plain(word) for name, word in words.items()}
    return Markup(words).striptags()  # noqa: S704  (only to take its marks away)


def tickets_for(page: FormPage, drafts: list[TopicPage]) -> dict[str, str]:
    """A ticket for each draft by its address, and one for what belongs to none."""
    me = page.identity
    made = {
        draft.topic_address: offline.make_ticket(
            me.contributor_id, me.session_id, **place_of(draft.topic)
        )
        for draft in drafts
    }
    return made | {NOT_SAFE: offline.make_ticket(me.contributor_id, me.session_id)}


def question_shells(
    request: Request, drafts: list[TopicPage], words: Mapping[str, Any], *, address: str
) -> tuple[list[Shell], set[str]]:
    """The question screens of the chosen topics, as many as fit, and the files they need."""
    shells: list[Shell] = []
    files: set[str] = set()
    left = MOST_BYTES
    for draft in drafts:
        for shell, needed in shells_of(request, neutral(draft, words), stands=draft):
            left -= len(compress(shell.main.encode()))
            if left < 0:
                return shells, files
            shells.append(shell)
            files |= needed
    return shells, files


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
    request: Request, page: TopicPage, *, stands: TopicPage
) -> Iterator[tuple[Shell, set[str]]]:
    """Each question that may be asked in a topic, numbered as it comes."""
    asked = may_be_asked(stands)
    for number, question in enumerate(asked, 1):
        answer = stands.answers.get(question.id)
        shown = replace(page.screen(question), revision=answer.revision if answer else 0)
        answered = topic_routes.question_page(request, page, number, shown=[shown])
        html, files = cut(bytes(answered.body).decode(), keep_main=True)
        before = f"{page.topic_address}/{number - 1}" if number > 1 else page.address
        is_last = number == len(asked)
        onward = f"{page.topic_address}/{'end' if is_last else number + 1}"
        path, when = f"{page.topic_address}/{number}", opened_by(page, question)
        yield Shell(path, html, before, onward, asked=question.id, when=when), files


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


def other_shells(
    request: Request, page: FormPage, drafts: list[TopicPage], words: Mapping[str, Any]
) -> Iterator[Shell]:
    """What stands around the questions: a topic's end, what comes next, help, not safe, leave."""
    topics = [
        {"title": draft.words.topic(draft.topic.topic_id), "href": f"{draft.topic_address}/1"}
        for draft in drafts
    ]
    numbers = entry.numbers_for(page.identity, request.app.state.settings)
    after = f"{page.address}/next"
    for draft, following in zip(drafts, [*topics[1:], {"href": after}], strict=True):
        end = text_of(request, "end", address=draft.topic_address)
        back = f"{draft.topic_address}/{max(1, len(may_be_asked(draft)))}"
        yield Shell(f"{draft.topic_address}/end", end, back, following["href"])
    yield Shell(after, text_of(request, "next", topics=topics), page.address, "")
    yield Shell("/me/help", text_of(request, "help", numbers=numbers), page.address, "")
    not_safe = text_of(request, "not_safe", numbers=numbers, onward=page.address)
    yield Shell(NOT_SAFE, not_safe, page.address, "")
    yield Shell("/me/leave", text_of(request, "leave"), "", "")
    yield Shell("*", text_of(request, "no_signal", topics=topics), "", "")


def text_of(request: Request, name: str, **values: Any) -> str:
    """One of our fragments, in the page's language."""
    return bytes(render(request, f"offline/{name}.html", **values).body).decode()


def cut(html: str, *, keep_main: bool = False) -> tuple[str, set[str]]:
    """A page's main part alone, or all around it; and the style sheets and scripts it asks for."""
    found = MAIN.search(html)
    if found is None:
        raise ValueError("A page of ours has no main part.")
    files = set(FETCHED.findall(html))
    if keep_main:
        return found.group(2).strip(), files
    return html[: found.end(1)] + "@main" + html[found.start(3) :], files


def with_files(frame: str, files: set[str]) -> str:
    """The frame asking for these files too."""
    tags = [
        f'<link rel="stylesheet" href="{path}">'
        if ".css" in path
        else f'<script src="{path}" defer></script>'
        for path in sorted(files)
    ]
    return frame.replace("</head>", "\n".join([*tags, "</head>"]), 1)
