"""Requests to the routes beside Streamlit's own, as a page sends them."""

from __future__ import annotations

import asyncio

from starlette.applications import Starlette

from pages.ui.served import FOLDER, routes


def asked(path: str, query: str = "") -> tuple[int, bytes]:
    """Give status and body of the answer for a path in the folder of scripts."""
    scope = {"type": "http", "method": "GET", "path": f"{FOLDER}/{path}", "headers": []}
    scope["query_string"] = query.encode()
    answers = []

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        answers.append(message)

    asyncio.run(Starlette(routes=routes())(scope, receive, send))
    return answers[0]["status"], b"".join(answer.get("body", b"") for answer in answers)
