from rnn_core.engine.runtime import use_one_thread

# As in a worker; must come before TensorFlow's first operation.
use_one_thread()
