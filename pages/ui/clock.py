"""The visitor's own time."""

from __future__ import annotations

import datetime
import zoneinfo

import streamlit as st


def zone() -> datetime.tzinfo:
    """Give the visitor's time zone, UTC where the browser does not tell."""
    try:
        return zoneinfo.ZoneInfo(st.context.timezone or "UTC")
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return datetime.UTC
