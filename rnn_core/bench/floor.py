"""How fast this machine multiplies matrices: the floor under every engine."""

from __future__ import annotations

import statistics
import time

import numpy as np

SIZE = 1024


def sgemm_rate(repeats: int = 9) -> float:
    """Measure operations a second of float32 matrix products on all cores, the median."""
    random = np.random.default_rng(0)
    left, right = (random.normal(size=(SIZE, SIZE)).astype(np.float32) for _ in range(2))
    product = np.empty_like(left)
    np.matmul(left, right, out=product)
    rates = []
    for _ in range(repeats):
        begun = time.perf_counter()
        np.matmul(left, right, out=product)
        rates.append(2 * SIZE**3 / (time.perf_counter() - begun))
    return statistics.median(rates)
