"""Location: a list record that transactions may refer to."""

from .listed import ListedKind


class LocationKind(ListedKind):
    name = "location"
    wire = "Location"
    group = "location"
    title = "Location"
    permission = "Lists -> Locations"
