"""The server: ``streamlit run app.py``; pages are in ``pages/``, the library in ``rnn_core/``.

Only what answers a request is loaded here: the rest is loaded beside it, while the first visitor's
browser still loads the page.
"""

import os
import signal
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import streamlit as st
from starlette.middleware import Middleware

from pages.ui.parts import Parts
from pages.ui.served import EarlyPlotly, routes
from pages.ui.sockets import send_at_once
from pages.ui.visitor import VisitorCookie

# Before SciPy is loaded: its optimizer's products, of four numbers or so, would be handed out to
# threads. On two busy cores three fits of ETS took 2.3 s so, and take 0.75 s like this.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# What loads beside must not hold up the answer to a request for longer than this, in seconds.
sys.setswitchinterval(0.0005)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Keep a warm worker from before the first visitor until the server ends."""
    send_at_once()
    starting = threading.Thread(target=_start, name="start")
    starting.start()
    try:
        yield
    finally:
        starting.join()
        import_module("pages.ui.runtime").stop()


def _start() -> None:
    try:
        runtime = import_module("pages.ui.runtime")
        runtime.start()
        runtime.preload()
    except BaseException:
        os.kill(os.getpid(), signal.SIGTERM)  # a server that cannot keep runs is none
        raise


app = st.App(
    "pages/shell.py",
    lifespan=lifespan,
    routes=routes(),
    middleware=[Middleware(Parts), Middleware(VisitorCookie), Middleware(EarlyPlotly)],
)
