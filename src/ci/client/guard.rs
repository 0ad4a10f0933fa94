//! Which addresses may be asked at all.

use url::{Host, Origin, Url};

use super::ClientSettings;
use crate::app::ports::CiError;

/// Why a client cannot be made from the operator's settings.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The address is not https, and not on this machine.
    #[error(
        "the CI provider's api_url {0} must begin with https:// (http is only for 127.0.0.1, [::1] and localhost)"
    )]
    NotHttps(Url),
    /// The address carries a name, a password, a query or a fragment.
    #[error(
        "the CI provider's api_url must be a plain address such as https://api.github.com; put the token in its own setting"
    )]
    NotPlain,
    /// The HTTP library refused.
    #[error("the HTTP client could not be built")]
    Build(#[source] reqwest::Error),
}

/// The API's origin and the hosts of its downloads.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    api: Origin,
    api_host: String,
    loopback: bool,
    private_api: bool,
    download_hosts: Vec<String>,
}

impl Guard {
    pub(super) fn new(settings: &ClientSettings) -> Result<Self, ClientError> {
        let api = &settings.api_url;
        let loopback = is_loopback(api);
        if api.scheme() != "https" && !(loopback && api.scheme() == "http") {
            return Err(ClientError::NotHttps(api.clone()));
        }
        let plain = !has_user(api) && api.query().is_none() && api.fragment().is_none();
        if !plain {
            return Err(ClientError::NotPlain);
        }
        Ok(Self {
            api: api.origin(),
            api_host: api.host_str().unwrap_or_default().to_owned(),
            loopback,
            private_api: settings.private_api,
            download_hosts: settings.download_hosts.clone(),
        })
    }

    pub(super) const fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// The one name that may resolve to a private address, if any.
    pub(super) fn trusted_host(&self) -> Option<String> {
        (self.loopback || self.private_api).then(|| self.api_host.clone())
    }

    pub(super) fn is_api(&self, url: &Url) -> bool {
        url.origin() == self.api
    }

    /// Lets the API's origin pass, and the download hosts over plain https.
    pub(super) fn check(&self, url: &Url) -> Result<(), CiError> {
        let fine = !has_user(url) && (self.is_api(url) || self.is_download(url));
        if fine {
            return Ok(());
        }
        let host = url.host_str().unwrap_or("nowhere");
        Err(CiError::Elsewhere(host.to_owned()))
    }

    fn is_download(&self, url: &Url) -> bool {
        if self.loopback {
            return self.is_beside(url);
        }
        let Some(Host::Domain(host)) = url.host() else {
            return false;
        };
        let known = |allowed: &String| {
            host == allowed || (allowed.starts_with('.') && host.ends_with(allowed.as_str()))
        };
        url.scheme() == "https" && url.port().is_none() && self.download_hosts.iter().any(known)
    }

    /// Whether it is one of the downloads beside an API on this machine, which are named with their port.
    fn is_beside(&self, url: &Url) -> bool {
        let place = url.host_str().zip(url.port());
        let place = place.map(|(host, port)| format!("{host}:{port}"));
        is_loopback(url) && place.is_some_and(|place| self.download_hosts.contains(&place))
    }
}

fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(api: &str) -> ClientSettings {
        ClientSettings::new(api.parse().unwrap())
    }

    fn guard(api: &str) -> Result<Guard, ClientError> {
        Guard::new(&settings(api))
    }

    #[test]
    fn downloads_of_github_go_to_its_own_storage_only() {
        let guard = guard("https://api.github.com").unwrap();
        let allowed = |url: &str| guard.check(&url.parse().unwrap()).is_ok();
        assert!(allowed("https://api.github.com/repositories/1"));
        assert!(allowed(
            "https://productionresults.blob.core.windows.net/a?sig=b"
        ));
        assert!(allowed("https://pipelines.actions.githubusercontent.com/a"));
        for refused in [
            "http://productionresults.blob.core.windows.net/a",
            "https://productionresults.blob.core.windows.net:8443/a",
            "https://blob.core.windows.net.evil.example/a",
            "https://evilblob.core.windows.net/a",
            "https://x@productionresults.blob.core.windows.net/a",
            "http://api.github.com/a",
            "https://127.0.0.1/a",
            "https://169.254.169.254/latest/meta-data",
            "https://[::1]/a",
            "https://localhost/a",
            "ftp://api.github.com/a",
            "file:///etc/passwd",
        ] {
            assert!(!allowed(refused), "{refused}");
        }
    }

    #[test]
    fn an_api_on_this_machine_reaches_only_itself() {
        let guard = guard("http://127.0.0.1:4000").unwrap();
        assert!(
            guard
                .check(&"http://127.0.0.1:4000/blobs/1".parse().unwrap())
                .is_ok()
        );
        for refused in [
            "http://127.0.0.1:4001/",
            "https://x.blob.core.windows.net/a",
        ] {
            assert!(guard.check(&refused.parse().unwrap()).is_err(), "{refused}");
        }
    }

    #[test]
    fn downloads_beside_an_api_on_this_machine_are_named_with_their_port() {
        let hosts = ["127.0.0.1:9000", "git.example.org", "git.example.org:9000"];
        let beside = |api: &str, url: &str| {
            let guard = Guard::new(&ClientSettings {
                download_hosts: hosts.map(str::to_owned).to_vec(),
                ..settings(api)
            });
            guard.unwrap().check(&url.parse().unwrap()).is_ok()
        };
        let here = "http://127.0.0.1:4000";
        assert!(beside(here, "http://127.0.0.1:9000/a"));
        for refused in [
            "http://127.0.0.1:9001/a",
            "http://127.0.0.1/a",
            "http://localhost:9000/a",
            "http://x@127.0.0.1:9000/a",
            "https://git.example.org/a",
            "http://git.example.org:9000/a",
        ] {
            assert!(!beside(here, refused), "{refused}");
        }
        for elsewhere in ["http://127.0.0.1:9000/a", "https://127.0.0.1:9000/a"] {
            assert!(!beside("https://api.github.com", elsewhere), "{elsewhere}");
        }
    }

    #[test]
    fn an_api_without_https_or_with_a_password_is_refused_with_advice() {
        let refused = guard("http://git.example.org").unwrap_err().to_string();
        assert!(
            refused.contains("api_url") && refused.contains("https://"),
            "{refused}"
        );
        assert!(guard("https://token@api.github.com").is_err());
        assert!(guard("https://api.github.com/?token=1").is_err());
    }
}
