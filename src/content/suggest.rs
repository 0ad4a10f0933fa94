//! The name an author most likely meant.

/// The nearest of the known names, when one is near enough to be a slip of the hand.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = word.to_lowercase();
    let allowed = (word.chars().count() / 3).max(2);
    known
        .into_iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&wanted, &name.to_lowercase()),
                name,
            )
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, name)| name)
}

/// A fix that names the nearest known name, or else all of them.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(name) = nearest(word, known.clone()) {
        return format!("Did you mean `{name}`?");
    }
    let all: Vec<_> = known.into_iter().map(|name| format!("`{name}`")).collect();
    if all.is_empty() {
        "Remove it.".to_owned()
    } else {
        format!("Use one of {}.", all.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_matched_and_a_stranger_is_not() {
        let known = ["weight_bp", "title", "measure"];
        assert_eq!(nearest("wieght_bp", known), Some("weight_bp"));
        assert_eq!(nearest("Title", known), Some("title"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(
            did_you_mean("colour", known),
            "Use one of `weight_bp`, `title`, `measure`."
        );
    }
}
