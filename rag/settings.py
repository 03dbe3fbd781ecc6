"""One frozen Settings: `diptych.toml` in the working folder, then DIPTYCH_* in the environment, then the caller's words."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from rag.errors import SettingsError

PROJECT = Path(__file__).resolve().parent.parent


def default_library() -> Path:
    """`data/library` of a clone; of an installed package, `diptych/library` in the user's data folder."""
    return PROJECT / "data" / "library" if (PROJECT / "pyproject.toml").is_file() else _user_data() / "library"


def default_readers() -> Path:
    """`diptych/readers` in the user's data folder, which all clones share."""
    return _user_data() / "readers"


def encoders_folder() -> Path:
    """`diptych/encoders` in the user's data folder: the packaged models in the form in which they run fastest."""
    return _user_data() / "encoders"


def speeds_file() -> Path:
    """`diptych/speeds.json` in the user's data folder: how fast the servers that this user asks read their prompts."""
    return _user_data() / "speeds.json"


def libraries_file() -> Path:
    """`diptych/libraries.json` in the user's data folder: the libraries between which this user changes."""
    return _user_data() / "libraries.json"


def libraries_folder() -> Path:
    """`diptych/libraries` in the user's data folder, where libraries that have no other place are made."""
    return _user_data() / "libraries"


def own_prompts_folder() -> Path:
    """`diptych/prompts` in the user's data folder: where the chat puts prompts that the user changed, and no setting says where."""
    return _user_data() / "prompts"


def _user_data() -> Path:
    if sys.platform == "win32":
        data = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        data = Path.home() / "Library" / "Application Support"
    else:
        data = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share"))
    return data / "diptych"


class Settings(BaseSettings):
    """What can be set, with its default. `Settings(k=12)` overrides the environment, which overrides `diptych.toml`.

    Raises SettingsError (through `load`) where a name is unknown or a value not of its kind.
    """

    model_config = SettingsConfigDict(env_prefix="DIPTYCH_", toml_file="diptych.toml", frozen=True, extra="forbid")

    library: Path = Field(default_factory=default_library)
    profile: Literal["packaged", "clip"] = "packaged"
    text_model: str | None = None
    joint_model: str | None = None
    speech_model: str | None = None
    sound_model: str | None = None
    max_file_mb: int = Field(default=256, ge=1)
    read_seconds: float = Field(default=180, gt=0)
    language: Literal["english", "chinese", "standard"] = "english"
    device: str | None = None
    milvus_uri: str | None = None
    milvus_token: str | None = None
    media_uri: str | None = None
    llm: str = "auto"
    ollama_host: str | None = Field(default=None)
    llm_base_url: str | None = None
    num_ctx: int = Field(default=8192, ge=512)
    readers: Path = Field(default_factory=default_readers)
    threads: int | None = Field(default=None, ge=1)
    gpu_layers: int = Field(default=0, ge=0)
    prompts: Path | None = None
    k: int = Field(default=8, ge=1)
    rerank: bool = True
    rerank_model: str | None = None
    chat_language: Literal["auto", "en", "de"] = "auto"
    theme: Literal["auto", "light", "dark"] = "auto"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @classmethod
    def load(cls, **words: Any) -> Settings:
        """Settings from all three places; `words` that are None do not count. Raises SettingsError."""
        from tomllib import TOMLDecodeError

        try:
            return cls(**{name: value for name, value in words.items() if value is not None})
        except TOMLDecodeError as error:
            raise SettingsError(f"diptych.toml cannot be read: {error}.", "Mend that line, or take the file away.") from None
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(map(str, first["loc"]))
            raise SettingsError(
                f"The setting '{name}' is wrong: {first['msg']}.", f"The settings are: {', '.join(cls.model_fields)}."
            ) from None
