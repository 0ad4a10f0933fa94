//! `[[practice.show]]`: how much of what failed a reply shows, from which attempt on.

use super::{
    rubric::one_of,
    tree::{Fields, Form, Node},
};
use crate::domain::practice::{Detail, Show};

/// How much is shown, by name.
const DETAILS: [(&str, Detail); 3] = [
    ("points", Detail::Points),
    ("findings", Detail::Findings),
    ("all", Detail::All),
];

/// The steps of a practice; none when one of them is wrong, so that nothing is held back by mistake.
pub fn read_show(practice: &Fields<'_>, form: &mut Form<'_>) -> Vec<Show> {
    let nodes = practice.list("show", form);
    let read: Option<Vec<Show>> = nodes.iter().map(|node| read_step(node, form)).collect();
    let steps = read.unwrap_or_default();
    for (place, step) in steps.iter().enumerate() {
        let wrong = match place.checked_sub(1).and_then(|before| steps.get(before)) {
            None => (step.from_attempt != 1).then(|| {
                format!(
                    "the first [[practice.show]] begins at attempt {}, so the attempts before it show everything",
                    step.from_attempt
                )
            }),
            Some(before) => (step.from_attempt <= before.from_attempt || step.detail <= before.detail)
                .then(|| {
                    format!(
                        "from attempt {} on no more is shown than from attempt {} on",
                        step.from_attempt, before.from_attempt
                    )
                }),
        };
        if let Some(message) = wrong {
            let line = nodes.get(place).map_or(practice.line, |node| node.line);
            let at = form.place(line);
            form.out.error(
                "bad-show",
                &at,
                message,
                "Begin with `from_attempt = 1`, and let each later step show more: `points`, `findings`, `all`.",
            );
            return Vec::new();
        }
    }
    steps
}

fn read_step(node: &Node, form: &mut Form<'_>) -> Option<Show> {
    let fields = Fields::open(node, "[[practice.show]]", &["from_attempt", "detail"], form)?;
    fields.require("from_attempt", form)?;
    let from_attempt = fields.number("from_attempt", form);
    let detail = one_of(&fields, "detail", &DETAILS, form);
    Some(Show {
        from_attempt: from_attempt?,
        detail: detail?,
    })
}
