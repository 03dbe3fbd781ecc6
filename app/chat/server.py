"""The chat as one server: Streamlit's page, and beside it what it shows of the libraries; only for who calls it by this machine's name."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from app.chat.routes import routes

NAMES = ["127.0.0.1", "localhost"]  # another name that leads here is that of a page that wants to read along

app = st.App(
    Path(__file__).with_name("main.py"),
    routes=routes(),
    middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=NAMES)],
)
