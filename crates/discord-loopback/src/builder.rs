//! How a loopback is furnished.

use std::path::PathBuf;
use std::time::Duration;

use crate::clock::Clock;
use crate::gateway::hub::Hub;
use crate::ids::{Id, random_token, stable_id};
use crate::person::Person;
use crate::rest::ratelimit::Limits;
use crate::world::guild::{Bot, Channel, Guild, Member, Role, kind};
use crate::world::permissions::{self, MANAGE_GUILD, Overwrite, SEND_MESSAGES, VIEW_CHANNEL};
use crate::world::{Settings, World};
use crate::{Loopback, StartError};

/// One channel of a guild that is being built.
#[derive(Clone, Debug)]
struct ChannelSpec {
    name: String,
    kind: u8,
    topic: Option<String>,
    tags: Vec<String>,
    /// Role names that see it; empty for everybody.
    only: Vec<String>,
    bot_silent: bool,
    hidden_from_bot: bool,
}

/// The channels and roles of a guild.
#[derive(Clone, Debug, Default)]
pub struct GuildSpec {
    channels: Vec<ChannelSpec>,
    roles: Vec<(String, u64)>,
    locale: Option<String>,
}

impl GuildSpec {
    fn channel(mut self, name: &str, kind: u8) -> Self {
        self.channels.push(ChannelSpec {
            name: name.to_owned(),
            kind,
            topic: None,
            tags: Vec::new(),
            only: Vec::new(),
            bot_silent: false,
            hidden_from_bot: false,
        });
        self
    }

    fn last(mut self, change: impl FnOnce(&mut ChannelSpec)) -> Self {
        if let Some(channel) = self.channels.last_mut() {
            change(channel);
        }
        self
    }

    /// A text channel.
    #[must_use]
    pub fn text_channel(self, name: &str) -> Self {
        self.channel(name, kind::TEXT)
    }

    /// A forum.
    #[must_use]
    pub fn forum(self, name: &str) -> Self {
        self.channel(name, kind::FORUM)
    }

    /// The topic of the channel named last.
    #[must_use]
    pub fn topic(self, topic: &str) -> Self {
        self.last(|channel| channel.topic = Some(topic.to_owned()))
    }

    /// A tag of the forum named last.
    #[must_use]
    pub fn tag(self, name: &str) -> Self {
        self.last(|channel| channel.tags.push(name.to_owned()))
    }

    /// Only people with this role (and the bot) see the channel named last.
    #[must_use]
    pub fn only_for(self, role: &str) -> Self {
        self.last(|channel| channel.only.push(role.to_owned()))
    }

    /// The bot sees the channel named last but may not write there.
    #[must_use]
    pub fn bot_may_not_write(self) -> Self {
        self.last(|channel| channel.bot_silent = true)
    }

    /// The bot does not see the channel named last.
    #[must_use]
    pub fn hidden_from_bot(self) -> Self {
        self.last(|channel| channel.hidden_from_bot = true)
    }

    /// A role with permission bits.
    #[must_use]
    pub fn role(mut self, name: &str, permissions: u64) -> Self {
        self.roles.push((name.to_owned(), permissions));
        self
    }

    /// The guild's preferred locale.
    #[must_use]
    pub fn locale(mut self, locale: &str) -> Self {
        self.locale = Some(locale.to_owned());
        self
    }
}

/// Builds a [`Loopback`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    port: u16,
    bot_name: String,
    bot_token: Option<String>,
    application_id: Option<Id>,
    bot_permissions: u64,
    guilds: Vec<(String, GuildSpec)>,
    people: Vec<Person>,
    pub(crate) state_file: Option<PathBuf>,
    clock: Clock,
    heartbeat: Duration,
    spacing: Duration,
    concurrency: u64,
    shards: u64,
    privileged: u64,
    limits: bool,
    open_commands: Vec<String>,
    page_token: Option<String>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            port: 0,
            bot_name: "Bot".to_owned(),
            bot_token: None,
            application_id: None,
            bot_permissions: permissions::BOT,
            guilds: Vec::new(),
            people: Vec::new(),
            state_file: None,
            clock: Clock::default(),
            heartbeat: Duration::from_millis(41_250),
            spacing: Duration::from_secs(5),
            concurrency: 1,
            shards: 1,
            privileged: 0,
            limits: true,
            open_commands: Vec::new(),
            page_token: None,
        }
    }
}

