"""`geomap coverage`: scores, gaps, profiles side by side, what has no incubator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from geomap.command import language, refuse_clearly, say, write_json
from geomap.config import Settings
from geomap.domain.errors import InputError
from geomap.domain.words import Label

GROUPINGS = ("site", "county", "reporting_unit", "town", "industry")
FILES = (".xlsx", ".csv", ".gpkg", ".geojson")
_PROFILE = click.option("--profile", default="wenzhou-6-6", show_default=True)
_JSON = click.option("--json", "as_json", is_flag=True)


@click.group()
def coverage() -> None:
    """What a 15-minute walk reaches, what it does not, and where nothing is."""


@coverage.command()
@click.option("--by", default="county", show_default=True, type=click.Choice(GROUPINGS))
@_PROFILE
@_JSON
@click.pass_obj
@refuse_clearly
def scores(settings: Settings, by: str, profile: str, as_json: bool) -> None:
    """Print scores under a profile, by site or by group."""
    from geomap.web.context import AppContext
    from geomap.web.views import coverage_answer

    answer = coverage_answer(AppContext(settings), profile, by, language())
    if as_json:
        write_json(answer)
        return
    _say_ground(answer)
    for item in answer["items"]:
        score = "—" if item["score"] is None else f"{item['score']:g}"
        count = f"  {item['sites']:>5,}" if "sites" in item else ""
        click.echo(f"{score:>6}/{item['total']}{count}  {item['name']}")


@coverage.command()
@_PROFILE
@click.option("--category", default="", help="Categories, joined by commas.")
@click.option("--county", "adcodes", multiple=True, help="Adcode; several may be given.")
@click.option("--site", default="", help="Id of a site.")
@click.option("--sort", default="", help="A column, with - before it downwards.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help=" ".join(FILES)
)
@_JSON
@click.pass_obj
@refuse_clearly
def gaps(
    settings: Settings,
    profile: str,
    category: str,
    adcodes: tuple[str, ...],
    site: str,
    sort: str,
    output: Path | None,
    as_json: bool,
) -> None:
    """Print what each site lacks and the nearest one all the same, or write it to a file."""
    from geomap.web.context import AppContext
    from geomap.web.view_gaps import GapFilter, gaps_answer

    categories = tuple(part for part in category.split(",") if part)
    wanted = GapFilter(profile, categories, tuple(adcodes), site=site, sort=sort)
    context = AppContext(settings)
    if output is not None:
        _write_gaps(context, wanted, output)
        return
    answer = gaps_answer(context, wanted, language())
    if as_json:
        write_json(answer)
        return
    _say_ground(answer)
    for gap in answer["items"]:
        walk = "    > 3 km" if gap["walk_m"] is None else f"{gap['walk_m']:>8,.0f} m"
        over = "" if gap["over_m"] is None else f"+{gap['over_m']:,.0f} m"
        have = f" {gap['have']}/{gap['need']}" if gap["need"] > 1 else ""
        nearest = gap["nearest"] or "—"
        click.echo(f"{walk} {over:>10}  {gap['requirement']}{have}  {gap['site']}  ({nearest})")


def _write_gaps(context: Any, wanted: Any, output: Path) -> None:
    from geomap.web.view_gaps import gaps_layer
    from layers.export import write_layer

    if not output.name.lower().endswith(FILES):
        raise InputError(
            Label(f"不认识的文件类型：{output.name}", f"Unknown kind of file: {output.name}"),
            fix=Label(f"后缀用 {' '.join(FILES)}", f"End the name in one of {' '.join(FILES)}"),
            field="output",
        )
    rows = write_layer(*gaps_layer(context, wanted), output)
    say(Label(f"✓ 已导出 {rows:,} 行到 {output}", f"✓ {rows:,} rows written to {output}"))


@coverage.command()
@click.argument("site", default="")
@click.option("--lon", type=float, help="A point instead of a site.")
@click.option("--lat", type=float)
@_JSON
@click.pass_obj
@refuse_clearly
def compare(
    settings: Settings, site: str, lon: float | None, lat: float | None, as_json: bool
) -> None:
    """Print every profile's verdict on SITE (an id), beside the circle of the same radius."""
    from geomap.web.context import AppContext
    from geomap.web.view_compare import compare_answer

    if not site and (lon is None or lat is None):
        raise click.UsageError("SITE, or --lon and --lat")
    answer = compare_answer(AppContext(settings), site, lon or 0.0, lat or 0.0, language())
    if as_json:
        write_json(answer)
        return
    _say_ground(answer)
    for item in answer["items"]:
        circle = item["circle"]
        click.echo(
            f"{'✓' if item['passed'] else '✗'} {item['score']}/{item['total']}  {item['name']}  "
            f"{item['minutes']:g} min, {item['limit_m']:,} m, {item['area_m2'] / 1e6:.2f} km²  "
            f"○ {circle['score']}/{item['total']}, {circle['area_m2'] / 1e6:.2f} km² "
            f"(+{circle['overstates_area']:.0%})"
        )


@coverage.command()
@_JSON
@click.pass_obj
@refuse_clearly
def lacking(settings: Settings, as_json: bool) -> None:
    """Print the towns and industries without an incubator."""
    from geomap.web.context import AppContext
    from geomap.web.view_compare import lacking_answer

    answer = lacking_answer(AppContext(settings), language())
    if as_json:
        write_json(answer)
        return
    empty = [t for t in answer["towns"] if not t["sites"]]
    say(
        Label(
            f"{len(answer['towns'])} 个镇街中 {len(empty)} 个没有孵化器"
            f"（{answer['sites_without_town']} 处载体没有写明镇街）",
            f"{len(empty)} of {len(answer['towns'])} towns have no incubator "
            f"({answer['sites_without_town']} sites state no town)",
        )
    )
    for town in empty:
        click.echo(f"  {town['county']}  {town['name']}")
    for industry in answer["industries"]:
        click.echo(f"{industry['sites']:>6,}  {industry['name']}")


def _say_ground(answer: dict[str, Any]) -> None:
    """Say on stderr what the figures rest on."""
    amenities = answer["amenities"]
    demo = Label(" · 演示数据", " · demonstration data") if answer["demo"] else Label("", "")
    say(
        Label(
            f"路网 {answer['network'] or '—'} · 配套 {amenities['version']}"
            f"（{amenities['count']:,} 处）{demo.zh}",
            f"streets {answer['network'] or '—'} · amenities {amenities['version']} "
            f"({amenities['count']:,}){demo.en}",
        ),
        err=True,
    )
