"""Every error that a user may see, as one tree; each says what happened and what to do.

DiptychError
├── UsageError            wrong words on the command line, or a question file that does not parse
├── SettingsError         a setting that is not known, or not of its kind
├── LibraryError
│   ├── NoLibrary         a reading command was pointed at a folder that holds no library
│   ├── OtherEncoder      the library was made with other encoders than the settings name
│   ├── OtherVersion      the library was made by a version of Diptych with another schema
│   ├── NoRoom            nothing more can be written: the disk is full
│   └── StoreError        the index did not answer
├── ReadError             one file cannot be taken in; the rest goes on
├── EncoderError          an encoder cannot be loaded
└── ModelError            the language model cannot answer
    ├── ModelUnavailable  its server does not answer
    ├── ModelUnknown      the server answers, but has no such model
    ├── ModelStalled      it stopped answering in the middle
    └── PromptError       a prompt file lacks a variable, or names one that nobody fills
"""

from __future__ import annotations


class DiptychError(Exception):
    """The root: `str(error)` is one line for the user, `hint` says what to do about it."""

    def __init__(self, message: str, hint: str = ""):
        super().__init__(message)
        self.hint = hint

    def to_dict(self) -> dict[str, str]:
        return {"error": str(self), "hint": self.hint}


class UsageError(DiptychError):
    """Wrong words on the command line, or a question file that does not parse."""


class SettingsError(DiptychError):
    """A setting that is not known, or not of its kind."""


class LibraryError(DiptychError):
    """Something about the library folder."""


class NoLibrary(LibraryError):
    """A reading command was pointed at a folder that holds no library."""

    def __init__(self, folder: object):
        super().__init__(f"There is no library at {folder}.", "Make one with `diptych ingest PATH`, or name another with --library.")


class OtherEncoder(LibraryError):
    """The library was made with other encoders than the settings name."""


class OtherVersion(LibraryError):
    """The library was made by a version of Diptych with another schema."""


class NoRoom(LibraryError):
    """Nothing more can be written into a folder."""

    def __init__(self, folder: object):
        super().__init__(
            f"Nothing more can be written to {folder}: the disk or a quota is full.",
            "Make room and run the same command again; what was done is kept.",
        )


class StoreError(LibraryError):
    """The index did not answer."""


class ReadError(DiptychError):
    """One file cannot be taken in; the rest goes on."""


class EncoderError(DiptychError):
    """An encoder cannot be loaded."""


class ModelError(DiptychError):
    """The language model cannot answer. `retry` tells whether asking again may help."""

    def __init__(self, message: str, hint: str = "", retry: bool = False):
        super().__init__(message, hint)
        self.retry = retry


class ModelUnavailable(ModelError):
    """The model's server does not answer."""


class ModelUnknown(ModelError):
    """The server answers, but has no such model."""


class ModelStalled(ModelError):
    """The model stopped answering in the middle."""


class PromptError(ModelError):
    """A prompt file lacks a variable that must be there, or names one that nobody fills."""
