//! The people of a loopback.

use crate::ids::stable_id;
use crate::world::guild::Human;

/// A human of the world, named by a handle.
#[derive(Clone, Debug)]
pub struct Person {
    pub(crate) handle: String,
    display: Option<String>,
    locale: String,
    pub(crate) roles: Vec<String>,
    pub(crate) instructor: bool,
    refuses_dms: bool,
}

impl Person {
    /// A person with this handle, who reads English.
    #[must_use]
    pub fn new(handle: &str) -> Self {
        Self {
            handle: handle.to_owned(),
            display: None,
            locale: "en-US".to_owned(),
            roles: Vec::new(),
            instructor: false,
            refuses_dms: false,
        }
    }

    /// The name that others see.
    #[must_use]
    pub fn display(mut self, name: &str) -> Self {
        self.display = Some(name.to_owned());
        self
    }

    /// The language of this person's Discord: `ru`, `en-US`, ...
    #[must_use]
    pub fn locale(mut self, locale: &str) -> Self {
        locale.clone_into(&mut self.locale);
        self
    }

    /// A role by name; it is made where no guild defines it.
    #[must_use]
    pub fn role(mut self, name: &str) -> Self {
        self.roles.push(name.to_owned());
        self
    }

    /// Gives the role "Instructor", which may manage the guild.
    #[must_use]
    pub fn instructor(mut self) -> Self {
        self.instructor = true;
        self
    }

    /// DMs to this person are refused with 50007.
    #[must_use]
    pub fn refuses_dms(mut self) -> Self {
        self.refuses_dms = true;
        self
    }

    pub(crate) fn human(&self) -> Human {
        Human {
            id: stable_id(&["person", &self.handle]),
            handle: self.handle.clone(),
            display: self.display.clone().unwrap_or_else(|| self.handle.clone()),
            locale: self.locale.clone(),
            refuses_dms: self.refuses_dms,
        }
    }
}
