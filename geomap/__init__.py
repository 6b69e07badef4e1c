"""The 孵化空间数字地图: incubation space and the startups that need it, on one map."""

__version__ = "0.1.0"
