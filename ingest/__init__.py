"""Events in: vocabulary, formats, sources, the append-only log and the columnar Journal."""
