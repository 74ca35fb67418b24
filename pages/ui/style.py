"""The few things about the look that Streamlit's theme has no option for."""

from __future__ import annotations

import streamlit as st

# A dashboard uses the width of its window, and numbers keep their width while they change.
CSS = """
[data-testid="stMainBlockContainer"] { padding-left: 1.5rem; padding-right: 1.5rem; }
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding-left: 0.75rem; padding-right: 0.75rem; }
}
/* On a phone the preview stays in sight while the sliders below it are moved. */
@media (max-width: 640px) {
  .st-key-choose-generator > * > [data-testid="stHorizontalBlock"] > :last-child,
  .st-key-choose-generator > [data-testid="stHorizontalBlock"] > :last-child {
    order: -1; position: sticky; top: 3.75rem; z-index: 5;
    background: light-dark(#ffffff, #14171c); /* as in .streamlit/config.toml */
  }
}
/* Two lines of a finding or one: the picture below stays where it is. */
@media (min-width: 641px) { [class*="st-key-inside-finding"] { min-height: 3rem; } }
/* A formula that is wider than a phone can be moved sideways, and is set a little smaller there. */
.katex-display { overflow-x: auto; overflow-y: hidden; padding: 0.25rem 0; }
@media (max-width: 640px) { .katex-display { font-size: 0.8em; } }
.rnn-progress span { font-size: 0.875rem; font-variant-numeric: tabular-nums; }
.rnn-progress > div {
  height: 0.5rem; margin-top: 0.25rem; border-radius: 0.25rem; overflow: hidden;
  background: var(--st-secondary-background-color, #8883);
}
.rnn-progress i { display: block; height: 100%; background: #3a78b0; }
.rnn-tiles {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(6.5rem, 1fr)); gap: 0.5rem;
}
.rnn-tiles > div { display: flex; flex-direction: column; cursor: help; min-width: 0; }
.rnn-tiles span { font-size: 0.875rem; white-space: nowrap; }
.rnn-tiles b { font-size: 1.2rem; font-weight: 600; font-variant-numeric: tabular-nums; }
"""


def apply() -> None:
    """Put the style into the page."""
    st.html(f"<style>{CSS}</style>")
