"""All layers, in drawing order. Adding a layer is adding one file and one line here."""

from geomap.domain.errors import NotFoundError
from geomap.domain.words import Label
from layers import (
    amenities,
    counties,
    gaps,
    land,
    places,
    plan_progress,
    reporting_units,
    rings,
    sites,
    streets,
    units,
    water,
    zones,
)
from layers.spec import LayerSpec

LAYERS: dict[str, LayerSpec] = {
    module.LAYER.id: module.LAYER
    for module in (
        land,
        water,
        counties,
        reporting_units,
        plan_progress,
        zones,
        streets,
        rings,
        places,
        amenities,
        units,
        gaps,
        sites,
    )
}


def get_layer(layer_id: str) -> LayerSpec:
    """Return a layer by its id.

    Raises
    ------
    NotFoundError
        There is no such layer.
    """
    if layer_id not in LAYERS:
        names = ", ".join(LAYERS)
        raise NotFoundError(
            Label(f"没有图层 {layer_id[:60]}", f"There is no layer {layer_id[:60]}"),
            fix=Label(f"图层有：{names}", f"Layers: {names}"),
            field="layer",
        )
    return LAYERS[layer_id]
