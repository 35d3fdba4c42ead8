"""Measurements that anyone can repeat: ``python -m benchmarks NAME``.

Each workload runs side by side with its floor: the same work as plain SQL
statements, on the same database, in the same run, alternating.
"""
