"""The policy language: models, loader with positions, inheritance, versions in force, lint."""
