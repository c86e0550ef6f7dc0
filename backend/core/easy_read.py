"""Says whether the page that is being written is an easy-read one, so that its parts can tell.

A page's parts are macros that see none of its values; what they draw beside words they ask here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_is_easy: ContextVar[bool] = ContextVar("is_easy_read", default=False)


@contextmanager
def reading_easily(*, is_easy: bool) -> Iterator[None]:
    """While this lasts, every part that is drawn stands on an easy-read page, or on a usual one."""
    token = _is_easy.set(is_easy)
    try:
        yield
    finally:
        _is_easy.reset(token)


def is_easy_read() -> bool:
    """Whether the page that is being written is an easy-read one."""
    return _is_easy.get()
