"""The judge: candidates → verdicts, by durable-rules and by a plain second opinion.

Nothing is imported here, so that a worker process starts with the light modules only.
"""
