//! The readers of CI runs that the settings ask for.

use std::sync::Arc;

use anyhow::Context as _;
use secrecy::SecretString;
use url::Url;

use crate::{
    app::ports::{CiError, CiMemory, CiProvider, DeviceFlow, Provider, Starter},
    ci::{
        AppSettings, DeviceSettings, GitHub, GitHubDevice, GitHubSettings, GitLab, GitLabSettings,
        Gitea, GiteaSettings, NoMemory, Registry, SettingsError,
        github::{api_of, issuer_of},
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
    let github = open_reader(settings, memory)?;
    forges.push((host_of(&settings.github, GITHUB), Box::new(github)));
    if is_set(&settings.gitlab) {
        let (host, api_url) = address(&settings.gitlab, GITLAB, |host| {
            format!("https://{host}/api/v4")
        })?;
        let token = settings.gitlab.token.clone();
        let issuer = match &settings.gitlab_issuer {
            Some(url) => url.clone(),
            None => Url::parse(&format!("https://{host}"))?,
        };
        let gitlab = GitLab::open(
            GitLabSettings {
                api_url,
                token,
                host: host.clone(),
                issuer,
            },
            Arc::clone(memory),
        )
        .context("GITLAB_TOKEN, GITLAB_API_URL or GITLAB_ISSUER_URL cannot be used")?;
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
/// The App has no part in it: its installations need not be allowed to start anything.
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
    let github = open_github(settings, Some(token), None, memory)?;
    Ok(Some(Arc::new(github)))
}

/// GitHub as runs are read: by the App where it is installed, else with the token.
fn open_reader(settings: &Settings, memory: &Arc<dyn CiMemory>) -> anyhow::Result<GitHub> {
    let app = settings.github_app.as_ref().map(|app| AppSettings {
        id: app.id.clone(),
        private_key: app.private_key.clone(),
    });
    open_github(settings, settings.github.token.clone(), app, memory)
}

fn open_github(
    settings: &Settings,
    token: Option<SecretString>,
    app: Option<AppSettings>,
    memory: &Arc<dyn CiMemory>,
) -> anyhow::Result<GitHub> {
    let (host, api_url) = address(&settings.github, GITHUB, api_of)?;
    let issuer = match &settings.github_issuer {
        Some(url) => url.clone(),
        None => Url::parse(&issuer_of(&host))?,
    };
    let ours = GitHubSettings {
        api_url,
        token,
        host,
        issuer,
        app,
    };
    let opened = GitHub::open(ours, Arc::clone(memory));
    opened.map_err(|error| {
        let names = match error {
            SettingsError::PrivateKey => "GITHUB_APP_PRIVATE_KEY",
            _ => "GITHUB_TOKEN, GITHUB_DISPATCH_TOKEN, GITHUB_API_URL or GITHUB_ISSUER_URL",
        };
        anyhow::Error::new(error).context(format!("{names} cannot be used"))
    })
}

/// Says whether GitHub knows the App of the settings, and under which name.
///
/// # Errors
/// One sentence that names the settings and the fix.
pub async fn check_app(settings: &Settings) -> anyhow::Result<Option<String>> {
    let memory: Arc<dyn CiMemory> = Arc::new(NoMemory);
    let named = open_reader(settings, &memory)?.app_name().await;
    named.map_err(|error| match error {
        CiError::Unauthorized => anyhow::anyhow!(
            "GitHub does not know the App: set GITHUB_APP_ID to the App ID on the App's page and \
             GITHUB_APP_PRIVATE_KEY to a key made there, and check that the clock is right"
        ),
        error => anyhow::Error::new(error).context("GitHub could not be asked for the App"),
    })
}

/// Linking accounts by agreeing at GitHub, when its client ID is set.
///
/// # Errors
/// One sentence that names the setting and the fix.
pub fn open_consent(settings: &Settings) -> anyhow::Result<Option<Arc<dyn DeviceFlow>>> {
    let Some(client_id) = settings.github_client_id.clone() else {
        return Ok(None);
    };
    let (host, api_url) = address(&settings.github, GITHUB, api_of)?;
    let web_url = match &settings.github_web_url {
        Some(url) => url.clone(),
        None => Url::parse(&format!("https://{host}"))?,
    };
    let ours = DeviceSettings {
        client_id,
        web_url,
        api_url,
        host,
    };
    let flow =
        GitHubDevice::open(ours).context("GITHUB_WEB_URL or GITHUB_API_URL cannot be used")?;
    Ok(Some(Arc::new(flow)))
}

/// The web hosts whose runs are read.
#[must_use]
pub fn hosts(settings: &Settings) -> Vec<String> {
    let others = [(&settings.gitlab, GITLAB), (&settings.gitea, "")];
    let others = others.into_iter().filter(|(forge, _)| is_set(forge));
    let all = [(&settings.github, GITHUB)].into_iter().chain(others);
    all.map(|(forge, usual)| host_of(forge, usual)).collect()
}

/// Says whether the settings of all forges can be used; asks none of them.
///
/// # Errors
/// One sentence that names the setting and the fix.
pub fn check_ci(settings: &Settings) -> anyhow::Result<()> {
    let memory: Arc<dyn CiMemory> = Arc::new(NoMemory);
    open_consent(settings)?;
    open_ci(settings, &memory)?;
    open_starter(settings, &memory).map(|_| ())
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
            host: host_of(forge, usual),
            secret: forge.webhook_secret.clone()?,
        })
    };
    forges.into_iter().filter_map(hook).collect()
}

const fn is_set(forge: &Forge) -> bool {
    forge.token.is_some() || forge.host.is_some() || forge.api_url.is_some()
}

fn host_of(forge: &Forge, usual: &str) -> String {
    forge.host.clone().unwrap_or_else(|| usual.to_owned())
}

/// The web host of a forge, and the address of its API.
fn address(
    forge: &Forge,
    usual: &str,
    api_of: impl Fn(&str) -> String,
) -> anyhow::Result<(String, Url)> {
    let host = host_of(forge, usual);
    let api_url = match &forge.api_url {
        Some(url) => url.clone(),
        None => Url::parse(&api_of(&host))?,
    };
    Ok((host, api_url))
}
