"""What was tried with somebody who is not heard, and which way may reach them next."""

from dataclasses import dataclass

from backend.core.clock import in_london
from backend.messaging.queries import Tried

BY_WIRE = ("text", "email")
CAME_BACK = ("bounced", "failed", "stopped")
NOT_GONE = ("waiting", "sending")
BY = {
    "text": "by text",
    "email": "by e-mail",
    "letter": "by letter",
    "card": "by card",
    "in_person": "in person",
}
# What waits is no try yet: some of it waits for a grown-up.
WAITING = {
    "text": "A text is on its way, written",
    "email": "An e-mail is on its way, written",
    "letter": "A letter waits to be posted, since",
    "card": "A card waits for the worker to give it, since",
    "in_person": "The worker was asked to tell them, on",
}


@dataclass(frozen=True)
class Effort:
    """What was tried with one young person, as far as Heard knows."""

    messages: tuple[Tried, ...] = ()
    sheets: int = 0
    sheets_back: int = 0
    channel: str = ""
    language: str = "English"
    is_observed: bool = False
    is_beside_tried: bool = False  # something was given with somebody's help before

    @property
    def bounced(self) -> int:
        """How many messages came back."""
        return sum(one.state in CAME_BACK for one in self.messages)

    def in_words(self) -> list[str]:
        """Line by line, for those who reach out."""
        lines = []
        gone = [one for one in self.messages if one.state not in NOT_GONE]
        for channel in dict.fromkeys(one.channel for one in gone):
            own = [one for one in gone if one.channel == channel]
            lines.append(f"{times(len(own))} {BY.get(channel, channel)}, last {_day(own[-1])}")
        if self.bounced:
            lines.append(f"{times(self.bounced)} it came back")
        if self.sheets:
            back = f"{self.sheets_back} came back" if self.sheets_back else "none came back"
            lines.append(f"{count(self.sheets, 'sheet')} of paper, {back}")
        waiting = {one.channel: one for one in self.messages if one.state in NOT_GONE}
        lines += [f"{WAITING.get(key, key)} {_day(one)}" for key, one in waiting.items()]
        return lines or ["Nothing that Heard knows of"]


def times(number: int) -> str:
    """Once, twice, 3 times."""
    return {1: "Once", 2: "Twice"}.get(number, f"{number} times")


def count(number: int, what: str) -> str:
    """1 sheet, 2 sheets."""
    return f"{number} {what}" + ("" if number == 1 else "s")


def _day(tried: Tried) -> str:
    day = in_london(tried.made_at).date()
    return f"{day.day} {day:%b %Y}"


def next_ways(effort: Effort) -> list[str]:
    """What an adult could do next, the nearest first; never one more message to the child.

    Each asks a grown-up to do something, because a child who is silent was asked already.
    """
    tried = {one.channel for one in effort.messages}
    ways = []
    if effort.bounced:
        ways.append("Ask the carer or the home for the right number or address, and set it.")
    if effort.is_observed:
        ways.append("Ask the carer or school to fill in how they show what they feel.")
    if tried and tried <= set(BY_WIRE) or effort.channel in ("", "none"):
        ways.append("Hand over a card or letter at the next visit instead.")
    if not effort.sheets:
        ways.append(_on_paper(effort.language))
    if not effort.is_beside_tried and not effort.is_observed:
        ways.append("Sit beside them at the next visit and open the page together.")
    ways.append("Offer an advocate, who is nobody's colleague.")
    return ways


def _on_paper(language: str) -> str:
    if language in ("", "English"):
        return "Print a sheet and leave it with a stamped envelope."
    return f"Print a sheet in {language} if there is one, or bring an interpreter."
