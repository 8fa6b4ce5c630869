//! The text of an uploaded draft: Word files and plain text in whatever encoding.
//!
//! An upload is hostile until proven otherwise. The container is checked and
//! measured before the parser sees a byte of it, and only the document part is
//! parsed: pictures, styles and macros are never opened.
//!
//! The part is read with a pull parser and not with docx-rs: on a document part
//! that ends early docx-rs 0.4.22 waits for the closing tag for ever (a file of
//! 300 bytes would cost a thread), it descends once per nested table, and it
//! drops paragraphs that it does not understand without a word.

use std::io::{Cursor, Read};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, escape};
use zip::ZipArchive;

use super::docx_numbering::{Numbered, Numbering, attribute};

/// More entries than any honest document has.
const MAX_ENTRIES: usize = 1000;
/// What all entries may unpack to, pictures included.
const MAX_UNPACKED: u64 = 200 * 1024 * 1024;
/// What the document part may unpack to: the parser needs many times this in
/// memory, and a 1,260-article code needs about 3 MB.
const MAX_DOCUMENT: u64 = 32 * 1024 * 1024;
/// How deep elements may nest: the text of a table is copied once per level.
const MAX_DEPTH: usize = 128;
/// The document part when the package does not name another.
const DOCUMENT: &str = "word/document.xml";

/// Why a Word file was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DocxError {
    /// Not a zip file at all.
    #[error("this is not a Word file (.docx)")]
    NotDocx,
    /// The binary format of Word 97-2003, and of older WPS.
    #[error("this is an old Word file (.doc); save it as .docx and try again")]
    OldWord,
    /// Protected with a password.
    #[error("this Word file is protected with a password; remove the password and try again")]
    Encrypted,
    /// Carries a program.
    #[error("this Word file contains macros; save it as .docx without macros and try again")]
    Macros,
    /// Too many entries, or too large once unpacked.
    #[error("this Word file is too large once unpacked ({0})")]
    TooLarge(&'static str),
    /// A zip file, but broken or without a readable document.
    #[error("this Word file is damaged and cannot be read ({0})")]
    Damaged(String),
}

/// Why a plain text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// Neither Unicode nor GB18030.
    #[error("the encoding of this text cannot be recognised; save it as UTF-8 and try again")]
    Unreadable,
    /// Bytes that no text has.
    #[error("this is not a text file")]
    Binary,
}

/// Reads a plain text: UTF-8 with or without mark, UTF-16 with mark, and GB18030
/// (with GBK and GB2312), which Notepad and WPS in China still write.
///
/// # Errors
/// When the bytes are no text in any of these encodings.
pub fn decode_text(bytes: &[u8]) -> Result<String, TextError> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let rest = bytes.get(mark..).unwrap_or_default();
        return encoding
            .decode_without_bom_handling_and_without_replacement(rest)
            .map(std::borrow::Cow::into_owned)
            .ok_or(TextError::Unreadable);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    // GB18030 reads almost any bytes, so what cannot be text is refused first.
    if bytes.contains(&0) {
        return Err(TextError::Binary);
    }
    encoding_rs::GB18030
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(std::borrow::Cow::into_owned)
        .ok_or(TextError::Unreadable)
}

/// The text of a Word file, one paragraph a line, tables row by row with tabs
/// between the cells. Insertions under review are in, deletions are out.
///
/// # Errors
/// When the file is no Word file, has macros or a password, is damaged or would
/// unpack to more than is reasonable.
pub fn text_of_docx(bytes: &[u8]) -> Result<String, DocxError> {
    let parts = parts(bytes)?;
    let text = |part: &[u8]| decode_text(part).map_err(|e| DocxError::Damaged(e.to_string()));
    let numbering = Numbering::new(&text(&parts.numbering)?, &text(&parts.styles)?);
    body_text(&text(&parts.document)?, numbering)
}

/// The parts of the package that hold text, or decide the numbers before it.
struct Parts {
    document: Vec<u8>,
    numbering: Vec<u8>,
    styles: Vec<u8>,
}

