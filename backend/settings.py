"""Every setting of Heard, read from the environment and described for `heard doctor`."""

from functools import lru_cache
from pathlib import Path

from pydantic import Field
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
    heard_read_within_days: int = Field(
        default=1,
        ge=1,
        description="Working days in which somebody entitled reads what was sent, else duty.",
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
