"""Headers that every response carries."""

from __future__ import annotations

from flask import Flask, Response, request

CSP = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
}
PUBLIC_HEADERS = {"Access-Control-Allow-Origin": "*"}
"""Open data may be read by any page; no cookie changes what is answered but the language."""


def register_security(app: Flask) -> None:
    """Add the headers to every response."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        public = request.path.startswith(("/ogc", "/api"))
        for name, value in (HEADERS | (PUBLIC_HEADERS if public else {})).items():
            response.headers.setdefault(name, value)
        return response
