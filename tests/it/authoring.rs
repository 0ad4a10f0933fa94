//! What an author does: begins a course, checks it, and has it checked on every save.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use docent::{
    content::CODES,
    files::{Found, find_courses},
    wiring::read_found,
};

use crate::world::{Bot, World, courses_folder};

/// Longer than any look takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

fn docent(arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_docent"));
    command
        .env_clear()
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::null());
    command
}

fn run(arguments: &[&str], folder: &Path) -> Output {
    docent(arguments, folder)
        .output()
        .expect("the program runs")
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A page of the authors' guide.
fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs")
        .join(name);
    fs::read_to_string(path).expect("a page")
}

#[test]
fn a_new_course_checks_clean_in_each_language_and_both() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, languages, named) in [
        ("bees", vec!["--lang", "en"], "bees (en)"),
        ("Пчёлы", vec!["--lang", "ru"], "pchioly (ru)"),
        ("beide", vec!["--lang", "en,ru"], "beide (en, ru)"),
        ("by default", vec![], "by-default (en)"),
    ] {
        let mut arguments = vec!["new", "course", name];
        arguments.extend(languages);
        let made = run(&arguments, folder.path());
        let told = words(&made.stdout);
        assert!(made.status.success(), "{}", words(&made.stderr));
        assert!(
            told.contains(&format!("docent check {name} --watch"))
                && told.contains(&format!("DOCENT_CONTENT={name} docent play")),
            "{told}"
        );
        let checked = words(&run(&["check", name], folder.path()).stdout);
        assert_eq!(
            checked.trim(),
            format!(
                "{named}: parts 1, modules 1, sections 3, questions 10, practices 1, checklists 1\n\
                 errors: 0, warnings: 0"
            )
        );
    }
}

#[test]
fn a_whole_course_of_another_subject_checks_clean() {
    let checked = words(&run(&["check", "bread"], &courses_folder()).stdout);
    assert_eq!(
        checked.trim(),
        "bread (en): parts 1, modules 3, sections 10, questions 15, practices 1, checklists 1\n\
         errors: 0, warnings: 0"
    );
}

#[test]
fn a_new_course_overwrites_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mine = folder.path().join("bees");
    fs::create_dir(&mine).expect("a folder");
    fs::write(mine.join("course.toml"), "mine").expect("a file");
    let refused = run(&["new", "course", "bees"], folder.path());
    assert!(!refused.status.success());
    assert_eq!(
        words(&refused.stderr).trim(),
        "docent: there is something at bees already: choose another name"
    );
    let left: Vec<_> = fs::read_dir(&mine).expect("a folder").collect();
    assert_eq!(left.len(), 1);
    assert_eq!(
        fs::read_to_string(mine.join("course.toml")).expect("mine"),
        "mine"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_course_is_read_and_asked_in_discord_in_both_languages() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = run(&["new", "course", "bees", "--lang", "ru,en"], folder.path());
    assert!(made.status.success());
    let content = folder.path().join("bees");
    let world = World::with_settings(&[("DOCENT_CONTENT", &content.to_string_lossy())]).await;
    let bot = Bot::start(&world).await;
    for (person, lesson, question) in [
        ("anna", "Урок — это Markdown.", "Вопрос 1 из 10"),
        ("ben", "A lesson is Markdown.", "Question 1 of 10"),
    ] {
        let person = world.person(person);
        let read = person
            .slash("lesson")
            .opt("module", "s1")
            .await
            .expect("a lesson");
        let text = read.text();
        assert!(text.contains(lesson) && !text.contains("<!--"), "{text}");
        let asked = person.slash("quiz").await.expect("a quiz");
        assert!(asked.text().contains(question), "{}", asked.text());
    }
    world.end(bot).await;
}

/// `docent check --watch`, and the lines it prints.
struct Watch(Child, Receiver<String>);

