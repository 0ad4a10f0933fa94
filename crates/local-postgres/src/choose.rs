//! Which engine to start: the choice, the data and the machine together decide.

use crate::{
    Choice, Engine, Options, StartError,
    installed::{OLDEST_MAJOR, Programs, find},
    marker::Marker,
};

/// What will be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    Installed(Programs),
    Embedded,
}

/// The installed Postgres programs, newest first. The machine is not searched when only the
/// embedded engine can be meant.
pub fn look_around(options: &Options, marker: Option<Marker>) -> Vec<Programs> {
    let engine = marker.map(|marker| marker.engine);
    match (options.engine, engine) {
        (Choice::Embedded, _) | (Choice::Auto, Some(Engine::Embedded)) => Vec::new(),
        _ => find(options.programs.as_deref()),
    }
}

/// Whether the embedded engine may stand in for an installed one that cannot be started.
pub fn may_fall_back(options: &Options, marker: Option<Marker>) -> bool {
    cfg!(feature = "embedded") && options.engine == Choice::Auto && marker.is_none()
}

/// Data that exist decide; then the choice; then what the machine has.
pub fn choose(
    options: &Options,
    marker: Option<Marker>,
    found: &[Programs],
) -> Result<Plan, StartError> {
    match (marker, options.engine) {
        (Some(marker), asked) => plan_for_data(options, marker, asked, found),
        (None, Choice::Embedded) => embedded(),
        (None, Choice::Installed) => newest(found).ok_or_else(|| StartError::NoInstalled {
            looked: describe(found),
        }),
        (None, Choice::Auto) => match newest(found) {
            Some(plan) => Ok(plan),
            None if cfg!(feature = "embedded") => Ok(Plan::Embedded),
            None => Err(StartError::NoEngine {
                looked: describe(found),
            }),
        },
    }
}

fn plan_for_data(
    options: &Options,
    marker: Marker,
    asked: Choice,
    found: &[Programs],
) -> Result<Plan, StartError> {
    let refused = match (marker.engine, asked) {
        (Engine::Installed, Choice::Embedded) | (Engine::Embedded, Choice::Installed) => true,
        (_, Choice::Auto)
        | (Engine::Installed, Choice::Installed)
        | (Engine::Embedded, Choice::Embedded) => false,
    };
    if refused {
        return Err(StartError::OtherEngine {
            data: options.data.clone(),
            made_by: marker,
            asked,
        });
    }
    match marker.engine {
        Engine::Embedded => {
            check_embedded_version(options, marker)?;
            embedded()
        }
        Engine::Installed => same_major(found, marker.major)
            .ok_or_else(|| other_version(options, marker, describe(found))),
    }
}

fn embedded() -> Result<Plan, StartError> {
    if cfg!(feature = "embedded") {
        Ok(Plan::Embedded)
    } else {
        Err(StartError::EmbeddedNotBuilt)
    }
}

#[cfg(feature = "embedded")]
fn check_embedded_version(options: &Options, marker: Marker) -> Result<(), StartError> {
    let own = crate::embedded::MAJOR;
    if marker.major == own {
        return Ok(());
    }
    let found = format!("the embedded engine of this program is Postgres {own}");
    Err(other_version(options, marker, found))
}

#[cfg(not(feature = "embedded"))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "has the shape of the one with the feature"
)]
const fn check_embedded_version(_: &Options, _: Marker) -> Result<(), StartError> {
    Ok(())
}

fn other_version(options: &Options, made_by: Marker, found: String) -> StartError {
    StartError::OtherVersion {
        data: options.data.clone(),
        made_by,
        found,
    }
}

fn newest(found: &[Programs]) -> Option<Plan> {
    let programs = found.iter().find(|it| it.version.0 >= OLDEST_MAJOR)?;
    Some(Plan::Installed(programs.clone()))
}

fn same_major(found: &[Programs], major: u32) -> Option<Plan> {
    let programs = found.iter().find(|it| it.version.0 == major)?;
    Some(Plan::Installed(programs.clone()))
}

fn describe(found: &[Programs]) -> String {
    if found.is_empty() {
        return "no Postgres was found installed".to_owned();
    }
    let versions: Vec<_> = found
        .iter()
        .map(|it| format!("{}.{} in {}", it.version.0, it.version.1, it.dir.display()))
        .collect();
    format!("only these were found installed: {}", versions.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs(major: u32) -> Programs {
        Programs {
            dir: format!("/pg/{major}").into(),
            version: (major, 2),
        }
    }

    fn asking(engine: Choice) -> Options {
        Options {
            engine,
            ..Options::durable("/data")
        }
    }

    const fn made_by(engine: Engine, major: u32) -> Marker {
        Marker { engine, major }
    }

    #[test]
    fn the_newest_installed_postgres_is_preferred() {
        let plan = choose(&asking(Choice::Auto), None, &[programs(17), programs(15)]);
        assert_eq!(plan.unwrap(), Plan::Installed(programs(17)));
    }

    #[test]
    fn a_postgres_older_than_15_does_not_count() {
        let error = choose(&asking(Choice::Installed), None, &[programs(14)]).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("14.2 in /pg/14"), "{text}");
        assert!(text.contains("install Postgres"), "{text}");
    }

    #[test]
    fn data_of_15_are_read_by_15_even_beside_17() {
        let marker = Some(made_by(Engine::Installed, 15));
        let plan = choose(&asking(Choice::Auto), marker, &[programs(17), programs(15)]);
        assert_eq!(plan.unwrap(), Plan::Installed(programs(15)));
    }

    #[test]
    fn another_major_version_is_refused_and_both_are_named() {
        let marker = Some(made_by(Engine::Installed, 15));
        let error = choose(&asking(Choice::Auto), marker, &[programs(17)]).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("(Postgres 15)") && text.contains("17.2"),
            "{text}"
        );
        assert!(text.contains("pg_dump"), "{text}");
    }

    #[test]
    fn another_engine_is_refused_and_both_are_named() {
        let marker = Some(made_by(Engine::Installed, 15));
        let error = choose(&asking(Choice::Embedded), marker, &[]).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("installed engine (Postgres 15)"), "{text}");
        assert!(text.contains("the embedded engine"), "{text}");
    }

    #[cfg(feature = "embedded")]
    #[test]
    fn embedded_data_stay_embedded_beside_an_installed_postgres() {
        let marker = Some(made_by(Engine::Embedded, crate::embedded::MAJOR));
        let plan = choose(&asking(Choice::Auto), marker, &[programs(17)]);
        assert_eq!(plan.unwrap(), Plan::Embedded);
    }

    #[cfg(feature = "embedded")]
    #[test]
    fn without_an_installed_postgres_the_embedded_one_is_taken() {
        assert_eq!(
            choose(&asking(Choice::Auto), None, &[]).unwrap(),
            Plan::Embedded
        );
    }

    #[cfg(not(feature = "embedded"))]
    #[test]
    fn without_any_engine_the_error_says_what_to_install() {
        let text = choose(&asking(Choice::Auto), None, &[])
            .unwrap_err()
            .to_string();
        assert!(text.contains("package `postgresql`"), "{text}");
    }
}
