//! Which account at a CI provider is a member's: proved by a run on a branch that only they know.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::{
    app::{
        App,
        caller::Caller,
        error::{AccountRefusal, Failure, Refusal},
        link_device::{Code, ask_for_consent},
        ports::Run,
        submit_run::ReplyTo,
    },
    store::{AccountRow, Tx},
};

/// How long a branch counts.
const LIFE: TimeDelta = TimeDelta::hours(24);

/// What `/link` tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Linking {
    /// What to do to link an account.
    Asked {
        /// The code to type.
        code: Option<Code>,
        /// The branch to push, where a code does not do.
        branch: Option<String>,
        /// The hosts where it takes the branch.
        hosts: Vec<String>,
        /// The accounts that are linked now.
        accounts: Vec<AccountRow>,
    },
    /// The account is linked.
    Linked {
        /// The name of the account.
        login: String,
        /// The host it is at.
        host: String,
    },
}

/// Tells a member how to link an account: by a code where there are codes, else by a branch.
///
/// # Errors
/// Only faults.
pub async fn ask_for_account(
    app: &App,
    caller: &Caller,
    reply_to: &ReplyTo,
) -> Result<Linking, Failure> {
    let code = match &app.consent {
        Some(flow) => ask_for_consent(app, caller, reply_to, &**flow).await?,
        None => None,
    };
    let mut hosts = app.hosts.clone();
    if let (Some(flow), Some(_)) = (&app.consent, &code) {
        hosts.retain(|host| host != flow.host());
    }
    let mut tx = app.store.begin().await?;
    let member = app.enrol(&mut tx, caller).await?.member_id;
    let branch = if hosts.is_empty() {
        None
    } else {
        Some(find_branch(app, &mut tx, member).await?)
    };
    let accounts = app.store.list_accounts(&mut tx, member).await?;
    app.store.commit(tx).await?;
    Ok(Linking::Asked {
        code,
        branch,
        hosts,
        accounts,
    })
}

/// The branch that a member is to push; the same one for a day.
async fn find_branch(app: &App, tx: &mut Tx, member: Uuid) -> Result<String, Failure> {
    let now = app.clock.now();
    if let Some(branch) = app.store.find_nonce(tx, member, now).await? {
        return Ok(branch);
    }
    let branch = draw_branch();
    app.store
        .record_nonce(tx, member, &branch, now + LIFE)
        .await?;
    Ok(branch)
}

/// Links the account that started a run on the member's branch.
///
/// # Errors
/// Refuses runs on another branch, runs that others could have started, and accounts of others.
pub async fn link_account(app: &App, caller: &Caller, link: &str) -> Result<Linking, Failure> {
    let link = app.ci.parse_link(link).map_err(Refusal::Link)?;
    let run = app.ci.find_run(&link).await.map_err(|error| Refusal::Ci {
        error,
        host: link.host.clone(),
        repository: link.repository.clone(),
    })?;
    let mut tx = app.store.begin().await?;
    let member = app.enrol(&mut tx, caller).await?.member_id;
    let branch = app
        .store
        .find_nonce(&mut tx, member, app.clock.now())
        .await?;
    let branch = branch.ok_or(AccountRefusal::NoBranch)?;
    // Only a push is started by whoever made the branch.
    if run.head_branch.as_deref() != Some(branch.as_str()) || run.event != "push" {
        return Err(AccountRefusal::OtherBranch { branch }.into());
    }
    if !app
        .store
        .link_account(&mut tx, member, &run.account(), Some(run.run_id))
        .await?
    {
        return Err(AccountRefusal::Taken {
            login: run.actor_login,
        }
        .into());
    }
    app.store.commit(tx).await?;
    Ok(Linking::Linked {
        login: run.actor_login,
        host: run.host,
    })
}

/// Refuses a run that was started by somebody else's account, as far as accounts are linked. Members who
/// hand in together may hand in the runs of each.
///
/// # Errors
/// Also faults of the database.
pub async fn check_account(
    app: &App,
    tx: &mut Tx,
    members: &[Uuid],
    run: &Run,
) -> Result<(), Failure> {
    let owner = app.store.find_account_owner(tx, &run.account()).await?;
    if let Some(owner) = owner {
        return if members.contains(&owner) {
            Ok(())
        } else {
            Err(AccountRefusal::RunOfAnother {
                login: run.actor_login.clone(),
            }
            .into())
        };
    }
    // Nobody has linked the account: whoever could have started the run must have none at this host.
    let mut own = None;
    for member in members {
        let accounts = app.store.list_accounts(tx, *member).await?;
        match accounts.into_iter().find(|known| known.host == run.host) {
            Some(account) => own = Some(account),
            None => return Ok(()),
        }
    }
    match own {
        Some(own) => Err(AccountRefusal::OtherAccount {
            own: own.login,
            login: run.actor_login.clone(),
        }
        .into()),
        None => Ok(()),
    }
}

/// A branch that nobody guesses: the random half of a new id.
fn draw_branch() -> String {
    let (_, random) = Uuid::now_v7().as_u64_pair();
    format!("docent-{random:016x}")
}
