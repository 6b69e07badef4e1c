"""One module per map layer, each declaring a frozen LAYER."""
