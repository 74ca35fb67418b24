"""How fast training is here, next to Keras's ``fit`` and PyTorch, side by side in one run."""
