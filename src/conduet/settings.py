"""Every setting of the server, read once from flags and environment, frozen, and passed down."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Settings(BaseSettings):
    """`CONDUET_*` of the environment; flags of the command line are laid over it."""

    model_config = SettingsConfigDict(env_prefix="CONDUET_", frozen=True, extra="ignore", env_ignore_empty=True)

    host: Annotated[str, Field(description="The address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="The port to listen on.")] = 8000
    public_url: Annotated[
        str,
        Field(
            pattern=r"^(https?://[^\s/]+)?/?$",
            description="Where people reach the dashboard: for links to it, passkeys and the identity provider.",
        ),
    ] = ""
    data: Annotated[Path, Field(description="The folder that holds everything.")] = Path("data")
    workers: Annotated[int, Field(ge=1, le=64, description="Processes that serve.")] = 1
    database_url: Annotated[str | None, Field(description="`sqlite:///…` or `postgresql://…`.")] = None
    redis_url: Annotated[str | None, Field(description="Counts wide rate limits over all processes.")] = None
    secret_key: Annotated[str | None, Field(description="Encrypts stored secrets; a comma list while rotating.")] = None
    trusted_proxies: Annotated[
        tuple[str, ...], NoDecode, Field(description="Addresses or networks whose X-Forwarded-For is believed.")
    ] = ()
    oidc_issuer: Annotated[
        str | None, Field(description="The identity provider that people may sign in by: its issuer, `https://…`.")
    ] = None
    oidc_client_id: Annotated[str | None, Field(description="What the identity provider calls this server.")] = None
    oidc_client_secret: Annotated[str | None, Field(description="By what it knows this server.")] = None
    model: Annotated[str | None, Field(description="The model of projects that name none.")] = None
    embedding_model: Annotated[
        str | None, Field(description="What embeds knowledge bases, `provider:model`; the built-in model without it.")
    ] = None
    rate_limit: Annotated[str, Field(description="What one user may send: `60/minute`.")] = "60/minute"
    allow_private_urls: Annotated[str, Field(description="`off`, `on`, or a comma list of `host:port`.")] = "off"
    crawl_pause: Annotated[
        float, Field(ge=0, le=60, description="Seconds between two pages that are read of one host.")
    ] = 0.5
    demo: Annotated[bool, Field(description="Whether there is a demo project, and the service that it calls.")] = True
    metrics_token: Annotated[str | None, Field(description="Opens /metrics to other machines.")] = None

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @property
    def oidc(self) -> tuple[str | None, str | None, str | None]:
        """The identity provider's issuer, and what it calls and knows this server by."""
        return self.oidc_issuer, self.oidc_client_id, self.oidc_client_secret

    @property
    def database(self) -> str:
        """The database's URL: the embedded one under `data` when none is given."""
        return self.database_url or f"sqlite:///{self.data.absolute() / 'conduet.sqlite'}"

    @property
    def run_dir(self) -> Path:
        """Lock files of the processes that live."""
        return self.data.absolute() / "run"
