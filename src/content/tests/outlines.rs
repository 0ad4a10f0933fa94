//! Courses of one Markdown file.

use super::{outline, told};
use crate::domain::locale::Locale;

pub const RUSSIAN: &str = "\u{feff}# 🧵 Ткацкий станок: **основы**\r
> См. [правила](./RULES.md)\r
\r
---\r
\r
## 🟢 ЧАСТЬ 1. НАЧАЛО: Первая нить\r
\r
### 🧰 Модуль\u{a0}TK1. Основа и уток\r
- Натяните основу\r
\r
### ✅ Чек\u{2011}лист (НАЧАЛО)\r
- [ ] Станок собран\r
- [x] Нить заправлена <!-- проверить -->\r
\r
### 🕹\u{fe0f} Практика (НАЧАЛО)\r
Сотките полосу.\r
\r
## Оценка и проверка\r
- Формат: 5\u{2013}8 вопросов, порог: ≥ 70\u{a0}%\r
- A (90–100), B (<90)\r
";

#[test]
fn a_russian_outline_with_emoji_and_odd_hyphens_is_read_as_it_looks() {
    let reading = outline(RUSSIAN);
    assert_eq!(told(&reading), "");
    let course = reading.course.unwrap();
    assert_eq!(
        (course.id.as_str(), course.locales.as_slice()),
        ("my-course", &[Locale::Ru][..])
    );
    assert_eq!(course.title.text(Locale::Ru), "Ткацкий станок: основы");
    assert_eq!(course.intro.text(Locale::Ru), "> См. [правила](./RULES.md)");
    let part = &course.parts[0];
    assert_eq!(
        (
            part.id.as_str(),
            part.code.as_str(),
            part.title.text(Locale::Ru)
        ),
        ("nachalo", "НАЧАЛО", "Первая нить")
    );
    assert_eq!(part.modules[0].title.text(Locale::Ru), "Основа и уток");
    assert_eq!(part.modules[0].sections[0].anchor, "tk1");
    let items: Vec<_> = part
        .checklist
        .as_ref()
        .unwrap()
        .items
        .iter()
        .map(|item| item.text.text(Locale::Ru))
        .collect();
    assert_eq!(items, ["Станок собран", "Нить заправлена"]);
    assert_eq!(
        part.practice.as_ref().unwrap().brief.text(Locale::Ru),
        "Сотките полосу."
    );
    let quiz = course.assessment.quiz;
    assert_eq!(
        (
            quiz.min_questions,
            quiz.max_questions,
            quiz.pass_mark_bp.get()
        ),
        (5, 8, 7000)
    );
}

#[test]
fn an_outline_without_parts_has_one_part() {
    let course = outline("# Weaving\n\n## Lesson 1. Warp\nText.\n\n## Checklist\n- [ ] Done\n")
        .course
        .unwrap();
    assert_eq!(
        (
            course.parts.len(),
            course.parts[0].id.as_str(),
            course.locales[0]
        ),
        (1, "main", Locale::En)
    );
    assert_eq!(course.parts[0].title.text(Locale::En), "Weaving");
    assert!(course.parts[0].checklist.is_some());
}

#[test]
fn headings_in_quotes_lists_and_code_make_no_structure() {
    let reading = outline(
        "# T\n\n## Module A1. One\n> ## Module A2. Two\n\n- item\n\n  ## Module A3. Three\n\n```\n## Module A4. Four\n```\n",
    );
    assert_eq!(told(&reading), "");
    assert_eq!(reading.course.unwrap().modules().count(), 1);
}
