"""Inside a recurrent network: states, gates and gradients through time, from its weights alone.

Everything here is NumPy, so that a process that must not load TensorFlow (a page's) can open any
kept epoch of a run on any window. Weights are in stock Keras layout and gate order; the tests hold
every number against Keras itself.
"""
