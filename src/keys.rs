//! Keys outside the database: personal data is encrypted with one, found and hashed with others.

use std::fmt;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use data_encoding::{BASE64, HEXLOWER};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use crate::random::Rng;

/// One master key; the keys of each purpose are derived from it and never stored.
#[derive(Clone)]
pub struct Keys {
    cipher: Aes256Gcm,
    master: [u8; 32],
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}

/// What a keyed hash or a seal is for; those of different purposes never match each other.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// Finding the same person by contact.
    Contact,
    /// The lookup code of a receipt.
    LookupCode,
    /// Form keys that prove a page came from this site.
    Form,
    /// One registration a person and session of an event; tells nothing across sessions.
    Seat,
    /// The number of a draw until it is revealed; sealed, not hashed.
    Draw,
    /// Whose rate limit a row counts: the table holds no address.
    Rate,
    /// The secret that a person's app and this site share; sealed, not hashed.
    SecondFactor,
    /// Codes on paper that stand for the app.
    RecoveryCode,
    /// Signs the cookie of a browser that supports opinions or fills in questionnaires.
    Device,
    /// One support a device and opinion; tells nothing across opinions.
    Support,
    /// One answer a person and questionnaire; tells nothing across questionnaires.
    Questionnaire,
    /// The bytes of attachments, and the keys of single files.
    Attachment,
    /// Proves that whoever names an upload made it.
    Upload,
    /// One-time codes that prove a contact, and the contact they were sent to.
    ContactCode,
    /// Visits to a provider (OpenID Connect): the browser's cookie, what was typed, whose subject it is.
    Visit,
    /// Stopping the mails about one thing.
    StopMails,
    /// Tasks for a visitor's computer, and tickets for those who wait instead.
    Challenge,
    /// Which network or which text a flood comes with; tells nothing across consultations.
    Flood,
    /// Telling whether two processes have the same key.
    Check,
}

impl Keys {
    pub fn from_master(master: [u8; 32]) -> Self {
        let derived = keyed(&master, b"encrypt");
        Self { cipher: Aes256Gcm::new(&Key::<Aes256Gcm>::from(derived)), master }
    }

    /// Reads the master key, or makes one at the first start (file mode 0600).
    ///
    /// # Errors
    /// An unreadable, world-readable or malformed key file.
    pub fn load_or_create(path: &Path, rng: &Rng) -> Result<Self, String> {
        if !path.exists() {
            let text = BASE64.encode(&rng.bytes::<32>());
            write_private(path, text.as_bytes())
                .map_err(|e| format!("cannot write key file {}: {e}", path.display()))?;
        }
        Self::load(path)
    }

    /// Reads the master key of a site that is there already.
    ///
    /// # Errors
    /// As [`Keys::load_or_create`], and a key file that is missing.
    pub fn load(path: &Path) -> Result<Self, String> {
        check_private(path, "key file")?;
        let text =
            fs::read_to_string(path).map_err(|e| format!("cannot read key file {}: {e}", path.display()))?;
        Self::parse(&text).map_err(|why| format!("{} {why}", path.display()))
    }

