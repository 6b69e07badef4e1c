"""Projects and units that hang together, and how far each such cluster is from its bound.

At fixed prices an allocation falls short of the relaxation's bound by the slacks of its
pairs, by the surplus of projects without a place and by the price of what stays free. All
three belong to one project or resource, so the shortfall can be counted cluster by cluster.
With only some pairs, the core, clusters do not touch and each is solved by itself: its gap is
its part of the bound less its best. An allocation with a pair outside the core may close the
gaps of the clusters that the pair touches, and pays the pair's slack. Where every outside
pair pays at least as much as it can close, the clusters' best is the best of all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geomap.placement.blocking import spread_ranges
from geomap.placement.kernels import least_share, sum_touched
from geomap.placement.linear import Relaxed
from geomap.placement.pairs import I8, Pairs
from geomap.placement.program import Program

F8 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Clusters:
    """The core's columns by cluster, and the cluster of each project and resource.

    `columns` are pairs, those of cluster ``c`` are ``at[c] … at[c + 1] − 1``, rising.
    ``bound[c]`` is the cluster's part of the relaxation's bound.
    """

    columns: I8
    at: I8
    of_project: I8
    of_resource: I8
    bound: F8

    def add_up(self, parts: Clusters, gap: F8) -> F8:
        """Return the gaps of clusters of a smaller core, added up in these that they are in."""
        within = np.zeros(len(gap), dtype=np.int64)
        within[parts.of_project] = self.of_project
        within[parts.of_resource] = self.of_resource
        total = np.bincount(within, weights=gap, minlength=len(self.bound))
        return np.asarray(total, dtype=np.float64)


def _contended(pairs: Pairs, relaxed: Relaxed, project: I8, resource: I8, use: I8) -> I8:
    """Return which resources have a price, or could be asked for more than there is."""
    order = np.lexsort((use, project, resource))
    key = resource[order] * len(pairs) + project[order]
    last = np.append(key[1:] != key[:-1], True) if len(key) else np.zeros(0, dtype=np.bool_)
    asked = np.zeros(len(pairs.capacity), dtype=np.int64)
    np.add.at(asked, resource[order][last], use[order][last])
    return np.asarray((asked > pairs.capacity) | (relaxed.price > 0.0))


def split(pairs: Pairs, relaxed: Relaxed, core: I8, project: I8) -> Clusters:
    """Return the clusters of a core, which hang together by what is contended.

    Parameters
    ----------
    pairs, relaxed
        The pairs and their relaxation.
    core
        Pairs, rising.
    project
        The project of each pair of all, shape (m,).
    """
    n, count = len(pairs), len(pairs) + len(pairs.capacity)
    first, end = pairs.use_start[core], pairs.use_start[core + 1]
    uses = spread_ranges(first, end)
    of = np.repeat(project[core], end - first)
    resource = pairs.resource[uses].astype(np.int64)
    ties = _contended(pairs, relaxed, of, resource, pairs.use[uses])[resource]
    edges = (np.ones(int(ties.sum()), dtype=np.int8), (of[ties], n + resource[ties]))
    total, found = connected_components(coo_array(edges, shape=(count, count)), directed=False)
    label = np.asarray(found, dtype=np.int64)
    own = label[project[core]]
    order = np.argsort(own, kind="stable")
    surplus = np.bincount(label[:n], weights=relaxed.best, minlength=total)
    sold = np.bincount(label[n:], weights=pairs.capacity * relaxed.price, minlength=total)
    at = np.searchsorted(own[order], np.arange(total + 1)).astype(np.int64)
    return Clusters(core[order], at, label[:n], label[n:], np.asarray(surplus + sold))


def program_of(
    pairs: Pairs, weight: F8, step: float, clusters: Clusters, which: I8, known: I8, project: I8
) -> Program:
    """Return the program of some clusters; `known` are the pairs of a known allocation."""
    columns = clusters.columns[spread_ranges(clusters.at[which], clusters.at[which + 1])]
    first, end = pairs.use_start[columns], pairs.use_start[columns + 1]
    uses = spread_ranges(first, end)
    resources, resource = np.unique(pairs.resource[uses], return_inverse=True)
    return Program(
        np.concatenate([[0], np.cumsum(clusters.at[which + 1] - clusters.at[which])]),
        weight[columns],
        project[columns],
        np.concatenate([[0], np.cumsum(end - first)]),
        resource.astype(np.int64),
        pairs.use[uses],
        pairs.capacity[resources],
        np.isin(columns, known),
        step,
    )


@dataclass(frozen=True, slots=True)
class Proof:
    """What is proven with the gaps of clusters: a bound, and the pairs in the way.

    `missing` are pairs outside the core that could close more than they pay, least slack
    first.
    """

    bound: float
    missing: I8


def prove(pairs: Pairs, relaxed: Relaxed, clusters: Clusters, gap: F8, project: I8) -> Proof:
    """Return the bound that the clusters' gaps give.

    Where an outside pair pays less than the gaps that it touches, those gaps count by the
    share that it pays: then no outside pair closes more than it pays.

    Parameters
    ----------
    pairs, relaxed, clusters, project
        As before.
    gap
        How far each cluster's best is from its part of the bound, at least, shape (c,).
    """
    outside = np.ones(len(project), dtype=np.bool_)
    outside[clusters.columns] = False
    rows = np.flatnonzero(outside & (relaxed.slack < gap.sum()))
    where = pairs.use_start, pairs.resource
    labels = clusters.of_project, clusters.of_resource
    touched = sum_touched(rows, project[rows], *where, *labels, gap)
    short = relaxed.slack[rows] < touched - 1e-9
    rows, touched = rows[short], touched[short]
    slack = np.maximum(relaxed.slack[rows], 0.0)
    share = least_share(rows, project[rows], *where, *labels, slack / touched, len(gap))
    bound = relaxed.bound - float((gap * share).sum())
    return Proof(bound, rows[np.lexsort((rows, slack))])
