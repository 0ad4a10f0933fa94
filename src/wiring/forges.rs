//! The readers of CI runs that the settings ask for.

use std::sync::Arc;

use anyhow::Context as _;
use url::Url;

use crate::{
    app::ports::{CiMemory, CiProvider, Provider},
    ci::{
        GitHub, GitHubSettings, GitLab, GitLabSettings, Gitea, GiteaSettings, NoMemory, Registry,
        github::api_of,
    },
    config::{Forge, Settings},
    http::Hook,
};

const GITHUB: &str = "github.com";
const GITLAB: &str = "gitlab.com";

/// GitHub, and the other forges that are in use.
///
/// # Errors
/// One sentence that names the setting and the fix.
pub fn open_ci(
    settings: &Settings,
    memory: &Arc<dyn CiMemory>,
) -> anyhow::Result<Arc<dyn CiProvider>> {
    let mut forges: Vec<(String, Box<dyn CiProvider>)> = Vec::new();
    let (host, api_url) = address(&settings.github, GITHUB, api_of)?;
    let token = settings.github.token.clone();
    let github = GitHub::open(
        GitHubSettings {
            api_url,
            token,
            host: host.clone(),
        },
        Arc::clone(memory),
    )
    .context("GITHUB_TOKEN or GITHUB_API_URL cannot be used")?;
    forges.push((host, Box::new(github)));
    if is_set(&settings.gitlab) {
        let (host, api_url) = address(&settings.gitlab, GITLAB, |host| {
            format!("https://{host}/api/v4")
        })?;
        let token = settings.gitlab.token.clone();
        let gitlab = GitLab::open(
            GitLabSettings {
                api_url,
                token,
                host: host.clone(),
            },
            Arc::clone(memory),
        )
        .context("GITLAB_TOKEN or GITLAB_API_URL cannot be used")?;
        forges.push((host, Box::new(gitlab)));
    }
    if is_set(&settings.gitea) {
        anyhow::ensure!(
            settings.gitea.host.is_some(),
            "GITEA_HOST is not set: set it to the name of your Gitea or Forgejo, such as \
             `git.example.org`, or leave GITEA_TOKEN and GITEA_API_URL out"
        );
        let (host, api_url) =
            address(&settings.gitea, "", |host| format!("https://{host}/api/v1"))?;
        let token = settings.gitea.token.clone();
        let gitea = Gitea::open(
            GiteaSettings {
                api_url,
                token,
                host: host.clone(),
            },
            Arc::clone(memory),
        )
        .context("GITEA_TOKEN or GITEA_API_URL cannot be used")?;
        forges.push((host, Box::new(gitea)));
    }
    Ok(Arc::new(Registry::new(forges)))
}

/// Says whether the settings of all forges can be used; asks none of them.
///
/// # Errors
/// One sentence that names the setting and the fix.
pub fn check_ci(settings: &Settings) -> anyhow::Result<()> {
    let memory: Arc<dyn CiMemory> = Arc::new(NoMemory);
    open_ci(settings, &memory).map(|_| ())
}

/// The forges whose webhooks are signed with a secret of the settings.
#[must_use]
pub fn hooks(settings: &Settings) -> Vec<Hook> {
    let forges = [
        (Provider::GitHub, &settings.github, GITHUB),
        (Provider::GitLab, &settings.gitlab, GITLAB),
        (Provider::Gitea, &settings.gitea, ""),
    ];
    let hook = |(provider, forge, usual): (Provider, &Forge, &str)| {
        Some(Hook {
            provider,
            host: forge.host.clone().unwrap_or_else(|| usual.to_owned()),
            secret: forge.webhook_secret.clone()?,
        })
    };
    forges.into_iter().filter_map(hook).collect()
}

const fn is_set(forge: &Forge) -> bool {
    forge.token.is_some() || forge.host.is_some() || forge.api_url.is_some()
}

/// The web host of a forge, and the address of its API.
fn address(
    forge: &Forge,
    usual: &str,
    api_of: impl Fn(&str) -> String,
) -> anyhow::Result<(String, Url)> {
    let host = forge.host.clone().unwrap_or_else(|| usual.to_owned());
    let api_url = match &forge.api_url {
        Some(url) => url.clone(),
        None => Url::parse(&api_of(&host))?,
    };
    Ok((host, api_url))
}
