"""What the project promises of its speed and its memory, measured: ``python -m benchmarks``."""
