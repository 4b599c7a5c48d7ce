"""What a request that reads expects of what it gets (RFC 9110, 13): where that is not so, it is not sent."""

from __future__ import annotations

from typing import Final

from flask import Response, request

from carekg import errors

FIRST: Final = ("HTTP_IF_MATCH", "HTTP_RANGE", "HTTP_IF_RANGE")
"""What is looked at here, before or behind what the library does: it takes one condition to undo another."""


def held(response: Response) -> Response:
    """Give an answer, or only that it is unchanged, in the order of 13.2.2.

    :raises Unmet: it is not as ``If-Match`` or ``If-Unmodified-Since`` expects.
    """
    if request.method not in ("GET", "HEAD"):
        return response
    if not _is_expected(response):
        response.close()
        raise errors.Unmet("changed", request.path)
    response.make_conditional({name: value for name, value in request.environ.items() if name not in FIRST})
    return response


def _is_expected(response: Response) -> bool:
    """Say whether ``If-Match``, or else ``If-Unmodified-Since``, lets an answer be sent."""
    tag, is_weak = response.get_etag()
    if request.if_match:
        return request.if_match.star_tag or (not is_weak and request.if_match.contains(tag or ""))
    since, modified = request.if_unmodified_since, response.last_modified
    return since is None or modified is None or modified <= since


def may_be_in_part(response: Response) -> bool:
    """Say whether what somebody has a part of, by ``If-Range``, is this: the same strong tag or date (13.1.5)."""
    wanted = request.headers.get("If-Range")
    if wanted is None:
        return True
    tag, is_weak = response.get_etag()
    if wanted.strip().startswith(('"', "W/")):
        return not is_weak and wanted.strip() == f'"{tag}"'
    return request.if_range.date is not None and request.if_range.date == response.last_modified
