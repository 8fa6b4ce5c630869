//! Word and Excel files: unpacked within bounds, looked through part by part, and packed anew without the names of
//! who wrote them. What would load, start or contain something else is refused.

use std::collections::HashSet;
use std::io::{Cursor, Read as _, Write as _};
use std::sync::LazyLock;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use regex::bytes::Regex;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::check::{Kind, is_test_virus};
use super::picture_data;
use crate::problem::{Words, words};

const MOST_ENTRIES: usize = 1_000;
/// What all parts may unpack to.
const MOST_UNPACKED: u64 = 200 * 1024 * 1024;
/// What one part may unpack to: it is in memory whole.
const MOST_PART: u64 = 32 * 1024 * 1024;
const DEEPEST: usize = 256;
/// Excel takes 8,192 characters.
const LONGEST_FORMULA: usize = 64 * 1024;

/// Parts of a name that stand for something that acts by itself or comes from elsewhere.
const REFUSED_PARTS: &[(&str, &str, &str)] = &[
    ("vbaproject", "含有宏", "it contains macros"),
    ("vbadata", "含有宏", "it contains macros"),
    ("macrosheets/", "含有宏", "it contains macros"),
    ("dialogsheets/", "含有宏", "it contains macros"),
    ("activex", "含有 ActiveX 控件", "it contains ActiveX controls"),
    ("ctrlprops/", "含有表单控件", "it contains form controls"),
    ("embeddings/", "嵌有其他文件", "it has other files embedded"),
    ("oleobject", "嵌有其他文件", "it has other files embedded"),
    ("externallinks/", "引用了外部数据", "it refers to data elsewhere"),
    ("connections.xml", "引用了外部数据", "it refers to data elsewhere"),
    ("querytables/", "引用了外部数据", "it refers to data elsewhere"),
    ("afchunk", "嵌有其他文件", "it has other files embedded"),
];

/// Names of people, and of the folder where the author keeps the file.
static PEOPLE: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the patterns are constants, and a test uses them")]
    let regex = |pattern: &str| Regex::new(pattern).expect("a constant pattern");
    [
        regex(r#"(?P<a>[\s:](?:author|initials|userId|userName|url)\s*=\s*)(?:"[^"<]*"|'[^'<]*')"#),
        regex(r"(?P<a><(?:\w+:)?author>)[^<]*"),
        // Elsewhere this is the name of a table.
        regex(r#"(?P<a>\sdisplayName\s*=\s*)(?:"[^"<]*"|'[^'<]*')"#),
    ]
});

/// # Errors
/// Why it is refused.
pub fn clean(bytes: &[u8], kind: Kind) -> Result<Vec<u8>, Words> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if archive.len() > MOST_ENTRIES {
        return Err(too_large());
    }
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let mut names = HashSet::new();
    let (mut left, mut typed) = (MOST_UNPACKED, false);
    for at in 0..archive.len() {
        let raw = archive.by_index_raw(at).map_err(|_| damaged())?;
        if raw.encrypted() {
            return Err(words("文件设有密码，请取消密码后再上传", "it is protected with a password"));
        }
        drop(raw);
        let entry = archive.by_index(at).map_err(|_| damaged())?;
        let name = entry.name().to_owned();
        let lower = name.to_ascii_lowercase();
        if entry.is_dir() {
            continue;
        }
        check_name(&name, &lower)?;
        if !names.insert(lower.clone()) {
            return Err(damaged());
        }
        let mut part = Vec::new();
        entry.take(MOST_PART.min(left) + 1).read_to_end(&mut part).map_err(|_| damaged())?;
        let size = part.len() as u64;
        if size > MOST_PART {
            return Err(too_large());
        }
        left = left.checked_sub(size).ok_or_else(too_large)?;
        if name == "[Content_Types].xml" {
            check_types(&part, kind)?;
            typed = true;
        }
        let part = check_part(&lower, part)?;
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        out.start_file(name, options).and_then(|()| Ok(out.write_all(&part)?)).map_err(|_| damaged())?;
    }
    let main = if kind == Kind::Docx { "word/" } else { "xl/" };
    if !typed || !names.iter().any(|n| n.starts_with(main)) {
        return Err(words(
            "文件内容与扩展名不符，或文件已损坏",
            "the content is not what the ending says, or the file is damaged",
        ));
    }
    Ok(out.finish().map_err(|_| damaged())?.into_inner())
}

