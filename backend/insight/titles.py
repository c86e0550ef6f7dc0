"""What a report calls its sides, kinds of home and shared questions."""

from backend.insight import count_sheets as counts

SOURCES = {
    counts.YOUNG: "Young people",
    counts.CARERS: "Carers",
    counts.STAFF: "Provider's staff",
    counts.WORKERS: "Social workers and PAs",
    counts.PARENTS: "Parents",
}
# The young person and another side, of the same person.
PAIRS = {
    counts.CARERS: "young person and carer",
    counts.STAFF: "young person and provider's staff",
    counts.WORKERS: "young person and social worker",
}
KINDS = {
    "in_house_fostering": "Fostering, the council's own",
    "agency_fostering": "Fostering, agency",
    "kinship": "Kinship fostering",
    "residential": "Residential homes and schools",
    "supported": "Supported accommodation",
    counts.WITH_PARENTS: "With parents",
    counts.OWN_PLACE: "Own place",
    counts.OTHER: "Other, or home not known",
}
INDICATORS = {
    "feels_safe": "Feels safe",
    "settled": "Feels settled",
    "carers_listen": "Carers listen",
    "carers_kind": "Carers are kind",
    "likes_room": "Likes the room",
    "sees_family_enough": "Sees family enough",
    "has_trusted_adult": "Has an adult to turn to",
    "gets_help": "Gets the help needed",
    "worker_trust": "Trusts the worker",
    "has_a_say": "Has a say",
    "knew_enough": "Told enough before the move",
    "made_welcome": "Made welcome",
    "ended_well": "Ended well",
    "was_safe": "Felt safe, looking back",
}
VIEWS = {"positive": "good", "negative": "bad", "mixed": "both or neither"}
