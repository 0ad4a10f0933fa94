//! Names to addresses, without those that lead inside.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Where names are looked up.
pub(super) trait LookUp: Send + Sync + 'static {
    /// The addresses of a name.
    fn look_up(
        &self,
        name: String,
    ) -> impl Future<Output = std::io::Result<Vec<SocketAddr>>> + Send;
}

/// The system's own way.
#[derive(Debug)]
pub(super) struct System;

impl LookUp for System {
    async fn look_up(&self, name: String) -> std::io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((name, 0)).await?.collect())
    }
}

/// Resolves names and drops the addresses that are not on the public internet.
///
/// The answer given here is the one connected to, so a name cannot change its mind in between.
#[derive(Debug)]
pub(super) struct PublicOnly<L = System> {
    trusted: Option<String>,
    names: Arc<L>,
}

impl PublicOnly {
    /// A resolver that lets one name, the operator's own API, lead anywhere.
    pub(super) fn new(trusted: Option<String>) -> Arc<Self> {
        Self::with(trusted, System)
    }
}

impl<L: LookUp> PublicOnly<L> {
    fn with(trusted: Option<String>, names: L) -> Arc<Self> {
        let names = Arc::new(names);
        Arc::new(Self { trusted, names })
    }
}

impl<L: LookUp> Resolve for PublicOnly<L> {
    fn resolve(&self, name: Name) -> Resolving {
        let trusted = self.trusted.as_deref() == Some(name.as_str());
        let names = Arc::clone(&self.names);
        Box::pin(async move {
            let found = names.look_up(name.as_str().to_owned()).await?.into_iter();
            let kept: Vec<SocketAddr> = found
                .filter(|address| trusted || is_public(address.ip()))
                .collect();
            if kept.is_empty() {
                return Err(format!("{} has no public address", name.as_str()).into());
            }
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is on the public internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let shared = first == 100 && (64..128).contains(&second);
    let protocols = first == 192 && second == 0 && third == 0;
    let benchmarks = first == 198 && (18..20).contains(&second);
    let old_anycast = first == 192 && second == 88 && third == 99;
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || shared
        || protocols
        || benchmarks
        || old_anycast
        || first == 0
        || first >= 224)
}

/// Global unicast is `2000::/3`; what carries an IPv4 address inside is judged by that.
fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let [first, second, third, fourth, fifth, sixth, seventh, eighth] = address.segments();
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    if [first, second, third, fourth, fifth, sixth] == [0x64, 0xff9b, 0, 0, 0, 0] {
        return embedded(seventh, eighth);
    }
    match (first, second) {
        (0x2001, 0x0db8 | 0..=0x01ff) => false,
        (0x2002, _) => embedded(second, third),
        _ => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_lead_inside_are_not_public() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["140.82.121.6", "2606:50c0:8000::154", "64:ff9b::8c52:7906"] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }

    /// A name that answers otherwise each time it is asked.
    struct Fickle(std::sync::Mutex<Vec<Vec<&'static str>>>);

    impl LookUp for Fickle {
        async fn look_up(&self, _: String) -> std::io::Result<Vec<SocketAddr>> {
            let answer = self.0.lock().unwrap().remove(0);
            let addresses = answer.into_iter();
            Ok(addresses
                .map(|address| SocketAddr::new(address.parse().unwrap(), 0))
                .collect())
        }
    }

    #[tokio::test]
    async fn a_name_that_turns_inwards_is_connected_to_no_more() {
        let answers = vec![
            vec!["140.82.121.6"],
            vec!["127.0.0.1"],
            vec!["10.0.0.1", "140.82.121.6", "::ffff:169.254.169.254"],
            vec!["169.254.169.254", "fd00::1"],
        ];
        let resolver = PublicOnly::with(None, Fickle(answers.into()));
        let mut seen = Vec::new();
        for _ in 0..4 {
            let found = resolver.resolve("api.example.org".parse().unwrap()).await;
            seen.push(found.map_or_else(
                |error| vec![error.to_string()],
                |kept| kept.map(|address| address.ip().to_string()).collect(),
            ));
        }
        let refused = vec!["api.example.org has no public address".to_owned()];
        let public = vec!["140.82.121.6".to_owned()];
        assert_eq!(seen, [public.clone(), refused.clone(), public, refused]);
        let own = Some("api.example.org".to_owned());
        let inside = PublicOnly::with(own, Fickle(vec![vec!["10.0.0.1"]].into()));
        let trusted = inside.resolve("api.example.org".parse().unwrap()).await;
        assert_eq!(trusted.unwrap().count(), 1, "the operator's own server");
    }
}
