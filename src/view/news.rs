//! What members are told without having asked.

use crate::{
    app::tell_member::News,
    domain::locale::Locale,
    text,
    view::{Message, terms, untrusted},
};

/// The message.
#[must_use]
pub fn view(news: &News, locale: Locale) -> Message {
    let (mut said, raised, reason) = match news {
        News::Extended {
            practice,
            due_at,
            reason,
            raised,
        } => {
            let said = text!(
                locale,
                "news-extended",
                practice = practice.to_uppercase(),
                time = terms::time(*due_at),
                distance = terms::distance(*due_at)
            );
            (said, *raised, Some(reason))
        }
        News::DueMoved {
            practice,
            due_at,
            raised,
        } => {
            let practice = practice.to_uppercase();
            let said = if let Some(at) = due_at {
                text!(
                    locale,
                    "news-due-moved",
                    practice = practice,
                    time = terms::time(*at),
                    distance = terms::distance(*at)
                )
            } else {
                text!(locale, "news-due-removed", practice = practice)
            };
            (said, *raised, None)
        }
        News::Grouped {
            practice,
            names,
            reason,
        } => {
            let practice = practice.to_uppercase();
            let names: Vec<String> = names.iter().map(|name| untrusted::line(name, 40)).collect();
            let said = if names.is_empty() {
                text!(locale, "news-ungrouped", practice = practice)
            } else {
                text!(
                    locale,
                    "news-grouped",
                    practice = practice,
                    names = names.join(", ")
                )
            };
            (said, 0, Some(reason))
        }
    };
    if raised > 0 {
        said.push(' ');
        said.push_str(&text!(locale, "news-raised", count = raised));
    }
    if let Some(reason) = reason {
        said.push('\n');
        let reason = untrusted::line(reason, 300);
        said.push_str(&text!(locale, "news-reason", reason = reason));
    }
    Message::plain(said)
}

/// What is said in the channel to a member who takes no direct messages.
#[must_use]
pub fn in_server(member: i64, locale: Locale) -> String {
    text!(locale, "news-in-server", member = member.to_string())
}
