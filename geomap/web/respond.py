"""Responses of bytes: JSON, compression, entity tags and caching."""

from __future__ import annotations

import gzip
from hashlib import blake2b
from typing import Any

import orjson
from flask import Response, request

JSON = "application/json"
GEOJSON = "application/geo+json"
NO_CACHE = "no-cache"
IMMUTABLE = "public, max-age=31536000, immutable"
_WORTH_COMPRESSING = 2_000
_OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS


def tag_of(content: bytes) -> str:
    """Return an entity tag of content."""
    return blake2b(content, digest_size=9).hexdigest()


def accepts(encoding: str) -> bool:
    """Return whether the client takes a content encoding (and not with q=0)."""
    return request.accept_encodings.quality(encoding) > 0


def bytes_answer(
    content: bytes, mimetype: str, *, cache: str = NO_CACHE, tag: str = "", encoding: str = ""
) -> Response:
    """Return content with its entity tag, or 304 where the client has it already.

    The tag names the content before compression and is weak where an encoding was chosen.
    """
    response = Response(content, mimetype=mimetype)
    response.headers["Cache-Control"] = cache
    response.headers["Vary"] = "Accept-Encoding"
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.set_etag(tag or tag_of(content), weak=bool(encoding))
    if request.method in ("GET", "HEAD"):
        response.make_conditional(request)
    return response


def json_answer(value: Any, *, mimetype: str = JSON, cache: str = NO_CACHE) -> Response:
    """Return a value as JSON in the request's language, compressed where that pays.

    Level 1: these answers differ with every request, so time counts more than size.
    """
    content = orjson.dumps(value, option=_OPTIONS)
    tag = tag_of(content)
    encoding = ""
    if len(content) > _WORTH_COMPRESSING and accepts("gzip"):
        content, encoding = gzip.compress(content, 1, mtime=0), "gzip"
    response = bytes_answer(content, mimetype, cache=cache, tag=tag, encoding=encoding)
    response.headers["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
    return response
