//! The words of every refusal: one clear sentence and what to do next.

use crate::{
    app::{
        error::{AccountRefusal, Refusal, RunRefusal},
        finish_submission::Notice,
        ports::{CiError, LinkError},
    },
    domain::locale::Locale,
    text,
    view::{
        Message, group,
        limits::{self, cut},
        terms, untrusted,
    },
};

/// The answer to someone who is refused.
#[must_use]
pub fn view(refusal: &Refusal, locale: Locale) -> Message {
    Message::plain(cut(&sentence(refusal, locale), limits::CONTENT))
}

/// The answer to someone who met a fault: one sentence and its id.
#[must_use]
pub fn fault(id: &str, locale: Locale) -> Message {
    Message::plain(text!(locale, "fault", id = id))
}

/// What is said later of a submission that could not be graded.
#[must_use]
pub fn failed_submission(notice: &Notice, code: &str, locale: Locale) -> Message {
    let (host, repository) = (&notice.run.host, &notice.run.repository);
    let why = match code {
        "event" => text!(
            locale,
            "submit-event",
            event = untrusted::code(&notice.run.event, 40)
        ),
        code => stored(code, host, repository, locale),
    };
    Message::plain(text!(
        locale,
        "submit-failed-later",
        repository = repository.as_str(),
        why = why
    ))
}

fn sentence(refusal: &Refusal, locale: Locale) -> String {
    let name = |name: &str| untrusted::line(name, 60);
    match refusal {
        Refusal::NotInstructor => text!(locale, "refused-not-instructor"),
        Refusal::NoModule { name: asked, known } => {
            text!(
                locale,
                "refused-no-module",
                name = name(asked),
                known = known.join(", ")
            )
        }
        Refusal::NoTopic { name: asked, known } => {
            text!(
                locale,
                "refused-no-topic",
                name = name(asked),
                known = known.join(", ")
            )
        }
        Refusal::NoPart { name: asked, known } => {
            text!(
                locale,
                "refused-no-part",
                name = name(asked),
                known = known.join(", ")
            )
        }
        Refusal::NoPractice { name: asked, known } => {
            text!(
                locale,
                "refused-no-practice",
                name = name(asked),
                known = known.join(", ")
            )
        }
        Refusal::NoSection => text!(locale, "refused-no-section"),
        Refusal::NotYourQuiz => text!(locale, "refused-not-your-quiz"),
        Refusal::EmptyQuiz { topic } => text!(locale, "refused-empty-quiz", topic = topic.as_str()),
        Refusal::BadAnswer => text!(locale, "refused-answer"),
        Refusal::Link(error) => link(error, locale),
        Refusal::Ci {
            error,
            host,
            repository,
        } => ci(error, host, repository, locale),
        Refusal::Run(refusal) => run(refusal, locale),
        Refusal::RunEvent { event } => {
            text!(locale, "submit-event", event = untrusted::code(event, 40))
        }
        Refusal::NoGrade { name: asked, known } => text!(
            locale,
            "refused-no-grade",
            name = name(asked),
            known = known.join(", ")
        ),
        Refusal::NoAudit { practice } => {
            text!(locale, "refused-no-audit", practice = practice.as_str())
        }
        Refusal::AuditWaiting => text!(locale, "refused-audit-waiting"),
        Refusal::NothingGraded { practice } => text!(
            locale,
            "refused-nothing-graded",
            practice = practice.as_str()
        ),
        Refusal::NoReports { expected } => {
            text!(locale, "submit-no-reports", expected = expected.join(", "))
        }
        Refusal::Account(refusal) => account(refusal, locale),
        Refusal::Terms(refusal) => terms::refusal(refusal, locale),
        Refusal::Group(refusal) => group::refusal(refusal, locale),
        Refusal::Stale => text!(locale, "refused-stale"),
        Refusal::UnknownCommand => text!(locale, "refused-unknown-command"),
        Refusal::ServerOnly => text!(locale, "refused-server-only"),
    }
}

fn run(refusal: &RunRefusal, locale: Locale) -> String {
    match refusal {
        RunRefusal::Taken => text!(locale, "submit-taken"),
        RunRefusal::Repeated {
            practice,
            grade,
            score,
        } => text!(
            locale,
            "submit-repeated",
            practice = practice.as_str(),
            grade = grade.as_str(),
            percent = score.percent()
        ),
        RunRefusal::Waiting => text!(locale, "submit-repeated-waiting"),
        RunRefusal::Failed { code } => {
            let why = stored(code, "", "", locale);
            text!(locale, "submit-repeated-failed", why = why)
        }
        RunRefusal::Ended(how) => stored(how.code(), "", "", locale),
        RunRefusal::Partly => text!(locale, "submit-partly"),
    }
}

