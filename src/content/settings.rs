//! `course.toml`: languages, assessment, the rubrics of practices, remediation.

use super::{
    assessment::Rules,
    diagnostic::{Diagnostics, Place},
    document::Document,
    rubric::{PracticeSettings, read_practice},
    tree::{Fields, Form, Node, parse_toml},
};
use crate::domain::{
    assessment::Band, locale::Locale, pattern::Pattern, remediation::RemediationRule,
};

/// What `course.toml` says.
#[derive(Debug)]
pub struct Settings {
    /// Where the file begins.
    pub place: Place,
    /// Id of the course.
    pub id: Option<String>,
    /// Languages, the author's own first.
    pub locales: Vec<Locale>,
    /// Line of the languages.
    pub locales_at: Place,
    /// Rules of the quiz and bands.
    pub rules: Rules,
    /// Practices.
    pub practices: Vec<PracticeSettings>,
    /// Remediation rules with their places.
    pub remediation: Vec<(Place, RemediationRule)>,
}

/// The settings of a file; nothing when it is not TOML.
pub fn read_settings(document: &Document, out: &mut Diagnostics) -> Option<Settings> {
    let root = match parse_toml(document) {
        Ok(root) => root,
        Err(error) => {
            let place = Place::new(&document.path, error.line);
            out.error("bad-toml", &place, error.message, "Correct the TOML.");
            return None;
        }
    };
    let mut form = Form {
        file: &document.path,
        code: "bad-toml",
        own: Locale::En,
        locales: &Locale::ALL,
        out,
    };
    let known = ["id", "locales", "quiz", "bands", "practice", "remediation"];
    let fields = Fields::open(&root, "the course", &known, &mut form)?;
    let id = fields.text("id", &mut form);
    if let Some(id) = id.as_ref().filter(|id| slug::slugify(id) != **id) {
        let fix = format!("Write `{}`.", slug::slugify(id));
        form.wrong(
            fields.line,
            format!("the id `{id}` has other signs than small letters, digits and hyphens"),
            fix,
        );
    }
    let locales = read_locales(&fields, &mut form);
    let locales_at = form.place(fields.get("locales").map_or(1, |node| node.line));
    form.own = locales.first().copied().unwrap_or(Locale::En);
    if !locales.is_empty() {
        form.locales = &locales;
    }
    let mut rules = fields
        .get("quiz")
        .map_or_else(Rules::default, |node| read_quiz(node, &mut form));
    rules.bands = fields
        .list("bands", &mut form)
        .iter()
        .filter_map(|node| read_band(node, &mut form))
        .collect();
    rules
        .bands
        .sort_by_key(|band| std::cmp::Reverse(band.from_bp));
    let practices = fields.list("practice", &mut form);
    let practices = practices
        .iter()
        .filter_map(|node| read_practice(node, &mut form))
        .collect();
    let remediation = fields.list("remediation", &mut form);
    let remediation = remediation
        .iter()
        .filter_map(|node| read_remediation(node, &mut form))
        .collect();
    Some(Settings {
        place: document.start(),
        id,
        locales,
        locales_at,
        rules,
        practices,
        remediation,
    })
}

fn read_locales(fields: &Fields<'_>, form: &mut Form<'_>) -> Vec<Locale> {
    fields.require("locales", form);
    let known = Locale::ALL.map(|locale| (locale.code(), locale));
    let mut locales = fields.named("locales", &known, form);
    let mut seen = Vec::new();
    locales.retain(|locale| {
        !seen.contains(locale) && {
            seen.push(*locale);
            true
        }
    });
    locales
}

fn read_quiz(node: &Node, form: &mut Form<'_>) -> Rules {
    let known = ["min_questions", "max_questions", "pass_mark_bp"];
    let Some(fields) = Fields::open(node, "[quiz]", &known, form) else {
        return Rules::default();
    };
    Rules {
        min_questions: fields.number("min_questions", form),
        max_questions: fields.number("max_questions", form),
        pass_mark_bp: fields.points("pass_mark_bp", form),
        ..Rules::default()
    }
}

fn read_band(node: &Node, form: &mut Form<'_>) -> Option<Band> {
    let fields = Fields::open(node, "[[bands]]", &["grade", "from_bp"], form)?;
    let (grade, from_bp) = (
        fields.text("grade", form),
        fields.required_points("from_bp", form),
    );
    Some(Band {
        grade: grade?,
        from_bp: from_bp?,
    })
}

fn read_remediation(node: &Node, form: &mut Form<'_>) -> Option<(Place, RemediationRule)> {
    let known = ["tools", "id", "message", "section", "advice"];
    let fields = Fields::open(node, "[[remediation]]", &known, form)?;
    let rule = RemediationRule {
        tools: fields.named("tools", &super::rubric::tools(), form),
        id: pattern(&fields, "id", form),
        message: pattern(&fields, "message", form),
        section: fields.text("section", form).unwrap_or_default(),
        advice: fields.localized("advice", form),
    };
    let place = form.place(fields.get("section").map_or(fields.line, |node| node.line));
    if ["tools", "id", "message"]
        .into_iter()
        .all(|key| fields.get(key).is_none())
    {
        let start = form.place(fields.line);
        let message = "the remediation has no condition, so it would take every finding".to_owned();
        form.out.error(
            "no-remediation-condition",
            &start,
            message,
            "Add `tools`, `id` or `message`.",
        );
    }
    super::check::translated(&rule.advice, form.locales, &place, "the advice", form.out);
    (!rule.section.is_empty()).then_some((place, rule))
}

/// A regular expression, which may be missing.
pub fn pattern(fields: &Fields<'_>, key: &str, form: &mut Form<'_>) -> Option<Pattern> {
    let text = fields.optional_text(key, form)?;
    match Pattern::new(&text) {
        Ok(pattern) => Some(pattern),
        Err(error) => {
            let place = form.place(fields.get(key).map_or(fields.line, |node| node.line));
            // The last line of the error says what is wrong; those before it draw the pattern.
            let reason = error.to_string();
            let reason = reason
                .lines()
                .last()
                .unwrap_or_default()
                .trim_start_matches("error: ")
                .to_owned();
            let message = format!("`{key}` is not a pattern: {reason}");
            form.out.error(
                "bad-pattern",
                &place,
                message,
                "Correct the regular expression; escape signs with `\\\\`.",
            );
            None
        }
    }
}
