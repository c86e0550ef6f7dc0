"""The one table of who may do what, and the one table of who reads what.

A manager can read it from top to bottom; tests hold both tables to the product's own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from backend.core.access import predicates as p
from backend.core.access.identity import ContributorIdentity, Identity, StaffIdentity
from backend.core.access.permissions import Kind, Permission, Role
from backend.core.access.predicates import Case, Part, Place, Reach, Words

Condition = Callable[[StaffIdentity, Case], bool]

ALL_STAFF = frozenset(Role)
CASE_HOLDERS = frozenset({Role.IRO, Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER})
READERS = CASE_HOLDERS | {Role.DUTY_READER, Role.MANAGER}
YOUNG_PEOPLE = frozenset({Kind.CHILD, Kind.CARE_LEAVER})
ALL_CONTRIBUTORS = frozenset(Kind)


@dataclass(frozen=True)
class Rule:
    """Which roles (and, for a given case, under which condition), or which contributors."""

    roles: frozenset[Role] = frozenset()
    where: Condition = p.always
    kinds: frozenset[Kind] = frozenset()
    needs_secret: bool = False


TABLE: dict[Permission, Rule] = {
    Permission.SEE_START: Rule(ALL_STAFF),
    Permission.SEE_REVIEWS: Rule(frozenset({Role.IRO})),
    Permission.READ_SUMMARY: Rule(frozenset({Role.IRO, Role.PERSONAL_ADVISER}), where=p.is_lead),
    Permission.SEE_REVIEW_DATES: Rule(CASE_HOLDERS, where=p.is_around),
    Permission.SET_REVIEW_DATES: Rule(
        frozenset({Role.IRO, Role.PERSONAL_ADVISER}), where=p.is_lead
    ),
    Permission.KEEP_CALENDAR: Rule(frozenset({Role.IRO})),
    # Whose children's counts: backend/annual/scopes.py.
    Permission.SEE_TIMELINESS: Rule(frozenset({Role.IRO, Role.MANAGER})),
    Permission.SEE_CASELOAD: Rule(frozenset({Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER})),
    Permission.ANSWER_HOME_TAPS: Rule(
        frozenset({Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER}), where=p.is_worker
    ),
    Permission.ANSWER_ABOUT_CHILD: Rule(CASE_HOLDERS, where=p.is_around),
    Permission.CHOOSE_FORM: Rule(CASE_HOLDERS, where=p.is_around),
    Permission.ADD_OTHER: Rule(frozenset({Role.IRO}), where=p.is_lead),
    Permission.DECIDE_PARENTS: Rule(CASE_HOLDERS, where=p.is_around),
    # With whom a child shared is SHARED below; this is who has such a page at all.
    Permission.READ_SHARED_WORDS: Rule(CASE_HOLDERS | {Role.MANAGER}),
    # Who may open a given submission is READS below; this is who has such a page at all.
    Permission.READ_SUBMISSION: Rule(READERS),
    Permission.SEE_READING_LIST: Rule(READERS),
    Permission.RAISE_CONCERN: Rule(READERS),
    Permission.SEE_DUTY_LIST: Rule(frozenset({Role.DUTY_READER})),
    # A manager does the duty where it is hidden from every duty reader, and nowhere else.
    Permission.HANDLE_CONCERN: Rule(frozenset({Role.DUTY_READER, Role.MANAGER})),
    Permission.SEE_ASKS: Rule(READERS | {Role.COMPLAINTS_MANAGER, Role.PARTICIPATION_OFFICER}),
    Permission.ANSWER_ASK: Rule(READERS | {Role.COMPLAINTS_MANAGER, Role.PARTICIPATION_OFFICER}),
    Permission.OPEN_DOOR: Rule(CASE_HOLDERS, where=p.is_around),
    Permission.PRINT_SHEET: Rule(
        CASE_HOLDERS | {Role.PARTICIPATION_OFFICER}, where=p.handles_paper
    ),
    Permission.TYPE_SHEET: Rule(CASE_HOLDERS | {Role.PARTICIPATION_OFFICER}, where=p.handles_paper),
    Permission.ASK_ALONE: Rule(CASE_HOLDERS, where=p.is_around),
    # Which texts, of those that they read: `may_code` below. All others a machine codes alone.
    Permission.CODE_TEXTS: Rule(CASE_HOLDERS, where=p.is_around),
    Permission.LEAD_CODING: Rule(frozenset({Role.MANAGER, Role.PARTICIPATION_OFFICER})),
    # Of the texts behind a group each sees those alone that CODE_TEXTS opens to them.
    Permission.SHAPE_CODEBOOK: Rule(CASE_HOLDERS | {Role.MANAGER, Role.PARTICIPATION_OFFICER}),
    Permission.READ_REPORT: Rule(frozenset({Role.MANAGER, Role.PARTICIPATION_OFFICER})),
    Permission.SEE_REACH: Rule(frozenset({Role.MANAGER, Role.PARTICIPATION_OFFICER})),
    Permission.SEE_UNHEARD: Rule(
        CASE_HOLDERS | {Role.MANAGER, Role.PARTICIPATION_OFFICER}, where=p.reaches_out
    ),
    # Only words that they may read, as READS below says; who lays reports together reads few.
    Permission.PROPOSE_QUOTE: Rule(CASE_HOLDERS | {Role.MANAGER, Role.PARTICIPATION_OFFICER}),
    Permission.MODERATE_FORUM: Rule(frozenset({Role.PARTICIPATION_OFFICER})),
    Permission.ANSWER_FORUM: Rule(frozenset({Role.MANAGER})),
    Permission.SEE_FORUM: Rule(frozenset({Role.PARTICIPATION_OFFICER, Role.MANAGER})),
    # Never their own wish: accounts/confirmations.py holds that.
    Permission.CONFIRM_ACCESS: Rule(frozenset({Role.MANAGER, Role.ADMINISTRATOR})),
    Permission.MANAGE_STAFF: Rule(frozenset({Role.ADMINISTRATOR})),
    Permission.RUN_IMPORTS: Rule(frozenset({Role.ADMINISTRATOR})),
    Permission.EXPORT_RETURN: Rule(frozenset({Role.ADMINISTRATOR})),
    Permission.SEE_OUTBOX: Rule(frozenset({Role.PARTICIPATION_OFFICER})),
    Permission.SETTLE_OUTBOX: Rule(frozenset({Role.PARTICIPATION_OFFICER})),
    Permission.CHOOSE_WAY: Rule(CASE_HOLDERS, where=p.is_around),
    Permission.SEE_AUDIT: Rule(frozenset({Role.ADMINISTRATOR})),
    Permission.SEE_COMPLAINTS: Rule(frozenset({Role.COMPLAINTS_MANAGER})),
    Permission.ANSWER: Rule(kinds=ALL_CONTRIBUTORS),
    Permission.CHOOSE_LOOK: Rule(kinds=ALL_CONTRIBUTORS),
    Permission.CHOOSE_OWN_WAY: Rule(kinds=YOUNG_PEOPLE, needs_secret=True),
    Permission.CHOOSE_OWN_WORDS: Rule(kinds=YOUNG_PEOPLE, needs_secret=True),
    Permission.READ_OWN_PAST: Rule(kinds=ALL_CONTRIBUTORS, needs_secret=True),
    Permission.DECIDE_QUOTE: Rule(kinds=ALL_CONTRIBUTORS, needs_secret=True),
    Permission.SET_SECRET: Rule(kinds=YOUNG_PEOPLE),
    Permission.SAY_NOT_SAFE: Rule(kinds=YOUNG_PEOPLE),
    Permission.KEEP_IN_TOUCH: Rule(kinds=frozenset({Kind.CARE_LEAVER})),
    Permission.KEEP_NEXT_HOME_WORDS: Rule(kinds=YOUNG_PEOPLE, needs_secret=True),
    Permission.MAKE_ASK: Rule(kinds=YOUNG_PEOPLE),
    Permission.TAKE_PART_IN_FORUM: Rule(kinds=YOUNG_PEOPLE, needs_secret=True),
}

# Who reads what, after it was sent (before that: nobody). The second column is added once a
# concern was raised about it. Whoever the writer hid it from never reads it, even then.
READS: dict[Reach, tuple[tuple[Condition, ...], tuple[Condition, ...]]] = {
    Reach.ASK_FIRST: ((p.is_lead, p.is_worker), (p.is_duty_reader,)),
    Reach.ONLY_IRO: ((p.is_lead,), (p.is_duty_reader,)),
    Reach.NOT_SAFE: ((p.is_lead, p.is_duty_reader), ()),
    Reach.ADULT_FORM: ((p.is_lead, p.is_worker), (p.is_duty_reader,)),
    Reach.WORKER_TAPS: ((p.is_lead, p.is_team_manager), ()),
    Reach.KEEP_IN_TOUCH: ((p.is_worker, p.is_team_manager), (p.is_duty_reader,)),
}

# Whose codes people confirm or correct; of these words each coder sees only what they are named
# as a reader of. The others are coded by machine alone: counted, never listed.
CODED_BY_PEOPLE = frozenset({Reach.ASK_FIRST, Reach.ADULT_FORM})

# Whom a child can name when sharing their words for their next home: nobody else reads them.
SHARED: dict[Part, Condition] = {
    Part.LEAD: p.is_lead,
    Part.WORKER: p.is_worker,
    Part.FINDS_HOMES: p.finds_homes,
}


def may_read_shared(identity: StaffIdentity, case: Case, parts: Iterable[Part]) -> bool:
    """Whether a member of staff is one of those with whom a child shared."""
    return any(SHARED[part](identity, case) for part in parts)


def may(identity: Identity | None, permission: Permission, case: Case | None = None) -> bool:
    """Whether the table allows it; with a case, its condition too."""
    rule = TABLE[permission]
    if isinstance(identity, StaffIdentity):
        return bool(rule.roles & identity.roles) and (case is None or rule.where(identity, case))
    if isinstance(identity, ContributorIdentity):
        # Adults who answer by link have no secret: their link or code alone is theirs.
        is_open = identity.is_known or not rule.needs_secret or not identity.is_young_person
        return identity.kind in rule.kinds and is_open
    return False


def hidden_now(named: Iterable[int], places: Iterable[Place], case: Case) -> frozenset[int]:
    """From whom words are hidden today.

    From whoever was named, for good; and from whoever has the place that they had, until the writer
    says otherwise: a change of worker or IRO lets nobody read what was hidden from the last one. A
    care leaver's personal adviser came after both.
    """
    holders = {Place.WORKER: case.worker_id, Place.IRO: case.iro_id}
    found = set(places)
    after = {holders[place] for place in found}
    if found and case.is_care_leaver:
        after.add(case.personal_adviser_id)
    return frozenset(named) | {one for one in after if one is not None}


def may_read(identity: StaffIdentity, words: Words) -> bool:
    """Whether this member of staff may read these words now."""
    if not words.is_sent or identity.staff_id in words.hidden_from:
        return False
    # Who stands in for somebody sees no more than they would.
    identity = replace(identity, stands_in_for=identity.stands_in_for - words.hidden_from)
    sent, raised = READS[words.reach]
    if any(condition(identity, words.case) for condition in sent):
        return True
    if not words.is_raised:
        return False
    return identity.staff_id in words.recorded_readers or any(
        condition(identity, words.case) for condition in raised
    )


def may_code(identity: StaffIdentity, words: Words) -> bool:
    """Whether this member of staff may see the codes of these words and decide them.

    Only whom the writer was told of before sending: that words were raised as worrying opens them
    to those who must act, and not for counting.
    """
    as_sent = replace(words, is_raised=False, recorded_readers=frozenset())
    return words.reach in CODED_BY_PEOPLE and may_read(identity, as_sent)
