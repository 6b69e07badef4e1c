"""Every layer, by what it declares."""

from __future__ import annotations

import mapbox_vector_tile
import pytest
import shapely

from geomap.catalog.catalog import Catalog
from geomap.domain.errors import NotFoundError
from geomap.geo.mvt import encode_tile
from layers.registry import LAYERS, get_layer
from layers.spec import LayerSpec
from layers.tiles import tile_layer
from tests.sample_catalog import empty_catalog, sample_catalog

TYPES = {
    "Point": {"Point"},
    "LineString": {"LineString"},
    "Polygon": {"Polygon", "MultiPolygon"},
    "Mixed": {"Point", "Polygon", "MultiPolygon"},
}
CONTRACT = {
    "counties": "adcode name",
    "sites": "id name adcode reporting_unit stages industries level operator area_m2 vacant_m2 "
    "precision source demo",
    "units": "id site_id building floor kind area_m2 divisible_min_m2 rent_cny_m2_month status "
    "free_from verified_at demo floor_load_kn_m2 clear_height_m column_spacing_m freight_lift_t "
    "power_kw water drainage exhaust gas clean_room hazardous_storage open_24h permitted_use",
    "amenities": "id name category source source_date demo",
    "rings": "site_id minutes profile area_m2 truncated snapped_m network",
}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return sample_catalog(tmp_path_factory.mktemp("full"))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return empty_catalog(tmp_path_factory.mktemp("bare"))


@pytest.fixture(params=list(LAYERS.values()), ids=list(LAYERS))
def spec(request: pytest.FixtureRequest) -> LayerSpec:
    return request.param


def test_declared_columns_crs_and_geometry(spec: LayerSpec, full: Catalog) -> None:
    frame = spec.build(full)
    assert len(frame) > 0
    assert tuple(frame.columns) == (*spec.names, "geometry")
    assert frame.crs == "EPSG:4326"
    assert set(frame.geom_type) <= TYPES[spec.geometry]
    assert bool(shapely.is_valid(frame.geometry.to_numpy()).all())


def test_empty_data(spec: LayerSpec, bare: Catalog) -> None:
    frame = spec.build(bare)
    assert len(frame) == 0
    assert tuple(frame.columns) == (*spec.names, "geometry")
    assert encode_tile([tile_layer(spec, bare)], 12, 3421, 1711) == b""


def test_tile(spec: LayerSpec, full: Catalog) -> None:
    blob = encode_tile([tile_layer(spec, full)], 6, 53, 26)
    (name,) = mapbox_vector_tile.decode(blob) if blob else (spec.id,)
    assert name == spec.id
    assert blob or spec.geometry in ("Polygon", "LineString")


def test_words(spec: LayerSpec) -> None:
    labels = [spec.title, *(c.label for c in spec.columns), *(i.label for i in spec.legend)]
    assert all(label.zh and label.en for label in labels)
    assert set(spec.popup) <= set(spec.names)
    assert spec.role == "public"
    assert 0 <= spec.min_zoom < spec.max_zoom


@pytest.mark.parametrize(("layer", "names"), CONTRACT.items())
def test_published_names(layer: str, names: str) -> None:
    assert set(LAYERS[layer].names) == set(names.split())


def test_unknown_layer_names_the_others() -> None:
    with pytest.raises(NotFoundError) as caught:
        get_layer("nothing")
    assert "sites" in caught.value.fix.en


def test_footprints_are_published_and_points_are_drawn(full: Catalog) -> None:
    frame = LAYERS["sites"].build(full)
    assert frame.set_index("id").geom_type.to_dict() == {"s-1": "Polygon", "s-3": "Point"}
    assert frame.set_index("id").loc["s-1", "vacant_m2"] == 186.5
    tile = LAYERS["sites"].tiles(full)
    assert tile.properties["id"] == ["s-1", "s-3"]
