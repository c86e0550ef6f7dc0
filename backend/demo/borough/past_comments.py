"""A year of past feedback on the borough: in what words, with which faces, and what came of it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from backend.demo.borough.draws import Chance, stream
from backend.demo.borough.occasions import Occasion, find_occasions
from backend.demo.borough.records import Borough, PastComment
from backend.demo.borough.stories import Story
from backend.demo.borough.words_files import Saying, sayings, worries

INDICATORS = {
    "home": ("settled", "likes_room", "feels_safe"),
    "carers": ("carers_listen", "carers_kind"),
    "safety": ("feels_safe",),
    "feelings": ("has_trusted_adult",),
    "family": ("sees_family_enough",),
    "worker": ("worker_trust",),
    "plan": ("has_a_say",),
    "meeting": ("has_a_say",),
    "school": ("gets_help",),
    "health": ("gets_help",),
    "money": ("gets_help",),
    "moving_on": ("gets_help",),
}
HOME_TOPICS = ("home", "carers", "safety")
# What an adult says of a home by tapping, whatever words come with it.
TAPS = {
    "social_worker": (
        "feels_safe",
        "settled",
        "carers_listen",
        "carers_kind",
        "likes_room",
        "sees_family_enough",
        "gets_help",
        "has_a_say",
    ),
    "carer": ("feels_safe", "settled", "carers_listen", "likes_room", "gets_help"),
    "provider_staff": ("feels_safe", "settled", "carers_listen", "likes_room", "gets_help"),
    "parent": ("feels_safe", "settled", "sees_family_enough"),
}
# Topics at a time, from and to.
TOPICS = {
    "child_5_10": (2, 3),
    "child_11_17": (2, 3),
    "care_leaver": (1, 2),
    "carer": (1, 2),
    "provider_staff": (1, 2),
    "parent": (1, 2),
    "social_worker": (1, 1),
}
AUTHORS = {"child_5_10": "child", "child_11_17": "child"}
CLOSENESS = (6.0, 2.0, 0.3, 0.04, 0.01)
GENERAL_MOODS = (12, 26, 18, 25, 19)
ONLY_IRO_SHARE = 0.12
# How often where I live comes first.
HOME_FIRST = 0.65
ANSWERED_AFTER = timedelta(days=14)
ASKED_WHETHER_AFTER = timedelta(days=45)


def past_year(borough: Borough) -> list[PastComment]:
    """All comments of the 365 days before the borough's today, oldest first."""
    occasions = find_occasions(borough)
    telling = _Telling(borough)
    for occasion in occasions:
        telling.tell(occasion)
    for worry in worries("worrying") + worries("harmless"):
        telling.tell_worry(worry, occasions)
    return sorted(telling.comments, key=lambda one: (one.given_on, one.person_ref, one.text))


