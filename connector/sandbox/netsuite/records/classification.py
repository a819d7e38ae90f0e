"""Class: a list record that transactions may refer to."""

from .listed import ListedKind


class ClassificationKind(ListedKind):
    name = "classification"
    wire = "Classification"
    group = "classification"
    title = "Class"
    permission = "Lists -> Classes"
