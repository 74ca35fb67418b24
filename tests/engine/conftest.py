from rnn_core.engine.runtime import configure

# As in a worker; must come before TensorFlow's first operation.
configure()
