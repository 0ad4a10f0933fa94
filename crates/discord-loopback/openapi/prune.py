#!/usr/bin/env python3
"""Cut Discord's OpenAPI file down to the operations that this crate serves.

Usage: prune.py FULL_SPEC.json > discord.json
Responses are dropped: only what a bot sends is validated.
"""

import json
import sys

OPERATIONS = {
    "/applications/{application_id}/commands": ["put", "post"],
    "/applications/{application_id}/commands/{command_id}": ["patch"],
    "/applications/{application_id}/guilds/{guild_id}/commands": ["put", "post"],
    "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}": ["patch"],
    "/interactions/{interaction_id}/{interaction_token}/callback": ["post"],
    "/webhooks/{webhook_id}/{webhook_token}": ["post"],
    "/webhooks/{webhook_id}/{webhook_token}/messages/@original": ["patch"],
    "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}": ["patch"],
    "/channels/{channel_id}/messages": ["post"],
    "/channels/{channel_id}/messages/{message_id}": ["patch"],
    "/channels/{channel_id}/threads": ["post"],
    "/users/@me/channels": ["post"],
}
# Texts for readers only.
NOISE = {"description", "x-discord-union", "x-stability", "title"}
PREFIX = "#/components/schemas/"


def references(node, found):
    """Every schema name that `node` points to."""
    if isinstance(node, dict):
        target = node.get("$ref")
        if isinstance(target, str) and target.startswith(PREFIX):
            found.add(target[len(PREFIX):])
        for value in node.values():
            references(value, found)
    elif isinstance(node, list):
        for value in node:
            references(value, found)


def quiet(node, inside_properties=False):
    """`node` without the texts that no validator reads."""
    if isinstance(node, dict):
        return {
            key: quiet(value, key == "properties")
            for key, value in node.items()
            if inside_properties or key not in NOISE
        }
    if isinstance(node, list):
        return [quiet(value) for value in node]
    return node


def main():
    with open(sys.argv[1], encoding="utf-8") as handle:
        full = json.load(handle)
    paths = {}
    for path, methods in OPERATIONS.items():
        kept = {}
        for method in methods:
            body = full["paths"][path][method]["requestBody"]["content"]
            schema = body["application/json"]["schema"]
            kept[method] = {
                "requestBody": {"content": {"application/json": {"schema": schema}}}
            }
        paths[path] = kept
    needed, seen = set(), set()
    references(paths, needed)
    while needed - seen:
        name = (needed - seen).pop()
        seen.add(name)
        references(full["components"]["schemas"][name], needed)
    schemas = {name: full["components"]["schemas"][name] for name in sorted(seen)}
    pruned = {
        "openapi": full["openapi"],
        "info": {"title": "Discord API, pruned", "version": full["info"]["version"]},
        "paths": quiet(paths),
        "components": {"schemas": quiet(schemas)},
    }
    json.dump(pruned, sys.stdout, ensure_ascii=False, separators=(",", ":"))
    sys.stdout.write("\n")


main()
