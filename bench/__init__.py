"""Benches: the engine beside its peers, as ratios in one run."""
