"""Building, training and looking inside networks: the only code that imports TensorFlow.

Imported by worker processes, scripts, notebooks and tests; never by the pages' process.
"""

import os

# Before TensorFlow is loaded: its start-up chatter says nothing to a person.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
