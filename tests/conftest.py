"""Sets the environment before any test module imports the app."""

import atexit
import os
import shutil
import tempfile

from hypothesis import HealthCheck, settings

_store_folder = tempfile.mkdtemp(prefix="rnn-explorer-tests-")
atexit.register(shutil.rmtree, _store_folder, ignore_errors=True)

# Assigned, not defaulted: tests never write to the runs of whoever starts them.
os.environ["RNN_STORE_URL"] = f"sqlite:///{_store_folder}/runs.sqlite"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the server does

# How long an example takes says how busy the machine is, not whether it is right.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
