//! Headings of one language to the draft of a course.

use super::{
    diagnostic::{Diagnostics, Place},
    draft::{DraftChecklist, DraftCourse, DraftModule, DraftPart, DraftPractice, DraftSection},
    heading::{Role, id_of, recognise},
    segment::Segment,
};
use crate::domain::locale::Locale;

/// The course that the headings of one language tell.
pub fn read_outline(
    locale: Locale,
    start: Place,
    segments: &[Segment],
    out: &mut Diagnostics,
) -> DraftCourse {
    let module_level = segments
        .iter()
        .find(|segment| matches!(recognise(&segment.title), Role::Module { .. }))
        .map_or(2, |segment| segment.level);
    let draft = DraftCourse {
        locale,
        start,
        title: None,
        intro: String::new(),
        parts: vec![],
        assessment: vec![],
    };
    let mut builder = Builder {
        draft,
        module_level,
        cursor: Cursor::Intro,
        out,
    };
    for segment in segments {
        builder.take(segment);
    }
    // A module without text still is a place to point to.
    for module in builder
        .draft
        .parts
        .iter_mut()
        .flat_map(|part| &mut part.modules)
    {
        if module.sections.is_empty() {
            module.sections.push(own_section(module));
        }
    }
    builder.draft
}

/// Where the next text goes. A level is that of the heading that opened the place.
#[derive(Clone, Copy)]
enum Cursor {
    Intro,
    PartIntro,
    Module { level: u8, sections: Option<u8> },
    Practice { part: usize, level: u8 },
    Checklist { part: usize, level: u8 },
    Assessment { level: u8 },
    Stray { level: u8 },
}

struct Builder<'a> {
    draft: DraftCourse,
    module_level: u8,
    cursor: Cursor,
    out: &'a mut Diagnostics,
}

