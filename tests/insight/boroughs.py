"""Invented boroughs as plain values, small or of a real size, the same for the same seed."""

from random import Random  # noqa: TID251 (seeded)

from backend.insight.count_sheets import KINDS, KINDS_OF, SOURCES, Dweller, Side

THEMES = (
    "home", "carers", "safety", "family_time", "friends", "worker", "having_a_say",
    "knowing_why", "education", "health", "feelings", "fun", "identity", "moving", "money",
    "independence", "housing", "immigration", "phone", "distance", "support",
)  # fmt: skip
INDICATORS = (
    "feels_safe", "settled", "carers_listen", "carers_kind", "likes_room",
    "sees_family_enough", "worker_trust", "has_trusted_adult", "gets_help", "has_a_say",
)  # fmt: skip
WEIGHTS = (37, 40, 30, 25, 50, 10, 170, 13)


def draw_dwellers(chance: Random, people: int, *, providers: int = 20) -> list[Dweller]:
    """People over kinds of home and providers as unevenly as in life."""
    dwellers = []
    for person in range(1, people + 1):
        kind = chance.choices(KINDS, weights=WEIGHTS)[0]
        number = min(int(chance.expovariate(0.4)), providers - 1)
        has_provider = kind in ("agency_fostering", "residential", "supported")
        dwellers.append(Dweller(person, kind, number if has_provider else None))
    return dwellers


def draw_sides(
    chance: Random,
    dwellers: list[Dweller],
    *,
    themes: tuple[str, ...] = THEMES,
    indicators: tuple[str, ...] = INDICATORS,
    share: float = 0.5,
) -> list[Side]:
    """What each side said, of about this share of people."""
    sides = []
    for one in dwellers:
        for source in SOURCES:
            if one.kind not in KINDS_OF[source] or chance.random() > share:
                continue
            said = chance.sample(themes, k=min(len(themes), chance.randint(0, 4)))
            views = {
                theme: frozenset(chance.choices(("positive", "negative", "mixed"), k=1))
                for theme in said
            }
            scores = {name: chance.randint(1, 5) for name in indicators if chance.random() < 0.7}
            sides.append(Side(one.person, source, views, scores))
    return sides
