"""Keeping in touch: saved searches and their alerts, leads and what protects them."""
