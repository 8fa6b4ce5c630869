//! Uploaded originals. What a file is is told by its bytes, never by its name or what the browser says.

use crate::clauses::{DocxError, TextError, decode_text, text_of_docx};
use crate::problem::{Code, Problem, Words, words};

/// A file as it came.
#[derive(Clone, Debug)]
pub struct Upload {
    pub name: String,
    pub bytes: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Text,
    Word,
    Pdf,
}

impl Format {
    pub fn ending(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Word => "docx",
            Self::Pdf => "pdf",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain",
            Self::Word => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Pdf => "application/pdf",
        }
    }
}

/// A file that was recognised, with its text where it has one that can be read.
#[derive(Clone, Debug)]
pub struct Original {
    pub name: String,
    pub format: Format,
    pub bytes: Vec<u8>,
    pub text: Option<String>,
}

/// Recognises a file and reads its text. Slow for large Word files: call it off the async threads.
pub fn read(upload: Upload, limit: usize) -> Result<Original, Problem> {
    let Upload { name, bytes } = upload;
    if bytes.len() > limit {
        let mib = limit / (1024 * 1024);
        return Err(Problem::new(Code::TooLarge).field(
            "file",
            format!("文件过大，单个文件不超过 {mib} MB"),
            format!("The file is too large: {mib} MB at most"),
        ));
    }
    if bytes.is_empty() {
        return Err(Problem::invalid("file", "文件是空的", "The file is empty"));
    }
    let (format, text) = if bytes.starts_with(b"%PDF-") {
        (Format::Pdf, None)
    } else if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        (Format::Word, Some(text_of_docx(&bytes).map_err(|e| wrong(word_problem(&e)))?))
    } else {
        (Format::Text, Some(decode_text(&bytes).map_err(|e| wrong(text_problem(e)))?))
    };
    Ok(Original { name: clean_name(&name, format), format, bytes, text })
}

fn wrong(message: Words) -> Problem {
    Problem::invalid("file", message.zh, message.en)
}

fn word_problem(e: &DocxError) -> Words {
    let zh = match e {
        DocxError::OldWord => "这是旧版 Word 文件（.doc），请另存为 .docx 后再上传",
        DocxError::Encrypted => "文件设有密码，请取消密码后再上传",
        DocxError::Macros => "文件含有宏，请另存为不含宏的 .docx 后再上传",
        DocxError::TooLarge(_) => "文件解压后过大，请删去图片等内容后再上传",
        DocxError::NotDocx => "不支持这种文件，只接受 .docx、.txt 和 .pdf",
        _ => "文件已损坏，无法读取；请用 Word 或 WPS 打开后另存为 .docx 再上传",
    };
    words(zh, e.to_string())
}

fn text_problem(e: TextError) -> Words {
    let zh = match e {
        TextError::Unreadable => "无法识别文字编码，请另存为 UTF-8 编码的文本文件后再上传",
        _ => "不支持这种文件，只接受 .docx、.txt 和 .pdf",
    };
    words(zh, e.to_string())
}

/// The name without folders, control characters and what file systems refuse; its ending says what the
/// file really is.
fn clean_name(name: &str, format: Format) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = match name.rsplit_once('.') {
        Some((stem, ending)) if ending.len() <= 5 && ending.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            stem
        }
        _ => name,
    };
    let kept: String = crate::text::tidy(stem)
        .chars()
        .filter(|c| crate::text::one_line(c.encode_utf8(&mut [0; 4])).is_ok() && !"<>:\"|?*".contains(*c))
        .take(80)
        .collect();
    let stem = kept.trim_matches(|c: char| c == '.' || c.is_whitespace());
    format!("{}.{}", if stem.is_empty() { "文件" } else { stem }, format.ending())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_named(name: &str, bytes: &[u8]) -> Result<Original, Problem> {
        read(Upload { name: name.into(), bytes: bytes.into() }, 1000)
    }

    #[test]
    fn the_bytes_say_what_a_file_is() {
        let pdf = read_named("草案.exe", b"%PDF-1.7 ...").unwrap();
        assert_eq!((pdf.format, pdf.name.as_str(), pdf.text), (Format::Pdf, "草案.pdf", None));
        let text = read_named("a.html", "第一条 为了".as_bytes()).unwrap();
        assert_eq!((text.format, text.name.as_str()), (Format::Text, "a.txt"));
        for bad in [
            &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..],
            b"PK\x03\x04nonsense",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            b"",
            &[b'a'; 1001],
        ] {
            assert!(read_named("a.docx", bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn names_are_made_harmless() {
        assert_eq!(clean_name("C:\\文件\\..\\草 案\u{202e}.doc", Format::Text), "草 案.txt");
        assert_eq!(clean_name("../../etc/passwd", Format::Pdf), "passwd.pdf");
        assert_eq!(clean_name(".\n", Format::Pdf), "文件.pdf");
        assert_eq!(clean_name(&"长".repeat(300), Format::Word).chars().count(), 85);
        assert_eq!(clean_name("第1.2版草案", Format::Pdf), "第1.2版草案.pdf");
    }
}
