"""What a person can take away: forecasts as CSV, and a script that makes them without this app."""
