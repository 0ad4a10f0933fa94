//! The rules of assessment out of the prose of an outline.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    diagnostic::{Diagnostics, Place},
    pattern::literal,
};
use crate::domain::{
    assessment::{Assessment, Band, QuizRules},
    score::BasisPoints,
};

/// The tools an outline may demand, with the words that name them; listed in this order.
const TOOLS: [(&str, &[&str]); 8] = [
    ("vitest", &["vitest"]),
    ("eslint", &["eslint"]),
    ("prettier", &["prettier"]),
    ("pytest", &["pytest"]),
    ("ruff", &["ruff"]),
    ("flake8", &["flake8"]),
    ("playwright", &["playwright"]),
    (
        "coverage",
        &["coverage", "покрытие", "покрытия", "покрытием"],
    ),
];

static QUIZ_SIZE: LazyLock<Regex> = LazyLock::new(|| {
    literal(r"(?i)\b(\d{1,4})(?:\s*[-\x{2010}-\x{2014}]\s*(\d{1,4}))?\s*(?:вопрос|question)")
});
static PASS_LINE: LazyLock<Regex> = LazyLock::new(|| {
    literal(
        r"(?i)порог|проход|зач[её]т|\bpass|(?:правильн|верн)\w* ответ|right answers|correct answers",
    )
});
static PERCENT: LazyLock<Regex> = LazyLock::new(|| literal(r"\b(\d{1,3})\s*%"));
static BAND: LazyLock<Regex> = LazyLock::new(|| {
    literal(
        r"(?:^|[^\p{L}\p{N}])(\p{Lu}[+-]?)\s*\(\s*([<>≥≤]=?)?\s*(\d{1,3})\s*(?:%?\s*(?:[-\x{2010}-\x{2014}]\s*(\d{1,3})|(\+)))?\s*%?\s*\)",
    )
});

/// Rules that a text or a settings file gives; what it leaves out is nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// Fewest questions.
    pub min_questions: Option<u32>,
    /// Most questions.
    pub max_questions: Option<u32>,
    /// The share of right answers that passes.
    pub pass_mark_bp: Option<BasisPoints>,
    /// Grades from the best down.
    pub bands: Vec<Band>,
    /// Tools by name.
    pub tools: Vec<String>,
}

/// The rules that the assessment sections of one language give.
pub fn read_rules(sections: &[(Place, String)], out: &mut Diagnostics) -> Rules {
    let text = sections
        .iter()
        .map(|(_, text)| text.as_str())
        .collect::<Vec<_>>()
        .join("\n");
    let mut rules = Rules {
        tools: tools(&text),
        ..Rules::default()
    };
    let Some((place, _)) = sections.first() else {
        return rules;
    };
    if let Some(size) = QUIZ_SIZE.captures(&text) {
        rules.min_questions = number(size.get(1));
        rules.max_questions = number(size.get(2)).or(rules.min_questions);
    }
    rules.pass_mark_bp = pass_mark(&text).and_then(|percent| points(percent, place, out));
    for band in BAND.captures_iter(&text) {
        let Some(from) = number(band.get(3)) else {
            continue;
        };
        let below = band
            .get(2)
            .is_some_and(|sign| sign.as_str().starts_with(['<', '≤']));
        // `(80-89)` and `(89-80)` are the same band; `(<70)` begins at nothing.
        let from = if below {
            0
        } else {
            number(band.get(4)).map_or(from, |to| to.min(from))
        };
        let grade = band
            .get(1)
            .map(|grade| latin(grade.as_str()))
            .unwrap_or_default();
        let known = rules.bands.iter().any(|other| other.grade == grade);
        if let (false, Some(from_bp)) = (known, points(from, place, out)) {
            rules.bands.push(Band { grade, from_bp });
        }
    }
    rules
        .bands
        .sort_by_key(|band| std::cmp::Reverse(band.from_bp));
    rules
}

/// The rules of a course: the settings win over the text, the text over the defaults.
pub fn settle(text: Rules, settings: Rules, place: &Place, out: &mut Diagnostics) -> Assessment {
    let default = QuizRules::default();
    let min = settings.min_questions.or(text.min_questions);
    let max = settings.max_questions.or(text.max_questions);
    let quiz = QuizRules {
        min_questions: min.unwrap_or_else(|| {
            max.map_or(default.min_questions, |max| default.min_questions.min(max))
        }),
        max_questions: max.unwrap_or_else(|| {
            min.map_or(default.max_questions, |min| default.max_questions.max(min))
        }),
        pass_mark_bp: settings
            .pass_mark_bp
            .or(text.pass_mark_bp)
            .unwrap_or(default.pass_mark_bp),
    };
    if quiz.min_questions == 0 || quiz.min_questions > quiz.max_questions {
        let message = format!(
            "a quiz of {} to {} questions cannot be drawn",
            quiz.min_questions, quiz.max_questions
        );
        out.error(
            "bad-assessment",
            place,
            message,
            "Give the smaller number first, and at least 1.",
        );
    }
    let bands = [settings.bands, text.bands]
        .into_iter()
        .find(|bands| !bands.is_empty());
    let bands = bands.unwrap_or_else(|| Assessment::default().bands);
    check_bands(&bands, place, out);
    Assessment {
        quiz,
        bands,
        tools: text.tools,
    }
}

