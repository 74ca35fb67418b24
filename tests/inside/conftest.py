from rnn_core.engine.runtime import configure

# For the tests that hold the numbers against Keras; must come before TensorFlow's first operation.
configure()