class _Telling:
    """Chooses words for occasions so that nobody repeats a text and few texts come up often."""

    def __init__(self, borough: Borough) -> None:
        self.borough = borough
        self.comments: list[PastComment] = []
        self._uses: Counter[str] = Counter()
        self._said: set[tuple[str, str]] = set()

    def tell(self, occasion: Occasion) -> None:
        """Adds the comments of one occasion, a topic each."""
        person, audience = occasion.person, occasion.audience
        chance = stream(self.borough.seed, "words", person.child_id, audience, occasion.given_on)
        fitting = [one for one in sayings(audience) if self._may_say(one, occasion)]
        for index, topic in enumerate(_draw_topics(chance, audience, fitting)):
            level = occasion.story.level(audience)
            if topic not in HOME_TOPICS:
                level = chance.choices((1, 2, 3, 4, 5), weights=GENERAL_MOODS)[0]
            choices = [one for one in fitting if one.topic == topic]
            weights = [self._weight(one, level, occasion) for one in choices]
            saying = chance.choices(choices, weights=weights)[0]
            taps = TAPS.get(audience, ()) if index == 0 else ()
            self._add(chance, occasion, saying, _draw_faces(chance, saying, taps, occasion.story))

    def tell_worry(self, worry: Saying, occasions: list[Occasion]) -> None:
        """Adds one of the alarming texts to an occasion that it suits; told once, or never."""
        chance = stream(self.borough.seed, "worry", worry.text)
        fitting = [one for one in occasions if _is_about(worry, one)]
        if fitting:
            self._add(chance, chance.choice(fitting), worry, {})

    def _may_say(self, saying: Saying, occasion: Occasion) -> bool:
        has_said = any((voice, saying.text) in self._said for voice in _voices(occasion))
        return not has_said and _is_about(saying, occasion)

    def _weight(self, saying: Saying, level: float, occasion: Occasion) -> float:
        gap = abs(saying.mood - round(level))
        is_own_voice = saying.who == "uasc" and occasion.person.is_unaccompanied
        return CLOSENESS[gap] * (4 if is_own_voice else 1) / (1 + self._uses[saying.text]) ** 2

    def _add(
        self, chance: Chance, occasion: Occasion, saying: Saying, faces: dict[str, int]
    ) -> None:
        self._uses[saying.text] += 1
        self._said |= {(voice, saying.text) for voice in _voices(occasion)}
        answer, happened = self._draw_outcome(chance, occasion, saying)
        is_child = occasion.audience in AUTHORS
        is_private = is_child and chance.random() < ONLY_IRO_SHARE
        self.comments.append(
            PastComment(
                person_ref=occasion.person.child_id,
                audience=occasion.audience,
                author_kind=AUTHORS.get(occasion.audience, occasion.audience),
                topic=saying.topic,
                question_id=f"{saying.topic}.words",
                text=saying.text,
                given_on=occasion.given_on,
                faces=faces,
                visibility="only_iro" if is_private else "ask_first",
                ask=saying.ask,
                answer=answer,
                happened=happened,
            )
        )

    def _draw_outcome(
        self, chance: Chance, occasion: Occasion, saying: Saying
    ) -> tuple[str | None, bool | None]:
        """The answer, if the ask is old enough to have one, and whether it happened, if known."""
        ago = self.borough.today - occasion.given_on
        if saying.answer is None or ago < ANSWERED_AFTER or chance.random() > 0.85:
            return None, None
        happened = chance.choices((True, False, None), weights=(60, 20, 20))[0]
        return saying.answer, happened if ago >= ASKED_WHETHER_AFTER else None


def _voices(occasion: Occasion) -> tuple[str, ...]:
    """Who must not repeat themselves: one person's speakers, and one side of a home."""
    about_person = f"{occasion.audience} {occasion.person.child_id}"
    if occasion.audience not in TAPS:
        return (about_person,)
    return (about_person, f"{occasion.audience} {occasion.home.home_id}")


def _is_about(saying: Saying, occasion: Occasion) -> bool:
    is_theirs = saying.audience == occasion.audience
    return is_theirs and saying.suits(occasion.person, age=occasion.age, kind=occasion.home.kind)


def _draw_topics(chance: Chance, audience: str, fitting: list[Saying]) -> list[str]:
    """Topics for one occasion: often where I live first, the others by how much there is to say."""
    counts = Counter(one.topic for one in fitting)
    low, high = TOPICS[audience]
    topics: list[str] = []
    first = [topic for topic in ("home", "home", "carers") if counts[topic]]
    if first and chance.random() < HOME_FIRST:
        topics.append(chance.choice(first))
    for _ in range(chance.randint(low, high) - len(topics)):
        left = {topic: count for topic, count in counts.items() if topic not in topics}
        if left:
            topics.append(chance.choices(list(left), weights=list(left.values()))[0])
    return topics


def _draw_faces(
    chance: Chance, saying: Saying, taps: tuple[str, ...], story: Story
) -> dict[str, int]:
    """Faces on the topic's indicators; on the home they follow its story, else the text's mood."""
    if taps:
        return {tap: _face(chance, story.level(saying.audience)) for tap in taps}
    if saying.audience in TAPS:
        return {}
    level = story.child if saying.topic in HOME_TOPICS else saying.mood
    return {name: _face(chance, level) for name in INDICATORS.get(saying.topic, ())}


def _face(chance: Chance, level: float) -> int:
    return max(1, min(5, round(level + chance.gauss(0, 0.45))))
