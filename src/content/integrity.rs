//! `[practice.integrity]`: what stays as the starter gave it, and the manifest that says how that was.

use super::{
    SourceFile,
    diagnostic::{Diagnostics, Place},
    tree::{Fields, Form, Node},
};
use crate::domain::{
    pattern::PathPattern,
    trust::{Manifest, PinnedWorkflow, Policy},
};

/// What the settings say, before the manifest is read.
#[derive(Debug)]
pub struct IntegritySettings {
    /// The manifest: where it is named, and its path from the folder of the course.
    pub manifest: Option<(Place, String)>,
    /// Everything else.
    pub policy: Policy,
}

/// A `[practice.integrity]` table.
pub fn read_integrity(node: &Node, form: &mut Form<'_>) -> Option<IntegritySettings> {
    let known = [
        "manifest",
        "protect",
        "forbid",
        "editable",
        "workflow",
        "hosted_runner",
    ];
    let fields = Fields::open(node, "[practice.integrity]", &known, form)?;
    let manifest = fields.get("manifest").and_then(|node| {
        let place = form.place(node.line);
        Some((place, fields.text("manifest", form)?))
    });
    let policy = Policy {
        manifest: Manifest::default(),
        protect: globs(&fields, "protect", form),
        forbid: globs(&fields, "forbid", form),
        editable: globs(&fields, "editable", form),
        workflow: fields
            .get("workflow")
            .and_then(|node| read_workflow(node, form)),
        hosted_runner: fields.flag("hosted_runner", false, form),
    };
    Some(IntegritySettings { manifest, policy })
}

fn globs(fields: &Fields<'_>, key: &str, form: &mut Form<'_>) -> Vec<PathPattern> {
    let mut patterns = Vec::new();
    for (text, line) in fields.texts(key, form) {
        match PathPattern::new(&text) {
            Ok(pattern) => patterns.push(pattern),
            Err(error) => form.out.error(
                "bad-glob",
                &Place::new(form.file, line),
                format!("`{text}` in `{key}` is not a glob: {}", error.kind()),
                "Write a path from the root of the repository; `*` means any name, `**` any folders.",
            ),
        }
    }
    patterns
}

fn read_workflow(node: &Node, form: &mut Form<'_>) -> Option<PinnedWorkflow> {
    let fields = Fields::open(node, "`workflow`", &["repository", "path", "shas"], form)?;
    let repository = fields.text("repository", form);
    let path = fields.text("path", form);
    fields.require("shas", form)?;
    let shas = fields.texts("shas", form);
    for (sha, line) in &shas {
        if sha.len() < 40 || !sha.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            form.wrong(
                *line,
                format!("`{sha}` in `shas` is not a whole commit id"),
                "Write all 40 digits: a branch or a short id can come to mean another commit.",
            );
        }
    }
    if shas.is_empty() {
        form.wrong(
            fields.line,
            "`shas` names no commit, so no run could be trusted".to_owned(),
            "Name the commits of the workflow that you trust.",
        );
    }
    Some(PinnedWorkflow {
        repository: repository?,
        path: path?,
        shas: shas
            .into_iter()
            .map(|(sha, _)| sha.to_lowercase())
            .collect(),
    })
}

/// The policy with its manifest, read from the files of the course.
pub fn complete(
    settings: IntegritySettings,
    files: &[SourceFile],
    root: &str,
    out: &mut Diagnostics,
) -> Policy {
    let mut policy = settings.policy;
    if let Some((place, path)) = settings.manifest {
        policy.manifest = read_manifest(files, &format!("{root}{path}"), &place, out);
    }
    policy
}

fn read_manifest(
    files: &[SourceFile],
    path: &str,
    place: &Place,
    out: &mut Diagnostics,
) -> Manifest {
    let again =
        "Write it with `docent manifest`, which takes the starter and the reports of a good run.";
    let Some(file) = files.iter().find(|file| file.path == path) else {
        let message = format!("the manifest `{path}` is not there");
        out.error("missing-manifest", place, message, again);
        return Manifest::default();
    };
    match serde_json::from_slice::<Manifest>(&file.bytes) {
        Ok(manifest) if manifest.releases.is_empty() => {
            let message = "the manifest has no release".to_owned();
            out.error("bad-manifest", &Place::new(path, 1), message, again);
            manifest
        }
        Ok(manifest) => manifest,
        Err(error) => {
            let line = u32::try_from(error.line()).unwrap_or(1);
            let reason = error.to_string();
            let reason = reason.split(" at line ").next().unwrap_or_default();
            let message = format!("the manifest cannot be read: {reason}");
            out.error("bad-manifest", &Place::new(path, line), message, again);
            Manifest::default()
        }
    }
}
