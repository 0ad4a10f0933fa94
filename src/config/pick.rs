//! Picking settings out of their sources: the first source that has one wins.

use std::str::FromStr;

use anyhow::{Context as _, anyhow, bail, ensure};
use secrecy::SecretString;
use url::Url;

use super::{Forge, Source};

/// Letters of the shortest secret that signs webhooks.
const SHORTEST_SECRET: usize = 16;

/// The names of a forge's settings.
pub(super) struct ForgeNames {
    pub(super) token: &'static str,
    pub(super) host: &'static str,
    pub(super) api_url: &'static str,
    pub(super) webhook_secret: &'static str,
}

/// An App at GitHub.
#[derive(Debug, Clone)]
pub struct GitHubApp {
    /// Its App ID or its client ID.
    pub id: String,
    /// Its private key, PEM.
    pub private_key: SecretString,
}

pub(super) struct Pick<'a> {
    pub(super) sources: &'a [Source],
}

impl Pick<'_> {
    /// A setting's text; an empty one counts as unset.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let mut found = self
            .sources
            .iter()
            .filter_map(|source| source.values.get(name));
        found
            .find(|text| !text.trim().is_empty())
            .map(|text| text.trim().to_owned())
    }

    pub(super) fn parse<T: FromStr>(&self, name: &str, wanted: &str) -> anyhow::Result<Option<T>> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        text.parse()
            .map(Some)
            .map_err(|_| anyhow!("{name} is `{text}`: set it to {wanted}"))
    }

    pub(super) fn url(&self, name: &str, schemes: &[&str]) -> anyhow::Result<Option<String>> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let good =
            Url::parse(&text).is_ok_and(|url| schemes.contains(&url.scheme()) && url.has_host());
        ensure!(
            good,
            "{name} is `{text}`: set it to an address such as `{}://127.0.0.1:8787`",
            schemes.first().unwrap_or(&"")
        );
        Ok(Some(text.trim_end_matches('/').to_owned()))
    }

    /// The address of a web server.
    pub(super) fn address(&self, name: &str) -> anyhow::Result<Option<Url>> {
        let text = self.url(name, &["http", "https"])?;
        Ok(text.map(|text| Url::parse(&text)).transpose()?)
    }

    /// What is set of one forge.
    pub(super) fn forge(&self, names: &ForgeNames) -> anyhow::Result<Forge> {
        let host = self.text(names.host);
        let is_bare = |name: &String| {
            let url = Url::parse(&format!("https://{name}/"));
            url.is_ok_and(|url| url.host_str() == Some(name.as_str()) && url.port().is_none())
        };
        if let Some(wrong) = host.as_ref().filter(|name| !is_bare(name)) {
            bail!(
                "{} is `{wrong}`: set it to a bare name in small letters, such as `git.example.org`",
                names.host
            );
        }
        let api_url = self.address(names.api_url)?;
        let webhook_secret = self.text(names.webhook_secret);
        ensure!(
            webhook_secret
                .as_ref()
                .is_none_or(|secret| secret.len() >= SHORTEST_SECRET),
            "{} has less than {SHORTEST_SECRET} letters: make a long one, by `openssl rand -hex 32`, and give the \
             same to the forge",
            names.webhook_secret
        );
        Ok(Forge {
            token: self.text(names.token).map(SecretString::from),
            host,
            api_url,
            webhook_secret: webhook_secret.map(SecretString::from),
        })
    }

    /// The App at GitHub: both settings or neither; the key as a text or as the path of a file.
    pub(super) fn github_app(&self) -> anyhow::Result<Option<GitHubApp>> {
        let (id, key) = (
            self.text("GITHUB_APP_ID"),
            self.text("GITHUB_APP_PRIVATE_KEY"),
        );
        let (id, key) = match (id, key) {
            (None, None) => return Ok(None),
            (Some(id), Some(key)) => (id, key),
            (Some(_), None) => bail!(
                "GITHUB_APP_ID is set and GITHUB_APP_PRIVATE_KEY is not: set it to the path of the .pem file that the \
                 App's page made, or to its text"
            ),
            (None, Some(_)) => bail!(
                "GITHUB_APP_PRIVATE_KEY is set and GITHUB_APP_ID is not: set it to the App ID on the App's page"
            ),
        };
        let pem = if key.starts_with("-----BEGIN") {
            // A line break is written `\n` where a setting has one line.
            key.replace("\\n", "\n")
        } else {
            std::fs::read_to_string(&key).with_context(|| {
                format!("GITHUB_APP_PRIVATE_KEY is neither a PEM text nor a file that can be read: `{key}`")
            })?
        };
        Ok(Some(GitHubApp {
            id,
            private_key: SecretString::from(pem),
        }))
    }
}
