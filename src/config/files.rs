//! Settings in files: `.env` and `docent.toml`.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context as _, anyhow, bail};

pub(super) fn read_dotenv(path: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    if !path.exists() {
        return Ok(BTreeMap::new());
    }
    let lines = dotenvy::from_path_iter(path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    let values: Result<BTreeMap<String, String>, dotenvy::Error> = lines.collect();
    values.map_err(|error| match error {
        // The line itself may hold a secret, so it is not shown.
        dotenvy::Error::LineParse(_, at) => anyhow!(
            ".env has a line that is not NAME=value (near character {at}): put the value in quotes if it has spaces"
        ),
        other => anyhow!(".env cannot be read: {other}"),
    })
}

pub(super) fn read_toml(path: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => {
            return Err(error).with_context(|| format!("{} cannot be read", path.display()));
        }
    };
    let table: toml::Table = text
        .parse()
        .with_context(|| format!("{} is not TOML", path.display()))?;
    let values = table.into_iter().map(|(name, value)| {
        let text = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(_) | toml::Value::Boolean(_) => value.to_string(),
            _ => bail!("{}: `{name}` must be a text or a number", path.display()),
        };
        Ok((name.to_uppercase(), text))
    });
    values.collect()
}
