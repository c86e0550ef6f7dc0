"""Codes what is sent, and keeps what people decide about it."""

from backend.coding.suggestions import NONE, NOW, SOON, UNREAD, Worry, code_topic, code_topics

__all__ = ["NONE", "NOW", "SOON", "UNREAD", "Worry", "code_topic", "code_topics"]
