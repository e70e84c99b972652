"""What FHIR R4 demands of a Questionnaire beyond its shape, which no schema says: the invariants que-1 to que-13."""

ONE_LINE = {"boolean", "decimal", "integer", "string", "text", "url", "open-choice"}
# The library lists the first few codes only where FHIR's own summary ends in a plus.
LONGER = {
    "QuestionnaireItem.type": ["time", "string", "text", "url", "choice", "open-choice", "attachment", "quantity"],
    "Task.status": ["accepted", "rejected", "ready", "cancelled", "in-progress", "on-hold", "failed", "completed"],
    "Task.intent": ["unknown", "proposal", "plan", "order"],
    "CarePlan.status": ["draft", "active", "on-hold", "revoked", "completed", "unknown"],
}
ASKED_BY_CODE = {"choice", "open-choice", "decimal", "integer", "date", "dateTime", "time", "string", "quantity"}


def broken(resource: dict) -> list[str]:
    """The names of the invariants that this Questionnaire breaks."""
    items = list(_every(resource.get("item", [])))
    links = [one["linkId"] for one in items]
    found = ["que-2"] if len(set(links)) != len(links) else []
    return found + [name for one in items for name, breaks in INVARIANTS.items() if breaks(one)]


def codes_outside(model, at: str = "") -> list[str]:
    """Every value that is not among the codes FHIR names for its place; the library itself lets them pass."""
    if isinstance(model, list):
        return [one for inner in model for one in codes_outside(inner, at)]
    if not hasattr(type(model), "model_fields"):
        return []
    wrong = []
    for name, field in type(model).model_fields.items():
        value, extra = getattr(model, name, None), field.json_schema_extra or {}
        allowed = extra.get("enum_values") if isinstance(extra, dict) else None
        allowed = [*(allowed or []), *LONGER.get(f"{type(model).__name__}.{name}", [])]
        if allowed and value is not None:
            wrong += [f"{name}: {one}" for one in (value if isinstance(value, list) else [value]) if one not in allowed]
        wrong += codes_outside(value, name)
    return wrong


def _que_1(one):
    return (one["type"] == "group" and not one.get("item")) or (one["type"] == "display" and bool(one.get("item")))


def _que_7(one):
    exists = [when for when in one.get("enableWhen", []) if when["operator"] == "exists"]
    return any("answerBoolean" not in when for when in exists)


INVARIANTS = {
    "que-1": _que_1,
    "que-3": lambda one: one["type"] == "display" and bool(one.get("code")),
    "que-4": lambda one: "answerOption" in one and "answerValueSet" in one,
    "que-5": lambda one: bool({"answerOption", "answerValueSet"} & set(one)) and one["type"] not in ASKED_BY_CODE,
    "que-6": lambda one: one["type"] == "display" and bool({"required", "repeats"} & set(one)),
    "que-7": _que_7,
    "que-8": lambda one: one["type"] in ("group", "display") and "initial" in one,
    "que-9": lambda one: one["type"] == "display" and "readOnly" in one,
    "que-10": lambda one: "maxLength" in one and one["type"] not in ONE_LINE,
    "que-11": lambda one: "answerOption" in one and "initial" in one,
    "que-12": lambda one: len(one.get("enableWhen", [])) > 1 and "enableBehavior" not in one,
    "que-13": lambda one: len(one.get("initial", [])) > 1 and not one.get("repeats"),
}


def _every(items):
    for one in items:
        yield one
        yield from _every(one.get("item", []))
