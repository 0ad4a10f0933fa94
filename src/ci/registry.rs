//! All providers in use behind one: a link or a run goes to the one that owns its host.

use async_trait::async_trait;

use crate::app::ports::{
    Annotation, Artifact, CiError, CiLink, CiProvider, Job, LinkError, Run, Signature, Tree,
};

/// The providers of an installation, each with its own host.
#[derive(Debug)]
pub struct Registry {
    providers: Vec<(String, Box<dyn CiProvider>)>,
}

impl Registry {
    /// Providers by the web host whose links they read.
    #[must_use]
    pub fn new(providers: Vec<(String, Box<dyn CiProvider>)>) -> Self {
        Self { providers }
    }

    fn of_host(&self, host: &str) -> Result<&dyn CiProvider, CiError> {
        self.providers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(host))
            .map(|(_, provider)| &**provider)
            .ok_or(CiError::NotFound)
    }
}

#[async_trait]
impl CiProvider for Registry {
    /// The answer of the provider whose host the link is on; a link to no provider's host names
    /// all the hosts in use.
    fn parse_link(&self, text: &str) -> Result<CiLink, LinkError> {
        let mut known = Vec::new();
        let mut elsewhere = None;
        let mut best = LinkError::NotALink;
        for (_, provider) in &self.providers {
            match provider.parse_link(text) {
                Ok(link) => return Ok(link),
                Err(LinkError::OtherHost { host, known: own }) => {
                    elsewhere = Some(host);
                    known.extend(own);
                }
                Err(LinkError::NotALink) => {}
                Err(error) => best = error,
            }
        }
        match (best, elsewhere) {
            (LinkError::NotALink, Some(host)) => Err(LinkError::OtherHost { host, known }),
            (best, _) => Err(best),
        }
    }

    async fn find_run(&self, link: &CiLink) -> Result<Run, CiError> {
        self.of_host(&link.host)?.find_run(link).await
    }

    async fn reload_run(&self, run: &Run) -> Result<Run, CiError> {
        self.of_host(&run.host)?.reload_run(run).await
    }

    async fn load_tree(&self, run: &Run) -> Result<Option<Tree>, CiError> {
        self.of_host(&run.host)?.load_tree(run).await
    }

    async fn load_merge(&self, run: &Run, sha: &str) -> Result<Option<Tree>, CiError> {
        self.of_host(&run.host)?.load_merge(run, sha).await
    }

    async fn list_variables(&self, run: &Run) -> Result<Option<Vec<String>>, CiError> {
        self.of_host(&run.host)?.list_variables(run).await
    }

    async fn list_jobs(&self, run: &Run) -> Result<Vec<Job>, CiError> {
        self.of_host(&run.host)?.list_jobs(run).await
    }

    async fn list_annotations(
        &self,
        run: &Run,
        job: &Job,
    ) -> Result<Option<Vec<Annotation>>, CiError> {
        self.of_host(&run.host)?.list_annotations(run, job).await
    }

    async fn check_token(&self, run: &Run, token: &str) -> Result<Option<Signature>, CiError> {
        self.of_host(&run.host)?.check_token(run, token).await
    }

    async fn list_artifacts(&self, run: &Run) -> Result<Vec<Artifact>, CiError> {
        self.of_host(&run.host)?.list_artifacts(run).await
    }

    async fn download_artifact(&self, run: &Run, artifact: &Artifact) -> Result<Vec<u8>, CiError> {
        self.of_host(&run.host)?
            .download_artifact(run, artifact)
            .await
    }
}