impl Builder<'_> {
    fn take(&mut self, segment: &Segment) {
        if segment.level == 0 {
            return self.append(segment);
        }
        let role = recognise(&segment.title);
        if self.is_inside(segment.level) && !self.names_a_part(&role) {
            return self.take_inner(segment, &role);
        }
        match role {
            Role::Part { code, title } => self.open_part(segment, code, title),
            Role::Module { code, title } => self.open_module(segment, code, title),
            Role::Practice { scope } => self.open_practice(segment, scope.as_deref()),
            Role::Checklist { scope } => self.open_checklist(segment, scope.as_deref()),
            Role::Assessment => {
                self.cursor = Cursor::Assessment {
                    level: segment.level,
                };
                self.draft
                    .assessment
                    .push((segment.place.clone(), segment.body.clone()));
            }
            Role::Other if segment.level == 1 && self.draft.title.is_none() => {
                self.draft.title = Some(segment.title.clone()).filter(|title| !title.is_empty());
                add(&mut self.draft.intro, &segment.body);
            }
            // A file of its own may repeat the title of the course.
            Role::Other
                if segment.level == 1 && self.draft.title.as_ref() == Some(&segment.title) =>
            {
                self.append_text(&segment.body);
            }
            Role::Other => self.keep_stray(segment),
        }
    }

    /// Whether a heading of this level is deeper than the one that opened the present place.
    const fn is_inside(&self, level: u8) -> bool {
        match self.cursor {
            Cursor::Intro | Cursor::PartIntro => false,
            Cursor::Module { level: open, .. }
            | Cursor::Practice { level: open, .. }
            | Cursor::Checklist { level: open, .. }
            | Cursor::Assessment { level: open }
            | Cursor::Stray { level: open } => level > open,
        }
    }

    /// Whether the heading is the practice or checklist of a part it names, which counts at any depth.
    fn names_a_part(&self, role: &Role) -> bool {
        match role {
            Role::Practice { scope: Some(scope) } | Role::Checklist { scope: Some(scope) } => {
                self.find_part(scope).is_some()
            }
            _ => false,
        }
    }

    /// A heading inside a module, practice or the like.
    fn take_inner(&mut self, segment: &Segment, role: &Role) {
        if let Cursor::Stray { .. } = self.cursor
            && matches!(role, Role::Part { .. } | Role::Module { .. })
        {
            return match role.clone() {
                Role::Part { code, title } => self.open_part(segment, code, title),
                Role::Module { code, title } => self.open_module(segment, code, title),
                _ => {}
            };
        }
        if let Cursor::Assessment { .. } = self.cursor {
            let text = format!("{}\n\n{}", segment.source, segment.body);
            self.draft.assessment.push((segment.place.clone(), text));
            return;
        }
        let Cursor::Module { level, sections } = self.cursor else {
            return self.append(segment);
        };
        if sections.is_some_and(|sections| segment.level > sections) {
            return self.append(segment);
        }
        self.cursor = Cursor::Module {
            level,
            sections: Some(segment.level),
        };
        self.open_section(segment, role);
    }

    fn open_part(&mut self, segment: &Segment, code: Option<String>, title: String) {
        let code = code.unwrap_or_else(|| format!("PART{}", self.draft.parts.len() + 1));
        self.push_part(segment.place.clone(), code, title);
        self.cursor = Cursor::PartIntro;
        self.append_text(&segment.body);
    }

    fn push_part(&mut self, place: Place, code: String, title: String) {
        let id = id_of(&code);
        if let Some(first) = self.draft.parts.iter().find(|part| part.id == id) {
            let message = format!(
                "the part `{code}` was already opened on line {} of {}",
                first.place.line, first.place.file
            );
            self.out.error(
                "duplicate-part",
                &place,
                message,
                "Give each part its own code.",
            );
        }
        let intro = String::new();
        self.draft.parts.push(DraftPart {
            place,
            id,
            code,
            title,
            intro,
            modules: vec![],
            practice: None,
            checklist: None,
        });
    }

    fn open_module(&mut self, segment: &Segment, code: Option<String>, title: String) {
        let number = self.draft.modules().count() + 1;
        let code = code.unwrap_or_else(|| format!("M{number}"));
        let id = id_of(&code);
        let place = segment.place.clone();
        if let Some(first) = self.draft.modules().find(|module| module.id == id) {
            let message = format!(
                "the module `{code}` was already opened on line {} of {}",
                first.place.line, first.place.file
            );
            self.out.error(
                "duplicate-module",
                &place,
                message,
                "Give each module its own code.",
            );
        }
        let mut module = DraftModule {
            place,
            id,
            code,
            title,
            sections: vec![],
        };
        add_to_module(&mut module, &segment.body);
        let part = self.last_part(&segment.place);
        if let Some(part) = self.draft.parts.get_mut(part) {
            part.modules.push(module);
        }
        self.cursor = Cursor::Module {
            level: segment.level,
            sections: None,
        };
    }

    fn open_section(&mut self, segment: &Segment, role: &Role) {
        let Some(module) = self
            .draft
            .parts
            .last_mut()
            .and_then(|part| part.modules.last_mut())
        else {
            return;
        };
        if let Role::Module {
            code: Some(code), ..
        } = role
        {
            let message = format!(
                "the heading of `{code}` stands inside the module {}, so it opens a section",
                module.code
            );
            let fix = "Give it as many `#` as the other modules, or another first word.";
            self.out
                .warning("module-inside-module", &segment.place, message, fix);
        }
        let made = || format!("{}-{}", module.id, slug::slugify(&segment.title));
        module.sections.push(DraftSection {
            place: segment.place.clone(),
            anchor: segment.anchor.clone().unwrap_or_else(made),
            explicit: segment.anchor.is_some(),
            title: segment.title.clone(),
            body: segment.body.clone(),
        });
    }

    fn open_practice(&mut self, segment: &Segment, scope: Option<&str>) {
        let Some(index) = self.part_of(segment, scope) else {
            return;
        };
        let practice = DraftPractice {
            place: segment.place.clone(),
            title: segment.title.clone(),
            brief: segment.body.clone(),
        };
        if let Some(part) = self.draft.parts.get_mut(index)
            && let Some(first) = part.practice.replace(practice)
        {
            let message = format!(
                "the part {} already has a practice, on line {}",
                part.code, first.place.line
            );
            self.out.error(
                "duplicate-practice",
                &segment.place,
                message,
                "Keep one practice in a part.",
            );
        }
        self.cursor = Cursor::Practice {
            part: index,
            level: segment.level,
        };
    }

    fn open_checklist(&mut self, segment: &Segment, scope: Option<&str>) {
        let Some(index) = self.part_of(segment, scope) else {
            return;
        };
        let checklist = DraftChecklist {
            place: segment.place.clone(),
            items: segment.tasks.clone(),
        };
        if let Some(part) = self.draft.parts.get_mut(index)
            && let Some(first) = part.checklist.replace(checklist)
        {
            let message = format!(
                "the part {} already has a checklist, on line {}",
                part.code, first.place.line
            );
            self.out.error(
                "duplicate-checklist",
                &segment.place,
                message,
                "Keep one checklist in a part.",
            );
        }
        self.cursor = Cursor::Checklist {
            part: index,
            level: segment.level,
        };
    }

    /// The part a practice or checklist belongs to: the one it names, else the one it stands in.
    fn part_of(&mut self, segment: &Segment, scope: Option<&str>) -> Option<usize> {
        let Some(scope) = scope else {
            return Some(self.last_part(&segment.place));
        };
        let found = self.find_part(scope);
        if found.is_none() {
            let message = format!(
                "`{}` names the part `{scope}`, which is not above it",
                segment.title
            );
            let codes: Vec<_> = self
                .draft
                .parts
                .iter()
                .map(|part| part.code.as_str())
                .collect();
            let fix = super::suggest::did_you_mean(scope, codes.iter().copied());
            self.out.error("unknown-part", &segment.place, message, fix);
            self.cursor = Cursor::Stray {
                level: segment.level,
            };
        }
        found
    }

    fn find_part(&self, scope: &str) -> Option<usize> {
        let wanted = id_of(scope);
        self.draft.parts.iter().position(|part| part.id == wanted)
    }

    /// The last part; a course without parts has one all the same.
    fn last_part(&mut self, place: &Place) -> usize {
        if self.draft.parts.is_empty() {
            let title = self.draft.title.clone().unwrap_or_default();
            self.push_part(place.clone(), "MAIN".to_owned(), title);
        }
        self.draft.parts.len() - 1
    }

    fn keep_stray(&mut self, segment: &Segment) {
        if segment.level <= self.module_level {
            let message = format!(
                "the heading `{}` is no part, module, practice, checklist or assessment",
                segment.title
            );
            let fix = "Begin it with such a word, or make it deeper than a module; its text stays in the introduction.";
            self.out
                .warning("unknown-heading", &segment.place, message, fix);
        }
        self.cursor = Cursor::Stray {
            level: segment.level,
        };
        self.append(segment);
    }

    /// Keeps a heading and its text in the present place.
    fn append(&mut self, segment: &Segment) {
        if let Cursor::Checklist { part, .. } = self.cursor
            && let Some(checklist) = self
                .draft
                .parts
                .get_mut(part)
                .and_then(|part| part.checklist.as_mut())
        {
            checklist.items.extend(segment.tasks.clone());
        }
        let text = match (segment.source.is_empty(), segment.body.is_empty()) {
            (true, _) => segment.body.clone(),
            (false, true) => segment.source.clone(),
            (false, false) => format!("{}\n\n{}", segment.source, segment.body),
        };
        self.append_text(&text);
    }

    fn append_text(&mut self, text: &str) {
        let parts = &mut self.draft.parts;
        match self.cursor {
            Cursor::Intro => add(&mut self.draft.intro, text),
            Cursor::PartIntro | Cursor::Stray { .. } => match parts.last_mut() {
                Some(part) => add(&mut part.intro, text),
                None => add(&mut self.draft.intro, text),
            },
            Cursor::Practice { part, .. } => {
                if let Some(practice) = parts.get_mut(part).and_then(|part| part.practice.as_mut())
                {
                    add(&mut practice.brief, text);
                }
            }
            Cursor::Assessment { .. } => {
                if let Some((_, assessment)) = self.draft.assessment.last_mut() {
                    add(assessment, text);
                }
            }
            Cursor::Module { .. } => {
                if let Some(module) = parts.last_mut().and_then(|part| part.modules.last_mut()) {
                    add_to_module(module, text);
                }
            }
            Cursor::Checklist { .. } => {}
        }
    }
}

/// Adds text to the last section of a module; before the first heading the section is the module's own.
fn add_to_module(module: &mut DraftModule, text: &str) {
    if text.is_empty() {
        return;
    }
    if module.sections.is_empty() {
        module.sections.push(own_section(module));
    }
    if let Some(section) = module.sections.last_mut() {
        add(&mut section.body, text);
    }
}

/// The section of what stands before the first heading of a module.
fn own_section(module: &DraftModule) -> DraftSection {
    DraftSection {
        place: module.place.clone(),
        anchor: module.id.clone(),
        explicit: true,
        title: module.title.clone(),
        body: String::new(),
    }
}

fn add(text: &mut String, more: &str) {
    if !text.is_empty() && !more.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(more);
}
