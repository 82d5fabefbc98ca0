"""Measurements, not tests: `make bench` prints them beside the limits measured in the same run."""
