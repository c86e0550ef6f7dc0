"""Opens what a phone sealed: ECDH on P-256 with a key for once, HKDF-SHA-256, AES-256-GCM.

The item's random key, its ticket and the name of our key are authenticated with the words, so that
sealed words fit into no other ticket and under no other key. static/js/offline/queue.js is the
other half.
"""

import base64
import binascii
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backend.offline.keys import CURVE, SealingKey

PURPOSE = b"heard offline 1"
KEY_BYTES, IV_BYTES = 32, 12


class Broken(ValueError):
    """An item that was edited, or never sealed for us: nothing of it is used."""


@dataclass(frozen=True)
class Sealed:
    """One item as it comes from a phone; every part is base64 for addresses."""

    key: str
    kid: str
    ticket: str
    point: str
    iv: str
    body: str

    @property
    def bound(self) -> bytes:
        """What is authenticated with the words."""
        return "\n".join([self.key, self.kid, self.ticket]).encode()


def open_sealed(key: SealingKey, sealed: Sealed) -> bytes:
    """The words of an item; raises Broken."""
    iv = from_base64(sealed.iv)
    if len(iv) != IV_BYTES:
        raise Broken
    try:
        point = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, from_base64(sealed.point))
        secret = key.private.exchange(ec.ECDH(), point)
        return AESGCM(derive(secret, sealed.key)).decrypt(
            iv, from_base64(sealed.body), sealed.bound
        )
    except (InvalidTag, ValueError) as fault:
        raise Broken from fault


def derive(secret: bytes, item_key: str) -> bytes:
    """The key of one item from the shared secret."""
    return HKDF(SHA256(), KEY_BYTES, salt=item_key.encode(), info=PURPOSE).derive(secret)


def from_base64(text: str) -> bytes:
    """The bytes of a part; raises Broken."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as fault:
        raise Broken from fault
