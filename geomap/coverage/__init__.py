"""Amenity access, ring profiles, gaps."""
