"""Policy × journal → cases → judged findings → scores."""
