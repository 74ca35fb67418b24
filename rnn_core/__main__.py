"""``python -m rnn_core``."""

from rnn_core.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
