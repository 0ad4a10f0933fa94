//! `docent grade`: the reports of a run, graded from files.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, anyhow, bail};
use ci_reports::ArchiveFile;

use super::{
    facts::load_facts,
    manifest::load_manifest,
    sheet::{print, to_json, to_text},
};
use crate::{
    app::evidence::{Upload, gather},
    config::Settings,
    domain::{
        course::Course,
        grading::{Rules, grade},
        practice::PracticeTask,
    },
    files::list_folder,
    wiring::load_library,
};

/// What is graded, and how it is told.
#[derive(Debug, clap::Args)]
pub struct GradeArguments {
    /// A folder of reports, an artifact zip, or a folder of either; `run.json` and `tree.json` of
    /// GitHub's API beside them, also in `api/github` and `git`, say how far they can be trusted
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Id of the course
    #[arg(long)]
    course: String,
    /// Id of the practice
    #[arg(long)]
    practice: String,
    /// Compare with this manifest instead of the one of the course
    #[arg(long)]
    manifest: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Grades the files and prints the sheet.
pub fn run(settings: &Settings, arguments: &GradeArguments) -> anyhow::Result<ExitCode> {
    let library = load_library(settings)?;
    let course = library.find_course(&arguments.course).ok_or_else(|| {
        anyhow!(
            "there is no course `{}`: set --course to `{}`",
            arguments.course,
            library.default_course().id
        )
    })?;
    let mut practice = find_practice(course, &arguments.practice)?.clone();
    if let Some(path) = &arguments.manifest {
        let policy = practice.integrity.get_or_insert_default();
        policy.manifest = load_manifest(path)?;
    }
    let mut uploads = Vec::new();
    for path in &arguments.paths {
        uploads.extend(load_uploads(path, &practice)?);
    }
    let facts = load_facts(&arguments.paths)?;
    let rules = Rules::of(course, &practice);
    let sheet = grade(&rules, &gather(&practice, &uploads, facts));
    print(&if arguments.json {
        to_json(&sheet)
    } else {
        to_text(&sheet)
    });
    Ok(ExitCode::SUCCESS)
}

/// The practice of a course by its id.
pub fn find_practice<'a>(course: &'a Course, id: &str) -> anyhow::Result<&'a PracticeTask> {
    course.find_practice(id).ok_or_else(|| {
        let known: Vec<&str> = course
            .practices()
            .map(|practice| practice.id.as_str())
            .collect();
        anyhow!(
            "the course has no practice `{id}`: set --practice to one of {}",
            known.join(", ")
        )
    })
}

/// The artifacts at a path: a zip, a folder of an artifact's files, or a folder of either.
///
/// An artifact that is there both as a folder and as a zip is taken once, from the folder.
pub fn load_uploads(path: &Path, practice: &PracticeTask) -> anyhow::Result<Vec<Upload>> {
    if path.is_file() {
        return Ok(vec![load_archive(path)?]);
    }
    if !path.is_dir() {
        bail!(
            "there is nothing at {}: name a folder of reports, or an artifact zip",
            path.display()
        );
    }
    let expected: BTreeSet<&str> = practice
        .reports
        .iter()
        .map(|report| report.artifact.as_str())
        .collect();
    if expected.contains(stem(path).as_str()) {
        return Ok(vec![load_folder(path)?]);
    }
    let mut uploads: Vec<Upload> = Vec::new();
    let entries = list_folder(path)?;
    for folder in entries
        .iter()
        .filter(|entry| entry.is_dir() && expected.contains(stem(entry).as_str()))
    {
        uploads.push(load_folder(folder)?);
    }
    for zip in entries
        .iter()
        .filter(|entry| entry.extension().is_some_and(|ending| ending == "zip"))
    {
        if !uploads.iter().any(|upload| upload.name == stem(zip)) {
            uploads.push(load_archive(zip)?);
        }
    }
    if uploads.is_empty() {
        uploads.push(load_folder(path)?);
    }
    Ok(uploads)
}

fn load_archive(path: &Path) -> anyhow::Result<Upload> {
    let body = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    Upload::unpack(&stem(path), &body)
        .with_context(|| format!("{} is not a usable artifact", path.display()))
}

fn load_folder(folder: &Path) -> anyhow::Result<Upload> {
    let mut files = Vec::new();
    collect(folder, folder, &mut files)?;
    Ok(Upload {
        name: stem(folder),
        files,
    })
}

fn collect(folder: &Path, root: &Path, files: &mut Vec<ArchiveFile>) -> anyhow::Result<()> {
    for entry in list_folder(folder)? {
        if entry.is_dir() {
            collect(&entry, root, files)?;
        } else {
            let bytes = std::fs::read(&entry)
                .with_context(|| format!("{} cannot be read", entry.display()))?;
            let path = entry
                .strip_prefix(root)
                .unwrap_or(&entry)
                .to_string_lossy()
                .replace('\\', "/");
            files.push(ArchiveFile { path, bytes });
        }
    }
    Ok(())
}

/// The name of an artifact: that of its folder, or of its zip without the ending.
fn stem(path: &Path) -> String {
    let full = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let name = if full.is_dir() {
        full.file_name()
    } else {
        full.file_stem()
    };
    name.map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
