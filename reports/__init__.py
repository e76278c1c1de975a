"""Findings and scores → tables, charts, documents."""