fn check_bands(bands: &[Band], place: &Place, out: &mut Diagnostics) {
    if let Some(lowest) = bands.last()
        && lowest.from_bp > BasisPoints::ZERO
    {
        let message = format!(
            "the lowest grade, {}, begins at {}: a score below it has no grade",
            lowest.grade, lowest.from_bp
        );
        out.error(
            "bands-not-whole",
            place,
            message,
            "Let the lowest grade begin at 0.",
        );
    }
    for pair in bands.windows(2) {
        if let [upper, lower] = pair
            && upper.from_bp == lower.from_bp
        {
            let message = format!(
                "the grades {} and {} begin at the same score",
                upper.grade, lower.grade
            );
            out.error(
                "bands-not-whole",
                place,
                message,
                "Let each grade begin at its own score.",
            );
        }
    }
}

/// The percent of the line that speaks of passing, else of the first that does not speak of coverage.
fn pass_mark(text: &str) -> Option<u32> {
    let percent = |line: &str| number(PERCENT.captures(line)?.get(1));
    let about_coverage = |line: &str| {
        let line = line.to_lowercase();
        line.contains("покрыти") || line.contains("coverage")
    };
    let passing = text
        .lines()
        .filter(|line| PASS_LINE.is_match(line))
        .find_map(percent);
    passing.or_else(|| {
        text.lines()
            .filter(|line| line.contains('≥') && !about_coverage(line))
            .find_map(percent)
    })
}

fn tools(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let words: Vec<_> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let named = TOOLS
        .iter()
        .filter(|(_, names)| names.iter().any(|name| words.contains(name)));
    named.map(|(tool, _)| (*tool).to_owned()).collect()
}

fn number(found: Option<regex::Match<'_>>) -> Option<u32> {
    found?.as_str().parse().ok()
}

fn points(percent: u32, place: &Place, out: &mut Diagnostics) -> Option<BasisPoints> {
    let points = BasisPoints::new(percent.saturating_mul(100));
    if points.is_none() {
        out.error(
            "bad-assessment",
            place,
            format!("{percent} % is more than the whole"),
            "Write a share from 0 to 100 %.",
        );
    }
    points
}

/// A grade in Latin letters: Cyrillic А, В and С look the same and are meant as such.
fn latin(grade: &str) -> String {
    grade
        .chars()
        .map(|letter| match letter {
            'А' => 'A',
            'В' => 'B',
            'С' => 'C',
            'Е' => 'E',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Rules {
        read_rules(
            &[(Place::new("a.md", 1), text.to_owned())],
            &mut Diagnostics::default(),
        )
    }

    fn bands(text: &str) -> Vec<(String, u32)> {
        rules(text)
            .bands
            .into_iter()
            .map(|band| (band.grade, band.from_bp.get()))
            .collect()
    }

    #[test]
    fn a_quiz_size_is_a_range_or_one_number() {
        let size = |text| (rules(text).min_questions, rules(text).max_questions);
        assert_eq!(size("Формат: 10–20 вопросов"), (Some(10), Some(20)));
        assert_eq!(size("A quiz of 12 questions"), (Some(12), Some(12)));
        assert_eq!(size("nothing of the kind"), (None, None));
    }

    #[test]
    fn the_pass_mark_is_not_taken_from_coverage() {
        let mark = |text| rules(text).pass_mark_bp.map(BasisPoints::get);
        assert_eq!(
            mark("- покрытие ≥ 90%\n- Порог прохождения: ≥ 80 %"),
            Some(8000)
        );
        assert_eq!(mark("- Coverage ≥ 90%\n- at least ≥ 75%"), Some(7500));
        assert_eq!(mark("- To pass: 60 % right answers"), Some(6000));
        assert_eq!(mark("- coverage ≥ 90%"), None);
    }

    #[test]
    fn bands_are_read_whatever_their_dashes_order_and_alphabet() {
        let expected = [("S", 9000), ("A", 8000), ("B", 7000), ("C", 0)]
            .map(|(grade, from)| (grade.to_owned(), from));
        assert_eq!(
            bands("S (90–100): all\nA (80-89), B (70—79), C (<70)"),
            expected
        );
        assert_eq!(bands("С (< 70 %), В (70+), А (≥ 80), S (100-90)"), expected);
    }

    #[test]
    fn tools_are_whole_words_in_a_fixed_order() {
        assert_eq!(
            rules("Playwright, (ruff/flake8), покрытие; gruff").tools,
            ["ruff", "flake8", "playwright", "coverage"]
        );
    }

    #[test]
    fn a_lowest_grade_that_begins_above_nothing_is_refused() {
        let mut out = Diagnostics::default();
        settle(
            rules("A (80-100), B (50-79)"),
            Rules::default(),
            &Place::new("a.md", 3),
            &mut out,
        );
        let codes: Vec<_> = out
            .into_sorted()
            .into_iter()
            .map(|d| (d.code, d.line))
            .collect();
        assert_eq!(codes, [("bands-not-whole", 3)]);
    }
}
