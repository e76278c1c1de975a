"""Rule families: parameters, how the journal becomes cases, when a case is broken; due dates and the school calendar."""
