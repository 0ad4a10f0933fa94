//! Just enough of a client to prepare a new Postgres: one statement on the socket.

use std::{io, path::Path};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
};

use crate::{StartError, wire};

/// Runs a statement and counts the rows of its answer.
pub async fn rows(socket: &Path, statement: &str) -> Result<usize, StartError> {
    exchange(socket, statement)
        .await
        .map_err(StartError::io("talk to Postgres at", socket))?
        .map_err(|reason| StartError::Prepare {
            statement: statement.to_owned(),
            reason,
        })
}

async fn exchange(socket: &Path, statement: &str) -> io::Result<Result<usize, String>> {
    let mut stream = UnixStream::connect(socket).await?;
    let hello = wire::startup(&[("user", "postgres"), ("database", "postgres")]);
    stream.write_all(&hello).await?;
    if let Err(reason) = until_ready(&mut stream).await? {
        return Ok(Err(reason));
    }
    stream.write_all(&wire::query(statement)).await?;
    let answer = until_ready(&mut stream).await?;
    stream.write_all(&wire::encode(b'X', b"")).await?;
    Ok(answer)
}

/// Reads up to the next `ReadyForQuery`; the rows that came, or the first error.
async fn until_ready(stream: &mut UnixStream) -> io::Result<Result<usize, String>> {
    let mut received = Vec::new();
    let mut answer = Ok(0);
    loop {
        let mut rest = received.as_slice();
        while let Some((message, after)) = wire::split_first(rest) {
            match (message.tag, &mut answer) {
                (b'Z', _) => return Ok(answer),
                (b'D', Ok(rows)) => *rows += 1,
                (b'E', Ok(_)) => answer = Err(wire::error_text(message.body)),
                _ => {}
            }
            rest = after;
        }
        received = rest.to_vec();
        if stream.read_buf(&mut received).await? == 0 {
            // After a refused start-up the server hangs up without `ReadyForQuery`.
            return match answer {
                Err(reason) => Ok(Err(reason)),
                Ok(_) => Err(io::ErrorKind::UnexpectedEof.into()),
            };
        }
    }
}
