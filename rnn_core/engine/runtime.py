"""TensorFlow's settings in a process that trains."""

from __future__ import annotations

import tensorflow as tf


def use_one_thread() -> None:
    """Compute on one thread: fastest for small matrices, and the same sums in the same order.

    Must be called before TensorFlow's first operation.
    """
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    # It advises against many compiled functions; here each shape of network has its own.
    tf.get_logger().setLevel("ERROR")
