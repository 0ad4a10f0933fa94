//! The readers of CI runs that the settings ask for.

use std::sync::Arc;

use anyhow::Context as _;
use secrecy::SecretString;
use url::Url;

use crate::{
    app::ports::{CiMemory, CiProvider, Starter},
    ci::{
        GitHub, GitHubSettings, GitLab, GitLabSettings, Gitea, GiteaSettings, NoMemory, Registry,
        github::{api_of, issuer_of},
    },
    config::{Forge, Settings},
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
    let (host, github) = open_github(settings, settings.github.token.clone(), memory)?;
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

/// GitHub with the token that may start the instructors' workflows; `None` without such a token.
///
/// # Errors
/// One sentence that names the setting and the fix.
pub fn open_starter(
    settings: &Settings,
    memory: &Arc<dyn CiMemory>,
) -> anyhow::Result<Option<Arc<dyn Starter>>> {
    let Some(token) = settings.github_dispatch_token.clone() else {
        return Ok(None);
    };
    let (_, github) = open_github(settings, Some(token), memory)?;
    Ok(Some(Arc::new(github)))
}

fn open_github(
    settings: &Settings,
    token: Option<SecretString>,
    memory: &Arc<dyn CiMemory>,
) -> anyhow::Result<(String, GitHub)> {
    let (host, api_url) = address(&settings.github, GITHUB, api_of)?;
    let issuer = match &settings.github_issuer {
        Some(url) => url.clone(),
        None => Url::parse(&issuer_of(&host))?,
    };
    let github = GitHub::open(
        GitHubSettings {
            api_url,
            token,
            host: host.clone(),
            issuer,
        },
        Arc::clone(memory),
    )
    .context(
        "GITHUB_TOKEN, GITHUB_DISPATCH_TOKEN, GITHUB_API_URL or GITHUB_ISSUER_URL cannot be used",
    )?;
    Ok((host, github))
}

/// Says whether the settings of all forges can be used; asks none of them.
///
/// # Errors
/// One sentence that names the setting and the fix.
pub fn check_ci(settings: &Settings) -> anyhow::Result<()> {
    let memory: Arc<dyn CiMemory> = Arc::new(NoMemory);
    open_ci(settings, &memory)?;
    open_starter(settings, &memory).map(|_| ())
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
