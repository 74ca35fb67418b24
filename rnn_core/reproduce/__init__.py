"""Published results, run again with this engine and put next to the published figures.

``python -m rnn_core.reproduce`` runs them and writes ``sample_data/known_results.json``, which the
page shows. :mod:`rnn_core.reproduce.results` and :mod:`rnn_core.reproduce.publications` are light;
the modules of the experiments train.
"""
