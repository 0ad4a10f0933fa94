//! The class report: the answer, then the table.

use crate::{
    app::show_class_report::{ClassReport, PAGE, count_items},
    domain::locale::Locale,
    store::LearnerRow,
    text,
    view::{
        Button, Embed, Message, Row, Style, custom_id,
        limits::{self, cut},
        untrusted,
    },
};

/// Letters of a name in the table.
const NAME: usize = 14;

/// The report's answer and one page of its table.
#[must_use]
pub fn view(report: &ClassReport<'_>, locale: Locale) -> Message {
    if report.total == 0 {
        return Message::plain(text!(locale, "class-empty"));
    }
    let mut head = text!(
        locale,
        "class-answer",
        total = report.total,
        finished = report.finished,
        graded = report.graded,
        quiet = report.quiet
    );
    if !report.attention.is_empty() {
        let names: Vec<String> = report
            .attention
            .iter()
            .map(|name| untrusted::line(name, 40))
            .collect();
        head.push('\n');
        head.push_str(&text!(locale, "class-attention", names = names.join(", ")));
    }
    if report.total > PAGE {
        head.push('\n');
        let to = report.from + report.learners.len();
        head.push_str(&text!(
            locale,
            "class-answer-page",
            from = report.from + 1,
            to = to,
            total = report.total
        ));
    }
    let embed = Embed {
        title: cut(report.course.title.text(locale), limits::TITLE),
        description: cut(
            &format!("{head}\n```\n{}\n```", table(report, locale)),
            limits::DESCRIPTION,
        ),
        ..Embed::default()
    };
    let next = report.from + report.learners.len();
    let rows = if next < report.total {
        let id = custom_id::build("class", &[&next.to_string()]);
        vec![Row::Buttons(vec![Button::new(
            id,
            text!(locale, "class-next"),
            Style::Secondary,
        )])]
    } else {
        Vec::new()
    };
    Message {
        embeds: vec![embed],
        rows,
        ..Message::default()
    }
}

fn table(report: &ClassReport<'_>, locale: Locale) -> String {
    let practices: Vec<&str> = report
        .course
        .parts
        .iter()
        .filter(|part| {
            part.practice
                .as_ref()
                .is_some_and(|practice| !practice.reports.is_empty())
        })
        .map(|part| part.id.as_str())
        .collect();
    let mut header = vec![
        text!(locale, "class-name"),
        text!(locale, "class-quizzes"),
        text!(locale, "class-checklist"),
    ];
    header.extend(practices.iter().map(|id| cut(&id.to_uppercase(), 10)));
    header.push(text!(locale, "class-seen"));
    let rows = report
        .learners
        .iter()
        .map(|row| cells(report, row, &practices, locale));
    align(&std::iter::once(header).chain(rows).collect::<Vec<_>>())
}

fn cells(
    report: &ClassReport<'_>,
    row: &LearnerRow,
    practices: &[&str],
    locale: Locale,
) -> Vec<String> {
    let known = |id: &&String| report.course.find_bank(id).is_some();
    let passed = row.banks_passed.iter().filter(known).count();
    let name: String = row
        .name
        .chars()
        .filter(|c| !c.is_control() && *c != '`')
        .collect();
    let mut cells = vec![
        cut(&name, NAME),
        format!("{passed}/{}", report.course.banks.len()),
        format!("{}/{}", row.ticked, count_items(report.course)),
    ];
    cells.extend(practices.iter().map(|id| {
        row.grades
            .get(id)
            .and_then(serde_json::Value::as_str)
            .unwrap_or("–")
            .to_owned()
    }));
    let days = (report.now - row.last_seen).num_days();
    cells.push(if days < 1 {
        text!(locale, "class-today")
    } else {
        text!(locale, "class-days", days = days)
    });
    cells
}

/// Columns as wide as their widest cell.
fn align(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let lines = rows.iter().map(|row| {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}", width = *width))
            .collect();
        cells.join("  ").trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}
