"""Which chat model answers, by the settings."""

from __future__ import annotations

import subprocess
import sys

import pytest
from pydantic import SecretStr, ValidationError

from agent.chat_model import NO_KEY, ChatSettings, build_model
from agent.remote_model import RemoteModel


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "OPENAI_PROXY"):
        monkeypatch.delenv(name, raising=False)


def test_without_key_and_address_the_offline_director_answers() -> None:
    model = build_model(ChatSettings(_env_file=None))

    assert model._llm_type == "samecast-offline-director"


def test_the_offline_director_loads_no_provider_s_client() -> None:
    code = (
        "import sys; from agent.chat_model import ChatSettings, build_model;"
        "build_model(ChatSettings(_env_file=None));"
        "sys.exit(bool({'openai', 'langchain_openai'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    "given", [{"base_url": "http://127.0.0.1:9/v1"}, {"api_key": SecretStr("k")}]
)
def test_an_address_or_a_key_asks_a_server(given: dict[str, object]) -> None:
    settings = ChatSettings.model_validate({"model": "llama", "timeout": 3.0, **given})

    model = build_model(settings)

    assert isinstance(model, RemoteModel)
    assert (model.model_name, model.request_timeout) == ("llama", 3.0)
    assert model.openai_api_key == (settings.api_key or NO_KEY)


def test_settings_come_from_the_environment_and_are_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SAMECAST_CHAT_MAX_RETRIES", "5")
    assert ChatSettings(_env_file=None).max_retries == 5

    monkeypatch.setenv("SAMECAST_CHAT_MAX_RETRIES", "11")
    with pytest.raises(ValidationError, match="less than or equal to 10"):
        ChatSettings(_env_file=None)