fn check_name(name: &str, lower: &str) -> Result<(), Words> {
    let bad = name.contains(['\\', '\0', ':']) || name.starts_with('/') || name.split('/').any(|p| p == "..");
    if bad {
        return Err(damaged());
    }
    match REFUSED_PARTS.iter().find(|(part, ..)| lower.contains(part)) {
        Some((_, zh, en)) => Err(words(*zh, *en)),
        None => Ok(()),
    }
}

fn check_types(part: &[u8], kind: Kind) -> Result<(), Words> {
    let has = |what: &str| memchr::memmem::find(part, what.as_bytes()).is_some();
    if has("macroEnabled") {
        return Err(words("含有宏", "it contains macros"));
    }
    let main = if kind == Kind::Docx {
        "wordprocessingml.document.main+xml"
    } else {
        "spreadsheetml.sheet.main+xml"
    };
    if has(main) {
        return Ok(());
    }
    Err(words("文件内容与扩展名不符", "the content is not what the ending says"))
}

/// A part as it goes into the new package.
fn check_part(lower: &str, part: Vec<u8>) -> Result<Vec<u8>, Words> {
    if is_test_virus(&part) {
        return Err(words("被识别为病毒文件", "it was recognised as a virus"));
    }
    match blank(lower) {
        Some(empty) => return Ok(empty.to_vec()),
        None if is_nested(&part) => {
            return Err(words("嵌有其他文件", "it has other files embedded"));
        }
        None => {}
    }
    if [".xml", ".rels", ".vml"].iter().any(|e| lower.ends_with(e)) {
        check_xml(lower, &part)?;
        let [attributes, elements, persons] = &*PEOPLE;
        let part = attributes.replace_all(&part, &b"${a}\"\""[..]);
        let part = elements.replace_all(&part, &b"${a}"[..]).into_owned();
        if lower.starts_with("xl/persons/") {
            return Ok(persons.replace_all(&part, &b"${a}\"\""[..]).into_owned());
        }
        return Ok(part);
    }
    let mut part = part;
    picture_data::blank(&mut part);
    Ok(part)
}

/// What stands for a part that only says who made the file, when, on what.
fn blank(lower: &str) -> Option<&'static [u8]> {
    Some(match lower {
        "docprops/core.xml" => {
            br#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>"#
        }
        "docprops/app.xml" => {
            br#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>"#
        }
        "docprops/custom.xml" => {
            br#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>"#
        }
        _ if lower.contains("printersettings") && lower.ends_with(".bin") => b"",
        _ => return None,
    })
}

/// Archives, old Office files and programs.
fn is_nested(part: &[u8]) -> bool {
    const SIGNS: &[&[u8]] = &[
        b"PK\x03\x04",
        b"Rar!",
        b"7z\xbc\xaf",
        b"\x1f\x8b\x08",
        b"\xd0\xcf\x11\xe0",
        b"MZ",
        b"\x7fELF",
        b"%PDF-",
    ];
    SIGNS.iter().any(|sign| part.starts_with(sign))
}

