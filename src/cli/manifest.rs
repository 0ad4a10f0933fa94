//! `docent manifest`: what a starter gives its members, as a file that a course names.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use ci_reports::TestStatus;

use super::{
    grade::{find_practice, load_uploads},
    tree::load_tree,
};
use crate::{
    app::evidence::gather,
    config::Settings,
    domain::{
        evidence::Evidence,
        trust::{Facts, GivenTest, Manifest, Policy, Release},
    },
    wiring::load_courses,
};

/// What is written down.
#[derive(Debug, clap::Args)]
pub struct ManifestArguments {
    /// The starter: its folder, or its tree as GitHub's API gives it
    starter: PathBuf,
    /// Name of the release, such as `2026-11`; one that is there already is written anew
    #[arg(long)]
    name: String,
    /// Reports of a run in which every given test passed: a folder or an artifact zip
    #[arg(long)]
    reports: Option<PathBuf>,
    /// Id of the course
    #[arg(long)]
    course: String,
    /// Id of the practice
    #[arg(long)]
    practice: String,
    /// The manifest; releases that are in it stay
    #[arg(short, long)]
    output: PathBuf,
}

/// Writes the release into the manifest.
pub fn run(settings: &Settings, arguments: &ManifestArguments) -> anyhow::Result<ExitCode> {
    // A course that names its first manifest has none yet.
    let courses = load_courses(settings, &["missing-manifest", "bad-manifest"])?;
    let course = courses.iter().find(|course| course.id == arguments.course);
    let Some(course) = course else {
        let known: Vec<&str> = courses.iter().map(|course| course.id.as_str()).collect();
        bail!(
            "there is no course `{}`: set --course to one of {}",
            arguments.course,
            known.join(", ")
        );
    };
    let practice = find_practice(course, &arguments.practice)?;
    let none = Policy::default();
    let policy = practice.integrity.as_ref().unwrap_or(&none);
    let tree = load_tree(&arguments.starter)?;
    let files: BTreeMap<String, String> = tree
        .files
        .into_iter()
        .filter(|(path, _)| policy.protects(path))
        .collect();
    if files.is_empty() {
        bail!(
            "the practice protects no file of {}: look at `protect` and `editable` of its [practice.integrity]",
            arguments.starter.display()
        );
    }
    let mut tests = Vec::new();
    if let Some(reports) = &arguments.reports {
        tests = given_tests(&gather(
            practice,
            &load_uploads(reports, practice)?,
            Facts::default(),
        ))?;
    }
    let release = Release {
        name: arguments.name.clone(),
        files,
        tests,
    };
    let told = format!(
        "{}: release {} of {} files and {} tests",
        arguments.output.display(),
        release.name,
        release.files.len(),
        release.tests.len()
    );
    let mut manifest = if arguments.output.exists() {
        load_manifest(&arguments.output)?
    } else {
        Manifest::default()
    };
    manifest.releases.retain(|known| known.name != release.name);
    manifest.releases.push(release);
    save(&arguments.output, &manifest)?;
    super::sheet::print(&told);
    Ok(ExitCode::SUCCESS)
}

/// The tests that passed; a good run has no others but skipped ones, which are not asked of members.
fn given_tests(evidence: &Evidence) -> anyhow::Result<Vec<GivenTest>> {
    let mut given = Vec::new();
    for (_, report) in evidence.reports() {
        let ci_reports::Content::Tests(tests) = &report.content else {
            continue;
        };
        if let Some(problem) = tests.problems.first() {
            bail!("{} did not run to its end: {problem}", report.tool);
        }
        for case in &tests.cases {
            if case.status.is_bad() {
                bail!(
                    "{} failed in these reports: take those of a run in which every test passed",
                    case.id
                );
            }
            if case.status != TestStatus::Skipped {
                given.push(GivenTest {
                    tool: report.tool,
                    id: case.id.clone(),
                });
            }
        }
    }
    if given.is_empty() {
        bail!("the reports name no test: name the folder that holds the artifacts of the practice");
    }
    given.sort();
    given.dedup();
    Ok(given)
}

/// A manifest out of its file.
pub fn load_manifest(path: &Path) -> anyhow::Result<Manifest> {
    let bytes =
        std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| {
        format!(
            "{} is no manifest; move it away to begin anew",
            path.display()
        )
    })
}

fn save(path: &Path, manifest: &Manifest) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    let mut text = serde_json::to_string_pretty(manifest)?;
    text.push('\n');
    std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}
