"""The judge: candidates → verdicts, by durable-rules and by a plain second opinion."""
