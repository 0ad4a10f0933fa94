//! Linking an account at a CI provider.

use crate::{
    app::link_account::Linking,
    domain::locale::Locale,
    text,
    view::{Message, untrusted},
};

/// What to do, or that it is done.
#[must_use]
pub fn view(linking: &Linking, locale: Locale) -> Message {
    let name = |login: &str, host: &str| format!("{} ({host})", untrusted::line(login, 60));
    match linking {
        Linking::Asked { branch, accounts } => {
            let mut text = text!(locale, "account-ask", branch = branch.as_str());
            if !accounts.is_empty() {
                let names: Vec<String> = accounts
                    .iter()
                    .map(|account| name(&account.login, &account.host))
                    .collect();
                text.push_str("\n\n");
                text.push_str(&text!(locale, "account-now", accounts = names.join(", ")));
            }
            Message::plain(text)
        }
        Linking::Linked { login, host } => {
            Message::plain(text!(locale, "account-linked", account = name(login, host)))
        }
    }
}
