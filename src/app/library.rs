//! The courses in use.

use std::sync::Arc;

use crate::domain::course::Course;

/// The courses that were read at start; there is at least one.
#[derive(Debug, Clone)]
pub struct Library {
    default: Arc<Course>,
    others: Vec<Arc<Course>>,
}

impl Library {
    /// Courses, of which one is the default.
    #[must_use]
    pub fn new(default: Course, others: Vec<Course>) -> Self {
        Self {
            default: Arc::new(default),
            others: others.into_iter().map(Arc::new).collect(),
        }
    }

    /// The course of guilds that chose none.
    #[must_use]
    pub fn default_course(&self) -> &Course {
        &self.default
    }

    /// The course of an id.
    #[must_use]
    pub fn find_course(&self, id: &str) -> Option<&Course> {
        std::iter::once(&self.default)
            .chain(&self.others)
            .map(Arc::as_ref)
            .find(|course| course.id == id)
    }
}
