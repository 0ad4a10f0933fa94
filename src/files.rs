//! Courses as files: from a folder, or from the copy inside the program.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use include_dir::{Dir, include_dir};

use crate::content::{CourseFiles, SourceFile};

static CONTENT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/content");
static QUIZZES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/quizzes");

/// Where a course was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A folder with `course.toml`, and its banks.
    Folder(CourseFiles),
    /// A single outline.
    Outline(SourceFile),
}

/// The courses that come with the program.
#[must_use]
pub fn embedded_courses() -> Vec<CourseFiles> {
    let courses = CONTENT.dirs().map(|course| {
        let banks = course.path().file_name().and_then(|id| QUIZZES.get_dir(id));
        CourseFiles {
            content: embedded_files(course, "content"),
            banks: banks
                .map(|banks| embedded_files(banks, "quizzes"))
                .unwrap_or_default(),
        }
    });
    courses.collect()
}

fn embedded_files(dir: &Dir<'_>, root: &str) -> Vec<SourceFile> {
    let mut files: Vec<SourceFile> = Vec::new();
    for entry in dir.entries() {
        match entry {
            include_dir::DirEntry::Dir(inner) => files.extend(embedded_files(inner, root)),
            include_dir::DirEntry::File(file) => files.push(SourceFile {
                path: format!(
                    "{root}/{}",
                    file.path().to_string_lossy().replace('\\', "/")
                ),
                bytes: file.contents().to_vec(),
            }),
        }
    }
    files.retain(|file| is_course_file(&file.path));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The courses at a path: one Markdown file, one course folder, or a folder with `content/`.
///
/// # Errors
/// When there is no course, or a file cannot be read.
pub fn find_courses(path: &Path) -> anyhow::Result<Vec<Found>> {
    if path.is_file() {
        return Ok(vec![Found::Outline(read_file(path, path)?)]);
    }
    if path.join("course.toml").is_file() {
        return Ok(vec![Found::Folder(read_course(path)?)]);
    }
    let shelf = [path.join("content"), path.to_path_buf()];
    for root in shelf.iter().filter(|root| root.is_dir()) {
        let courses: Vec<PathBuf> = list_folder(root)?
            .into_iter()
            .filter(|folder| folder.join("course.toml").is_file())
            .collect();
        if !courses.is_empty() {
            return courses
                .iter()
                .map(|course| read_course(course).map(Found::Folder))
                .collect();
        }
    }
    bail!(
        "there is no course at {}: it takes a Markdown file, a folder with course.toml, or a folder with \
         content/<course>/course.toml",
        path.display()
    )
}

/// A course folder with its banks: `quizzes/` inside it, or `quizzes/<course>` beside `content/`.
fn read_course(folder: &Path) -> anyhow::Result<CourseFiles> {
    let name = folder
        .canonicalize()
        .ok()
        .and_then(|full| full.file_name().map(PathBuf::from))
        .unwrap_or_default();
    let inside = folder.join("quizzes");
    let beside = folder.join("../../quizzes").join(name);
    let shelf = if inside.is_dir() { inside } else { beside };
    let content = read_folder(folder, folder, &["quizzes", "practice"])?;
    let banks = if shelf.is_dir() {
        read_folder(&shelf, &shelf, &[])?
    } else {
        Vec::new()
    };
    let place = |root: &Path, files: Vec<SourceFile>| {
        let placed = files.into_iter().map(|file| SourceFile {
            path: tidy(&root.join(&file.path)),
            bytes: file.bytes,
        });
        placed.collect()
    };
    Ok(CourseFiles {
        content: place(folder, content),
        banks: place(&shelf, banks),
    })
}

/// A path without `x/..` steps, with forward slashes.
fn tidy(path: &Path) -> String {
    let mut parts: Vec<std::borrow::Cow<'_, str>> = Vec::new();
    for part in path.components() {
        let text = part.as_os_str().to_string_lossy();
        let climbs = text == ".." && parts.last().is_some_and(|last| last != ".." && last != "/");
        if climbs {
            parts.pop();
        } else if text != "." {
            parts.push(text);
        }
    }
    parts.join("/").replace("//", "/")
}

/// The course files of a folder and of those in it, but for `apart`: a practice may hold a whole program.
fn read_folder(folder: &Path, root: &Path, apart: &[&str]) -> anyhow::Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    for path in list_folder(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') || apart.contains(&name.as_ref()) {
            continue;
        }
        if path.is_dir() {
            files.extend(read_folder(&path, root, &[])?);
        } else if is_course_file(&name) {
            files.push(read_file(&path, root)?);
        }
    }
    Ok(files)
}

fn read_file(path: &Path, root: &Path) -> anyhow::Result<SourceFile> {
    let bytes =
        std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let shown = path
        .strip_prefix(root)
        .ok()
        .filter(|rest| !rest.as_os_str().is_empty())
        .unwrap_or(path);
    Ok(SourceFile {
        path: shown.to_string_lossy().replace('\\', "/"),
        bytes,
    })
}

/// What is in a folder, by name.
///
/// # Errors
/// When it cannot be read.
pub fn list_folder(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    paths.sort();
    Ok(paths)
}

fn is_course_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit('.').next().unwrap_or_default().to_lowercase();
    !name.starts_with('.') && matches!(ending.as_str(), "md" | "toml" | "yaml" | "yml" | "json")
}
