"""Around every page: its title, the navigation, and the choices that live in the URL."""

from pathlib import Path

import streamlit as st

from pages.ui import session, style
from pages.ui.i18n import _

st.set_page_config(
    page_title=_("RNN explorer"),
    page_icon=str(Path(__file__).parent / "ui" / "icon.svg"),
    layout="wide",
    initial_sidebar_state="auto",
)
page = st.navigation(
    [
        st.Page("lab.py", title=_("Lab"), icon=":material/science:", default=True),
        st.Page("data.py", title=_("Data"), icon=":material/show_chart:"),
        st.Page("inside.py", title=_("Inside"), icon=":material/visibility:"),
        st.Page("forecast.py", title=_("Forecast"), icon=":material/trending_up:"),
        st.Page("runs.py", title=_("Runs"), icon=":material/history:"),
    ],
    position="top",
)
style.apply()
session.restore()
page.run()
session.write_url()
