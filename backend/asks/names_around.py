"""Names of other children that the writer of an answer knows: those of the same home or worker."""

from sqlmodel import Session

from backend.people import queries as people
from backend.placements import queries as placements

SHORTEST = 2  # a name of one letter would be found everywhere


def names_around(session: Session, person_id: int) -> list[str]:
    """First names of the other children who live in the same home or have the same worker. Nobody
    else's: a hint must not tell that a child of that name is in care."""
    child = people.person(session, person_id)
    if child is None:
        return []
    home = placements.home_of(session, person_id)
    housemates = set(placements.residents(session, home.id or 0)) if home else set()
    worker = child.worker_id or child.personal_adviser_id
    everybody = [one for one in people.living(session) if one.id != person_id]
    by_worker = {
        one.id for one in everybody if worker and worker in (one.worker_id, one.personal_adviser_id)
    }
    others = [one for one in everybody if one.id in housemates or one.id in by_worker]
    own = {part.casefold() for part in child.known_as.split()}
    firsts = (one.known_as.split()[0] for one in others if one.known_as.split())
    return sorted({name for name in firsts if len(name) >= SHORTEST and name.casefold() not in own})
