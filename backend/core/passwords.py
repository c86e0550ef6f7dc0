"""Argon2id with one set of parameters, for staff passwords and children's own secrets alike."""

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

# OWASP's second choice (19 MiB, two passes): a small council server stays quick under it.
PASSWORDS = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19456, parallelism=1),))
