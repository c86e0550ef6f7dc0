"""The forum of the past year: what young people posted, how many agreed, and who answered."""

from __future__ import annotations

from datetime import timedelta

from backend.demo.borough.draws import age_on, stream
from backend.demo.borough.records import Borough, PastPost, Person
from backend.demo.borough.words_files import forum_posts

AGES = {"under_18": (11, 17), "adult": (18, 25)}


def past_forum(borough: Borough) -> list[PastPost]:
    """All posts, oldest first; each author is of the space's age on the borough's today."""
    posts = []
    for index, (space, post) in enumerate(forum_posts()):
        authors = [one for one in borough.people if _may_post(one, borough, space)]
        posts.append(
            PastPost(
                space=space,
                author=stream(borough.seed, "post", index).choice(authors).child_id,
                kind=post["kind"],
                text=post["text"],
                posted_on=borough.today - timedelta(days=int(post["days_ago"])),
                votes=int(post["votes"]),
                answer=post.get("answer"),
                answered_by=post.get("answered_by"),
            )
        )
    return sorted(posts, key=lambda one: one.posted_on)


def _may_post(person: Person, borough: Borough, space: str) -> bool:
    low, high = AGES[space]
    is_of_age = low <= age_on(person.date_of_birth, borough.today) <= high
    return is_of_age and person.communication == "words" and not person.has_short_breaks
