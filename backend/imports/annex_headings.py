"""What the columns of Annex A's List 8 and List 9 are called: by Ofsted, and by councils.

Names stand as `annex_columns.heading` leaves them: lower case, one space between words, no signs,
no apostrophes. A name of a second list counts only where none of the first was found.
"""

import re
from collections.abc import Mapping

Names = dict[str, re.Pattern[str]]
CHILDREN, LEAVERS = "List 8", "List 9"
WHO = "(the |this )?(child|young person|care leaver)"
LAST = "(latest|last|most recent)"


def _compiled(*patterns: Mapping[str, str]) -> Names:
    return {key: re.compile(text) for one in patterns for key, text in one.items()}


_COMMON = {
    "child_id": r"child unique (id|identifier)( .*)?",
    "date_of_birth": r"(childs? )?date of birth( or expected .*)?",
    "gender": r"gender|sex",
    "ethnicity": r"ethnicity",
    "is_unaccompanied": r"unaccompanied asylum seek.*|uasc.*",
    "is_disabled": rf"(does {WHO} have an? )?disability( .*)?",
}
_COMMON_LOOSE = {
    "child_id": (
        r"(unique )?((childs?|children|person|client|case|system|care leaver|young persons?) )?"
        r"(unique )?(id|identifier|reference|ref)( number| no| code)?|child(s number)?|child no"
    ),
    "date_of_birth": r"(childs? )?(date of birth|dob|d o b|do b|birth ?date)(?! .*parent)( .*)?",
    "gender": r"(childs? )?(gender|sex)( at birth| code| description)*",
    "ethnicity": r"(childs? )?(ethnicity|ethnic (group|origin|background))( .*)?",
    "is_unaccompanied": r"(is |was )?(the )?(child )?(an? )?(former )?(unaccompanied|uasc)( .*)?",
    "is_disabled": (
        rf"(is |has |does )?({WHO} )?(have |has )?(an? )?"
        r"(disabled|disabilit(y|ies)|(childs )?disability( .*)?)( .*)?"
    ),
}
_CHILDREN = {
    "became_looked_after_on": r"date (child )?(started to be|became) looked after( .*)?",
    "legal_status": r"(childs )?(current )?legal status",
    "latest_review": r"date of latest statutory review( .*)?",
    "placement_type": r"placement type",
    "placement_start": r"start date of (most recent|current) placement( .*)?",
    "ceased_on": r"date ceased to be looked after( .*)?",
}
_CHILDREN_LOOSE = {
    "became_looked_after_on": (
        r"(date |start(ed)? |became |when |childs? |to be |being )*looked after"
        r"( start(ed)?| from| since| date)+|(date )?(child )?(started|became) (to be )?"
        r"(being )?(looked after|lac|cla|in care)( .*)?|date (started|came) (into|in) care|"
        r"(lac|cla|cic|care|period of care) (start(ed)?|since|from|episode start)( date)?|"
        rf"(start date|date of start) of ({LAST} |current )?(period of care|care episode)( .*)?"
    ),
    "legal_status": rf"(childs? )?(current |{LAST} )?legal (status|basis)( code| description)?",
    "latest_review": (
        rf"(date )?(of )?(the )?(childs? )?{LAST} "
        r"((statutory|looked after|child|lac|cla|cic|iro) )*review( meeting)?( held)?( date)?|"
        r"(statutory|lac|cla|cic) review date|"
        rf"(date )?(of )?(statutory|lac|cla|cic) review {LAST}"
    ),
    "placement_type": rf"(childs? )?(current |{LAST} )?(type of placement|placement type)( .*)?",
    "placement_start": (
        rf"(start )?(date )?(of )?(the )?(childs? )?((current|{LAST}) )?placement "
        r"(start(ed)?|began)( date)?|"
        rf"(start )?date (of )?(start of )?(the )?(childs? )?(current|{LAST}) placement( .*)?"
    ),
    "ceased_on": (
        r"(?!.*reason)(date (of )?(child )?(ceas(ed|ing)|stopped|left)|"
        r"(looked after|lac|cla|cic|care|ceased) (end|ceased|looked after)) ?"
        r"(to be |being )?(looked after|lac|cla|cic|care)?( date)?"
    ),
}
_LEAVERS = {
    "eligibility": r"eligibility category( .*)?",
    "latest_review": r"latest pathway plan review date( .*)?",
}
_LEAVERS_LOOSE = {
    "eligibility": r"((care leaver|leaving care) )?(eligibility|entitlement)( .*)?",
    "latest_review": (
        rf"(?=.*review)((date )?(of )?(the )?{LAST} (review of )?(the )?pathway plan( review)?"
        rf"( held)?( date)?|(date )?(of )?pathway plan ({LAST} )?review(ed)?( date)?)|"
        r"(plan )?review date"
    ),
    # These two are not read: they only tell that a sheet is List 9.
    "in_touch": r"(is )?(the )?(la |local authority |authority )?in touch( .*)?",
    "accommodation": r"(type|suitability) of accommodation( .*)?|accommodation .*(type|suitab.*)",
}
NAMES: dict[str, Names] = {
    CHILDREN: _compiled(_COMMON, _CHILDREN),
    LEAVERS: _compiled(_COMMON, _LEAVERS),
}
LOOSE: dict[str, Names] = {
    CHILDREN: _compiled(_COMMON_LOOSE, _CHILDREN_LOOSE),
    LEAVERS: _compiled(_COMMON_LOOSE, _LEAVERS_LOOSE),
}
# What tells one list from the other nine, which have children and births too.
MARKS = {
    CHILDREN: ("became_looked_after_on", "legal_status", "latest_review", "placement_start"),
    LEAVERS: ("eligibility", "latest_review", "in_touch", "accommodation"),
}
MARKS_NEEDED = {CHILDREN: 2, LEAVERS: 2}
# What is read of each list; of these a file that lacks one is told.
READ = {
    CHILDREN: (
        "child_id",
        "date_of_birth",
        "gender",
        "ethnicity",
        "is_unaccompanied",
        "is_disabled",
        "became_looked_after_on",
        "legal_status",
        "latest_review",
        "placement_type",
        "placement_start",
        "ceased_on",
    ),
    LEAVERS: (
        "child_id",
        "date_of_birth",
        "gender",
        "ethnicity",
        "is_unaccompanied",
        "is_disabled",
        "latest_review",
    ),
}
