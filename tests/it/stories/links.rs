//! Links as people paste them: every shape leads to its run, and every trick leads nowhere.

use super::hand_in::{reader, submit};
use crate::world::{Bot, Forge, REPO, World, reports};

/// What is said of a run that the member handed in before.
const BEFORE: &str = "Этот запуск вы уже сдавали: ADVANCED";

/// The pages of a run, and of what leads to its run.
fn pages(forge: &Forge, job: u64, artifact: u64) -> Vec<String> {
    let sha = format!("{:040x}", 7001);
    let short = "000000000000";
    let pages: Vec<String> = match forge {
        Forge::GitHub(_) => vec![
            "actions/runs/7001".to_owned(),
            "actions/runs/7001/".to_owned(),
            "actions/runs/7001/attempts/1".to_owned(),
            "actions/runs/7001/workflow".to_owned(),
            "actions/runs/7001/usage".to_owned(),
            "actions/runs/7001?pr=3".to_owned(),
            "actions/runs/7001?check_suite_focus=true".to_owned(),
            format!("actions/runs/7001/job/{job}"),
            format!("actions/runs/7001/job/{job}?pr=3#step:3:14"),
            format!("actions/runs/7001/jobs/{job}"),
            format!("runs/7001/jobs/{job}"),
            format!("actions/runs/7001/artifacts/{artifact}"),
            format!("suites/7001/artifacts/{artifact}"),
            format!("runs/{job}"),
            format!("runs/{job}?check_suite_focus=true"),
            "pull/3".to_owned(),
            "pull/3/files".to_owned(),
            "pull/3/checks".to_owned(),
            format!("pull/3/checks?check_run_id={job}#step:7:711"),
            format!("commit/{sha}"),
            format!("commit/{short}"),
            format!("commit/{sha}/checks"),
            format!("commit/{sha}/checks/{job}"),
            "tree/main".to_owned(),
            "actions/workflows/practice.yml".to_owned(),
        ],
        Forge::GitLab(_) => vec![
            "-/pipelines/7001".to_owned(),
            "-/pipelines/7001/builds".to_owned(),
            "-/pipelines/7001/test_report".to_owned(),
            "-/pipelines/7001/failures".to_owned(),
            "pipelines/7001".to_owned(),
            format!("-/jobs/{job}"),
            format!("-/jobs/{job}#L12"),
            format!("-/jobs/{job}/artifacts/browse"),
            format!("-/jobs/{job}/artifacts/file/junit.xml"),
            format!("-/jobs/{job}/artifacts/download"),
            format!("-/jobs/{job}/artifacts/raw/junit.xml"),
            format!("-/builds/{job}"),
            "-/merge_requests/3".to_owned(),
            "-/merge_requests/3/pipelines".to_owned(),
            format!("-/commit/{sha}"),
            format!("-/commit/{short}"),
            format!("-/commit/{sha}/pipelines"),
            "-/tree/main".to_owned(),
        ],
        Forge::Gitea(_) | Forge::Forgejo(_) => {
            let shown = if matches!(forge, Forge::Gitea(_)) {
                7001
            } else {
                6001
            };
            vec![
                format!("actions/runs/{shown}"),
                format!("actions/runs/{shown}/"),
                format!("actions/runs/{shown}/jobs/0"),
                format!("actions/runs/{shown}/jobs/0/attempt/1"),
                "pulls/3".to_owned(),
                "pulls/3/files".to_owned(),
                format!("commit/{sha}"),
                format!("src/commit/{sha}"),
                "src/branch/main".to_owned(),
                "commits/branch/main".to_owned(),
            ]
        }
    };
    let address = |page: String| format!("https://{}/{REPO}/{page}", forge.host());
    pages.into_iter().map(address).collect()
}

/// What people type around a link.
fn dressed(link: &str) -> Vec<String> {
    let bare = link.trim_start_matches("https://");
    let (host, path) = bare.split_once('/').expect("a path");
    let mut dressed = vec![
        format!("<{link}>"),
        format!("[мой запуск]({link})"),
        format!("[run](<{link}>)."),
        format!("Готово: {link}, проверьте, пожалуйста!"),
        format!("«{link}»"),
        format!("**{link}**"),
        format!("||{link}||"),
        format!("({link})"),
        format!("http://{bare}"),
        bare.to_owned(),
        format!("https://{}/{path}", host.to_uppercase()),
        format!("https://www.{bare}"),
    ];
    if host == "github.com" {
        dressed.push(format!("https://api.github.com/repos/{path}"));
    }
    dressed
}

