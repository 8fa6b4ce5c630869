//! What may be attached. A file is hostile until proven otherwise: its bytes say what it is, its ending must agree,
//! and what could act by itself is refused. What is let through is written anew where that can be done, so that
//! nobody's camera, place or user name comes with it.

use entity::enums::AttachmentFormat;

use super::{name, package, pdf, picture};
use crate::clauses::decode_text;
use crate::problem::{Words, words};

/// Endings that a form may offer to choose from.
pub const ACCEPTED: &str = ".jpg,.jpeg,.png,.webp,.pdf,.docx,.xlsx,.txt";

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Jpeg,
    Png,
    Pdf,
    Docx,
    Xlsx,
    Text,
}

impl Kind {
    pub fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Text => "txt",
        }
    }

    pub fn format(self) -> AttachmentFormat {
        match self {
            Self::Jpeg => AttachmentFormat::Jpeg,
            Self::Png => AttachmentFormat::Png,
            Self::Pdf => AttachmentFormat::Pdf,
            Self::Docx => AttachmentFormat::Docx,
            Self::Xlsx => AttachmentFormat::Xlsx,
            Self::Text => AttachmentFormat::Text,
        }
    }
}

/// A file that may be kept.
#[derive(Debug)]
pub struct Checked {
    pub name: String,
    pub kind: Kind,
    pub bytes: Vec<u8>,
    /// Of a picture, in pixels.
    pub size: Option<(u32, u32)>,
}

/// Checks a file and makes it harmless. Needs much memory and time: one at a time, off the async threads.
///
/// # Errors
/// Why it is refused, in words for who sent it; they begin with the file's name.
pub fn check(typed_name: &str, bytes: Vec<u8>) -> Result<Checked, Words> {
    let shown = name::shown(typed_name);
    look(typed_name, bytes).map_err(|why| named(&shown, &why))
}

/// A refusal with the name of the file that it is about.
pub fn named(name: &str, why: &Words) -> Words {
    words(format!("“{name}”：{}", why.zh), format!("“{name}”: {}", why.en))
}

fn look(typed_name: &str, bytes: Vec<u8>) -> Result<Checked, Words> {
    if bytes.is_empty() {
        return Err(words("文件是空的", "the file is empty"));
    }
    if is_test_virus(&bytes) {
        return Err(words("被识别为病毒文件", "it was recognised as a virus"));
    }
    let ending = name::ending(typed_name);
    let found = Found::of(&bytes);
    if !found.may_be_called(&ending) {
        return Err(found.wrong_ending(&ending));
    }
    let (kind, bytes, size) = match found {
        Found::Picture(format) => {
            let made = picture::clean(&bytes, format)?;
            (made.kind, made.bytes, Some((made.width, made.height)))
        }
        Found::Pdf => (Kind::Pdf, pdf::clean(bytes)?, None),
        Found::Zip if ending == "docx" => (Kind::Docx, package::clean(&bytes, Kind::Docx)?, None),
        Found::Zip => (Kind::Xlsx, package::clean(&bytes, Kind::Xlsx)?, None),
        Found::Other => (Kind::Text, text(&bytes)?, None),
        Found::OldOffice => return Err(found.wrong_ending(&ending)),
    };
    Ok(Checked { name: name::clean(typed_name, kind), kind, bytes, size })
}

/// What the first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Picture(image::ImageFormat),
    Pdf,
    Zip,
    /// Word and Excel before 2007, and newer ones with a password.
    OldOffice,
    /// Text, or something that is not taken.
    Other,
}

impl Found {
    fn of(bytes: &[u8]) -> Self {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Self::Picture(image::ImageFormat::Jpeg),
            [0x89, b'P', b'N', b'G', ..] => Self::Picture(image::ImageFormat::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => {
                Self::Picture(image::ImageFormat::WebP)
            }
            [b'%', b'P', b'D', b'F', b'-', ..] => Self::Pdf,
            [b'P', b'K', 3, 4, ..] => Self::Zip,
            [0xd0, 0xcf, 0x11, 0xe0, ..] => Self::OldOffice,
            _ => Self::Other,
        }
    }

    /// A telephone may call a JPEG .png; both are written anew, so it does not matter.
    fn may_be_called(self, ending: &str) -> bool {
        match self {
            Self::Picture(_) => matches!(ending, "jpg" | "jpeg" | "png" | "webp"),
            Self::Pdf => ending == "pdf",
            Self::Zip => matches!(ending, "docx" | "xlsx"),
            Self::OldOffice => false,
            Self::Other => ending == "txt",
        }
    }

    fn wrong_ending(self, ending: &str) -> Words {
        if self == Self::OldOffice {
            return words(
                "是旧版或加密的 Office 文件，请另存为不加密的 .docx 或 .xlsx 后再上传",
                "this is an old or encrypted Office file; save it as .docx or .xlsx without a password",
            );
        }
        if ACCEPTED.split(',').any(|a| a.trim_start_matches('.') == ending) {
            return words(
                "文件内容与扩展名不符，或文件已损坏",
                "the content is not what the ending says, or the file is damaged",
            );
        }
        words(
            "不接受这种文件；可上传图片（JPG、PNG、WebP）、PDF、Word（.docx）、Excel（.xlsx）和文本（.txt）",
            "this kind of file is not taken; send pictures (JPG, PNG, WebP), PDF, Word (.docx), Excel (.xlsx) or text (.txt)",
        )
    }
}

/// The file by which everybody tests whether viruses are looked for. Written in two parts, or a scanner on the
/// developer's own machine takes this source for one.
pub(super) fn is_test_virus(bytes: &[u8]) -> bool {
    let sign = [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"].concat();
    memchr::memmem::find(bytes, sign.as_bytes()).is_some()
}

/// Plain text, as UTF-8.
fn text(bytes: &[u8]) -> Result<Vec<u8>, Words> {
    let unreadable = || words("不是可以识别的文本文件", "this is not a text that can be read");
    let text = decode_text(bytes).map_err(|_| unreadable())?;
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}')) {
        return Err(unreadable());
    }
    Ok(text.into_bytes())
}
