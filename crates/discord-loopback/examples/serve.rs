//! A loopback with a small guild: `cargo run -p discord-loopback --example serve -- PORT TOKEN`.

use discord_loopback::{Loopback, Person};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let port = arguments
        .next()
        .unwrap_or_else(|| "8787".to_owned())
        .parse()?;
    let token = arguments
        .next()
        .unwrap_or_else(|| "loopback-token".to_owned());
    let loopback = Loopback::builder()
        .port(port)
        .bot_token(&token)
        .guild("Study group", |guild| {
            guild
                .text_channel("general")
                .text_channel("help")
                .forum("lessons")
        })
        .person(Person::new("anna").display("Anna").locale("ru"))
        .person(Person::new("bob").display("Bob"))
        .person(Person::new("ilya").display("Ilya").instructor())
        .start()
        .await?;
    #[expect(
        clippy::print_stdout,
        reason = "this is what the person at the terminal needs"
    )]
    {
        println!("page:    {}", loopback.page_url());
        println!("API:     {}", loopback.api_url());
        println!("gateway: {}", loopback.gateway_url());
        println!("token:   {token}");
    }
    tokio::signal::ctrl_c().await?;
    loopback.shutdown().await;
    Ok(())
}
