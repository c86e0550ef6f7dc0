"""A phone without a signal, in Python: seals what its browser would, to the same server key."""

import base64
import json
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlmodel import Session

from backend.core.access.identity import ContributorIdentity
from backend.entry import service as entry
from backend.entry.sessions import open_session
from backend.offline import service as offline
from backend.offline.keys import CURVE, SealingKey
from backend.offline.sealing import Sealed, derive
from backend.people.models import Contributor
from backend.surveys import service as surveys
from backend.surveys.models import Topic
from backend.surveys.queued import place_of
from tests.surveys.rounds import Round

Pairs = list[tuple[str, str]]


def as_base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def seal(
    key: SealingKey,
    ticket: str,
    kind: str,
    fields: Pairs | None = None,
    *,
    said: object = None,
) -> Sealed:
    """One item, as static/js/offline/queue.js makes it. `said`: milliseconds by our clock."""
    for_once = ec.generate_private_key(CURVE)
    item_key, iv = secrets.token_urlsafe(24), secrets.token_bytes(12)
    secret = for_once.exchange(ec.ECDH(), key.private.public_key())
    point = for_once.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    bound = "\n".join([item_key, key.kid, ticket]).encode()
    words = json.dumps({"kind": kind, "fields": fields or [], "said": said}).encode()
    body = AESGCM(derive(secret, item_key)).encrypt(iv, words, bound)
    return Sealed(item_key, key.kid, ticket, as_base64(point), as_base64(iv), as_base64(body))


def visit(
    session: Session, contributor: Contributor, *, is_known: bool = True
) -> ContributorIdentity:
    """Somebody comes in; commits, as a request does."""
    token = open_session(session, contributor.id or 0, how="code", is_known=is_known)
    identity = entry.identify(session, token)
    session.commit()
    assert identity is not None
    return identity


def begin(
    session: Session, round_: Round, identity: ContributorIdentity, topic_id: str
) -> tuple[Topic, str]:
    """Begin a topic alone; its draft and the ticket that its pages were given."""
    response = surveys.begin_response(session, identity.contributor_id, round_.cid)
    surveys.sit_down(session, response, session_id=identity.session_id, beside=surveys.Beside())
    topic = surveys.begin_topic(session, response, topic_id, session_id=identity.session_id)
    return topic, ticket_for(identity, topic)


def ticket_for(identity: ContributorIdentity, topic: Topic) -> str:
    """A ticket for one draft."""
    return offline.make_ticket(identity.contributor_id, identity.session_id, **place_of(topic))


def say(topic_id: str, place: int, question_id: str, text: str, **more: str) -> Pairs:
    """The posted fields of one question of a topic."""
    name = f"{topic_id}_{place}"
    shown = {f"{name}-revision": "0", f"{name}-reach": "ask_first"} | more
    return [("asked", question_id), (name, text), *shown.items()]


def key_of(folder: Path) -> SealingKey:
    """The key that pages give out today."""
    return offline.sealing_key(folder)
