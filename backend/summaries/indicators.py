"""What is asked of all sides alike, as the page before a review names it."""

INDICATORS = {
    "settled": "Settled here",
    "feels_safe": "Feels safe here",
    "carers_kind": "Carers are kind",
    "carers_listen": "Carers listen",
    "likes_room": "Likes their room",
    "sees_family_enough": "Sees family enough",
    "has_trusted_adult": "Has a trusted adult",
    "gets_help": "Gets help when needed",
    "worker_trust": "Trusts their worker",
    "has_a_say": "Has a say",
    "knew_enough": "Told enough before the move",
    "made_welcome": "Was made welcome",
    "ended_well": "The ending went well",
    "was_safe": "Felt safe, looking back",
}
