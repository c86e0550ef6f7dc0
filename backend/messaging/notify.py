"""GOV.UK Notify through its own client: texts, e-mails, letters, looked up by our reference.

Its client gives no answer, a refusal and a fault alike as HTTPError; without a response the
message may have been taken all the same (docs/decisions/0026).
"""

from io import BytesIO
from typing import Any

from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient
from typst import TypstError

from backend.messaging import letters
from backend.messaging.channels import Outcome, Outgoing, Result, is_notify_key
from backend.settings import Settings

TIMEOUT_SECONDS = 15
NO_ANSWER, KEY_REFUSED, TOO_MANY = "no_answer", "key_refused", "too_many"
# Notify's own words for where a message stands, and what they mean here.
STATES = {
    "delivered": Outcome(Result.DELIVERED),
    "permanent-failure": Outcome(Result.BOUNCED, fault="no_such_address"),
    "temporary-failure": Outcome(Result.BOUNCED, fault="phone_off_or_full"),
    "technical-failure": Outcome(Result.REFUSED, fault="provider_fault"),
}
# The same of letters, which have other ends: nobody learns whether one came.
LETTER_STATES = {
    "received": Outcome(Result.POSTED),  # by its printer, who has dispatched it
    "validation-failed": Outcome(Result.REFUSED, fault="not_printable"),
    "permanent-failure": Outcome(Result.REFUSED, fault="not_printable"),
    "virus-scan-failed": Outcome(Result.REFUSED, fault="not_printable"),
    "technical-failure": Outcome(Result.REFUSED, fault="provider_fault"),
    "cancelled": Outcome(Result.REFUSED, fault="cancelled"),
    "returned-letter": Outcome(Result.BOUNCED, fault="came_back"),
}


class Notify:
    """One service at GOV.UK Notify."""

    name = "notify"
    can_look_up = True

    def __init__(self, settings: Settings) -> None:
        self._templates = {
            "text": settings.heard_notify_text_template,
            "email": settings.heard_notify_email_template,
        }
        self._postage = settings.heard_notify_letters
        key = settings.heard_notify_key.get_secret_value()
        client: Any = NotificationsAPIClient  # it comes without types
        # A key that is none makes it raise: what cannot go then waits, and is said loudly.
        self._client: Any = (
            client(key, base_url=settings.heard_notify_url, timeout=TIMEOUT_SECONDS)
            if is_notify_key(key)
            else None
        )

    def send(self, message: Outgoing) -> Outcome:
        if self._client is None:
            return Outcome(Result.NOT_TAKEN, fault=KEY_REFUSED)
        try:
            answer = self._post(message)
        except APIError as error:
            return _outcome_of(error)
        except TypstError as error:  # it was not set, so nothing was asked of anybody
            return Outcome(Result.REFUSED, fault="not_printable", said=str(error))
        return Outcome(Result.ACCEPTED, str(answer.get("id") or "") or None)

    def _post(self, message: Outgoing) -> Any:
        if message.letter is not None:
            pdf = letters.posted(message.letter, message.address.split("\n"))
            return self._client.send_precompiled_letter_notification(
                message.reference, BytesIO(pdf), self._postage
            )
        template, words = self._templates[message.channel], {"message": message.words}
        if message.channel == "text":
            return self._client.send_sms_notification(
                message.address, template, personalisation=words, reference=message.reference
            )
        return self._client.send_email_notification(
            message.address,
            template,
            personalisation=words | {"subject": message.subject},
            reference=message.reference,
        )

    def look_up(self, reference: str) -> Outcome:
        if self._client is None:
            return Outcome(Result.UNKNOWN, fault=KEY_REFUSED)
        try:
            answer = self._client.get_all_notifications(reference=reference)
        except APIError as error:
            failed = _outcome_of(error)
            return Outcome(Result.UNKNOWN, fault=failed.fault or NO_ANSWER, said=failed.said)
        # More than the one asked for would be another's message: only ours is believed.
        found = [
            one for one in answer.get("notifications", []) if one.get("reference") == reference
        ]
        if not found:
            return Outcome(Result.NOT_FOUND)
        known = LETTER_STATES if found[0].get("type") == "letter" else STATES
        status = found[0]["status"]
        state = known.get(status, Outcome(Result.ACCEPTED))
        return Outcome(state.result, found[0]["id"], state.fault, said=status)


def _outcome_of(error: APIError) -> Outcome:
    result, fault = _meaning_of(error)
    return Outcome(result, fault=fault, said=_words_of(error))


def _meaning_of(error: APIError) -> tuple[Result, str]:
    if error.response is None:
        return Result.UNKNOWN, NO_ANSWER
    status = error.status_code
    if status == 400:
        is_address = "phone_number" in str(error.message) or "email_address" in str(error.message)
        return (Result.BOUNCED, "no_such_address") if is_address else (Result.REFUSED, "refused")
    if status in (401, 403):
        return Result.NOT_TAKEN, KEY_REFUSED
    if status == 429:
        return Result.NOT_TAKEN, TOO_MANY
    # Its fault may have come before or after it wrote the message down.
    return Result.UNKNOWN, NO_ANSWER


def _words_of(error: APIError) -> str:
    """What Notify said, its status first; for no answer, what the network said."""
    if error.response is None:
        return str(error.__cause__ or error.message)
    said = error.message
    parts = (
        [str(one.get("message", one)) for one in said] if isinstance(said, list) else [str(said)]
    )
    return f"{error.status_code}: {'; '.join(parts)}"
