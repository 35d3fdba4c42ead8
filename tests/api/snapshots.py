"""What the API promises, as files that a change of it changes too.

``make api-snapshots`` writes them again.
"""

import json
import os
from pathlib import Path

FOLDER = Path(__file__).parent
REFERENCE = "#/components/schemas/"


def compare(name, found):
    """Hold what is ``found`` against the file, or write it where that is wanted."""
    path = FOLDER / name
    text = json.dumps(found, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(text, encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == json.loads(text), (
        f"{name} says something else. If that is meant: make api-snapshots"
    )


def our_part(schema):
    """Give the paths of ours from an OpenAPI schema, and what they refer to."""
    paths = {
        path: operations
        for path, operations in schema["paths"].items()
        if any("gamification" in one.get("tags", ()) for one in operations.values())
    }
    components = schema["components"]["schemas"]
    wanted, known = list(references(paths)), {}
    while wanted:
        name = wanted.pop()
        if name not in known:
            known[name] = components[name]
            wanted.extend(references(known[name]))
    return {"paths": paths, "schemas": known}


def references(part):
    """Give the names of the schemas that a part of a schema refers to."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "$ref":
                yield value.removeprefix(REFERENCE)
            else:
                yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def shape(value):
    """Give the types of an answer's values, with what stands in lists said once."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        shapes = [shape(item) for item in value]
        return [merged(shapes)] if shapes else []
    return type(value).__name__


def merged(shapes):
    """Say of several shapes what either is."""
    if all(isinstance(item, dict) for item in shapes):
        keys = {key: None for item in shapes for key in item}
        return {
            key: merged([item[key] for item in shapes if key in item]) for key in keys
        }
    different = {json.dumps(item, sort_keys=True): item for item in shapes}
    found = [different[key] for key in sorted(different)]
    return found[0] if len(found) == 1 else {"either": found}