impl Builder {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The bot's visible name.
    pub fn bot_name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.bot_name);
        self
    }

    /// The token that the bot must show; random unless set.
    pub fn bot_token(mut self, token: &str) -> Self {
        self.bot_token = Some(token.strip_prefix("Bot ").unwrap_or(token).to_owned());
        self
    }

    /// The id of the application and of its bot user.
    pub fn application_id(mut self, id: Id) -> Self {
        self.application_id = Some(id);
        self
    }

    /// What the bot's own role allows.
    pub fn bot_permissions(mut self, bits: u64) -> Self {
        self.bot_permissions = bits;
        self
    }

    /// A guild with its channels and roles.
    pub fn guild(mut self, name: &str, furnish: impl FnOnce(GuildSpec) -> GuildSpec) -> Self {
        self.guilds
            .push((name.to_owned(), furnish(GuildSpec::default())));
        self
    }

    /// A person of every guild.
    pub fn person(mut self, person: Person) -> Self {
        self.people.push(person);
        self
    }

    /// Keeps messages, threads, commands and roles here between runs.
    pub fn state_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.state_file = Some(path.into());
        self
    }

    /// The clock to run by.
    pub fn virtual_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The interval that HELLO names.
    pub fn heartbeat_interval(mut self, interval: Duration) -> Self {
        self.heartbeat = interval;
        self
    }

    /// The least time between two IDENTIFYs of one key; Discord has 5 seconds.
    pub fn identify_spacing(mut self, spacing: Duration) -> Self {
        self.spacing = spacing;
        self
    }

    /// How many IDENTIFYs may come within the spacing.
    pub fn max_concurrency(mut self, count: u64) -> Self {
        self.concurrency = count.max(1);
        self
    }

    /// What `GET /gateway/bot` recommends.
    pub fn recommended_shards(mut self, count: u64) -> Self {
        self.shards = count.max(1);
        self
    }

    /// The privileged intents that this application was granted; none unless set.
    pub fn privileged_intents(mut self, bits: u64) -> Self {
        self.privileged = bits;
        self
    }

    /// Turned off, requests are never answered with 429 (the headers stay).
    pub fn rate_limits(mut self, enforced: bool) -> Self {
        self.limits = enforced;
        self
    }

    /// As an administrator would in the guild's settings: everybody may run this command.
    pub fn allow_command_for_everyone(mut self, name: &str) -> Self {
        self.open_commands.push(name.to_owned());
        self
    }

    /// A fixed token for the page; random unless set.
    pub fn page_token(mut self, token: &str) -> Self {
        self.page_token = Some(token.to_owned());
        self
    }

    /// Opens the port and serves.
    ///
    /// # Errors
    /// When the port is taken or the state file cannot be read.
    pub async fn start(self) -> Result<Loopback, StartError> {
        let port = self.port;
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port))
            .await
            .map_err(|source| StartError::Port { port, source })?;
        let port = listener
            .local_addr()
            .map_err(|source| StartError::Port { port, source })?
            .port();
        let settings = Settings {
            page_token: self.page_token.clone().unwrap_or_else(|| random_token(16)),
            port,
            heartbeat_ms: u64::try_from(self.heartbeat.as_millis()).unwrap_or(41_250),
            privileged_intents: self.privileged,
        };
        let mut world = self.world();
        world.base_url = format!("http://127.0.0.1:{port}");
        if let Some(path) = self.state_file.as_ref().filter(|path| path.exists()) {
            let bad = |why: String| StartError::StateFile {
                path: path.clone(),
                why,
            };
            let text = std::fs::read_to_string(path).map_err(|error| bad(error.to_string()))?;
            let saved = serde_json::from_str(&text).map_err(|error| bad(error.to_string()))?;
            world.restore(&saved);
        }
        world.state_file.clone_from(&self.state_file);
        Ok(Loopback::serve(world, settings, listener))
    }

    fn world(&self) -> World {
        let id = self
            .application_id
            .unwrap_or_else(|| stable_id(&["bot", &self.bot_name]));
        let token = self
            .bot_token
            .clone()
            .unwrap_or_else(|| format!("loopback.{}", random_token(20)));
        let bot = Bot {
            id,
            name: self.bot_name.clone(),
            token,
        };
        let mut hub = Hub::new(self.concurrency, self.spacing);
        hub.recommended_shards = self.shards;
        let mut world = World::new(self.clock.clone(), bot, hub, Limits::new(self.limits));
        world.people = self.people.iter().map(Person::human).collect();
        world.commands.for_everyone = self.open_commands.iter().cloned().collect();
        for (name, spec) in &self.guilds {
            self.furnish(&mut world, name, spec);
        }
        world
    }

    fn furnish(&self, world: &mut World, name: &str, spec: &GuildSpec) {
        let id = stable_id(&["guild", name]);
        let mut guild = Guild {
            id,
            name: name.to_owned(),
            owner: stable_id(&["owner", name]),
            locale: spec.locale.clone().unwrap_or_else(|| "en-US".to_owned()),
            roles: vec![Role {
                id,
                name: "@everyone".to_owned(),
                permissions: permissions::EVERYONE,
                position: 0,
                color: 0,
                managed: false,
            }],
            members: Vec::new(),
        };
        for (role, bits) in &spec.roles {
            role_id(&mut guild, role, *bits);
        }
        for person in &self.people {
            let mut roles: Vec<Id> = person
                .roles
                .iter()
                .map(|role| role_id(&mut guild, role, 0))
                .collect();
            if person.instructor {
                roles.push(role_id(&mut guild, "Instructor", MANAGE_GUILD));
            }
            guild.members.push(Member {
                user: stable_id(&["person", &person.handle]),
                roles,
            });
        }
        let own = role_id(&mut guild, &self.bot_name, self.bot_permissions);
        if let Some(role) = guild.roles.iter_mut().find(|role| role.id == own) {
            role.managed = true;
            role.permissions = self.bot_permissions;
        }
        guild.members.push(Member {
            user: world.bot.id,
            roles: vec![own],
        });
        for (position, channel) in spec.channels.iter().enumerate() {
            let made = make_channel(&mut guild, world.bot.id, channel, position as u64);
            world.channels.insert(made.id, made);
        }
        world.guilds.push(guild);
    }
}

