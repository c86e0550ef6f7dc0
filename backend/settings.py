"""Every setting of Heard, read from the environment and described for `heard doctor`."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """One class for all settings; the name of a field in capitals is its variable."""

    model_config = SettingsConfigDict(extra="ignore")

    database_url: str = Field(
        default="",
        description="SQLAlchemy address of the database; empty means SQLite in HEARD_DATA.",
    )
    heard_data: Path = Field(
        default=ROOT / ".heard",
        description="Folder for the embedded database, the key and what the demo writes.",
    )
    heard_shared_data: Path = Field(
        default=ROOT.parent / "shared" / "data",
        description="Folder of development data that stays outside the repository.",
    )
    heard_base_url: str = Field(
        default="http://127.0.0.1:8000",
        description="Address that links in messages, letters and QR codes begin with.",
    )
    heard_secure_cookies: bool | None = Field(
        default=None,
        description="Send cookies over https only; unset means yes when the base URL is https.",
    )
    heard_council: str = Field(
        default="Hollin Hill Council",
        description="Name of the council, as staff screens and letters show it.",
    )
    heard_duty_telephone: str = Field(
        default="020 7946 0100",
        description="Number that a child can ring in office hours (the demo's is invented).",
    )
    heard_night_telephone: str = Field(
        default="020 7946 0199",
        description="Number that a child can ring at night (the demo's is invented).",
    )
    heard_advocacy_name: str = Field(
        default="Hollin Voices",
        description="Advocacy service that the council pays for (the demo's is invented).",
    )
    heard_advocacy_telephone: str = Field(
        default="020 7946 0177",
        description="Number of that advocacy service (the demo's is invented).",
    )
    heard_accessibility_email: str = Field(
        default="heard@hollin-hill.example",
        description="Address for what is hard to use, and for questions about privacy (invented).",
    )
    heard_imports_folder: Path | None = Field(
        default=None,
        description="Folder where the case system leaves its exports for the page Imports.",
    )
    heard_leave_to: str = Field(
        default="https://www.bbc.co.uk/weather",
        description="Where 'Leave' goes: a page that nobody is surprised to see open.",
    )
    heard_staff_idle_minutes: int = Field(
        default=60, ge=5, description="Minutes without a click until a member of staff signs in."
    )
    heard_contributor_idle_minutes: int = Field(
        default=20, ge=5, description="Minutes without a tap until a contributor's page locks."
    )
    heard_dispute_levels: str = Field(
        default="Team manager, Head of service, Director",
        description="The formal levels of dispute resolution in their order, between commas.",
    )
    heard_letter_is_record: bool = Field(
        default=False,
        description="Whether the council adopts the letter to the child as the review's record.",
    )
    heard_read_within_days: int = Field(
        default=1,
        ge=1,
        description="Working days in which somebody entitled reads what was sent, else duty.",
    )
    heard_review_counts_by: Literal["first", "last"] = Field(
        default="last",
        description="A review held as several meetings counts by its first or its last: the law "
        "does not say.",
    )
    heard_review_target: int = Field(
        default=95, ge=1, le=100, description="Share of children reviewed on time to reach, in %."
    )
    heard_short_breaks_first_months: int = Field(
        default=3, ge=1, description="Months to a first review of short breaks: a local setting."
    )
    heard_short_breaks_later_months: int = Field(
        default=6, ge=1, description="Months between reviews of short breaks: a local setting."
    )
    heard_pathway_months: int = Field(
        default=6, ge=1, description="Months between reviews of a pathway plan, from 18 on."
    )
    heard_calendar_shows: Literal["reference", "initials"] = Field(
        default="reference",
        description="How a review is called in an IRO's calendar; a name is never shown there.",
    )
    heard_calendar_shows_place: bool = Field(
        default=False, description="Whether an IRO's calendar holds the place of a meeting."
    )
    heard_notify_url: str = Field(
        default="https://api.notifications.service.gov.uk",
        description="Address of GOV.UK Notify.",
    )
    heard_notify_key: SecretStr = Field(
        default=SecretStr(""),
        description="API key of GOV.UK Notify; empty means that nothing goes by it.",
    )
    heard_notify_text_template: str = Field(
        default="",
        description="Notify's id of the text template, whose words are ((message)) alone.",
    )
    heard_notify_email_template: str = Field(
        default="",
        description="Notify's id of the e-mail template: subject ((subject)), words ((message)).",
    )
    heard_notify_letters: Literal["", "economy", "second", "first"] = Field(
        default="",
        description="Postage by which Notify prints and posts letters: economy, second or first; "
        "empty means that they are printed in the office.",
    )
    heard_smtp_host: str = Field(
        default="",
        description="Mail server for e-mails that Notify does not carry; empty means none.",
    )
    heard_smtp_port: int = Field(default=587, description="Port of that mail server.")
    heard_smtp_starttls: bool = Field(
        default=True, description="Whether to refuse that mail server without STARTTLS."
    )
    heard_smtp_user: str = Field(default="", description="User at that mail server; empty: none.")
    heard_smtp_password: SecretStr = Field(
        default=SecretStr(""), description="Password at that mail server."
    )
    heard_smtp_from: str = Field(
        default="heard@hollin-hill.example",
        description="Address that e-mails come from: neutral, since it shows on a phone.",
    )
    heard_messages_from: int = Field(
        default=8, ge=0, le=23, description="Hour of London's day from which messages may come."
    )
    heard_messages_until: int = Field(
        default=19, ge=1, le=24, description="Hour of London's day from which they wait."
    )

    @property
    def database_address(self) -> str:
        """The address in use: DATABASE_URL, or SQLite in HEARD_DATA."""
        return self.database_url or f"sqlite:///{self.heard_data / 'heard.db'}"

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies carry Secure; a phone on plain http needs them without."""
        if self.heard_secure_cookies is not None:
            return self.heard_secure_cookies
        return self.heard_base_url.startswith("https://")


@lru_cache
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
