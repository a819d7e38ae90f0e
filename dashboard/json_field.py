"""A box for JSON that a person writes."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from connector.engine.typed_json import Decoder


class Indented(json.JSONEncoder):
    """JSON that a person can read and change."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "indent": 2})


class TypedJson(forms.JSONField):
    """JSON that a person writes: shown with line breaks, and read with every fault told."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "encoder": Indented, "decoder": Decoder})

    def to_python(self, value: Any) -> Any:
        """The value of what was typed. Raises ValidationError that says where it is wrong."""
        if isinstance(value, str) and value.strip():
            try:
                json.loads(value, cls=Decoder)
            except json.JSONDecodeError as fault:
                raise ValidationError(f"Enter a valid JSON. {fault}.") from None
        return super().to_python(value)
