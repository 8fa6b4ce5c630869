//! Passwords: at least 12 characters for staff, at most 128, no rule of composition, nothing guessable.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use tokio::sync::SemaphorePermit;
use unicode_normalization::UnicodeNormalization as _;

use crate::app::App;
use crate::problem::{Code, Problem};

/// Fewest characters of a staff password.
pub const SHORTEST: usize = 12;
const LONGEST: usize = 128;

/// Pieces that make a password guessable on this site, beside the person's own login.
const GUESSABLE: &[&str] =
    &["jianyan", "password", "123456", "qwerty", "admin", "tiyuju", "111111", "abc123", "letmein"];

/// A hash nobody's password has: verified against when there is no such login, so that both answers take
/// the same time.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$YWJjZGVmZ2hpamtsbW5vcA$0VQ2eTEl/3iUrwIUWxNqnUtExIKgGNDTNhHDOxmGJ1g";

/// # Errors
/// `invalid` for the field `password`.
pub fn check(password: &str, login: &str) -> Result<(), Problem> {
    let length = password.nfkc().count();
    if length < SHORTEST {
        return Err(Problem::invalid(
            "password",
            format!("至少 {SHORTEST} 个字符"),
            format!("At least {SHORTEST} characters"),
        ));
    }
    if length > LONGEST {
        return Err(Problem::invalid(
            "password",
            format!("不超过 {LONGEST} 个字符"),
            format!("{LONGEST} characters at most"),
        ));
    }
    let plain = password.to_lowercase();
    let rest =
        GUESSABLE.iter().fold(plain.replace(&login.to_lowercase(), ""), |rest, word| rest.replace(word, ""));
    let mut different: Vec<char> = rest.chars().collect();
    different.sort_unstable();
    different.dedup();
    if rest.chars().count() < 6 || different.len() < 4 {
        return Err(Problem::invalid(
            "password",
            "这个密码容易被猜到，请换一个",
            "This password is easy to guess; choose another",
        ));
    }
    Ok(())
}

/// Waits for a turn; a crowd that would wait for seconds is sent away at once.
async fn turn(app: &App) -> Result<(SemaphorePermit<'_>, SemaphorePermit<'_>), Problem> {
    let queue = app.hashing_queue.try_acquire().map_err(|_| {
        Problem::new(Code::Unavailable)
            .because("同时登录的人过多，请稍后再试", "Too many people are signing in; please try again")
    })?;
    let turn = app.hashing.acquire().await.map_err(Problem::internal)?;
    Ok((queue, turn))
}

/// # Errors
/// `unavailable` when too many wait; `internal` when hashing fails.
pub async fn hash(app: &App, password: &str) -> Result<String, Problem> {
    let password: String = password.nfkc().collect();
    let _turn = turn(app).await?;
    let hash = tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string())
    });
    hash.await.map_err(Problem::internal)?.map_err(|e| Problem::internal(e.to_string()))
}

/// Whether the password is the one of the hash; without a hash it takes as long and is false.
///
/// # Errors
/// `unavailable` when too many wait; `internal` for an unreadable hash.
pub async fn verify(app: &App, password: &str, hash: Option<&str>) -> Result<bool, Problem> {
    let known = hash.is_some();
    let hash = hash.unwrap_or(NOBODY).to_owned();
    let password: String = password.nfkc().take(LONGEST + 1).collect();
    let _turn = turn(app).await?;
    let right = tokio::task::spawn_blocking(move || {
        let parsed = PasswordHash::new(&hash)?;
        Ok::<bool, argon2::password_hash::phc::Error>(
            Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok(),
        )
    });
    let right = right.await.map_err(Problem::internal)?.map_err(|e| Problem::internal(e.to_string()))?;
    Ok(known && right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessable_passwords_are_refused() {
        for bad in [
            "short",
            "zhangsanzhangsan",
            "password1234",
            "aaaaaaaaaaaaaaaa",
            "jianyan-jianyan",
            "admin123456admin",
        ] {
            assert!(check(bad, "zhangsan").is_err(), "{bad}");
        }
        for good in ["correct horse battery", "春江潮水连海平海上明月共潮生", "x9!kQ2#vT7@m"] {
            assert!(check(good, "zhangsan").is_ok(), "{good}");
        }
        assert!(check(&"好".repeat(129), "a").is_err());
    }

    #[test]
    fn the_hash_of_nobody_can_be_read() {
        assert!(PasswordHash::new(NOBODY).is_ok());
    }
}
