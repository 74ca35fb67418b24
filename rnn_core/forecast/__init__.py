"""Judging forecasts: baselines on the same points, metrics, and the verdict in words."""
