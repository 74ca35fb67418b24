"""The parts of the page Inside: what is opened of a run, the scrubber, and the views."""
