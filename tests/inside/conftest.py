from rnn_core.engine.runtime import use_one_thread

# For the tests that hold the numbers against Keras; must come before TensorFlow's first operation.
use_one_thread()
