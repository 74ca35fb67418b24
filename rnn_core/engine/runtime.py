"""TensorFlow's settings in a process that trains."""

from __future__ import annotations

import os

import tensorflow as tf

# Two, on every machine: how sums are cut into parts depends on it, and so does the last bit.
THREADS = 2
# XLA would spread a program's independent operations, and each product, over the same threads. Of
# the small ones here each then waits for the other, and so do two programs at once; recurrent
# networks that are large enough for two cores are trained in two halves, and forecasts, a
# convolution and Keras's own layers take as long either way.
XLA_FLAGS = (
    "--xla_cpu_enable_concurrency_optimized_scheduler=false",
    "--xla_cpu_multi_thread_eigen=false",
)


def configure() -> None:
    """Compute on two threads, each program on its own: the same sums in the same order.

    Must be called before TensorFlow's first operation.
    """
    flags = os.environ.get("XLA_FLAGS", "").split()
    os.environ["XLA_FLAGS"] = " ".join(flags + [flag for flag in XLA_FLAGS if flag not in flags])
    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    tf.config.threading.set_inter_op_parallelism_threads(THREADS)
    # It advises against many compiled functions; here each shape of network has its own.
    tf.get_logger().setLevel("ERROR")


def has_gpu() -> bool:
    """Tell whether TensorFlow can compute on a GPU."""
    return bool(tf.config.list_physical_devices("GPU"))