/// Looks through a part without ever loading what it names.
fn check_xml(lower: &str, part: &[u8]) -> Result<(), Words> {
    // UTF-16 would hide everything from a reader of bytes; Office writes UTF-8.
    let text = std::str::from_utf8(part).map_err(|_| damaged())?;
    if text.contains('\0') {
        return Err(damaged());
    }
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    reader.config_mut().check_end_names = false;
    let mut seen = Seen::default();
    let mut depth = 0_usize;
    loop {
        match reader.read_event().map_err(|_| damaged())? {
            Event::Start(e) => {
                depth += 1;
                if depth > DEEPEST {
                    return Err(damaged());
                }
                seen.element(lower, &e)?;
            }
            Event::Empty(e) => {
                seen.element(lower, &e)?;
                seen.inside = Inside::Nothing;
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                seen.inside = Inside::Nothing;
            }
            Event::Text(t) => seen.text(&t.decode().map_err(|_| damaged())?)?,
            Event::CData(t) => seen.text(&t.decode().map_err(|_| damaged())?)?,
            Event::GeneralRef(r) => {
                if let Ok(Some(c)) = r.resolve_char_ref() {
                    seen.text(c.encode_utf8(&mut [0; 4]))?;
                }
            }
            Event::DocType(_) => return Err(words("含有外部实体声明", "it declares external entities")),
            Event::Eof => return seen.end(),
            _ => {}
        }
    }
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Inside {
    #[default]
    Nothing,
    /// The instruction of a field in Word.
    Field,
    /// A formula in Excel.
    Formula,
}

/// What was read of a part so far.
#[derive(Default)]
struct Seen {
    inside: Inside,
    /// Instructions of fields, which may be cut into pieces.
    fields: String,
    formula: String,
}

impl Seen {
    fn element(&mut self, lower: &str, e: &BytesStart<'_>) -> Result<(), Words> {
        self.formula.clear();
        self.inside = match e.local_name().as_ref() {
            b"instrText" => Inside::Field,
            b"f" if lower.starts_with("xl/") => Inside::Formula,
            b"fldSimple" => {
                self.fields.push_str(&attribute(e, b"instr")?);
                self.fields.push(' ');
                Inside::Nothing
            }
            b"Relationship" => {
                relationship(e)?;
                Inside::Nothing
            }
            _ => Inside::Nothing,
        };
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Words> {
        match self.inside {
            Inside::Nothing => {}
            Inside::Field => self.fields.push_str(text),
            Inside::Formula => {
                self.formula.push_str(text);
                if self.formula.len() > LONGEST_FORMULA {
                    return Err(damaged());
                }
                // application|topic!item
                let asks = self.formula.split_once('|').is_some_and(|(_, rest)| rest.contains('!'));
                if asks {
                    return Err(dde());
                }
            }
        }
        Ok(())
    }

    fn end(&self) -> Result<(), Words> {
        let mut parts = self.fields.split(|c: char| !c.is_ascii_alphanumeric());
        let bad = |w: &str| {
            ["dde", "ddeauto", "includetext", "includepicture"].contains(&w.to_ascii_lowercase().as_str())
        };
        if parts.any(bad) { Err(dde()) } else { Ok(()) }
    }
}

/// A link to a page may stay: nothing happens until a reader follows it.
fn relationship(e: &BytesStart<'_>) -> Result<(), Words> {
    if !attribute(e, b"TargetMode")?.eq_ignore_ascii_case("external") {
        return Ok(());
    }
    let target = attribute(e, b"Target")?.to_ascii_lowercase();
    let is_link = attribute(e, b"Type")?.ends_with("/hyperlink");
    if is_link && ["http://", "https://", "mailto:"].iter().any(|s| target.starts_with(s)) {
        return Ok(());
    }
    Err(words(
        "引用了外部内容（模板、图片或对象）",
        "it loads content from elsewhere (a template, picture or object)",
    ))
}

fn attribute(e: &BytesStart<'_>, name: &[u8]) -> Result<String, Words> {
    for found in e.attributes().with_checks(false) {
        let found = found.map_err(|_| damaged())?;
        if found.key.local_name().as_ref() == name {
            let raw = std::str::from_utf8(&found.value).map_err(|_| damaged())?;
            return quick_xml::escape::unescape(raw).map(Into::into).map_err(|_| damaged());
        }
    }
    Ok(String::new())
}

fn dde() -> Words {
    words("含有会自动取外部数据的域或公式", "it has fields or formulas that fetch data from elsewhere")
}

fn damaged() -> Words {
    words("文件已损坏，无法读取", "the file is damaged and cannot be read")
}

fn too_large() -> Words {
    words("文件解压后过大", "the file is too large once unpacked")
}
