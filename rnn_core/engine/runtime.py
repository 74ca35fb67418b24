"""TensorFlow's settings in a process that trains."""

from __future__ import annotations

import os

import tensorflow as tf

# Two programs at once on every machine, the halves of a batch, and within each of them one thread:
# how sums are cut into parts depends on it, and so does the last bit.
PROGRAMS = 2
THREADS = 1
# XLA would spread a program's independent operations over the machine's threads. Of the small ones
# here each then waits for the other: what follows a large product would go on in the thread that
# finished it, which first has to be woken.
XLA_FLAGS = (
    "--xla_cpu_enable_concurrency_optimized_scheduler=false",
    "--xla_cpu_multi_thread_eigen=false",
)


def configure() -> None:
    """Compute two programs at once, each on its own thread: the same sums in the same order.

    Must be called before TensorFlow's first operation.
    """
    flags = os.environ.get("XLA_FLAGS", "").split()
    os.environ["XLA_FLAGS"] = " ".join(flags + [flag for flag in XLA_FLAGS if flag not in flags])
    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    tf.config.threading.set_inter_op_parallelism_threads(PROGRAMS)
    # It advises against many compiled functions; here each shape of network has its own.
    tf.get_logger().setLevel("ERROR")


def has_gpu() -> bool:
    """Tell whether TensorFlow can compute on a GPU."""
    return bool(tf.config.list_physical_devices("GPU"))
