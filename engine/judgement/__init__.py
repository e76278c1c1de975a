"""The second stage of judging: findings and what people ruled on them → states, severities, conclusions on persons.

Nothing is imported here, so that a worker process starts with the light modules only.
"""
