//! Who may name whom, and what may be where. A new module is one line in [`LAYERS`].

/// Lines of the longest file, its tests included.
pub const MOST_LINES: usize = 500;

/// What a module may name of the others, as prefixes of the path after `crate::`.
///
/// A module may always name itself. The most specific `of` that fits a file counts.
pub struct Layer {
    /// The module, or one file of it: `app`, `jobs::worker`.
    pub of: &'static str,
    /// What it may name.
    pub may_name: &'static [&'static str],
    /// What it may not name all the same.
    pub but_not: &'static [&'static str],
}

/// The layers, from the inside out. A module that is not here fails until it is added.
pub const LAYERS: &[Layer] = &[
    layer("domain", &[]),
    layer("content", &["domain"]),
    layer("text", &["domain"]),
    layer("app", &["domain", "store"]),
    // What the ports carry is stored as it is.
    layer("app::ports", &["domain"]),
    layer("store", &["app::ports", "domain"]),
    // Of the store only its rows, which are plain values.
    Layer {
        but_not: &["store::Store", "store::Tx", "store::Enqueue"],
        ..layer("view", &["app", "domain", "store", "text"])
    },
    layer("ci", &["app::ports"]),
    layer("discord", &["app", "domain", "text", "view"]),
    layer("discord::rest", &[]),
    layer(
        "jobs",
        &["app", "discord::outbox", "domain", "text", "view"],
    ),
    // The queue runs on the pool of the store.
    layer(
        "jobs::worker",
        &["app", "store::JOB_SCHEMA", "store::Store"],
    ),
    layer("http", &["app"]),
    layer("config", &["domain"]),
    layer("telemetry", &["config"]),
    layer("files", &["content"]),
    layer("wiring", ANYTHING),
    // A Discord and a CI of its own around the same wiring.
    layer("play", ANYTHING),
    // A subcommand asks wiring for its parts.
    layer(
        "cli",
        &[
            "app",
            "config",
            "content",
            "domain",
            "files",
            "play",
            "telemetry",
            "text",
            "view",
            "wiring",
        ],
    ),
    layer("lib", ANYTHING),
    layer("main", ANYTHING),
];

const fn layer(of: &'static str, may_name: &'static [&'static str]) -> Layer {
    Layer {
        of,
        may_name,
        but_not: &[],
    }
}

const ANYTHING: &[&str] = &[""];

/// Text that may be in some files only.
pub struct Limit {
    /// The name of the rule.
    pub rule: &'static str,
    /// The texts, each a path as written in code.
    pub texts: &'static [&'static str],
    /// Where they may not be.
    pub applies: Applies,
    /// What to do instead.
    pub instead: &'static str,
}

pub enum Applies {
    /// In these modules they may not be.
    Inside(&'static [&'static str]),
    /// Only in these modules they may be.
    Outside(&'static [&'static str]),
}

/// Values in, values out.
const PURE: &[&str] = &["domain", "content", "view", "text"];

pub const LIMITS: &[Limit] = &[
    Limit {
        rule: "SQL is in the store",
        texts: &["sqlx::", "use sqlx"],
        applies: Applies::Outside(&["store"]),
        instead: "add a method to the store",
    },
    Limit {
        rule: "HTTP clients are behind limits",
        texts: &["reqwest::", "use reqwest"],
        // A loopback forge sends its webhooks as the real ones do.
        applies: Applies::Outside(&["ci", "discord::rest", "play::hooks"]),
        instead: "go through discord::rest or a CI provider",
    },
    Limit {
        rule: "serenity stays in the adapter",
        texts: &["serenity::", "use serenity"],
        applies: Applies::Outside(&["discord", "wiring", "play"]),
        instead: "carry plain ids and values",
    },
    Limit {
        rule: "pure modules do not wait",
        texts: &["async fn", "async move", "async {", ".await", "tokio::"],
        applies: Applies::Inside(PURE),
        instead: "load in a use case and pass the value",
    },
    Limit {
        rule: "pure modules have no clock",
        texts: &["Utc::now", "Local::now", "SystemTime::now", "Instant::now"],
        applies: Applies::Inside(PURE),
        instead: "take the time as a parameter",
    },
    Limit {
        rule: "pure modules do not gamble",
        texts: &[
            "rand::rng",
            "rand::random",
            "OsRng",
            "from_os_rng",
            "thread_rng",
            "Uuid::new_v4",
            "Uuid::now_v7",
        ],
        applies: Applies::Inside(PURE),
        instead: "take a seed or an id as a parameter",
    },
    Limit {
        rule: "pure modules touch no file and no network",
        texts: &[
            "std::fs",
            "std::net",
            "std::env",
            "std::process",
            "fs::read",
            "File::open",
        ],
        applies: Applies::Inside(PURE),
        instead: "take the bytes as a parameter",
    },
    Limit {
        rule: "files and the environment are read at the edge",
        texts: &["std::fs", "std::env", "tokio::fs", "std::process"],
        applies: Applies::Inside(&["app", "store", "discord", "jobs"]),
        instead: "read it in config or cli and pass the value",
    },
    Limit {
        rule: "only dispatch touches the store among the adapters of Discord",
        texts: &[".store."],
        applies: Applies::Inside(&[
            "discord::commands",
            "discord::components",
            "discord::gateway",
            "discord::outbox",
        ]),
        instead: "call a use case",
    },
    Limit {
        rule: "paths do not climb",
        texts: &["super::super"],
        applies: Applies::Outside(&[]),
        instead: "name it from `crate::`",
    },
    Limit {
        rule: "a module is where its name says",
        texts: &["#[path"],
        applies: Applies::Outside(&[]),
        instead: "move the file",
    },
    Limit {
        rule: "lints are expected, not allowed",
        texts: &["#[allow(", "#![allow("],
        applies: Applies::Outside(&[]),
        instead: "write #[expect(.., reason = \"..\")]",
    },
];

/// The most specific layer of a module.
pub fn find_layer(module: &str) -> Option<&'static Layer> {
    LAYERS
        .iter()
        .filter(|layer| is_within(module, layer.of))
        .max_by_key(|layer| layer.of.len())
}

/// Whether a path is a module or inside it; everything is inside the empty one.
pub fn is_within(path: &str, module: &str) -> bool {
    module.is_empty()
        || path == module
        || path
            .strip_prefix(module)
            .is_some_and(|rest| rest.starts_with("::"))
}
