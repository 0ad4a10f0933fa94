//! JSON Web Tokens with RS256 over ring, the one cryptography in this program.
//!
//! `jsonwebtoken` parses and validates; what it signs and verifies with is here, because its own
//! choices would bring a second one.

use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind, EncodingKey, Header, Validation,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    decode, decode_header, encode,
    errors::{Error, ErrorKind},
    jwk::JwkSet,
    signature::{self, Signer, Verifier},
};
use ring::{
    rand::SystemRandom,
    signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents},
};
use serde::{Serialize, de::DeserializeOwned};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| Ok(Box::new(Rs256Signer::new(*algorithm, key)?)),
    verifier_factory: |algorithm, key| Ok(Box::new(Rs256Verifier::new(*algorithm, key)?)),
    key_utils: KeyUtils::new_unimplemented(),
};

/// Tells `jsonwebtoken` what to work with; once is enough, and more does no harm.
fn install() {
    let _ = PROVIDER.install_default();
}

/// The claims of a token that one of these RSA keys has signed for this issuer; `None` for any other.
///
/// When it was good for is not looked at: what is asked is who said so, not whether it may still be used.
pub(super) fn read<T: DeserializeOwned>(token: &str, keys: &JwkSet, issuer: &str) -> Option<T> {
    install();
    let name = decode_header(token).ok()?.kid?;
    let key = DecodingKey::from_jwk(keys.find(&name)?).ok()?;
    let mut asked = Validation::new(Algorithm::RS256);
    asked.set_issuer(&[issuer]);
    asked.set_required_spec_claims(&["iss", "aud"]);
    asked.validate_exp = false;
    asked.validate_aud = false;
    decode(token.trim(), &key, &asked)
        .ok()
        .map(|read| read.claims)
}

/// Signs claims with an RSA key, DER in PKCS #1, under the key's name.
///
/// # Errors
/// When the key is none.
pub fn sign<T: Serialize>(claims: &T, key: &[u8], name: Option<&str>) -> Result<String, Error> {
    install();
    let mut header = Header::new(Algorithm::RS256);
    header.kid = name.map(str::to_owned);
    encode(&header, claims, &EncodingKey::from_rsa_der(key))
}

struct Rs256Signer(RsaKeyPair);

impl Rs256Signer {
    fn new(algorithm: Algorithm, key: &EncodingKey) -> Result<Self, Error> {
        if algorithm != Algorithm::RS256 || key.family() != AlgorithmFamily::Rsa {
            return Err(ErrorKind::UnsupportedAlgorithm.into());
        }
        RsaKeyPair::from_der(key.as_bytes())
            .map(Self)
            .map_err(|error| ErrorKind::InvalidRsaKey(error.to_string()).into())
    }
}

impl Signer<Vec<u8>> for Rs256Signer {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        let mut signed = vec![0; self.0.public().modulus_len()];
        self.0
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                message,
                &mut signed,
            )
            .map_err(|_| signature::Error::new())?;
        Ok(signed)
    }
}

impl JwtSigner for Rs256Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RS256
    }
}

struct Rs256Verifier {
    n: Vec<u8>,
    e: Vec<u8>,
}

impl Rs256Verifier {
    fn new(algorithm: Algorithm, key: &DecodingKey) -> Result<Self, Error> {
        match key.kind() {
            DecodingKeyKind::RsaModulusExponent { n, e } if algorithm == Algorithm::RS256 => {
                Ok(Self {
                    n: n.clone(),
                    e: e.clone(),
                })
            }
            _ => Err(ErrorKind::UnsupportedAlgorithm.into()),
        }
    }
}

impl Verifier<Vec<u8>> for Rs256Verifier {
    fn verify(&self, message: &[u8], signed: &Vec<u8>) -> Result<(), signature::Error> {
        let key = RsaPublicKeyComponents {
            n: &self.n,
            e: &self.e,
        };
        key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signed)
            .map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for Rs256Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RS256
    }
}
