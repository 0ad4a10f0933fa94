//! One interaction, from its arrival to its answer: repeats dropped, access checked, acknowledged
//! in time, run, answered, logged once.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use serenity::{
    all::{ApplicationId, InteractionId},
    http::{LightMethod, Route},
};
use uuid::Uuid;

use crate::{
    app::{
        App,
        caller::Caller,
        error::{Failure, Refusal},
    },
    discord::{
        body::{Body, PRIVATE, modal},
        commands::{self, Access, Answering, Command},
        components::{self, Component, Reaction, Use},
        incoming::{Call, Incoming, Kind, Press},
        rest::{Payload, Rest, RestError},
    },
    domain::locale::Locale,
    view::{self, Message, custom_id},
};

/// Work that takes longer is acknowledged first and answered after; Discord waits for 3 s.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// How the log calls an interaction that was delivered again.
const REPEATED: &str = "repeated";

/// Discord's numbers for answers to interactions.
mod callback {
    pub const MESSAGE: u8 = 4;
    pub const DEFERRED_MESSAGE: u8 = 5;
    pub const DEFERRED_UPDATE: u8 = 6;
    pub const UPDATE: u8 = 7;
    pub const CHOICES: u8 = 8;
    pub const FORM: u8 = 9;
}

/// Takes interactions from any transport.
#[derive(Clone)]
pub struct Dispatcher {
    app: App,
    rest: Arc<Rest>,
    application: ApplicationId,
    commands: Arc<BTreeMap<&'static str, Box<dyn Command>>>,
    components: Arc<[Box<dyn Component>]>,
}

/// What came of an interaction, for its line in the log.
enum Ended {
    Done,
    Refused(&'static str),
    Faulty(String),
}

/// What an interaction asks for.
enum Task<'a> {
    /// Nothing that may be done.
    Refuse(Refusal),
    /// A command.
    Run {
        command: &'a dyn Command,
        caller: &'a Caller,
        call: &'a Call,
    },
    /// A button, menu or form.
    Use {
        component: &'a dyn Component,
        caller: &'a Caller,
        used: Use,
    },
}

/// How the answer is sent when it is ready at once, and how when it was acknowledged before.
#[derive(Clone, Copy)]
struct Acknowledgement {
    kind: u8,
    private: bool,
    at_once: bool,
}

impl Dispatcher {
    /// A dispatcher over every command and component.
    #[must_use]
    pub fn new(app: App, rest: Arc<Rest>, application: ApplicationId) -> Self {
        let commands = commands::all()
            .into_iter()
            .map(|command| (command.name(), command))
            .collect();
        Self {
            app,
            rest,
            application,
            commands: Arc::new(commands),
            components: components::all().into(),
        }
    }

    /// Handles one interaction to its end. Never fails: what goes wrong is answered and logged.
    pub async fn handle(&self, incoming: Incoming) {
        let begun = Instant::now();
        let name = name_of(&incoming.kind);
        let ended = match &incoming.kind {
            Kind::Complete(call) => self.complete(&incoming, call).await,
            _ => self.settle(&incoming).await,
        };
        let duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        match ended {
            Ok(Ended::Done) => {
                tracing::info!(command = %name, outcome = "done", duration_ms, "interaction");
            }
            Ok(Ended::Refused(refusal)) => {
                tracing::info!(command = %name, outcome = "refused", refusal, duration_ms, "interaction");
            }
            Ok(Ended::Faulty(error_id)) => {
                tracing::info!(command = %name, outcome = "fault", error_id, duration_ms, "interaction");
            }
            Err(error) => {
                tracing::error!(command = %name, outcome = "unanswered", %error, duration_ms, "interaction");
            }
        }
    }

    /// Suggestions are cheap and may be asked again, so they are not recorded.
    async fn complete(&self, incoming: &Incoming, call: &Call) -> Result<Ended, RestError> {
        let (option, typed) = call.focused.clone().unwrap_or_default();
        let course = self.app.library.default_course();
        let command = self
            .commands
            .get(call.name.as_str())
            .filter(|_| !option.is_empty());
        let choices =
            command.map(|command| command.complete(course, incoming.reply_to.locale, &typed));
        let choices: Vec<Value> = choices
            .unwrap_or_default()
            .into_iter()
            .map(|choice| json!({ "name": choice.name, "value": choice.value }))
            .collect();
        let answer = json!({ "type": callback::CHOICES, "data": { "choices": choices } });
        self.call_back(incoming, answer).await?;
        Ok(Ended::Done)
    }

