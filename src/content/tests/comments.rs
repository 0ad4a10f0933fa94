//! HTML comments are the author's own: no member sees one.

use super::{codes, read_texts, told};
use crate::domain::{locale::Locale, quiz::QuestionKind};

const LESSON: &str = "# T <!-- title -->
<!-- before everything -->

## Module A1. One <!-- heading -->

<!-- file: app/models.py -->
```python
x = 1  # <!-- code -->
```

It prints:

<!-- output -->

```text
1
```

- item <!-- inline --> goes on

  <!-- skip: needs a network
  and two lines -->

  ```sh
  curl example.org
  ```

> Quoted over
> two lines. <!-- quoted -->

One sentence <!-- among words -->
over lines,\\
and a break.

A `<!-- word -->` and \\<!-- an escape.

## Checklist
- [ ] Done <!-- or nearly -->

## Practice
<!-- graded by CI -->
Write it.
";

#[test]
fn a_lesson_shows_its_text_and_code_and_none_of_its_directives() {
    let reading = read_texts(&[
        ("course.toml", "id = \"c\"\nlocales = [\"en\"]\n"),
        ("en/1.md", LESSON),
    ]);
    assert_eq!(told(&reading), "");
    let course = reading.course.unwrap();
    let part = &course.parts[0];
    let module = &part.modules[0];
    assert_eq!(course.title.text(Locale::En), "T");
    assert_eq!(module.title.text(Locale::En), "One");
    assert_eq!(
        module.sections[0].body.text(Locale::En),
        "```python\nx = 1  # <!-- code -->\n```\n\nIt prints:\n\n```text\n1\n```\n\n- item  goes on\n\n  \
         ```sh\n  curl example.org\n  ```\n\n> Quoted over two lines. \n\nOne sentence over lines,\\\nand a break.\n\nA `<!-- word -->` and \\<!-- an escape."
    );
    let checklist = part.checklist.as_ref().unwrap();
    assert_eq!(checklist.items[0].text.text(Locale::En), "Done");
    let practice = part.practice.as_ref().unwrap();
    assert_eq!(practice.brief.text(Locale::En), "Write it.");
}

#[test]
fn a_question_shows_no_comment_in_any_format() {
    let yaml = "questions:\n  - id: q1\n    section: a1\n    prompt: What? <!-- easy -->\n    choices:\n      - { text: { en: Yes <!-- right --> }, correct: true }\n      - No\n    explanation: So. <!-- see the lesson -->\n";
    let markdown = "## q2 {section=a1}\nWhat? <!-- easy -->\n\n- [x] Yes <!-- right -->\n  > So.\n- [ ] No\n\n<!-- the end -->\n\n> So. <!-- see -->\n";
    let reading = read_texts(&[
        (
            "course.toml",
            "id = \"c\"\nlocales = [\"en\"]\n[quiz]\nmin_questions = 1\n",
        ),
        ("en/1.md", "# T\n## Module A1. One\nText\n"),
        ("banks/a1.yaml", yaml),
        ("banks/a1.md", markdown),
    ]);
    let codes: Vec<_> = codes(&reading).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["too-few-questions"], "{}", told(&reading));
    let bank = reading.course.unwrap().banks.remove(0);
    assert_eq!(bank.questions.len(), 2);
    for question in &bank.questions {
        let QuestionKind::Single { choices } = &question.kind else {
            panic!("one choice")
        };
        assert_eq!(
            [&question.prompt, &choices[0].text, &question.explanation]
                .map(|text| text.text(Locale::En)),
            ["What?", "Yes", "So."]
        );
    }
}
