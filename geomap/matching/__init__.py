"""Hard rules, scores, reasons, relaxations, the one-sentence demand."""
