"""Validates the bot's calls with what nobody here wrote: aiogram's models of the methods, and teremok's rules."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from typing import Any

import aiogram.methods
from aiogram import Bot
from aiogram.methods import TelegramMethod
from aiogram.types import BufferedInputFile
from pydantic import BaseModel, ValidationError
from teremok.validation import ApiRuleViolation, validate_method

Call = dict[str, Any]

MODELS: dict[str, type[TelegramMethod[Any]]] = {
    model.__api_method__: model
    for _, model in inspect.getmembers(aiogram.methods, inspect.isclass)
    if issubclass(model, TelegramMethod) and model is not TelegramMethod
}
UPLOAD = {"filename", "content_type", "size"}


def assert_valid_calls(journal: Iterable[Call]) -> None:
    """Fails, naming every fault, where a call of `/api/journal` is not what Telegram documents."""
    faults = [f"{call['method']}: {fault}" for call in journal for fault in faults_of(call)]

    assert not faults, "\n".join(["the bot called Telegram wrongly:", *faults])


def faults_of(call: Call) -> list[str]:
    """What is wrong with one call, in the validators' words."""
    model = MODELS.get(call["method"])
    if model is None:
        return ["is no method of the Bot API"]
    try:
        method = model.model_validate({name: _file_or_value(value) for name, value in call["params"].items()})
        validate_method(Bot("747100001:conformance"), method)
    except ValidationError as error:
        return [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
    except ApiRuleViolation as violation:
        return [violation.description]
    return [f"unknown field {path}" for path in _unknown_fields(method)]


def _file_or_value(value: Any) -> Any:
    """The journal keeps no bytes; an empty file stands for them."""
    if isinstance(value, dict) and set(value) == UPLOAD:
        return BufferedInputFile(b"", value["filename"])
    return value


def _unknown_fields(value: Any, path: str = "") -> Iterator[str]:
    """aiogram lets fields pass that it does not know, for the sake of newer servers; we do not."""
    if isinstance(value, BaseModel):
        yield from (f"{path}{name}" for name in value.model_extra or ())
        for name in value.model_fields_set - set(value.model_extra or ()):
            yield from _unknown_fields(getattr(value, name), f"{path}{name}.")
    elif isinstance(value, list):
        for item in value:
            yield from _unknown_fields(item, path)
