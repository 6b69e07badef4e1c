"""What the API answers, as plain values; the command line prints the same."""

from geomap.web.view_coverage import GROUPINGS, coverage_answer
from geomap.web.view_match import explain_answer, match_answer
from geomap.web.view_parse import sentence_answer
from geomap.web.view_repair import repair_work
from geomap.web.view_ring import ring_feature, site_amenities
from geomap.web.view_sites import site_detail, unit_detail

__all__ = [
    "GROUPINGS",
    "coverage_answer",
    "explain_answer",
    "match_answer",
    "repair_work",
    "ring_feature",
    "sentence_answer",
    "site_amenities",
    "site_detail",
    "unit_detail",
]