/// Checks the container and unpacks what is needed.
fn parts(bytes: &[u8]) -> Result<Parts, DocxError> {
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        // A password turns a .docx into this older container with such an entry.
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let encrypted = bytes.windows(name.len()).any(|w| w == name);
        return Err(if encrypted { DocxError::Encrypted } else { DocxError::OldWord });
    }
    if !bytes.starts_with(b"PK\x03\x04") {
        return Err(DocxError::NotDocx);
    }
    let damaged = |e: zip::result::ZipError| DocxError::Damaged(e.to_string());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > MAX_ENTRIES {
        return Err(DocxError::TooLarge("too many parts"));
    }
    let mut declared: u64 = 0;
    for at in 0..archive.len() {
        let entry = archive.by_index_raw(at).map_err(damaged)?;
        if entry.encrypted() {
            return Err(DocxError::Encrypted);
        }
        if entry.name().to_ascii_lowercase().ends_with("vbaproject.bin") {
            return Err(DocxError::Macros);
        }
        declared = declared.saturating_add(entry.size());
    }
    if declared > MAX_UNPACKED {
        return Err(DocxError::TooLarge("more than 200 MB"));
    }
    let types = unpack(&mut archive, "[Content_Types].xml")?.ok_or(DocxError::NotDocx)?;
    if String::from_utf8_lossy(&types).contains("macroEnabled") {
        return Err(DocxError::Macros);
    }
    let rels = unpack(&mut archive, "_rels/.rels")?.unwrap_or_default();
    let name = main_part(&String::from_utf8_lossy(&rels)).unwrap_or_else(|| DOCUMENT.to_owned());
    let document = unpack(&mut archive, &name)?
        .ok_or_else(|| DocxError::Damaged("it has no document part".to_owned()))?;
    let folder = name.rfind('/').and_then(|at| name.get(..=at)).unwrap_or("");
    let numbering = unpack(&mut archive, &format!("{folder}numbering.xml"))?.unwrap_or_default();
    let styles = unpack(&mut archive, &format!("{folder}styles.xml"))?.unwrap_or_default();
    Ok(Parts { document, numbering, styles })
}

/// Unpacks one entry and measures what really comes out, for the directory may lie.
fn unpack(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Option<Vec<u8>>, DocxError> {
    let entry = match archive.by_name(name) {
        Ok(entry) => entry,
        Err(zip::result::ZipError::FileNotFound) => return Ok(None),
        Err(e) => return Err(DocxError::Damaged(e.to_string())),
    };
    let mut data = Vec::new();
    entry.take(MAX_DOCUMENT + 1).read_to_end(&mut data).map_err(|e| DocxError::Damaged(e.to_string()))?;
    if data.len() as u64 > MAX_DOCUMENT {
        return Err(DocxError::TooLarge("the text alone is more than 32 MB"));
    }
    Ok(Some(data))
}

/// The part that the package names as its main document.
fn main_part(rels: &str) -> Option<String> {
    let relation = rels.split('<').find(|r| r.contains("/relationships/officeDocument\""))?;
    let target = relation.split_once("Target=\"")?.1.split_once('"')?.0;
    Some(target.trim_start_matches('/').to_owned())
}

/// Elements whose content is not text of the document: properties, deletions,
/// the reading aid above a character, and the old form of what a newer form says.
const SKIPPED: [&[u8]; 13] = [
    b"pPr",
    b"rPr",
    b"sectPr",
    b"tblPr",
    b"tblGrid",
    b"trPr",
    b"tcPr",
    b"sdtPr",
    b"del",
    b"moveFrom",
    b"rt",
    b"Fallback",
    b"instrText",
];

/// Rows and cells of a table that is being read.
#[derive(Default)]
struct Table {
    cells: Vec<String>,
    cell: String,
}

/// What has been read so far. Paragraphs stand in a stack because a text box
/// holds paragraphs inside a paragraph.
#[derive(Default)]
struct Body {
    out: String,
    paragraphs: Vec<(String, Numbered)>,
    tables: Vec<Table>,
    in_text: bool,
    numbering: Numbering,
}

/// Walks the document part. Neither recursive nor able to wait for anything: it
/// ends with the input.
fn body_text(xml: &str, numbering: Numbering) -> Result<String, DocxError> {
    let damaged = |e: &dyn std::fmt::Display| DocxError::Damaged(e.to_string());
    let mut reader = Reader::from_str(xml);
    let mut body = Body { numbering, ..Body::default() };
    let (mut depth, mut skipping) = (0_usize, 0_usize);
    loop {
        match reader.read_event().map_err(|e| damaged(&e))? {
            Event::Start(e) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(damaged(&"elements nest too deeply"));
                }
                if skipping > 0 || SKIPPED.contains(&e.local_name().as_ref()) {
                    skipping += 1;
                } else {
                    body.start(e.local_name().as_ref());
                }
            }
            // 1: inside the properties of the paragraph, 2: inside their `numPr`; an
            // earlier state of the paragraph, kept by change tracking, lies deeper.
            Event::Empty(e) if skipping == 1 || skipping == 2 => body.property(&e, skipping),
            Event::Empty(e) if skipping == 0 => {
                let name = e.local_name();
                if !SKIPPED.contains(&name.as_ref()) {
                    body.start(name.as_ref());
                    body.end(name.as_ref());
                }
            }
            Event::End(e) => {
                depth = depth.saturating_sub(1);
                if skipping > 0 {
                    skipping -= 1;
                } else {
                    body.end(e.local_name().as_ref());
                }
            }
            Event::Text(t) if skipping == 0 => body.text(&t.decode().map_err(|e| damaged(&e))?),
            Event::CData(t) if skipping == 0 => body.text(&t.decode().map_err(|e| damaged(&e))?),
            Event::GeneralRef(r) if skipping == 0 => {
                if let Some(c) = r.resolve_char_ref().map_err(|e| damaged(&e))? {
                    body.text(c.encode_utf8(&mut [0; 4]));
                } else {
                    let name = r.decode().map_err(|e| damaged(&e))?;
                    body.text(
                        escape::resolve_predefined_entity(&name)
                            .ok_or_else(|| damaged(&"it uses an unknown entity"))?,
                    );
                }
            }
            Event::DocType(_) => return Err(damaged(&"it declares a document type, which Word never does")),
            Event::Eof if depth > 0 => return Err(damaged(&"it ends too early")),
            Event::Eof => return Ok(body.out),
            _ => {}
        }
    }
}

