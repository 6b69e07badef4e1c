"""One sentence becomes a demand, offline, by a fixed grammar and vocabulary (docs/sentence.md)."""