    /// What an interaction asks for, and how it is acknowledged. Decided without asking anyone.
    fn plan<'a>(&'a self, incoming: &'a Incoming) -> (Acknowledgement, Task<'a>) {
        let refuse = |refusal| (Acknowledgement::private(), Task::Refuse(refusal));
        let Some(caller) = &incoming.caller else {
            return refuse(Refusal::ServerOnly);
        };
        match &incoming.kind {
            Kind::Command(call) => match self.commands.get(call.name.as_str()) {
                None => refuse(Refusal::UnknownCommand),
                Some(command)
                    if command.access() == Access::Instructors && !caller.is_instructor =>
                {
                    refuse(Refusal::NotInstructor)
                }
                Some(command) => {
                    let Answering { deferred, private } = command.answer(call);
                    let kind = callback::DEFERRED_MESSAGE;
                    let how = Acknowledgement {
                        kind,
                        private,
                        at_once: deferred,
                    };
                    (
                        how,
                        Task::Run {
                            command: command.as_ref(),
                            caller,
                            call,
                        },
                    )
                }
            },
            Kind::Press(press) | Kind::Form(press) => match self.find_component(press) {
                None => refuse(Refusal::Stale),
                Some((component, used)) => {
                    let kind = callback::DEFERRED_UPDATE;
                    let how = Acknowledgement {
                        kind,
                        private: true,
                        at_once: false,
                    };
                    (
                        how,
                        Task::Use {
                            component,
                            caller,
                            used,
                        },
                    )
                }
            },
            Kind::Complete(_) | Kind::Other => refuse(Refusal::UnknownCommand),
        }
    }

    fn find_component(&self, press: &Press) -> Option<(&dyn Component, Use)> {
        let (name, args) = custom_id::parse(&press.custom_id)?;
        let component = self
            .components
            .iter()
            .find(|known| known.names().contains(&name))?;
        let used = Use {
            name: name.to_owned(),
            args: args.into_iter().map(str::to_owned).collect(),
            values: press.values.clone(),
            is_private: press.is_private,
        };
        Some((component.as_ref(), used))
    }

    /// Does what was asked, once; `None` when this interaction was delivered and done before.
    async fn perform(
        &self,
        incoming: &Incoming,
        task: Task<'_>,
    ) -> Option<Result<Reaction, Failure>> {
        let id = incoming.id.cast_signed();
        match self.app.begin(id, incoming.caller.as_ref()).await {
            Ok(true) => {}
            Ok(false) => return None,
            Err(failure) => return Some(Err(failure)),
        }
        Some(match task {
            Task::Refuse(refusal) => Err(refusal.into()),
            Task::Run {
                command,
                caller,
                call,
            } => {
                let done = command
                    .run(&self.app, caller, call, &incoming.reply_to)
                    .await;
                done.map(Reaction::Reply)
            }
            Task::Use {
                component,
                caller,
                used,
            } => component.run(&self.app, caller, &used).await,
        })
    }

    /// Performs and answers; acknowledges first when that was planned, or the work takes long.
    async fn settle(&self, incoming: &Incoming) -> Result<Ended, RestError> {
        let (how, task) = self.plan(incoming);
        let work = self.perform(incoming, task);
        tokio::pin!(work);
        let patience = if how.at_once {
            Duration::ZERO
        } else {
            PATIENCE
        };
        let early = tokio::select! {
            biased;
            result = &mut work, if !how.at_once => Some(result),
            () = tokio::time::sleep(patience) => None,
        };
        let locale = incoming.reply_to.locale;
        if let Some(result) = early {
            let Some(result) = result else {
                return Ok(Ended::Refused(REPEATED));
            };
            let (reaction, ended) = word(result, locale);
            let private = how.private || !matches!(ended, Ended::Done);
            self.answer(incoming, &reaction, private).await?;
            return Ok(ended);
        }
        let is_private = how.private && how.kind == callback::DEFERRED_MESSAGE;
        let flags = if is_private { PRIVATE } else { 0 };
        let answer = json!({ "type": how.kind, "data": { "flags": flags } });
        self.call_back(incoming, answer).await?;
        let Some(result) = work.await else {
            return Ok(Ended::Refused(REPEATED));
        };
        let (reaction, ended) = word(result, locale);
        self.answer_later(incoming, &reaction, how).await?;
        Ok(ended)
    }

    async fn answer(
        &self,
        incoming: &Incoming,
        reaction: &Reaction,
        private: bool,
    ) -> Result<(), RestError> {
        let answer = match reaction {
            Reaction::Reply(message) => Body::new(message)
                .private(private)
                .answering(callback::MESSAGE),
            Reaction::Update(message) => Body::new(message).answering(callback::UPDATE),
            Reaction::Form(form) => json!({ "type": callback::FORM, "data": modal(form) }).into(),
        };
        self.call_back(incoming, answer).await
    }

    async fn answer_later(
        &self,
        incoming: &Incoming,
        reaction: &Reaction,
        how: Acknowledgement,
    ) -> Result<(), RestError> {
        let token = &incoming.token;
        let follows_update = how.kind == callback::DEFERRED_UPDATE;
        let (route, method, body) = match reaction {
            Reaction::Reply(message) if follows_update => {
                let route = Route::WebhookFollowupMessages {
                    application_id: self.application,
                    token,
                };
                (route, LightMethod::Post, Body::new(message).private(true))
            }
            Reaction::Reply(message) | Reaction::Update(message) => {
                let route = Route::WebhookOriginalInteractionResponse {
                    application_id: self.application,
                    token,
                };
                (route, LightMethod::Patch, Body::new(message))
            }
            Reaction::Form(_) => {
                let message = view::refusal::view(&Refusal::Stale, incoming.reply_to.locale);
                let route = Route::WebhookFollowupMessages {
                    application_id: self.application,
                    token,
                };
                (route, LightMethod::Post, Body::new(&message).private(true))
            }
        };
        self.rest.send(route, method, body).await.map(drop)
    }

    async fn call_back(
        &self,
        incoming: &Incoming,
        answer: impl Into<Payload>,
    ) -> Result<(), RestError> {
        let route = Route::InteractionResponse {
            interaction_id: InteractionId::new(incoming.id),
            token: &incoming.token,
        };
        self.rest
            .send(route, LightMethod::Post, answer)
            .await
            .map(drop)
    }
}

