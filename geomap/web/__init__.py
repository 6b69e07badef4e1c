"""The Flask application: one blueprint a room."""
