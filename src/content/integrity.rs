//! `[practice.integrity]`: what stays as the starter gave it, and the manifest that says how that was.

use super::{
    SourceFile,
    diagnostic::{Diagnostics, Place},
    tree::{Fields, Form, Node, name_of, text_of},
};
use crate::domain::{
    pattern::PathPattern,
    trust::{Audit, Manifest, PinnedWorkflow, Policy, Proof},
};

/// The words of `require`.
const PROOFS: [(&str, Proof); 3] = [
    ("protected-tree", Proof::ProtectedTree),
    ("pinned-grader", Proof::PinnedGrader),
    ("signed", Proof::Signed),
];
/// The job that states the reports, unless the course names another.
const JOB: &str = "proof";

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
        "require",
        "protect",
        "forbid",
        "editable",
        "workflow",
        "hosted_runner",
        "audit",
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
        require: read_require(&fields, form),
        audit: fields.get("audit").and_then(|node| read_audit(node, form)),
    };
    Some(IntegritySettings { manifest, policy })
}

/// The proof that is asked for; the stronger two need a workflow to look at.
fn read_require(fields: &Fields<'_>, form: &mut Form<'_>) -> Proof {
    let Some(node) = fields.get("require") else {
        return Proof::default();
    };
    let named = text_of(node, "require", form)
        .and_then(|name| name_of(&name, node.line, "require", &PROOFS, form));
    let proof = named.unwrap_or_default();
    if proof > Proof::ProtectedTree && fields.get("workflow").is_none() {
        form.wrong(
            node.line,
            "`require` asks for the word of a workflow, and none is named".to_owned(),
            "Add `workflow` with its repository, path and commits.",
        );
    }
    proof
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
    let known = ["repository", "path", "shas", "job"];
    let fields = Fields::open(node, "`workflow`", &known, form)?;
    let repository = fields.text("repository", form);
    let path = fields.text("path", form);
    let job = fields.optional_text("job", form);
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
        job: job.unwrap_or_else(|| JOB.to_owned()),
    })
}

fn read_audit(node: &Node, form: &mut Form<'_>) -> Option<Audit> {
    let known = ["repository", "workflow", "ref", "sample"];
    let fields = Fields::open(node, "`audit`", &known, form)?;
    let repository = fields.text("repository", form);
    let workflow = fields.text("workflow", form);
    let reference = fields.text("ref", form);
    let sample = fields.number("sample", form);
    Some(Audit {
        repository: repository?,
        workflow: workflow?,
        reference: reference?,
        sample,
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
