"""The command `heard message test`: try a channel's settings with one invented message."""

import json
from typing import Annotated

import typer

from backend.messaging import service as messaging
from backend.settings import get_settings

NOT_WELL, UNUSABLE = 1, 2
message_app = typer.Typer(
    help="Try how messages go out. Exit 0 when one went, 1 when it was refused, 2 when nothing "
    "could be sent.",
    no_args_is_help=True,
)


@message_app.callback()
def messages() -> None:
    """Keeps `test` a command of its own while it is the only one."""


@message_app.command("test")
def try_out(
    channel: Annotated[str, typer.Argument(help="text, email or letter.")],
    to: Annotated[
        str, typer.Argument(help="A number, an e-mail address, or lines between commas to post to.")
    ],
    wait: Annotated[int, typer.Option(help="Seconds to look it up for.", min=0, max=600)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Send one clearly invented message and say what came of it. Nothing is kept. With a live key
    Notify charges for it, and really posts a letter."""
    trial = messaging.try_channel(get_settings(), channel, to, wait_seconds=wait)
    typer.echo(json.dumps(values_of(trial), indent=2, ensure_ascii=False)) if as_json else say(
        trial
    )
    if trial.problems:
        raise typer.Exit(UNUSABLE)
    raise typer.Exit(0 if trial.is_well else NOT_WELL)


def values_of(trial: messaging.Trial) -> dict[str, object]:
    """A trial as plain values."""
    sent, found = trial.sent, trial.found
    return {
        "channel": trial.channel,
        "to": trial.to,
        "provider": trial.provider,
        "is_well": trial.is_well,
        "problems": [{"setting": one.setting, "words": one.words} for one in trial.problems],
        "words": trial.words,
        "reference": trial.reference,
        "sent": _outcome(sent) if sent else None,
        "found": _outcome(found) if found else None,
        "look_at": trial.look_at,
        "seconds": trial.seconds,
    }


def _outcome(outcome: messaging.Outcome) -> dict[str, object]:
    return {
        "result": outcome.result.value,
        "fault": outcome.fault,
        "said": outcome.said,
        "provider_id": outcome.provider_id,
    }


def say(trial: messaging.Trial) -> None:
    """Print a trial for somebody who sets Heard up."""
    for one in trial.problems:
        typer.echo(f"{one.setting}: {one.words}", err=True)
    sent, found = trial.sent, trial.found
    if sent is None:
        typer.echo("Nothing was sent.", err=True)
        return
    typer.echo(f"To {trial.to} by {NAMES.get(trial.provider, trial.provider)}: “{trial.words}”")
    typer.echo(f"Sending: {SENT[sent.result]}{_said(sent)}")
    if trial.look_at:
        typer.echo(f"Look at {trial.look_at}.")
    if found is not None:
        again = f"Looked up by {trial.reference}, {trial.seconds:g} seconds later"
        typer.echo(f"{again}: {FOUND[found.result]}{_said(found)}")
    elif sent.result is messaging.Result.ACCEPTED:
        typer.echo("A mail server cannot be asked what became of it: look into the mailbox.")


def _said(outcome: messaging.Outcome) -> str:
    return f" ({outcome.said})" if outcome.said else ""


NAMES = {"notify": "GOV.UK Notify", "smtp": "your mail server"}
SENT = {
    messaging.Result.ACCEPTED: "it was taken",
    messaging.Result.BOUNCED: "refused, this address takes nothing",
    messaging.Result.REFUSED: "refused",
    messaging.Result.NOT_TAKEN: "surely not taken now; in use it would be tried again",
    messaging.Result.UNKNOWN: "no answer, so it may have gone or not",
}
FOUND = {
    messaging.Result.ACCEPTED: "known, and on its way",
    messaging.Result.DELIVERED: "delivered",
    messaging.Result.POSTED: "printed and posted",
    messaging.Result.BOUNCED: "it did not arrive",
    messaging.Result.REFUSED: "it failed",
    messaging.Result.UNKNOWN: "the look-up has no answer",
    messaging.Result.NOT_FOUND: "not known there. Notify’s own numbers and addresses for trying out"
    " (07700 900000, 900111, 900222, simulate-delivered@...) are never found again: use others",
}
