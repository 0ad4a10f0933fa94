//! What grading jobs are proved by: tokens of the instance, variables of a pipeline, settings of a project.

use serde_json::{Value, json};

use super::{LoopbackGitLab, Project, World};
use crate::play::{http::Reply, issuer};

/// What the instance says of itself as an issuer.
const DISCOVERY: &str = include_str!("templates/discovery.json");

impl LoopbackGitLab {
    /// Who the tokens say has signed them: the instance itself.
    #[must_use]
    pub fn issuer_url(&self) -> String {
        self.world().issuer()
    }

    /// A token with these claims, signed by the instance.
    #[must_use]
    pub fn sign_token(&self, claims: Value) -> String {
        issuer::sign(&self.issuer_url(), claims)
    }

    /// The number of a project; one that is not there is made.
    #[must_use]
    pub fn project_id(&self, path: &str) -> u64 {
        self.world().project(path).id
    }

    /// The number of the job of this name in a pipeline; `None` when there is none.
    #[must_use]
    pub fn job_id(&self, project: &str, pipeline: u64, name: &str) -> Option<u64> {
        let mut world = self.world();
        world.project(project).find_job(pipeline, name)
    }

    /// Puts an archive under a job, in place of the one it had.
    pub fn upload(&self, project: &str, pipeline: u64, job: &str, archive: &str, bytes: &[u8]) {
        let mut world = self.world();
        let project = world.project(project);
        let id = project.find_job(pipeline, job);
        let Some((body, kept)) = id.and_then(|id| project.jobs.get_mut(&id)) else {
            return;
        };
        *kept = Some(bytes.to_vec());
        let file = json!({ "filename": format!("{archive}.zip"), "size": bytes.len() });
        if let Some(fields) = body.as_object_mut() {
            fields.insert("artifacts_file".to_owned(), file);
        }
    }

    /// Says which variables a pipeline was started with; `None` hides them, as from whoever does not
    /// maintain the project.
    pub fn set_variables(&self, project: &str, pipeline: u64, names: Option<&[&str]>) {
        let listed = names.map(|names| {
            let variable = |name: &&str| {
                json!({ "key": name, "variable_type": "env_var", "value": "of the member", "raw": false })
            };
            names.iter().map(variable).collect()
        });
        let mut world = self.world();
        world.project(project).variables.insert(pipeline, listed);
    }

    /// Changes the setting "CI/CD configuration file" of a project.
    pub fn set_config(&self, project: &str, path: &str) {
        let mut world = self.world();
        path.clone_into(&mut world.project(project).config);
    }
}

impl World {
    fn issuer(&self) -> String {
        self.api.trim_end_matches("/api/v4").to_owned()
    }

    /// What is shown to everybody, token or not.
    pub(super) fn answer_issuer(&self, path: &str) -> Option<Reply> {
        match path {
            "/.well-known/openid-configuration" => {
                let text = DISCOVERY.replace("%ISSUER%", &self.issuer());
                let body = serde_json::from_str(&text);
                Some(Reply::json(200, &body.unwrap_or_default()))
            }
            "/oauth/discovery/keys" => Some(issuer::keys()),
            _ => None,
        }
    }
}

impl Project {
    fn find_job(&self, pipeline: u64, name: &str) -> Option<u64> {
        let mut jobs = self.jobs.iter().rev();
        let is_it = |body: &Value| {
            body.pointer("/pipeline/id") == Some(&json!(pipeline))
                && body.get("name") == Some(&json!(name))
        };
        jobs.find(|(_, (body, _))| is_it(body)).map(|(id, _)| *id)
    }

    /// The variables of a pipeline.
    pub(super) fn list_variables(&self, pipeline: u64) -> Reply {
        match self.variables.get(&pipeline) {
            Some(None) => Reply::json(403, &json!({ "message": "403 Forbidden" })),
            Some(Some(listed)) => Reply::json(200, &Value::Array(listed.clone())),
            None => Reply::json(200, &json!([])),
        }
    }
}
