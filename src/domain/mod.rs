//! What a course is and how it is assessed: pure values and pure rules.

pub mod allowance;
pub mod assessment;
pub mod course;
pub mod digest;
pub mod evidence;
pub mod grading;
pub mod lateness;
pub mod locale;
pub mod moment;
pub mod pattern;
pub mod practice;
pub mod quiz;
pub mod remediation;
pub mod rubric;
pub mod score;
pub mod terms;
pub mod trust;
