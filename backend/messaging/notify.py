"""GOV.UK Notify through its own client: texts and e-mails, looked up by our reference.

Its client gives no answer, a refusal and a fault alike as HTTPError; without a response the
message may have been taken all the same (docs/decisions/0026).
"""

from typing import Any

from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from backend.messaging.channels import Outcome, Outgoing, Result, is_notify_key
from backend.settings import Settings

TIMEOUT_SECONDS = 15
NO_ANSWER, KEY_REFUSED, TOO_MANY = "no_answer", "key_refused", "too_many"
# Notify's own words for where a message stands, and what they mean here.
STATES = {
    "delivered": Outcome(Result.DELIVERED),
    "received": Outcome(Result.DELIVERED),
    "permanent-failure": Outcome(Result.BOUNCED, fault="no_such_address"),
    "temporary-failure": Outcome(Result.BOUNCED, fault="phone_off_or_full"),
    "technical-failure": Outcome(Result.REFUSED, fault="provider_fault"),
    "validation-failed": Outcome(Result.REFUSED, fault="refused"),
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
        return Outcome(Result.ACCEPTED, str(answer.get("id") or "") or None)

    def _post(self, message: Outgoing) -> Any:
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
            return Outcome(Result.UNKNOWN, fault=_outcome_of(error).fault or NO_ANSWER)
        # More than the one asked for would be another's message: only ours is believed.
        found = [
            one for one in answer.get("notifications", []) if one.get("reference") == reference
        ]
        if not found:
            return Outcome(Result.NOT_FOUND)
        state = STATES.get(found[0]["status"], Outcome(Result.ACCEPTED))
        return Outcome(state.result, found[0]["id"], state.fault)


def _outcome_of(error: APIError) -> Outcome:
    if error.response is None:
        return Outcome(Result.UNKNOWN, fault=NO_ANSWER)
    status = error.status_code
    if status == 400:
        is_address = "phone_number" in str(error.message) or "email_address" in str(error.message)
        fault = "no_such_address" if is_address else "refused"
        return Outcome(Result.BOUNCED if is_address else Result.REFUSED, fault=fault)
    if status in (401, 403):
        return Outcome(Result.NOT_TAKEN, fault=KEY_REFUSED)
    if status == 429:
        return Outcome(Result.NOT_TAKEN, fault=TOO_MANY)
    # Its fault may have come before or after it wrote the message down.
    return Outcome(Result.UNKNOWN, fault=NO_ANSWER)
