//! Starts a Postgres in a directory, prints where it answers, and holds it until the standard
//! input ends: `cargo run --example hold -- <directory> [auto|installed|embedded]`.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the command line"
)]

use std::{env, io, time::Instant};

use local_postgres::{Choice, Options, start};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = env::args().skip(1);
    let data = arguments.next().ok_or("name a directory for the data")?;
    let engine: Choice = arguments.next().as_deref().unwrap_or("auto").parse()?;
    let begun = Instant::now();
    let postgres = start(Options {
        engine,
        ..Options::durable(data)
    })
    .await?;
    let took = begun.elapsed().as_millis();
    eprintln!("{} Postgres ready in {took} ms", postgres.engine());
    println!("{}", postgres.url());
    tokio::task::spawn_blocking(|| io::stdin().read_line(&mut String::new())).await??;
    postgres.stop().await;
    Ok(())
}
