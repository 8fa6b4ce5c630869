//! Receipts (回执): proof that something was received, and the lookup code (查询码) that opens its state.
//!
//! The code is derived from the subject with a keyed hash, so that it can be shown again to a repeated
//! request, while the database holds only the hash of it.

use chrono::{DateTime, Utc};
use entity::enums::SubjectKind;
use entity::receipt::{Column, Entity, Model};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use crate::app::App;
use crate::db::Inserts;
use crate::keys::{Keys, Purpose, sha256_hex};
use crate::problem::Problem;

/// Digits and letters that cannot be mistaken for each other when read aloud: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 15 symbols of 5 bits (75 bits) and one check symbol.
const SYMBOLS: usize = 16;

/// A lookup code: 16 symbols, shown as four groups of four.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookupCode(String);

impl LookupCode {
    /// The code of a subject; the same for the same key and subject.
    pub fn of(keys: &Keys, kind: SubjectKind, id: Uuid) -> Self {
        let mac = keys.mac(Purpose::LookupCode, format!("{kind}:{id}").as_bytes());
        let mut symbols: Vec<u8> = (0..SYMBOLS - 1).map(|i| five_bits(&mac, i)).collect();
        symbols.push(check_symbol(&symbols));
        Self(symbols.iter().map(|s| char::from(ALPHABET[usize::from(*s)])).collect())
    }

    /// Reads what a person typed: any case, with or without spaces and dashes; O is 0, I and L are 1.
    /// None when a symbol is missing or mistyped (the check symbol finds any single one).
    pub fn parse(typed: &str) -> Option<Self> {
        let mut symbols = Vec::with_capacity(SYMBOLS);
        for c in typed.chars() {
            let c = match c.to_ascii_uppercase() {
                '-' | ' ' | '\u{3000}' | '－' | '—' => continue,
                'O' => '0',
                'I' | 'L' => '1',
                // Full-width letters and digits, as Chinese input methods write them.
                wide @ '！'..='～' => char::from_u32(wide as u32 - 0xFEE0)?.to_ascii_uppercase(),
                other => other,
            };
            let value = ALPHABET.iter().position(|a| char::from(*a) == c)?;
            if symbols.len() == SYMBOLS {
                return None;
            }
            symbols.push(u8::try_from(value).ok()?);
        }
        let (check, body) = symbols.split_last()?;
        (symbols.len() == SYMBOLS && *check == check_symbol(body))
            .then(|| Self(symbols.iter().map(|s| char::from(ALPHABET[usize::from(*s)])).collect()))
    }

    /// `7K3M-Q9TX-2HDV-0000`.
    pub fn grouped(&self) -> String {
        self.0.as_bytes().chunks(4).map(|g| String::from_utf8_lossy(g)).collect::<Vec<_>>().join("-")
    }

    fn hash(&self) -> String {
        sha256_hex(self.0.as_bytes())
    }
}

fn five_bits(bytes: &[u8], index: usize) -> u8 {
    let bit = index * 5;
    let pair = u16::from_be_bytes([bytes[bit / 8], bytes[bit / 8 + 1]]);
    ((pair >> (11 - bit % 8)) & 31) as u8
}

/// A weighted sum modulo 31 finds any single wrong symbol and nearly every swap of neighbours. 31 itself
/// folds onto 0, which only weakens the check of one symbol in 32.
fn check_symbol(symbols: &[u8]) -> u8 {
    let sum: u32 = symbols.iter().zip(1u32..).map(|(s, weight)| u32::from(*s) * weight).sum();
    (sum % 31) as u8
}

/// Issues the receipt of a subject, beside the rows of what was received.
pub fn issue(app: &App, rows: &mut Inserts, kind: SubjectKind, id: Uuid) -> LookupCode {
    rows.add(receipt_row(app, kind, id, app.now()));
    LookupCode::of(&app.keys, kind, id)
}

/// The receipt of a subject as it is kept.
pub fn receipt_row(
    app: &App,
    subject_kind: SubjectKind,
    subject_id: Uuid,
    issued_at: DateTime<Utc>,
) -> Model {
    let code_hash = LookupCode::of(&app.keys, subject_kind, subject_id).hash();
    Model { id: app.id(), code_hash, subject_kind, subject_id, issued_at }
}

/// Whether a receipt has the code that these keys give its subject.
pub fn is_code_of(keys: &Keys, row: &Model) -> bool {
    LookupCode::of(keys, row.subject_kind, row.subject_id).hash() == row.code_hash
}

/// The receipt a code opens.
///
/// # Errors
/// The database's own; `not_found` for a code that was never issued.
pub async fn find(db: &impl ConnectionTrait, code: &LookupCode) -> Result<Model, Problem> {
    let row = Entity::find().filter(Column::CodeHash.eq(code.hash())).one(db).await?;
    row.ok_or_else(Problem::not_found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(n: u128) -> LookupCode {
        LookupCode::of(&Keys::from_master([3; 32]), SubjectKind::Opinion, Uuid::from_u128(n))
    }

    #[test]
    fn a_code_is_read_back_however_it_is_typed() {
        let code = code(1);
        let shown = code.grouped();
        assert_eq!(shown.len(), 19);
        assert_eq!(LookupCode::parse(&shown), Some(code.clone()));
        assert_eq!(LookupCode::parse(&shown.to_lowercase().replace('-', "  ")), Some(code.clone()));
        assert_eq!(LookupCode::parse(&shown.replace('0', "o").replace('1', "l")), Some(code));
    }

    #[test]
    fn a_mistyped_symbol_is_found() {
        for n in 0..50 {
            let shown = code(n).0;
            for i in 0..SYMBOLS - 1 {
                let mut typed: Vec<u8> = shown.bytes().collect();
                typed[i] = if typed[i] == b'2' { b'3' } else { b'2' };
                assert_eq!(LookupCode::parse(std::str::from_utf8(&typed).unwrap()), None, "{shown} at {i}");
            }
            assert_eq!(LookupCode::parse(&shown[..15]), None);
            assert_eq!(LookupCode::parse(&format!("{shown}0")), None);
        }
        for bad in ["", "----", "你好", "AAAA-AAAA"] {
            assert_eq!(LookupCode::parse(bad), None);
        }
    }

    #[test]
    fn codes_of_different_things_differ() {
        assert_ne!(code(1), code(2));
        let keys = Keys::from_master([4; 32]);
        assert_ne!(LookupCode::of(&keys, SubjectKind::Opinion, Uuid::from_u128(1)), code(1));
    }
}
