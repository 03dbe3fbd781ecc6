"""Start the chat: Streamlit on 127.0.0.1, without statistics."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from app.output import say
from rag.errors import UsageError
from rag.settings import Settings

HOST = "127.0.0.1"
FIRST = "DIPTYCH_CHAT_FIRST"  # the variable that tells the served script what to take in where the library is empty
LOOK = {"headingFont": "serif", "baseRadius": "0.55rem", "paddingTop": "1.5rem", "sidebar.paddingTop": "0.25rem"}
COLOURS = {  # as in parts/style.css
    "light": {
        "primaryColor": "#1d5a63",
        "backgroundColor": "#fdfcf9",
        "secondaryBackgroundColor": "#f4f0e7",
        "textColor": "#22303a",
        "linkColor": "#1d5a63",
        "borderColor": "#e3ddd0",
        "sidebar.backgroundColor": "#f6f3ec",
        "sidebar.secondaryBackgroundColor": "#fdfcf9",
    },
    "dark": {
        "primaryColor": "#2f7f8a",
        "backgroundColor": "#15191c",
        "secondaryBackgroundColor": "#22292d",
        "textColor": "#e6e2d8",
        "linkColor": "#84c5cd",
        "borderColor": "#374147",
        "sidebar.backgroundColor": "#111517",
        "sidebar.secondaryBackgroundColor": "#1c2226",
    },
}


def serve(settings: Settings, port: int, first: Path | None = None) -> int:
    """Serve until stopped; the exit status. `first` is taken in meanwhile where the library is empty. Raises UsageError where the port is
    taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise UsageError(f"Port {port} is in use.", f"Name another: diptych chat --port {port + 1}") from None
    flags = {
        "server.address": HOST,
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.maxUploadSize": str(settings.max_file_mb),
        "browser.gatherUsageStats": "false",
        "runner.postScriptGC": "false",  # half a second with the encoders loaded, and a streaming answer draws four times a second
        "runner.fastReruns": "false",  # else a click while another's work is done is drawn beside it, and the work's outcome by neither
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "global.developmentMode": "false",
        **{f"theme.{name}": value for name, value in look(settings.theme).items()},
    }
    script = Path(__file__).with_name("server.py")
    command = [sys.executable, "-m", "streamlit", "run", str(script), *(f"--{name}={value}" for name, value in flags.items())]
    environment = os.environ | {"DIPTYCH_LIBRARY": str(settings.library.resolve())} | ({FIRST: str(first)} if first else {})
    say(f"Diptych is at http://{HOST}:{port} (stop it with Ctrl-C).", "bold")
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        signal.signal(signal.SIGTERM, lambda *_: server.terminate())
        try:
            return server.wait()
        except KeyboardInterrupt:
            server.terminate()
            server.wait(timeout=20)
            return 0


def wear(theme: str) -> None:
    """Let the chat that this process serves look so, from the next run of its page on."""
    from streamlit import config

    every = {name for each in ("auto", *COLOURS) for name in look(each)}
    for name, value in (dict.fromkeys(every) | look(theme)).items():
        config.set_option(f"theme.{name}", value)


def look(theme: str) -> dict[str, str]:
    """Streamlit's theme options: one theme where it is chosen, else both, among which the browser's system chooses."""
    if theme != "auto":
        return {"base": theme, **LOOK, **COLOURS[theme]}
    return LOOK | {f"{name}.{option}": value for name, colours in COLOURS.items() for option, value in colours.items()}
