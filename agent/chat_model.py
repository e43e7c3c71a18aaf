"""Which model the director talks to: an OpenAI-compatible address, or the offline director.

Knows the settings of the chat; must not know what is said. The key is a secret: it is in no message,
representation or log.
"""

from __future__ import annotations

from langchain_core.language_models.chat_models import BaseChatModel
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

NO_KEY = SecretStr("none")
"""Sent to an address that wants no key; the client refuses to start without one."""


class ChatSettings(BaseSettings):
    """How the chat model is reached (`SAMECAST_CHAT_*`)."""

    model_config = SettingsConfigDict(
        env_prefix="SAMECAST_CHAT_", env_file=".env", extra="ignore", frozen=True
    )

    model: str = "gpt-4.1-mini"
    """Name of the model at that address."""
    base_url: str | None = None
    """Address of an OpenAI-compatible server; None is OpenAI's own."""
    api_key: SecretStr | None = None
    sees_images: bool = False
    """Whether the model takes pictures."""
    timeout: float = Field(default=60.0, gt=0, le=3600)
    """Seconds to wait for an answer."""
    max_retries: int = Field(default=2, ge=0, le=10)
    """Further tries after 429, 5xx and lost connections."""

    @property
    def remote(self) -> bool:
        """Whether there is a server to ask; else the offline director answers."""
        return self.base_url is not None or self.api_key is not None


def build_model(settings: ChatSettings) -> BaseChatModel:
    """Return the configured model, or the offline director when no address and no key is set."""
    if not settings.remote:
        from agent.offline.model import OfflineDirector

        return OfflineDirector()
    from agent.remote_model import RemoteModel

    return RemoteModel(
        model=settings.model,
        base_url=settings.base_url,
        api_key=settings.api_key or NO_KEY,
        timeout=settings.timeout,
        max_retries=settings.max_retries,
        use_responses_api=False,
    )
