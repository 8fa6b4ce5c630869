//! The text of an uploaded draft: Word files and plain text in whatever encoding.
//!
//! An upload is hostile until proven otherwise. The container is checked and
//! measured before the parser sees a byte of it, and only the document part is
//! parsed: pictures, styles and macros are never opened.

use std::io::{Cursor, Read};

use docx_rs::{
    Document, DocumentChild, DrawingData, FromXML, InsertChild, MoveToChild, Paragraph, ParagraphChild, Run,
    RunChild, StructuredDataTag, StructuredDataTagChild, Table, TableCell, TableCellContent, TableChild,
    TableRowChild, TextBoxContentChild,
};
use zip::ZipArchive;

/// More entries than any honest document has.
const MAX_ENTRIES: usize = 1000;
/// What all entries may unpack to, pictures included.
const MAX_UNPACKED: u64 = 200 * 1024 * 1024;
/// What the document part may unpack to: the parser needs many times this in
/// memory, and a 1,260-article code needs about 3 MB.
const MAX_DOCUMENT: u64 = 32 * 1024 * 1024;
/// How deep elements may nest; the parser descends once per level of tables.
const MAX_DEPTH: usize = 200;
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
    let xml = document_part(bytes)?;
    if too_deep(&xml) {
        return Err(DocxError::Damaged("elements nest too deeply".to_owned()));
    }
    // The parser unwraps here and there; a strange file must cost its sender an
    // error message, not the server a worker.
    let parsed = std::panic::catch_unwind(|| Document::from_xml(xml.as_slice()));
    let document = match parsed {
        Ok(Ok(document)) => document,
        Ok(Err(e)) => return Err(DocxError::Damaged(e.to_string())),
        Err(_) => return Err(DocxError::Damaged("the document part is not as Word writes it".to_owned())),
    };
    let mut out = String::new();
    for child in &document.children {
        match child {
            DocumentChild::Paragraph(p) => line(&mut out, &paragraph_text(p)),
            DocumentChild::Table(t) => table(&mut out, t),
            DocumentChild::StructuredDataTag(s) => block_control(&mut out, s),
            _ => {}
        }
    }
    Ok(out)
}

/// Checks the container and unpacks the document part.
fn document_part(bytes: &[u8]) -> Result<Vec<u8>, DocxError> {
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
    unpack(&mut archive, &name)?.ok_or_else(|| DocxError::Damaged("it has no document part".to_owned()))
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

/// Whether elements nest deeper than any honest document's. Attribute values may
/// hold `>` but never `<`, so looking at what follows each `<` is enough.
fn too_deep(xml: &[u8]) -> bool {
    let mut depth: usize = 0;
    for tag in xml.split(|b| *b == b'<').skip(1) {
        match tag.first() {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(b'?' | b'!') | None => {}
            Some(_) => {
                let end = tag.iter().rposition(|b| *b == b'>');
                let alone = end.and_then(|e| e.checked_sub(1)).and_then(|e| tag.get(e)) == Some(&b'/');
                depth += usize::from(!alone);
                if depth > MAX_DEPTH {
                    return true;
                }
            }
        }
    }
    false
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn paragraph_text(paragraph: &Paragraph) -> String {
    let mut out = String::new();
    inline(&mut out, &paragraph.children);
    out
}

/// What stands in a line: runs, links, insertions and moves, content controls.
fn inline(out: &mut String, children: &[ParagraphChild]) {
    for child in children {
        match child {
            ParagraphChild::Run(r) => run(out, r),
            ParagraphChild::Insert(i) => {
                for child in &i.children {
                    if let InsertChild::Run(r) = child {
                        run(out, r);
                    }
                }
            }
            ParagraphChild::MoveTo(m) => {
                for child in &m.children {
                    if let MoveToChild::Run(r) = child {
                        run(out, r);
                    }
                }
            }
            ParagraphChild::Hyperlink(h) => inline(out, &h.children),
            ParagraphChild::StructuredDataTag(s) => inline_control(out, s),
            _ => {}
        }
    }
}

fn run(out: &mut String, run: &Run) {
    for child in &run.children {
        match child {
            RunChild::Text(t) => out.push_str(&t.text),
            RunChild::Tab(_) | RunChild::PTab(_) => out.push('\t'),
            RunChild::Break(_) | RunChild::CarriageReturn(_) => out.push('\n'),
            RunChild::Drawing(d) => {
                if let Some(DrawingData::TextBox(b)) = &d.data {
                    for child in &b.children {
                        out.push('\n');
                        match child {
                            TextBoxContentChild::Paragraph(p) => out.push_str(&paragraph_text(p)),
                            TextBoxContentChild::Table(t) => table(out, t),
                        }
                    }
                }
            }
            _ => {}
        }
    }
}

/// A content control inside a line.
fn inline_control(out: &mut String, control: &StructuredDataTag) {
    for child in &control.children {
        match child {
            StructuredDataTagChild::Run(r) => run(out, r),
            StructuredDataTagChild::Paragraph(p) => inline(out, &p.children),
            StructuredDataTagChild::Table(t) => table(out, t),
            StructuredDataTagChild::StructuredDataTag(s) => inline_control(out, s),
            _ => {}
        }
    }
}

/// A content control around whole paragraphs, such as a table of contents.
fn block_control(out: &mut String, control: &StructuredDataTag) {
    let mut open = false;
    for child in &control.children {
        if let StructuredDataTagChild::Run(r) = child {
            run(out, r);
            open = true;
            continue;
        }
        if std::mem::take(&mut open) {
            out.push('\n');
        }
        match child {
            StructuredDataTagChild::Paragraph(p) => line(out, &paragraph_text(p)),
            StructuredDataTagChild::Table(t) => table(out, t),
            StructuredDataTagChild::StructuredDataTag(s) => block_control(out, s),
            _ => {}
        }
    }
    if open {
        out.push('\n');
    }
}

fn table(out: &mut String, table: &Table) {
    for TableChild::TableRow(row) in &table.rows {
        let cells: Vec<String> = row.cells.iter().map(|TableRowChild::TableCell(c)| cell_lines(c)).collect();
        if let [only] = cells.as_slice() {
            // A frame drawn around text: its paragraphs keep their lines.
            out.push_str(only);
            continue;
        }
        let flat: Vec<String> = cells
            .iter()
            .map(|c| c.lines().map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join(" "))
            .collect();
        line(out, &flat.join("\t"));
    }
}

/// The paragraphs of a cell, one a line.
fn cell_lines(cell: &TableCell) -> String {
    let mut out = String::new();
    for child in &cell.children {
        match child {
            TableCellContent::Paragraph(p) => line(&mut out, &paragraph_text(p)),
            TableCellContent::Table(t) => table(&mut out, t),
            TableCellContent::StructuredDataTag(s) => block_control(&mut out, s),
            TableCellContent::TableOfContents(_) => {}
        }
    }
    out
}

#[cfg(test)]
#[path = "docx_tests.rs"]
mod tests;
