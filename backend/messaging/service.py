"""How messages go out: what the application and other features may call."""

from backend.messaging.channels import Outcome, Result, is_notify_key
from backend.messaging.choices import choose_way, say_not_me
from backend.messaging.invitations import invite, is_digest_day, remind
from backend.messaging.providers import provider_of
from backend.messaging.settling import hand_over, post_letters, print_letters, settle
from backend.messaging.trials import Trial, try_channel
from backend.messaging.writing import write

__all__ = [
    "Outcome",
    "Result",
    "Trial",
    "choose_way",
    "hand_over",
    "invite",
    "is_digest_day",
    "is_notify_key",
    "post_letters",
    "print_letters",
    "provider_of",
    "remind",
    "say_not_me",
    "settle",
    "try_channel",
    "write",
]
