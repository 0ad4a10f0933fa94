//! The files of an installed Postgres: made once.

use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::DirBuilderExt,
    path::Path,
};

use super::{Programs, User, user::run};
use crate::{Engine, StartError, data::DataDir, marker::Marker};

/// Makes the files when they are missing and notes who made them.
pub fn ensure(data: &DataDir, programs: &Programs, user: &User) -> Result<(), StartError> {
    if !data.cluster().join("PG_VERSION").exists() {
        make(data, programs, user)?;
    }
    data.mark(Marker {
        engine: Engine::Installed,
        major: programs.version.0,
    })
}

/// Built under another name and moved into place: an interrupted `initdb` leaves nothing that
/// looks like data.
fn make(data: &DataDir, programs: &Programs, user: &User) -> Result<(), StartError> {
    let new = data.cluster().with_extension("new");
    let mut said = String::new();
    for locale in locales(programs.version.0) {
        fresh_dir(&new, user)?;
        let mut initdb = user.command(&programs.path("initdb"));
        initdb
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8"])
            .args(*locale)
            .arg("-D")
            .arg(&new);
        if data.throwaway {
            initdb.arg("-N");
        }
        match run(&mut initdb) {
            Ok(Ok(())) => {
                if *locale == ASCII_ONLY {
                    tracing::warn!("this machine has no UTF-8 locale: lower() knows ASCII only");
                }
                return fs::rename(&new, data.cluster()).map_err(StartError::io("move", &new));
            }
            Ok(Err(output)) => said = output,
            Err(error) => return Err(StartError::io("run", programs.path("initdb"))(error)),
        }
    }
    Err(StartError::Init { output: said })
}

const ASCII_ONLY: &[&str] = &["--locale=C"];

/// The same order of text everywhere (by code point) and `lower()` that knows every script, by
/// whatever means this version and this system have.
const fn locales(major: u32) -> &'static [&'static [&'static str]] {
    const LIBC: &[&str] = &["--locale=C.UTF-8"];
    const BUILTIN: &[&str] = &[
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
    ];
    const ENGLISH_LETTERS: &[&str] = &["--locale=C", "--lc-ctype=en_US.UTF-8"];
    if major >= 17 {
        &[LIBC, BUILTIN, ENGLISH_LETTERS, ASCII_ONLY]
    } else {
        &[LIBC, ENGLISH_LETTERS, ASCII_ONLY]
    }
}

fn fresh_dir(path: &Path, user: &User) -> Result<(), StartError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(StartError::io("clear", path)(error));
        }
        _ => {}
    }
    DirBuilder::new()
        .mode(0o700)
        .create(path)
        .map_err(StartError::io("make", path))?;
    user.own(path)
}
