"""Reads of asks for other features: what waits for whom, and what came of it."""

from backend.asks.complaints import complaints_for
from backend.asks.disputes import DisputeLine, disputes_for
from backend.asks.figures import AskFigures, Share, complaint_figures, figures
from backend.asks.letters import (
    Letter,
    LetterAsk,
    letter_of,
    letters_to_translate,
    letters_to_write,
    own_letter,
)
from backend.asks.lines import (
    AskLine,
    EscalationLine,
    Promise,
    ask_line,
    asks_for,
    asks_of_person,
    counts_by_person,
    escalations_of,
    promise_of,
    source_from,
    source_of,
    sources_of,
)
from backend.asks.midpoints import Midpoint, chased, midpoints_due
from backend.asks.reminders import (
    Answered,
    DueAsk,
    ToTell,
    chased_lately,
    due_soon,
    newly_answered,
    overdue,
    to_tell,
    waiting_for_lead,
)
from backend.asks.states import is_overdue, state_of
from backend.asks.translations import Translation

__all__ = [
    "Answered", "AskFigures", "AskLine", "DisputeLine", "DueAsk", "EscalationLine", "Letter",
    "LetterAsk", "Midpoint", "Promise", "Share", "ToTell", "Translation", "ask_line", "asks_for",
    "asks_of_person", "chased", "chased_lately", "complaint_figures", "complaints_for",
    "counts_by_person", "disputes_for", "due_soon", "escalations_of", "figures", "is_overdue",
    "letter_of", "letters_to_translate", "letters_to_write", "midpoints_due", "newly_answered",
    "overdue", "own_letter", "promise_of", "source_from", "source_of", "sources_of", "state_of",
    "to_tell", "waiting_for_lead",
]  # fmt: skip
