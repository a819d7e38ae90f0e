"""Department: a list record that transactions may refer to."""

from .listed import ListedKind


class DepartmentKind(ListedKind):
    name = "department"
    wire = "Department"
    group = "department"
    title = "Department"
    permission = "Lists -> Departments"