fn account(refusal: &AccountRefusal, locale: Locale) -> String {
    let name = |login: &str| untrusted::line(login, 60);
    match refusal {
        AccountRefusal::RunOfAnother { login } => {
            text!(locale, "submit-of-another", login = name(login))
        }
        AccountRefusal::OtherAccount { own, login } => text!(
            locale,
            "submit-other-account",
            own = name(own),
            login = name(login)
        ),
        AccountRefusal::NoBranch => text!(locale, "account-no-branch"),
        AccountRefusal::OtherBranch { branch } => {
            text!(locale, "account-other-branch", branch = branch.as_str())
        }
        AccountRefusal::Taken { login } => text!(locale, "account-taken", login = name(login)),
    }
}

fn link(error: &LinkError, locale: Locale) -> String {
    match error {
        LinkError::NotALink => text!(locale, "submit-not-a-link"),
        LinkError::OtherHost { host, known } => {
            text!(
                locale,
                "submit-other-host",
                host = host.replace('`', ""),
                known = known.join(", ")
            )
        }
        LinkError::NotARun => text!(locale, "submit-not-a-run"),
        LinkError::Unsafe => text!(locale, "submit-unsafe"),
    }
}

fn ci(error: &CiError, host: &str, repository: &str, locale: Locale) -> String {
    match error {
        CiError::RateLimited { until } => {
            text!(
                locale,
                "submit-ci-rate-limited",
                time = format!("<t:{}:t>", until.timestamp())
            )
        }
        CiError::Elsewhere(elsewhere) => text!(
            locale,
            "submit-ci-elsewhere",
            host = untrusted::code(elsewhere, 80)
        ),
        CiError::NotInstalled { page: Some(page) } => text!(
            locale,
            "submit-ci-install",
            repository = repository,
            page = page.as_str()
        ),
        error => stored(error.code(), host, repository, locale),
    }
}

/// The sentence of a stored word for why there is no grade.
fn stored(code: &str, host: &str, repository: &str, locale: Locale) -> String {
    match code {
        "cancelled" => text!(locale, "submit-cancelled"),
        "skipped" => text!(locale, "submit-skipped"),
        "timed_out" => text!(locale, "submit-timed-out"),
        "action_required" => text!(locale, "submit-action-required"),
        "startup_failure" => text!(locale, "submit-startup-failure"),
        "not_started" => text!(locale, "submit-not-started"),
        "infrastructure" => text!(locale, "submit-infrastructure"),
        "superseded" => text!(locale, "submit-superseded"),
        "stale" => text!(locale, "submit-stale"),
        "partly" => text!(locale, "submit-partly"),
        "deleted" => text!(locale, "submit-deleted"),
        "event" => text!(locale, "submit-event-any"),
        "no-reports" | "unreadable" => text!(locale, "submit-ci-unreadable"),
        "steps-only" => text!(locale, "submit-ci-steps-only"),
        "steps-forbidden" => text!(locale, "submit-ci-steps-forbidden", repository = repository),
        "other-account" => text!(locale, "group-other-account-later"),
        "not-open" => text!(locale, "terms-not-open-later"),
        "closed" => text!(locale, "terms-closed-later"),
        "no-attempts" => text!(locale, "terms-no-attempts-later"),
        "not_found" => text!(locale, "submit-ci-not-found"),
        "private" => text!(locale, "submit-ci-private", repository = repository),
        "forbidden" => text!(locale, "submit-ci-forbidden", repository = repository),
        "unauthorized" => text!(locale, "submit-ci-unauthorized", host = host),
        "not_installed" => text!(locale, "submit-ci-not-installed", repository = repository),
        "expired" => text!(locale, "submit-ci-expired"),
        "too_large" => text!(locale, "submit-ci-too-large"),
        "malformed" => text!(locale, "submit-ci-malformed"),
        "forged" => text!(locale, "submit-ci-forged"),
        "timeout" => text!(locale, "submit-ci-timeout"),
        _ => text!(locale, "submit-ci-unavailable"),
    }
}
