"""Errors as ``application/problem+json`` (RFC 9457), in the language of the request."""

from __future__ import annotations

import logging
import uuid

import orjson
from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from geomap.domain.errors import GeomapError
from geomap.domain.words import Label
from geomap.web.language import language_of, text_of

_LOG = logging.getLogger("geomap")
_TITLES = {
    400: Label("请求不对", "Bad request"),
    401: Label("要密钥", "A key is needed"),
    404: Label("没有找到", "Not found"),
    405: Label("这个地址不接受这种请求", "Method not allowed"),
    406: Label("给不出要的格式", "Not acceptable"),
    409: Label("和已有的冲突", "Conflict"),
    413: Label("内容太大", "Too large"),
    415: Label("要 JSON", "JSON is needed"),
    422: Label("输入不能用", "The input cannot be used"),
    429: Label("请求太多，请稍候", "Too many requests"),
    500: Label("出错了", "Something went wrong"),
    503: Label("还没有准备好", "Not ready yet"),
}

_DETAILS: dict[int, tuple[Label, Label]] = {
    400: (
        Label("请求写得不对", "The request is not written rightly"),
        Label("对照 /api/docs 检查地址和参数", "Check address and parameters with /api/docs"),
    ),
    403: (
        Label("这里看不了这个地址", "This address cannot be read from here"),
        Label("在本机访问，或带上令牌", "Ask from this machine, or bring the token"),
    ),
    404: (
        Label("这里没有这个地址", "There is nothing at this address"),
        Label("检查地址；接口都列在 /api/docs", "Check the address; /api/docs lists the API"),
    ),
    405: (
        Label("这个地址不接受这种请求方法", "This address does not take this method"),
        Label("用 Allow 头里的方法", "Use a method that the Allow header names"),
    ),
    413: (
        Label("请求体超过 1 MB", "The body is larger than 1 MB"),
        Label("需求只要几百字节；大文件用 geomap import", "Import files by geomap import"),
    ),
    415: (
        Label("请求体要是 JSON", "The body must be JSON"),
        Label("加上 Content-Type: application/json", "Add Content-Type: application/json"),
    ),
    429: (
        Label("一分钟内请求太多", "Too many requests within a minute"),
        Label("过一分钟再试", "Try again in a minute"),
    ),
}
_HEADERS = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language, Cookie"}


def _wants_page() -> bool:
    if request.path.startswith(("/api", "/ogc")) or request.path in ("/metrics", "/healthz"):
        return False
    best = request.accept_mimetypes.best_match(["application/json", "text/html"])
    return best == "text/html"


def problem(
    status: int, slug: str, detail: Label, *, field: str = "", fix: Label | None = None
) -> Response:
    """Return an error response: JSON for programs, a page for people."""
    language = language_of(request)
    title = text_of(_TITLES.get(status, _TITLES[500]), language)
    if _wants_page():
        page = render_template(
            "error.html",
            status=status,
            title=title,
            detail=text_of(detail, language),
            fix=text_of(fix, language) if fix else "",
        )
        return Response(page, status, _HEADERS, mimetype="text/html")
    body = problem_body(
        status, slug, detail, language=language, path=request.path, field=field, fix=fix
    )
    return Response(orjson.dumps(body), status, _HEADERS, mimetype="application/problem+json")


def problem_body(
    status: int,
    slug: str,
    detail: Label,
    *,
    language: str,
    path: str,
    field: str = "",
    fix: Label | None = None,
) -> dict[str, str | int]:
    """Return the JSON object of a problem."""
    body: dict[str, str | int] = {
        "type": f"urn:geomap:problem:{slug}",
        "title": text_of(_TITLES.get(status, _TITLES[500]), language),
        "status": status,
        "detail": text_of(detail, language),
        "instance": path,
    }
    if field:
        body["field"] = field
    if fix:
        body["fix"] = text_of(fix, language)
    return body


def body_of_error(error: Exception, *, language: str, path: str) -> dict[str, str | int]:
    """Return the JSON object of any error; an unknown one is logged with a number."""
    if isinstance(error, GeomapError):
        return problem_body(
            error.status,
            error.slug,
            error.reason,
            language=language,
            path=path,
            field=error.field,
            fix=error.fix,
        )
    detail, fix = _log_unknown(error, path)
    return problem_body(500, "internal", detail, language=language, path=path, fix=fix)


def _log_unknown(error: Exception, path: str) -> tuple[Label, Label]:
    """Log an error; returns what its problem says, with the number under which it stands."""
    number = uuid.uuid4().hex[:8]
    _LOG.error("error %s at %s", number, path, exc_info=error)
    detail = Label(
        f"服务出错，数据没有受影响。编号 {number}",
        f"An error; no data was harmed. No. {number}",
    )
    fix = Label("再试一次；还不行就报这个编号", "Try again; if it persists, report the number")
    return detail, fix


def register_problems(app: Flask) -> None:
    """Turn every error into a problem response; unknown ones are logged with a number."""

    @app.errorhandler(GeomapError)
    def known(error: GeomapError) -> Response:
        answer = problem(error.status, error.slug, error.reason, field=error.field, fix=error.fix)
        realm = getattr(error, "realm", "")
        if realm:  # by which scheme a key is sent (RFC 9110)
            answer.headers["WWW-Authenticate"] = f'Bearer realm="{realm}"'
        return answer

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        status = error.code or 500
        known = (_TITLES.get(status, Label(error.name, error.name)), None)
        detail, fix = _DETAILS.get(status, known)
        answer = problem(status, error.name.lower().replace(" ", "-"), detail, fix=fix)
        if status == 405 and error.get_response().headers.get("Allow"):
            answer.headers["Allow"] = error.get_response().headers["Allow"]
        return answer

    @app.errorhandler(Exception)
    def unknown(error: Exception) -> Response:
        detail, fix = _log_unknown(error, request.path)
        return problem(500, "internal", detail, fix=fix)
