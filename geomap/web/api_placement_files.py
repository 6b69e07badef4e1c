"""Projects to place: from a file, as a template to fill in, and those of the record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast
from urllib.parse import urlencode

import orjson
from apiflask import APIBlueprint
from flask import Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from geomap.domain.errors import GeomapError, InputError
from geomap.domain.words import Label
from geomap.importing.project_file import ProjectsRefusedError
from geomap.web import params
from geomap.web.describe import PROBLEM, describe
from geomap.web.files import MIMETYPES
from geomap.web.language import language_of
from geomap.web.limits import FILE, POST, limited
from geomap.web.problems import body_of_error
from geomap.web.respond import bytes_answer, json_answer
from geomap.web.staff import find_staff
from geomap.web.state import context
from geomap.web.stream import in_place
from geomap.web.view_project_files import (
    listed_projects,
    read_upload,
    report_json,
    template_file,
)

bp = APIBlueprint("placement_files", __name__, url_prefix="/api/v1")
MOST_FILE = 10_000_000
"""Bytes: 5,000 projects in a workbook have less than one million."""
_FORM, _ROOM = "multipart/form-data", 100_000
_RAW = {
    MIMETYPES["xlsx"]: "projects.xlsx",
    "application/vnd.ms-excel": "projects.xls",
    "text/csv": "projects.csv",
    "application/json": "projects.json",
}
"""Media types of a file that is sent as the body itself."""
_WAIT_S = 10.0


class FileTooLargeError(GeomapError):
    """A file of more bytes than a list of projects has."""

    status = 413
    slug = "request-entity-too-large"


class UploadTypeError(GeomapError):
    """What is sent is neither a form nor a file of a known type."""

    status = 415
    slug = "unsupported-media-type"


@bp.post("/placements/projects")
@describe(
    bp,
    "Projects read from a file, to be placed; nothing is kept",
    query="ProjectsFileQuery",
    upload=(_FORM, *_RAW),
    answer="ProjectsAnswer",
    errors=(413, 415, 429, 503),
    refusal="ProjectsProblem",
    description=(
        "Excel (.xlsx .xls .ods), CSV or JSON, at most 10 MB and 5,000 projects. `projects` is "
        "what POST /placements takes. A row with an error refuses the file: the problem lists "
        "every error with row, column and fix, at most 200 of `findings_total`. With "
        "accept_partial=1 the rows without errors are returned."
    ),
)
@limited(FILE)
def post_projects() -> Response:
    """Return the projects of the file and the report on it."""
    partial, language = params.read_flag(request.args, "accept_partial"), language_of(request)
    try:
        with _upload() as (stream, name), in_place(_WAIT_S):
            answer = read_upload(context(), stream, name, language, accept_partial=partial)
    except ProjectsRefusedError as error:
        problem = body_of_error(error, language=language, path=request.path)
        body = orjson.dumps(problem | report_json(error.report, language))
        headers = {"Cache-Control": "no-store", "Vary": "Accept-Language, Cookie"}
        return Response(body, error.status, headers, mimetype=PROBLEM)
    return json_answer(answer, cache="no-store")


@contextmanager
def _upload() -> Iterator[tuple[BinaryIO, str]]:
    """Give the file of the request and its name, and let go of it afterwards.

    Raises
    ------
    UploadTypeError, FileTooLargeError, InputError
        It is neither a form nor a file; it is too large; the form has no file.
    """
    request.max_content_length = MOST_FILE + _ROOM
    try:
        if request.mimetype == _FORM:
            sent = request.files.get("file")
            if sent is None or not sent.filename:
                raise _no_file()
            if sent.seek(0, 2) > MOST_FILE:
                raise _too_large()
            sent.seek(0)
            yield cast(BinaryIO, sent.stream), sent.filename
            return
        name = _RAW.get(request.mimetype)
        if name is None:
            raise _unfit()
        yield cast(BinaryIO, request.stream), name
    except RequestEntityTooLarge:
        raise _too_large() from None
    finally:
        request.close()


def _too_large() -> FileTooLargeError:
    most = f"{MOST_FILE / 1e6:g} MB"
    return FileTooLargeError(
        Label(f"文件超过 {most}", f"The file is larger than {most}"),
        fix=Label("只留项目那张工作表，或分成几份", "Keep the one sheet, or split it"),
        field="file",
    )


def _no_file() -> InputError:
    return InputError(
        Label("没有文件", "There is no file"),
        fix=Label("把文件放在表单的 file 字段里", "Send the file as the form's field file"),
        field="file",
    )


def _unfit() -> UploadTypeError:
    return UploadTypeError(
        Label("这不是一个项目文件", "This is no file of projects"),
        fix=Label(
            "用表单上传（multipart/form-data，字段 file），或直接发送 .xlsx、.csv、.json 的内容",
            "Send a form (multipart/form-data, field file), or the .xlsx, .csv or .json itself",
        ),
        field="Content-Type",
    )


@bp.get("/placements/template.xlsx")
@describe(
    bp,
    "A workbook to fill in with projects: headings, choices, hints, two examples",
    query="LanguageQuery",
    media=MIMETYPES["xlsx"],
    errors=(422, 429),
    description="Rows whose id begins with 示例 or example are not read back.",
)
@limited(FILE)
def get_template() -> Response:
    """Return the template."""
    answer = bytes_answer(template_file(language_of(request)), MIMETYPES["xlsx"])
    answer.headers["Content-Disposition"] = 'attachment; filename="projects-template.xlsx"'
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer


@bp.get("/placements/demo-projects")
@describe(
    bp,
    "The record's demonstration projects, ready to be placed; all projects with a key of staff",
    query="PageQuery",
    answer="ProjectsPage",
    errors=(401, 422, 429, 503),
)
@limited(POST)
def get_demo_projects() -> Response:
    """Return a page of projects."""
    staff = find_staff(context(), request.headers.get("Authorization", ""))
    limit, offset = params.read_page(request.args, default=params.MAX_LIMIT)
    items, total = listed_projects(context(), staff, limit, offset)
    following = request.args.to_dict() | {"limit": str(limit), "offset": str(offset + limit)}
    more = f"{request.path}?{urlencode(following)}" if offset + limit < total else None
    answer = json_answer({"items": items, "total": total, "next": more}, cache="no-store")
    answer.vary.add("Authorization")
    return answer
