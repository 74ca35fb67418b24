"""Runs: the store that knows them, the worker processes that train them, the pool of these."""
