//! Linking an account at a CI provider.

use crate::{
    app::{link_account::Linking, link_device::DeviceEnd},
    domain::locale::Locale,
    text,
    view::{Message, untrusted},
};

/// What to do, or that it is done.
#[must_use]
pub fn view(linking: &Linking, locale: Locale) -> Message {
    let name = |login: &str, host: &str| format!("{} ({host})", untrusted::line(login, 60));
    match linking {
        Linking::Asked {
            code,
            branch,
            hosts,
            accounts,
        } => {
            let by_code = code.as_ref().map(|code| {
                let letters = untrusted::code(&code.letters, 40);
                text!(
                    locale,
                    "account-consent",
                    page = code.page.as_str(),
                    code = letters
                )
            });
            let by_branch = branch.as_ref().map(|branch| {
                let (branch, names) = (branch.as_str(), hosts.join(", "));
                if code.is_some() {
                    text!(locale, "account-elsewhere", hosts = names, branch = branch)
                } else if hosts.len() > 1 {
                    text!(locale, "account-ask-where", hosts = names, branch = branch)
                } else {
                    text!(locale, "account-ask", branch = branch)
                }
            });
            let ways: Vec<String> = by_code.into_iter().chain(by_branch).collect();
            let mut text = ways.join("\n\n");
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

/// How agreeing at the provider ended.
#[must_use]
pub fn ended(end: &DeviceEnd, locale: Locale) -> Message {
    Message::plain(match end {
        DeviceEnd::Linked { login, host } => {
            let account = format!("{} ({host})", untrusted::line(login, 60));
            text!(locale, "account-consented", account = account)
        }
        DeviceEnd::Taken { login } => {
            text!(locale, "account-taken", login = untrusted::line(login, 60))
        }
        DeviceEnd::Refused => text!(locale, "account-refused"),
        DeviceEnd::Expired => text!(locale, "account-expired"),
    })
}
