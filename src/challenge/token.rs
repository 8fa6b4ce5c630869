//! The text of a task and of a waiting ticket, and what proves that a task was solved.
//!
//! `kind.gate.nonce.from.until.bits.mac`. A task has [`PARTS`] parts: with `seed = SHA-256(text)`, part `i` is solved
//! by the number `n` for which `SHA-256(seed ‖ i ‖ n)` begins with `bits` zero bits; `i` and `n` are four bytes, the
//! highest first. The answer is the text, `~`, and the numbers joined by points. Many small parts take nearly the same
//! time for everybody, where one large part would keep some people waiting five times as long as others.

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use super::{Closed, Gate};
use crate::keys::{Keys, Purpose};

/// Parts of a task; a power of two.
pub const PARTS: u32 = 8;
/// Longer than any answer of ours.
const LONGEST: usize = 512;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Task,
    Wait,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    pub gate: Gate,
    pub nonce: String,
    /// Good from this second on, and until that one.
    pub from: i64,
    pub until: i64,
    pub bits: u32,
}

/// Of a task's work, what each part takes.
pub(super) fn part_bits(bits: u32) -> u32 {
    bits.saturating_sub(PARTS.ilog2())
}

impl Token {
    fn body(&self) -> String {
        let kind = match self.kind {
            Kind::Task => "t",
            Kind::Wait => "w",
        };
        let Self { gate, nonce, from, until, bits, .. } = self;
        format!("{kind}.{}.{nonce}.{from}.{until}.{bits}", gate.as_str())
    }

    pub fn signed(&self, keys: &Keys) -> String {
        let body = self.body();
        let mac = mac(keys, &body);
        format!("{body}.{mac}")
    }

    fn parse(keys: &Keys, text: &str) -> Option<Self> {
        let (body, mac_of) = text.rsplit_once('.')?;
        if mac_of != mac(keys, body) {
            return None;
        }
        let mut parts = body.split('.');
        Some(Self {
            kind: match parts.next()? {
                "t" => Kind::Task,
                "w" => Kind::Wait,
                _ => return None,
            },
            gate: Gate::parse(parts.next()?)?,
            nonce: parts.next()?.to_owned(),
            from: parts.next()?.parse().ok()?,
            until: parts.next()?.parse().ok()?,
            bits: parts.next()?.parse().ok()?,
        })
    }
}

/// 128 bits are enough for what is good for an hour.
fn mac(keys: &Keys, body: &str) -> String {
    let mut hex = keys.mac_hex(Purpose::Challenge, body);
    hex.truncate(32);
    hex
}

/// What an answer opens.
pub(super) fn read(keys: &Keys, gate: Gate, answer: &str, now: DateTime<Utc>) -> Result<Token, Closed> {
    if answer.len() > LONGEST {
        return Err(Closed::Nothing);
    }
    let (text, numbers) = answer.split_once('~').unwrap_or((answer, ""));
    let token = Token::parse(keys, text).filter(|t| t.gate == gate).ok_or(Closed::Nothing)?;
    if token.until < now.timestamp() {
        return Err(Closed::Nothing);
    }
    match token.kind {
        Kind::Wait => match u64::try_from(token.from - now.timestamp()) {
            Ok(left) if left > 0 => Err(Closed::Early(left)),
            _ => Ok(token),
        },
        Kind::Task if is_solved(text, token.bits, numbers) => Ok(token),
        Kind::Task => Err(Closed::Wrong),
    }
}

fn is_solved(text: &str, bits: u32, numbers: &str) -> bool {
    let seed = Sha256::digest(text.as_bytes());
    let mut numbers = numbers.split('.');
    let all = (0..PARTS).all(|i| {
        let n = numbers.next().and_then(|n| n.parse::<u32>().ok());
        n.is_some_and(|n| zeros(&seed, i, n) >= bits)
    });
    all && numbers.next().is_none()
}

fn zeros(seed: &[u8], i: u32, n: u32) -> u32 {
    let hash =
        Sha256::new_with_prefix(seed).chain_update(i.to_be_bytes()).chain_update(n.to_be_bytes()).finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    u64::from_be_bytes(first).leading_zeros()
}

/// Solves a task, as a program does that was told to; none where no number fits, which takes four thousand million
/// tries.
pub fn solve(text: &str, bits: u32) -> Option<String> {
    let seed = Sha256::digest(text.as_bytes());
    let numbers: Option<Vec<String>> = (0..PARTS)
        .map(|i| (0..=u32::MAX).find(|n| zeros(&seed, i, *n) >= bits).map(|n| n.to_string()))
        .collect();
    Some(format!("{text}~{}", numbers?.join(".")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(kind: Kind) -> Token {
        Token { kind, gate: Gate::Opinion, nonce: "abc".into(), from: 100, until: 200, bits: 6 }
    }

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn a_solved_task_opens_its_own_gate_in_its_time() {
        let keys = Keys::from_master([7; 32]);
        let text = token(Kind::Task).signed(&keys);
        let answer = solve(&text, 6).unwrap();
        let open = |gate, answer: &str, second| read(&keys, gate, answer, at(second));
        assert_eq!(open(Gate::Opinion, &answer, 150), Ok(token(Kind::Task)));
        assert_eq!(open(Gate::Message, &answer, 150), Err(Closed::Nothing));
        assert_eq!(open(Gate::Opinion, &answer, 201), Err(Closed::Nothing));
        assert_eq!(open(Gate::Opinion, &text, 150), Err(Closed::Wrong));
        assert_eq!(open(Gate::Opinion, &format!("{answer}.1"), 150), Err(Closed::Wrong));
        for wrong in ["", "~", "t.opinion.abc.100.200.0.00~0", &"9".repeat(600)] {
            assert_eq!(open(Gate::Opinion, wrong, 150), Err(Closed::Nothing), "{wrong}");
        }
        let easier = answer.replacen(".200.6.", ".200.0.", 1);
        assert_eq!(open(Gate::Opinion, &easier, 150), Err(Closed::Nothing));
        assert_eq!(read(&Keys::from_master([8; 32]), Gate::Opinion, &answer, at(150)), Err(Closed::Nothing));
    }

    #[test]
    fn a_ticket_opens_after_the_wait() {
        let keys = Keys::from_master([7; 32]);
        let text = token(Kind::Wait).signed(&keys);
        assert_eq!(read(&keys, Gate::Opinion, &text, at(70)), Err(Closed::Early(30)));
        assert_eq!(read(&keys, Gate::Opinion, &text, at(100)), Ok(token(Kind::Wait)));
        assert_eq!(read(&keys, Gate::Opinion, &text, at(201)), Err(Closed::Nothing));
    }
}