    /// Reads the text of a key file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let bytes = BASE64.decode(text.trim().as_bytes()).map_err(|_| "is not a key file")?;
        let master = <[u8; 32]>::try_from(bytes).map_err(|_| "is not a key of 256 bits")?;
        if master == [0; 32] {
            return Err("holds a key of zeros");
        }
        Ok(Self::from_master(master))
    }

    /// Tells keys apart without telling anything about them: 16 hex digits.
    pub fn fingerprint(&self) -> String {
        HEXLOWER.encode(&keyed(&self.master, b"fingerprint")[..8])
    }

    /// AES-256-GCM with a fresh nonce in front.
    pub fn encrypt(&self, plain: &str, rng: &Rng) -> Vec<u8> {
        let nonce = rng.bytes::<12>();
        #[expect(clippy::expect_used, reason = "AES-GCM only fails above 64 GiB")]
        let sealed = self.cipher.encrypt(&Nonce::from(nonce), plain.as_bytes()).expect("short text");
        [nonce.as_slice(), &sealed].concat()
    }

    /// The text, or nothing when the bytes were not sealed with this key.
    pub fn decrypt(&self, sealed: &[u8]) -> Option<String> {
        let (nonce, body) = sealed.split_at_checked(12)?;
        let nonce = <[u8; 12]>::try_from(nonce).ok()?;
        String::from_utf8(self.cipher.decrypt(&Nonce::from(nonce), body).ok()?).ok()
    }

    /// Seals bytes for one purpose and one owner: put into another's row, they do not open.
    pub fn seal(&self, purpose: Purpose, owner: &[u8], plain: &[u8], rng: &Rng) -> Vec<u8> {
        let nonce = rng.bytes::<12>();
        let payload = Payload { msg: plain, aad: owner };
        #[expect(clippy::expect_used, reason = "AES-GCM only fails above 64 GiB")]
        let sealed = self.cipher_of(purpose).encrypt(&Nonce::from(nonce), payload).expect("a few bytes");
        [nonce.as_slice(), &sealed].concat()
    }

    /// The bytes, or nothing when they were not sealed with this key for this purpose and owner.
    pub fn open(&self, purpose: Purpose, owner: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, body) = sealed.split_at_checked(12)?;
        let nonce = <[u8; 12]>::try_from(nonce).ok()?;
        self.cipher_of(purpose).decrypt(&Nonce::from(nonce), Payload { msg: body, aad: owner }).ok()
    }

    fn cipher_of(&self, purpose: Purpose) -> Aes256Gcm {
        let key = keyed(&self.master, format!("encrypt {purpose:?}").as_bytes());
        Aes256Gcm::new(&Key::<Aes256Gcm>::from(key))
    }

    /// A keyed hash, 256 bits: the same input gives the same hash only with this key and purpose.
    pub fn mac(&self, purpose: Purpose, input: &[u8]) -> [u8; 32] {
        let key = keyed(&self.master, format!("{purpose:?}").as_bytes());
        keyed(&key, input)
    }

    /// Six digits that only this key gives: a one-time code needs no place in the database.
    pub fn digits(&self, purpose: Purpose, input: &[u8]) -> String {
        let mac = self.mac(purpose, input);
        let number = mac[..8].iter().fold(0_u64, |n, byte| n << 8 | u64::from(*byte));
        format!("{:06}", number % 1_000_000)
    }

    pub fn mac_hex(&self, purpose: Purpose, input: &str) -> String {
        HEXLOWER.encode(&self.mac(purpose, input.as_bytes()))
    }
}

fn keyed(key: &[u8; 32], input: &[u8]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("any length");
    mac.update(input);
    mac.finalize().into_bytes().into()
}

/// SHA-256 as lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// Writes a new file that only its owner can read.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A file with a secret may be read by its owner only.
///
/// # Errors
/// A file that is missing, or that others may read.
pub(crate) fn check_private(path: &Path, what: &str) -> Result<(), String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let meta = fs::metadata(path).map_err(|e| format!("cannot read {what} {}: {e}", path.display()))?;
        // Credentials of systemd and of container engines may be readable by the group.
        if meta.permissions().mode() & 0o027 != 0 {
            return Err(format!("{what} {} may be read by others: chmod 600 it", path.display()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_text_opens_only_with_its_key() {
        let rng = Rng::seeded(1);
        let keys = Keys::from_master([7; 32]);
        let sealed = keys.encrypt("13800000000", &rng);
        assert_eq!(keys.decrypt(&sealed).as_deref(), Some("13800000000"));
        assert_eq!(Keys::from_master([8; 32]).decrypt(&sealed), None);
        assert_eq!(keys.decrypt(&sealed[..11]), None);
        let mut bent = sealed.clone();
        bent[13] ^= 1;
        assert_eq!(keys.decrypt(&bent), None);
    }

    #[test]
    fn what_is_sealed_for_one_opens_for_no_other() {
        let rng = Rng::seeded(1);
        let keys = Keys::from_master([7; 32]);
        let sealed = keys.seal(Purpose::SecondFactor, b"zhang", b"secret", &rng);
        assert_eq!(
            keys.open(Purpose::SecondFactor, b"zhang", &sealed).as_deref(),
            Some(b"secret".as_slice())
        );
        assert_eq!(keys.open(Purpose::SecondFactor, b"li", &sealed), None);
        assert_eq!(keys.open(Purpose::RecoveryCode, b"zhang", &sealed), None);
        assert_eq!(Keys::from_master([8; 32]).open(Purpose::SecondFactor, b"zhang", &sealed), None);
        assert_eq!(keys.decrypt(&sealed), None);
        assert_eq!(keys.open(Purpose::SecondFactor, b"zhang", &sealed[..11]), None);
    }

    #[test]
    fn hashes_of_different_purposes_differ() {
        let keys = Keys::from_master([7; 32]);
        assert_ne!(keys.mac_hex(Purpose::Contact, "x"), keys.mac_hex(Purpose::LookupCode, "x"));
    }
}
