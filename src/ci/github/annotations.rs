//! What a job has written down: the annotations of its check run, which bears the job's number.

use super::{GitHub, wire};
use crate::app::ports::{Annotation, CiError, Job, Run};

impl GitHub {
    /// The annotations of a job; `None` when the token may not read checks.
    pub(super) async fn fetch_annotations(
        &self,
        run: &Run,
        job: &Job,
    ) -> Result<Option<Vec<Annotation>>, CiError> {
        let number = job.id.to_string();
        let url = self.url(&run.repository, &["check-runs", &number, "annotations"])?;
        let listed = match self.fetch_all::<Vec<wire::Annotation>>(url).await {
            Ok(listed) => listed,
            Err(CiError::NotFound | CiError::Forbidden | CiError::Unauthorized) => return Ok(None),
            Err(error) => return Err(error),
        };
        let annotations = listed.into_iter().map(|one| Annotation {
            title: one.title,
            message: one.message.unwrap_or_default(),
        });
        Ok(Some(annotations.collect()))
    }
}