/// One channel with its overwrites.
fn make_channel(guild: &mut Guild, bot: Id, spec: &ChannelSpec, position: u64) -> Channel {
    let id = stable_id(&["channel", &guild.name, &spec.name]);
    let mut channel = Channel::new(id, spec.kind, Some(guild.id), &spec.name);
    channel.topic.clone_from(&spec.topic);
    channel.position = position;
    channel.tags = spec
        .tags
        .iter()
        .map(|tag| {
            (
                stable_id(&["tag", &guild.name, &spec.name, tag]),
                tag.clone(),
            )
        })
        .collect();
    let mut rule = |id: Id, kind: u8, allow: u64, deny: u64| {
        channel.overwrites.push(Overwrite {
            id,
            kind,
            allow,
            deny,
        });
    };
    if !spec.only.is_empty() {
        rule(guild.id, 0, 0, VIEW_CHANNEL);
        for role in &spec.only {
            rule(role_id(guild, role, 0), 0, VIEW_CHANNEL, 0);
        }
    }
    if spec.hidden_from_bot {
        rule(bot, 1, 0, VIEW_CHANNEL);
    } else if spec.bot_silent {
        rule(bot, 1, VIEW_CHANNEL, SEND_MESSAGES);
    } else if !spec.only.is_empty() {
        rule(bot, 1, VIEW_CHANNEL, 0);
    }
    channel
}

/// The id of a role by name, making the role above the others when it is missing.
fn role_id(guild: &mut Guild, name: &str, bits: u64) -> Id {
    if let Some(role) = guild.roles.iter().find(|role| role.name == name) {
        return role.id;
    }
    let id = stable_id(&["role", &guild.name, name]);
    let position = guild.roles.len() as u64;
    guild.roles.push(Role {
        id,
        name: name.to_owned(),
        permissions: bits,
        position,
        color: 0,
        managed: false,
    });
    id
}
