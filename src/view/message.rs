//! A message as people see it.

/// A message: text, embeds and rows of controls.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// Text above the embeds.
    pub content: String,
    /// Embeds, at most ten.
    pub embeds: Vec<Embed>,
    /// Rows of controls, at most five.
    pub rows: Vec<Row>,
    /// Whom the message may mention; nobody else is.
    pub mentions: Vec<i64>,
    /// Files beside it, at most ten.
    pub files: Vec<TextFile>,
}

/// A text to read apart from its message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFile {
    /// Its name, of Latin letters, digits, `.`, `-` and `_`.
    pub name: String,
    /// What it is, for those who do not see it.
    pub about: String,
    /// What is in it.
    pub text: String,
}

/// A framed part of a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Embed {
    /// Heading.
    pub title: String,
    /// Body, as Markdown.
    pub description: String,
    /// The colour of its edge.
    pub colour: Colour,
    /// Named parts.
    pub fields: Vec<Field>,
    /// Small print.
    pub footer: String,
}

/// A named part of an embed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its text, as Markdown.
    pub value: String,
    /// Whether it may stand beside others.
    pub inline: bool,
}

/// The colour of an embed's edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colour {
    /// Neither good nor bad.
    #[default]
    Plain,
    /// Passed, done.
    Good,
    /// Nearly.
    Fair,
    /// Failed.
    Poor,
}

impl Colour {
    /// 0xRRGGBB.
    #[must_use]
    pub const fn rgb(self) -> u32 {
        match self {
            Self::Plain => 0x0058_65F2,
            Self::Good => 0x0057_AB5A,
            Self::Fair => 0x00D9_A13B,
            Self::Poor => 0x00D8_504C,
        }
    }
}

/// A row of controls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// Up to five buttons.
    Buttons(Vec<Button>),
    /// One menu.
    Menu(Menu),
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What the bot gets back.
    pub custom_id: String,
    /// Its label.
    pub label: String,
    /// Its look.
    pub style: Style,
    /// Whether it cannot be pressed.
    pub disabled: bool,
}

/// The look of a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// The thing to do.
    Primary,
    /// Anything else.
    Secondary,
    /// Done.
    Success,
}

/// A menu of options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Menu {
    /// What the bot gets back, with the values chosen.
    pub custom_id: String,
    /// What is shown before a choice.
    pub placeholder: String,
    /// Most options that may be chosen; at least one must be.
    pub most: u8,
    /// Options, at most 25.
    pub options: Vec<MenuOption>,
}

/// An option of a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuOption {
    /// What the bot gets back.
    pub value: String,
    /// Its label.
    pub label: String,
    /// A second line; may be empty.
    pub description: String,
    /// Whether it is the one shown as chosen.
    pub chosen: bool,
}

/// A form with one text to type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modal {
    /// What the bot gets back.
    pub custom_id: String,
    /// Heading.
    pub title: String,
    /// Label of the text.
    pub label: String,
}

impl Message {
    /// A message of plain text.
    #[must_use]
    pub fn plain(content: impl Into<String>) -> Self {
        Self {
            content: content.into(),
            ..Self::default()
        }
    }
}

impl Button {
    /// A button that can be pressed.
    #[must_use]
    pub fn new(custom_id: String, label: impl Into<String>, style: Style) -> Self {
        Self {
            custom_id,
            label: label.into(),
            style,
            disabled: false,
        }
    }

    /// The same button, pressable or not.
    #[must_use]
    pub const fn disabled(mut self, disabled: bool) -> Self {
        self.disabled = disabled;
        self
    }
}