impl Body {
    fn start(&mut self, name: &[u8]) {
        match name {
            b"p" => self.paragraphs.push((String::new(), Numbered::default())),
            b"tbl" => self.tables.push(Table::default()),
            b"t" => self.in_text = true,
            b"tab" | b"ptab" => self.push("\t"),
            b"br" | b"cr" => self.push("\n"),
            b"noBreakHyphen" => self.push("-"),
            _ => {}
        }
    }

    /// What the properties of a paragraph say about its number.
    fn property(&mut self, e: &BytesStart<'_>, inside: usize) {
        let Some((_, numbered)) = self.paragraphs.last_mut() else { return };
        match (e.local_name().as_ref(), inside) {
            (b"pStyle", 1) => numbered.style = attribute(e, b"val"),
            (b"numId", 2) => numbered.list = attribute(e, b"val"),
            (b"ilvl", 2) => numbered.level = attribute(e, b"val").and_then(|v| v.parse().ok()),
            _ => {}
        }
    }

    fn end(&mut self, name: &[u8]) {
        match name {
            b"p" => {
                if let Some((mut text, numbered)) = self.paragraphs.pop() {
                    // An emptied paragraph keeps its list, but shows and counts nothing.
                    if !text.trim().is_empty() {
                        text.insert_str(0, &self.numbering.label(&numbered));
                    }
                    self.line(&text);
                }
            }
            b"t" => self.in_text = false,
            b"tc" => {
                if let Some(table) = self.tables.last_mut() {
                    let cell = std::mem::take(&mut table.cell);
                    table.cells.push(cell);
                }
            }
            b"tr" => self.row(),
            b"tbl" => drop(self.tables.pop()),
            _ => {}
        }
    }

    /// Text of a run. A line end inside it is only how the file was laid out.
    fn text(&mut self, text: &str) {
        if self.in_text {
            self.push(&text.replace(['\r', '\n'], " "));
        }
    }

    fn push(&mut self, text: &str) {
        // Text outside any paragraph is not shown by Word, but is not ours to lose.
        let sink = match (self.paragraphs.last_mut(), self.tables.last_mut()) {
            (Some((paragraph, _)), _) => paragraph,
            (None, Some(table)) => &mut table.cell,
            (None, None) => &mut self.out,
        };
        sink.push_str(text);
    }

    /// A finished line goes into the innermost cell, or else into the document.
    fn line(&mut self, text: &str) {
        let sink = self.tables.last_mut().map_or(&mut self.out, |t| &mut t.cell);
        sink.push_str(text);
        sink.push('\n');
    }

    fn row(&mut self) {
        let Some(mut table) = self.tables.pop() else { return };
        let cells = std::mem::take(&mut table.cells);
        if let [only] = cells.as_slice() {
            // A frame drawn around text: its paragraphs keep their lines.
            self.line(only.trim_end_matches('\n'));
        } else {
            let flat: Vec<String> = cells.iter().map(|c| flat(c)).collect();
            if flat.iter().any(|c| !c.is_empty()) {
                self.line(&flat.join("\t"));
            }
        }
        self.tables.push(table);
    }
}

/// The lines of a cell as one.
fn flat(cell: &str) -> String {
    let lines: Vec<&str> = cell.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    lines.join(" ")
}

#[cfg(test)]
#[path = "docx_tests.rs"]
mod tests;
