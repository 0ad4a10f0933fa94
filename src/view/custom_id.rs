//! What buttons, menus and forms send back: `<name>:<version>:<args>`, at most 100 characters.
//!
//! Nothing secret is in them: whoever presses is checked against the database.

/// The version of every custom id; one of another version is answered with "run it again".
const VERSION: &str = "1";

/// Builds a custom id.
#[must_use]
pub fn build(name: &str, args: &[&str]) -> String {
    let mut id = format!("{name}:{VERSION}");
    for arg in args {
        id.push(':');
        id.push_str(arg);
    }
    id
}

/// Splits a custom id into its name and arguments; `None` for another version or shape.
#[must_use]
pub fn parse(id: &str) -> Option<(&str, Vec<&str>)> {
    let mut parts = id.split(':');
    let name = parts.next()?;
    (parts.next()? == VERSION).then(|| (name, parts.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_custom_id_comes_back_as_it_was_built_and_another_version_does_not() {
        assert_eq!(
            parse(&build("tick", &["basic-1", "1"])),
            Some(("tick", vec!["basic-1", "1"]))
        );
        assert_eq!(parse("tick:0:basic-1"), None);
        assert_eq!(parse("tick"), None);
    }
}
