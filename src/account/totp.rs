//! Codes of six digits that change every half minute (TOTP, RFC 6238, with SHA-1: what every app knows).

use chrono::{DateTime, Utc};
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

/// Bytes of a secret, as RFC 4226 recommends.
pub const SECRET: usize = 20;
const STEP_SECONDS: i64 = 30;
const CODES: u32 = 1_000_000;
/// A code is still good in the step after its own, and a clock may be as much ahead.
const DRIFT: i64 = 1;

fn step_of(now: DateTime<Utc>) -> i64 {
    now.timestamp().div_euclid(STEP_SECONDS)
}

fn code(secret: &[u8], step: i64) -> u32 {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("any length");
    mac.update(&step.to_be_bytes());
    let hash: [u8; 20] = mac.finalize().into_bytes().into();
    let at = usize::from(hash[19] & 15);
    let cut = [hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]];
    u32::from_be_bytes(cut) % CODES
}

/// The time step whose code this is: the present one, or one beside it.
pub fn step_with(secret: &[u8], given: &str, now: DateTime<Utc>) -> Option<i64> {
    if given.len() != 6 || !given.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let given: u32 = given.parse().ok()?;
    let now = step_of(now);
    // The present step last: a code that two steps share must not be good twice.
    [now - DRIFT, now, now + DRIFT].into_iter().rev().find(|step| code(secret, *step) == given)
}

/// A secret as apps take it when typed: groups of four.
pub fn written(secret: &[u8]) -> String {
    let text = BASE32_NOPAD.encode(secret);
    text.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
}

/// What the square code says (`otpauth:`, as authenticator apps read it).
pub fn address(secret: &[u8], issuer: &str, login: &str) -> String {
    let (issuer, login) = (encoded(issuer), encoded(login));
    let secret = BASE32_NOPAD.encode(secret);
    format!(
        "otpauth://totp/{issuer}:{login}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period={STEP_SECONDS}"
    )
}

fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    fn shown(secret: &[u8], now: DateTime<Utc>) -> String {
        format!("{:06}", code(secret, step_of(now)))
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn the_codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B, the last six of eight digits.
        for (seconds, digits) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(shown(SECRET, at(seconds)), digits);
            assert_eq!(step_with(SECRET, digits, at(seconds)), Some(seconds / 30));
        }
    }

    #[test]
    fn a_code_is_good_one_step_early_and_late_and_no_more() {
        let digits = shown(SECRET, at(3000));
        for (seconds, good) in [(2969, false), (2970, true), (3000, true), (3059, true), (3060, false)] {
            assert_eq!(step_with(SECRET, &digits, at(seconds)).is_some(), good, "{seconds}");
        }
        for odd in ["", "28708", "2870822", "+28708", "２８７０８２", "abcdef"] {
            assert_eq!(step_with(SECRET, odd, at(59)), None, "{odd}");
        }
    }

    #[test]
    fn apps_read_the_address() {
        assert_eq!(
            address(SECRET, "示例 局", "zhang"),
            "otpauth://totp/%E7%A4%BA%E4%BE%8B%20%E5%B1%80:zhang?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=%E7%A4%BA%E4%BE%8B%20%E5%B1%80&algorithm=SHA1&digits=6&period=30"
        );
        assert_eq!(written(&SECRET[..5]), "GEZD GNBV");
    }
}
