"""The server: ``streamlit run app.py``; pages are in ``pages/``, the library in ``rnn_core/``."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware

from pages.ui.follow import follow_routes
from pages.ui.plot import PreloadPlotly, plotly_routes
from pages.ui.runtime import preload, start, stop
from pages.ui.visitor import VisitorCookie


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Keep a warm worker from before the first visitor until the server ends."""
    start()
    preload()
    try:
        yield
    finally:
        stop()


app = st.App(
    "pages/shell.py",
    lifespan=lifespan,
    routes=[*plotly_routes(), *follow_routes()],
    middleware=[Middleware(VisitorCookie), Middleware(PreloadPlotly)],
)
