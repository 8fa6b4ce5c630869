//! Codes on paper that stand, each once, for the app that was lost.

use entity::id::{RecoveryCodeId, StaffId};
use entity::recovery_code::{ActiveModel, Column, Entity};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    PaginatorTrait as _, QueryFilter as _,
};

use crate::app::App;
use crate::db::Write;
use crate::keys::{Keys, Purpose};
use crate::problem::Problem;

/// How many a person gets.
pub const COUNT: usize = 10;
/// Crockford's alphabet: nothing that looks like something else.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Fifty random bits: the site counts the tries, and the hash is keyed.
const LENGTH: usize = 10;

/// Gives a person new codes; the old ones are good no more. They are told here and nowhere else.
///
/// # Errors
/// The database's own.
pub async fn renew(app: &App, write: &Write, person: StaffId) -> Result<Vec<String>, Problem> {
    forget(write, person).await?;
    let mut codes = Vec::with_capacity(COUNT);
    for _ in 0..COUNT {
        let symbols = app.rng.bytes::<LENGTH>().map(|b| ALPHABET[usize::from(b % 32)]);
        let code = String::from_utf8_lossy(&symbols).into_owned();
        ActiveModel {
            id: Set(app.id::<RecoveryCodeId>()),
            staff_id: Set(person),
            code_hash: Set(hash(&app.keys, person, &code)),
            created_at: Set(app.now()),
            used_at: Set(None),
        }
        .insert(&**write)
        .await?;
        codes.push(format!("{}-{}", &code[..5], &code[5..]));
    }
    Ok(codes)
}

/// Uses a code up; says whether it was good.
///
/// # Errors
/// The database's own.
pub async fn spend(app: &App, write: &Write, person: StaffId, given: &str) -> Result<bool, Problem> {
    let Some(code) = plain(given) else { return Ok(false) };
    let spent = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(Some(app.now())))
        .filter(Column::StaffId.eq(person))
        .filter(Column::CodeHash.eq(hash(&app.keys, person, &code)))
        .filter(Column::UsedAt.is_null())
        .exec(&**write)
        .await?;
    Ok(spent.rows_affected == 1)
}

/// How many codes are left.
///
/// # Errors
/// The database's own.
pub async fn left(db: &impl ConnectionTrait, person: StaffId) -> Result<u64, Problem> {
    let unused = Entity::find().filter(Column::StaffId.eq(person)).filter(Column::UsedAt.is_null());
    Ok(unused.count(db).await?)
}

/// # Errors
/// The database's own.
pub async fn forget(write: &Write, person: StaffId) -> Result<(), Problem> {
    Entity::delete_many().filter(Column::StaffId.eq(person)).exec(&**write).await?;
    Ok(())
}

fn hash(keys: &Keys, person: StaffId, code: &str) -> String {
    keys.mac_hex(Purpose::RecoveryCode, &format!("{person} {code}"))
}

/// A code as it is hashed, however it was typed.
fn plain(given: &str) -> Option<String> {
    let symbols = given.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '－'));
    let code: String = symbols
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    let known = code.bytes().all(|b| ALPHABET.contains(&b));
    (known && code.len() == LENGTH).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        for typed in ["0123Z-ABC1D", "o123zabcld", " 0l23z abcid ", "OI23Z－ABC1D"] {
            assert!(plain(typed).is_some(), "{typed}");
        }
        assert_eq!(plain("o123z-abcld"), Some("0123ZABC1D".into()));
        for typed in ["", "0123Z-ABC1", "0123Z-ABC1DD", "0123Z-ABC1U", "零123Z-ABC1D"] {
            assert_eq!(plain(typed), None, "{typed}");
        }
    }
}
