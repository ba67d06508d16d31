"""What every answer carries."""

from __future__ import annotations

from flask import Flask, Response, request

from workflow.web.extensions import LANGUAGES

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self), payment=(), usb=()",
}
FILES = ("static", "bootstrap.static", "web.font")


def attach(app: Flask) -> None:
    @app.after_request
    def add(response: Response) -> Response:
        for name, value in ALWAYS.items():
            response.headers[name] = value
        if app.config["RELAIS"].secure_cookies:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.args.get("lang") in LANGUAGES:
            response.set_cookie("lang", request.args["lang"], max_age=31_536_000, samesite="Lax", httponly=True)
        if request.endpoint not in FILES:
            response.headers["Cache-Control"] = "no-store"
            response.headers["Vary"] = "Cookie"
        return response
