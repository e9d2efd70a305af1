"""Rule packs as data: national.toml and one file for each city."""