impl Watch {
    fn start(course: &str, folder: &Path) -> Self {
        let mut child = docent(&["check", course, "--watch"], folder)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let lines = BufReader::new(child.stdout.take().expect("its words")).lines();
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            lines
                .map_while(Result::ok)
                .try_for_each(|line| sender.send(line))
        });
        Self(child, receiver)
    }

    /// The next lines, up to the totals.
    fn told(&self) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let line = self.1.recv_timeout(PATIENCE).expect("a line in time");
            let is_last = line.starts_with("errors: ");
            lines.push(line);
            if is_last {
                return lines;
            }
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn each_save_is_checked_and_only_what_changed_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = run(&["new", "course", "bees", "--lang", "en"], folder.path());
    assert!(made.status.success());
    let lesson = folder.path().join("bees/en/01-start.md");
    let good = fs::read_to_string(&lesson).expect("a lesson");

    // A practice is no text of the course: what it holds is neither read nor watched.
    let practice = folder.path().join("bees/practice/starter");
    fs::create_dir_all(&practice).expect("a folder");
    fs::write(practice.join("course.toml"), [0xff]).expect("a file");

    let watch = Watch::start("bees", folder.path());
    assert_eq!(
        watch.told().last().expect("totals"),
        "errors: 0, warnings: 0"
    );

    let bad = good.replace("{#s1-check}", "{#s1-chekc}");
    assert_ne!(bad, good);
    fs::write(&lesson, &bad).expect("a save");
    let told = watch.told();
    assert!(
        told[0].starts_with("+ error[dead-section] bees/course.toml:")
            && told[1].contains("s1-chekc"),
        "{told:#?}"
    );
    assert_eq!(told.last().expect("totals"), "errors: 4, warnings: 0");

    // A save that changes no mistake says nothing: what is told next is the mend, and only that.
    fs::write(&lesson, format!("{bad}\nMore words.\n")).expect("a save");
    std::thread::sleep(Duration::from_secs(1));
    fs::write(&lesson, &good).expect("a save");
    let told = watch.told();
    assert_eq!(told.len(), 5, "{told:#?}");
    assert!(
        told[..4]
            .iter()
            .all(|line| line.starts_with("- error[dead-section] bees/")),
        "{told:#?}"
    );
    assert_eq!(told[4], "errors: 0, warnings: 0");

    fs::remove_file(folder.path().join("bees/course.toml")).expect("a file less");
    let gone = watch.1.recv_timeout(PATIENCE).expect("a line in time");
    assert!(gone.contains("there is no course at bees"), "{gone}");
}

#[test]
fn watching_nothing_is_refused_with_what_to_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = run(&["check", "--watch"], folder.path());
    assert!(!refused.status.success());
    assert!(words(&refused.stderr).contains("name the folder of a course"));
}

/// Fenced blocks whose first line names a file after the language.
fn named_blocks(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let info = line.trim_start_matches('`');
        let Some(fence) = line.strip_suffix(info).filter(|fence| fence.len() >= 3) else {
            continue;
        };
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != fence).collect();
        if let Some((_, path)) = info.split_once(' ') {
            blocks.push((path.to_owned(), body.join("\n") + "\n"));
        }
    }
    blocks
}

#[test]
fn every_example_of_the_authors_guide_checks_clean() {
    let folder = tempfile::tempdir().expect("a folder");
    let blocks: Vec<_> = ["AUTHORING.md", "PRACTICES.md"]
        .into_iter()
        .flat_map(|name| named_blocks(&page(name)))
        .collect();
    let mut courses = BTreeSet::new();
    for (path, text) in &blocks {
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::File::create_new(&file).unwrap_or_else(|_| panic!("{path} is shown twice"));
        fs::write(&file, text).expect("a file");
        courses.insert(path.split('/').next().expect("a name"));
    }
    assert!(blocks.len() >= 10 && courses.len() >= 3, "{courses:?}");
    for course in courses {
        let found = find_courses(&folder.path().join(course)).expect("a course");
        let readings: Vec<_> = found.iter().map(read_found).collect();
        let told: Vec<String> = readings
            .iter()
            .flat_map(|reading| &reading.diagnostics)
            .map(ToString::to_string)
            .collect();
        assert_eq!(told, Vec::<String>::new());
        let read: usize = found.iter().map(files_in).sum();
        let shown = blocks
            .iter()
            .filter(|(path, _)| path.starts_with(course))
            .count();
        assert_eq!(read, shown, "files of {course} that are no part of it");
    }
}

fn files_in(found: &Found) -> usize {
    match found {
        Found::Folder(files) => files.content.len() + files.banks.len(),
        Found::Outline(_) => 1,
    }
}

#[test]
fn the_authors_guide_has_a_cure_for_every_code_and_for_no_other() {
    let text = page("AUTHORING.md");
    let table = text
        .split_once("## What `docent check` says")
        .expect("the table of codes")
        .1;
    let cured: BTreeSet<&str> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "))
        .filter(|(_, cure)| cure.len() > 30)
        .map(|(code, _)| code)
        .collect();
    assert_eq!(cured, CODES.iter().copied().collect());
}