impl Acknowledgement {
    const fn private() -> Self {
        Self {
            kind: callback::DEFERRED_MESSAGE,
            private: true,
            at_once: false,
        }
    }
}

/// What the person is told, and what the log is.
fn word(result: Result<Reaction, Failure>, locale: Locale) -> (Reaction, Ended) {
    match result {
        Ok(reaction) => (reaction, Ended::Done),
        Err(Failure::Refusal(refusal)) => (
            Reaction::Reply(view::refusal::view(&refusal, locale)),
            Ended::Refused(refusal.code()),
        ),
        Err(Failure::Fault(fault)) => {
            let id = Uuid::now_v7()
                .simple()
                .to_string()
                .chars()
                .skip(24)
                .collect::<String>();
            tracing::error!(error_id = %id, error = &fault as &dyn std::error::Error, "fault");
            (
                Reaction::Reply(fault_message(&id, locale)),
                Ended::Faulty(id),
            )
        }
    }
}

fn fault_message(id: &str, locale: Locale) -> Message {
    view::refusal::fault(id, locale)
}

fn name_of(kind: &Kind) -> String {
    match kind {
        Kind::Command(call) => call.name.clone(),
        Kind::Complete(call) => format!("{} (typing)", call.name),
        Kind::Press(press) | Kind::Form(press) => press
            .custom_id
            .split(':')
            .next()
            .unwrap_or_default()
            .chars()
            .take(32)
            .collect(),
        Kind::Other => "other".to_owned(),
    }
}