#[tokio::test(flavor = "multi_thread")]
async fn every_shape_of_link_leads_to_its_run() {
    for forge in Forge::all().await {
        let link = forge.add(7001, "success", &reports("01-perfect"));
        let sha = format!("{:040x}", 7001);
        let (job, artifact) = match &forge {
            Forge::GitHub(world) => {
                world.add_pull(REPO, 3, &sha).expect("a repository");
                forge.parts_of(7001).await
            }
            Forge::GitLab(world) => {
                world.add_merge_request(REPO, 3, &sha);
                forge.parts_of(7001).await
            }
            Forge::Gitea(world) | Forge::Forgejo(world) => {
                world.add_pull(REPO, 3, &sha);
                (0, 0)
            }
        };
        let (world, bot) = reader(&forge).await;
        let anna = world.person("anna");
        let graded = submit(&anna, &link).await;
        assert!(graded.contains("ADVANCED: S"), "{graded}");
        for text in pages(&forge, job, artifact)
            .into_iter()
            .chain(dressed(&link))
        {
            let seen = submit(&anna, &text).await;
            assert!(seen.starts_with(BEFORE), "{}: {text}\n{seen}", forge.name());
        }
        forge.assert_clean();
        world.end(bot).await;
    }
}

/// Links that no browser gives, and what is made of them.
const TRICKS: [&str; 42] = [
    "https://ann:secret@github.com/a/b/actions/runs/1",
    "https://github.com@evil.example/a/b/actions/runs/1",
    "https://github.com%40evil.example/a/b/actions/runs/1",
    "https://evil.example#@github.com/a/b/actions/runs/1",
    "https://evil.example?@github.com/a/b/actions/runs/1",
    "https://github.com:443/a/b/actions/runs/1",
    "https://github.com:22/a/b/actions/runs/1",
    "https://github.com:/a/b/actions/runs/1",
    "https://127.0.0.1/a/b/actions/runs/1",
    "https://127.1/a/b/actions/runs/1",
    "https://2130706433/a/b/actions/runs/1",
    "https://0177.0.0.1/a/b/actions/runs/1",
    "https://0x7f.0.0.1/a/b/actions/runs/1",
    "https://0x7f000001/a/b/actions/runs/1",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/a/b/actions/runs/1",
    "https://[::ffff:127.0.0.1]/a/b/actions/runs/1",
    "https://[::ffff:a9fe:a9fe]/a/b/actions/runs/1",
    "https://[fd00::1]:8080/a/b/actions/runs/1",
    "https://localhost/a/b/actions/runs/1",
    "https://gіthub.com/a/b/actions/runs/1",
    "https://xn--gthub-cof.com/a/b/actions/runs/1",
    "https://ｇｉｔｈｕｂ.com/a/b/actions/runs/1",
    "https://github。com/a/b/actions/runs/1",
    "https://github.com./a/b/actions/runs/1",
    "https://github%2ecom/a/b/actions/runs/1",
    "https://%67ithub.com/a/b/actions/runs/1",
    "https://github.com\\@evil.example/a/b/actions/runs/1",
    "https://evil.example\\@github.com/a/b/actions/runs/1",
    "https:\\\\github.com\\a\\b\\actions\\runs\\1",
    "ftp://github.com/a/b/actions/runs/1",
    "file:///etc/passwd",
    "gopher://github.com/a/b/actions/runs/1",
    "javascript://github.com/a/b/actions/runs/1",
    "https://github.com.evil.example/a/b/actions/runs/1",
    "https://evilgithub.com/a/b/actions/runs/1",
    "https://github.com.git.example.org.evil.example/a/b/actions/runs/1",
    "https://github.com/login?return_to=https%3A%2F%2Fevil.example",
    "https://github.com/a/b/actions/runs/1/../../../../../login/oauth/authorize",
    "https://github.com//evil.example/a/b/actions/runs/1",
    "https://github.com/..%2f..%2fapi/b/actions/runs/1",
    "https://gitlab.example.org/users/sign_in?redirect=//evil.example",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_tricks_gets_a_sentence_and_nobody_is_asked() {
    let mut forges = Forge::all().await;
    forges.pop();
    let settings: Vec<_> = forges
        .iter()
        .flat_map(|forge| forge.settings(true))
        .collect();
    let settings: Vec<_> = settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let world = World::with_settings(&settings).await;
    let bot = Bot::start(&world).await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let mut seen = Vec::new();
    for (number, text) in TRICKS.iter().enumerate() {
        let person = if number % 2 == 0 { &anna } else { &ben };
        seen.push(format!("{text}\n  {}", submit(person, text).await));
    }
    insta::assert_snapshot!("links_tricks", seen.join("\n"));
    for forge in &forges {
        let asked = forge.wire().requests();
        assert!(asked.is_empty(), "{}: {asked:?}", forge.name());
    }
    world.end(bot).await;
}
