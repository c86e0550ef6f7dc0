"""Puts the rows that a return leaves out into groups: one for each reason, with what to do."""

from dataclasses import dataclass

from backend.exports.return_rows import RULES, ReviewRow, ReviewsReturn

NOTHING = "Nothing to do"
REMEDIES = {
    "child": "Enter the number in the case system. The next weekly extract brings it.",
    "child_twice": "Look up which date of birth is right, and put the other one right.",
    "102": "Enter the date of birth in the case system.",
    "other_birth": "Look up which date of birth is right, and put the other one right.",
    "birth_in_future": "Put the date of birth right in the case system.",
    "before_birth": "Put the date of the review or of the birth right in the case system.",
    "over_18": f"{NOTHING}: a review after 18 is of the pathway plan, and in no return.",
    "167": "The IRO confirms the code in Heard; of a past return, enter it in the case system.",
    "399": f"{NOTHING}: reviews of short breaks are in no return.",
    "440": "From four on it is PN1 to PN7. Put the code or the date of birth right.",
    "441": "Under four it is PN0. Put the code or the date of birth right.",
    "in_future": "Put the date right, or wait until the review was held.",
    "review_after_year_end": "It belongs into the next return. If the date is wrong, put it right.",
    "near_another": "Ask the IRO which code is right, and put it right in the case system.",
    "review_twice": f"{NOTHING}: it goes once.",
    "review_conflicting": "Ask the IRO which code is right, and take the other one out.",
}


@dataclass(frozen=True, slots=True)
class LeftOutGroup:
    """The rows that one rule leaves out; a row that breaks two stands in both groups."""

    rule: str
    reason: str
    remedy: str
    rows: tuple[ReviewRow, ...]

    @property
    def is_right(self) -> bool:
        """Whether these are left out rightly, so that nobody has anything to do."""
        return self.remedy.startswith(NOTHING)

    @property
    def check(self) -> str:
        """The number of the published check, where it is one; Heard's own have none."""
        return self.rule if self.rule.isdigit() else ""


def groups_of(found: ReviewsReturn) -> list[LeftOutGroup]:
    """What was left out by reason: what somebody must mend first, the most rows first."""
    by_rule = {
        rule: tuple(one.row for one in found.left_out if rule in one.rules) for rule in RULES
    }
    groups = [
        LeftOutGroup(rule, RULES[rule], REMEDIES[rule], rows)
        for rule, rows in by_rule.items()
        if rows
    ]
    return sorted(groups, key=lambda one: (one.is_right, -len(one.rows)))
